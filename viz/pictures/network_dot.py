"""A network in the DOT language, each unit at its place, for what draws PNG and PDF of it."""

from collections.abc import Sequence
from itertools import product
from math import isfinite

from autograd.formulas import number

from .circles import Places, short, stroke_width, unit_name
from .dot import ALARM, QUIET, escaped
from .layers import Array, Layer

_POSITIVE, _NEGATIVE = "#1a6eb0", "#b35900"
_TEXT = "shape=plain fixedsize=false"
_HEAD = (
    'graph { layout=neato; inputscale=72; splines=line; outputorder=edgesfirst; bgcolor="white"\n'
    'node [fontname="Helvetica" fontsize=10 shape=circle fixedsize=true width=0.6 style=filled '
    f'fillcolor=white color="{QUIET}"]\n'
    f'edge [color="{QUIET}"]'
)


def network_dot(
    layers: Sequence[Layer], values: Sequence[Array] | None, dropped: Sequence[frozenset[int]]
) -> str:
    """Write a network; text from users is escaped."""
    places = Places(layers)
    lines = [_HEAD]
    for level, column in enumerate(places.columns):
        layer = layers[level]
        for k, y in column.y_of.items():
            words = unit_name(level, k) if values is None else number(values[level][k], 3)
            style = ' style="filled,dashed" fontcolor="#afb8c1"' * (k in dropped[level])
            lines.append(f'u{level}_{k} [label="{words}" {_at(column.x, y)}{style}]')
        if column.ellipsis is not None:
            lines.append(f'more{level} [label="⋮" {_TEXT} {_at(column.x, column.ellipsis)}]')
        for name, words, y in (
            ("title", layer.title, 20.0),
            ("foot", layer.activation, places.height - 12),
        ):
            label = escaped(words).replace("\\", "\\\\")
            lines.append(f'{name}{level} [label="{label}" {_TEXT} {_at(column.x, y)}]')
    for level, layer in enumerate(layers[1:], start=1):
        tails, heads = places.columns[level - 1 : level + 1]
        at = places.numbers_at(level)
        for (k, head), (j, tail) in product(heads.y_of.items(), tails.y_of.items()):
            ends = f"u{level - 1}_{j} -- u{level}_{k}"
            if layer.weight is None:
                lines.append(ends)
                continue
            weight = float(layer.weight[k, j])
            lines.append(f"{ends} [{_line(weight)}]")
            if at is not None:
                place = _at(tails.x + at * places.pitch, tail + at * (head - tail))
                lines.append(f'w{level}_{k}_{j} [label="{short(weight)}" {_TEXT} {place}]')
    return "\n".join([*lines, "}\n"])


def _at(x: float, y: float) -> str:
    return f'pos="{x:g},{-y:g}!"'


def _line(weight: float) -> str:
    color = ALARM if not isfinite(weight) else _NEGATIVE if weight < 0 else _POSITIVE
    return f'color="{color}" penwidth={stroke_width(weight):.3g}' + " style=dashed" * (weight < 0)
