"""A network in the DOT language, each unit at its place, for what draws PNG and PDF of it."""

from collections.abc import Sequence
from itertools import product
from math import isfinite

import graphviz

from autograd.formulas import number

from .circles import short, stroke_width, unit_name
from .dot import ALARM, QUIET, escaped
from .layers import Array, Layer
from .places import Places

_POSITIVE, _NEGATIVE = "#1a6eb0", "#b35900"
_TEXT = {"shape": "plain", "fixedsize": "false"}
_GRAPH = {"layout": "neato", "inputscale": "72", "splines": "line"}
_GRAPH |= {"outputorder": "edgesfirst", "bgcolor": "white"}
_UNIT = {"fontname": "Helvetica", "fontsize": "10", "shape": "circle", "fixedsize": "true"}
_UNIT |= {"width": "0.6", "style": "filled", "fillcolor": "white", "color": QUIET}
_DROPPED = {"style": "filled,dashed", "fontcolor": "#afb8c1"}


def network_dot(
    layers: Sequence[Layer], values: Sequence[Array] | None, dropped: Sequence[frozenset[int]]
) -> str:
    """Write a network; text from users is escaped."""
    places = Places(layers)
    dot = graphviz.Graph(graph_attr=_GRAPH, node_attr=_UNIT, edge_attr={"color": QUIET})
    for level, column in enumerate(places.columns):
        layer = layers[level]
        for k, y in column.y_of.items():
            words = unit_name(level, k) if values is None else number(values[level][k], 3)
            style = _DROPPED if k in dropped[level] else {}
            dot.node(f"u{level}_{k}", words, pos=_at(column.x, y), **style)
        if column.ellipsis is not None:
            dot.node(f"more{level}", "⋮", pos=_at(column.x, column.ellipsis), **_TEXT)
        for name, words, y in (
            ("title", layer.title, 20.0),
            ("foot", layer.activation, places.height - 12),
        ):
            label = escaped(words).replace("\\", "\\\\")
            dot.node(f"{name}{level}", label, pos=_at(column.x, y), **_TEXT)
    for level, layer in enumerate(layers[1:], start=1):
        tails, heads = places.columns[level - 1 : level + 1]
        numbers_at = places.numbers_at(level)
        for (k, head), (j, tail) in product(heads.y_of.items(), tails.y_of.items()):
            weight = None if layer.weight is None else float(layer.weight[k, j])
            dot.edge(f"u{level - 1}_{j}", f"u{level}_{k}", **_line(weight))
            if weight is not None and (k, j) in numbers_at:
                at = numbers_at[k, j]
                place = _at(tails.x + at * places.pitch, tail + at * (head - tail))
                dot.node(f"w{level}_{k}_{j}", short(weight), pos=place, **_TEXT)
    return str(dot.source)


def _at(x: float, y: float) -> str:
    return f"{x:g},{-y:g}!"


def _line(weight: float | None) -> dict[str, str]:
    if weight is None:
        return {}
    color = ALARM if not isfinite(weight) else _NEGATIVE if weight < 0 else _POSITIVE
    style = {"style": "dashed"} if weight < 0 else {}
    return {"color": color, "penwidth": f"{stroke_width(weight):.3g}", **style}
