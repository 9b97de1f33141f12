"""A Diagram in the DOT language: one box a value, the local derivative at the arrow's head."""

import re
from collections import defaultdict
from collections.abc import Iterable
from html import escape
from itertools import pairwise
from math import radians, sin
from typing import Any

import graphviz
import numpy as np

from autograd.texts import cells, shown

from .cells import has_map, has_numbers, heat_map, maps, number_cells, width
from .diagram import Box, Diagram

VALUE, GRADIENT, ALARM = "#1a7f37", "#c62828", "#ff0000"
QUIET, FAINT, FOLDED = "#57606a", "#afb8c1", "#eef1f5"
_SANS, _MONO = "Helvetica", "Courier"  # names whose widths every layout program knows
_PAGE, _GAP, _LETTER = 1000, 50, 6.2  # points: of a page, between boxes, of a letter
_BOLD = 7.2  # points of a bold letter, which fonts that stand in for others need
_MOST_CELLS, _MOST_MAPPED = 800, 4096  # cells of a picture: with numbers in them; of heat maps
_ANGLE, _FARTHEST = 35, 42  # degrees, points: where a label stands, seen from the head of its arrow
_LONGEST = 1000  # characters of a note or a whole name
_EDGE = {"color": QUIET, "arrowsize": "0.6", "fontname": _MONO, "fontsize": "10"}
_EDGE |= {"fontcolor": QUIET, "labeldistance": "2.7"}


def to_dot(diagram: Diagram) -> str:
    """Write a diagram in DOT; text from users is escaped.

    Nodes and edges carry the ids of the diagram, so that a page can find them in the SVG.
    """
    (direction, with_cells), with_maps = _layout(diagram), _with_maps(diagram)
    gap = "0.6" if direction == "LR" or any(edge.slope for edge in diagram.edges) else "0.35"
    about = {"rankdir": direction, "nodesep": "0.2", "ranksep": gap, "bgcolor": "white"}
    if diagram.note:
        about |= {"label": _plain(diagram.note), "labelloc": "b"}
        about |= {"fontname": _SANS, "fontsize": "10", "fontcolor": QUIET}
    node = {"shape": "plain", "fontname": _SANS, "fontsize": "11"}
    lit = VALUE if diagram.is_forward else GRADIENT
    dot = graphviz.Digraph(graph_attr=about, node_attr=node, edge_attr=_EDGE)
    for box in diagram.boxes:
        # A tooltip is unescaped twice.
        name = _plain(box.whole or box.title).replace("&#92;", "&#92;&#92;")
        label = _table(box, lit if box.lit else QUIET, with_cells, *with_maps)
        dot.node(box.id, label=label, id=box.id, tooltip=name)
    computed = {edge.head for edge in diagram.edges}  # their line is straight, leaves stand aside
    for edge in diagram.edges:
        style = {"color": FAINT, "arrowsize": "0.4"} if edge.faint else {}
        if edge.lit:
            style = {"color": lit, "penwidth": "3"}
        if edge.tail in computed:
            style["weight"] = "8"
        if direction == "TB":
            style |= _beside(edge.slope)
        dot.edge(edge.tail, edge.head, id=edge.id, headlabel=edge.slope, **style)
    for row in _rows(diagram):
        with dot.subgraph(graph_attr={"rank": "same"}) as beside:
            for tail, head in pairwise(row):
                beside.edge(tail, head, style="invis")
    return str(dot.source)


def in_cells(diagram: Diagram) -> set[str]:
    """Give the ids of the boxes whose gradient is drawn number by number."""
    with_cells = _layout(diagram)[1]
    return {box.id for box in diagram.boxes if with_cells and _few(box.grads)}


def _rows(diagram: Diagram) -> list[list[str]]:
    """Find boxes with the same neighbors, like the neurons of a layer: they keep their order."""
    tails: dict[str, set[str]] = defaultdict(set)
    heads: dict[str, set[str]] = defaultdict(set)
    for edge in diagram.edges:
        tails[edge.head].add(edge.tail)
        heads[edge.tail].add(edge.head)
    rows: dict[Any, list[str]] = defaultdict(list)
    for box in diagram.boxes:
        rows[frozenset(tails[box.id]), frozenset(heads[box.id])].append(box.id)
    return [row for row in rows.values() if len(row) > 1]


def _layout(diagram: Diagram) -> tuple[str, bool]:
    """Say which way a graph runs, and whether small arrays are drawn number by number.

    Down where it would be wider than a page, which may be long; in short, without the numbers,
    where it would be too wide even so.
    """
    count = sum(np.size(x) for box in diagram.boxes for x in (box.array, box.grads) if _few(x))
    for with_cells in (True, False) if 0 < count <= _MOST_CELLS else (False,):
        widths = {box.id: _GAP + _wide(box, with_cells) for box in diagram.boxes}
        reach = dict(widths)
        for edge in diagram.edges:  # in the order in which boxes were made, so tails come first
            reach[edge.head] = max(reach[edge.head], reach[edge.tail] + widths[edge.head])
        if max(reach.values(), default=0) <= _PAGE:
            return "LR", with_cells
        if with_cells and _widest_row(diagram, widths) <= _PAGE:
            return "TB", True
    return "TB", False


def _with_maps(diagram: Diagram) -> tuple[bool, bool]:
    """Say whether values, and whether gradients, are drawn as heat maps: where they are few."""

    def count(arrays: Iterable[Any]) -> int:
        return sum(np.size(map) for x in arrays if x is not None and has_map(x) for map in maps(x))

    values = count(box.array for box in diagram.boxes)
    grads = count(box.grads for box in diagram.boxes)
    return values <= _MOST_MAPPED, values + grads <= _MOST_MAPPED


def _few(array: Any) -> bool:
    return array is not None and has_numbers(array)


def _wide(box: Box, with_cells: bool) -> float:
    shown = [array for array in (box.array, box.grads) if with_cells and _few(array)]
    return max(_LETTER * max(map(cells, _lines(box, with_cells))), *map(width, shown), 0)


def _widest_row(diagram: Diagram, widths: dict[str, float]) -> float:
    """Say how wide the boxes that will stand side by side are, where a graph runs down."""
    place = dict.fromkeys(widths, 0)
    for edge in diagram.edges:
        place[edge.head] = max(place[edge.head], place[edge.tail] + 1)
    computed = {edge.head for edge in diagram.edges}
    for edge in reversed(diagram.edges):  # leaves stand right above the first that uses them
        if edge.tail not in computed:
            place[edge.tail] = place[edge.head] - 1
    rows: dict[int, float] = defaultdict(float)
    for id, row in place.items():
        rows[row] += widths[id]
    return max(rows.values())


def _beside(words: str) -> dict[str, str]:
    """Keep a label off the arrow that runs down to its left: a long one is farther up."""
    away = (len(words) * _LETTER / 2 + 7) / sin(radians(_ANGLE))
    return {"labelangle": f"-{_ANGLE}", "labeldistance": f"{min(away, _FARTHEST) / 10:.1f}"}


def _lines(box: Box, with_cells: bool) -> list[str]:
    """List the lines of text of a box, without those that are cells."""
    grad = f"grad {box.grad.strip()}".center(len("grad ") + len(box.grad)) if box.grad else ""
    grad = "grad" if with_cells and _few(box.grads) else grad
    return [box.title, box.formula, "" if with_cells and _few(box.array) else box.data, grad]


def _table(box: Box, color: str, with_cells: bool, with_values: bool, with_grads: bool) -> str:
    """Lay a box out as an HTML-like table: title, formula, value, gradient."""
    title, formula, data, grad = _lines(box, with_cells)
    value_now, grad_now = box.moment or (box.array, box.grads)
    rows = [f'<td width="{_BOLD * cells(title):.0f}"><b>{_text(title)}</b></td>']
    rows += [_line(_font(QUIET, formula))] * bool(formula)
    if with_values and box.array is not None and has_map(box.array):
        rows.append(heat_map(box.array, f"{box.id}_V", value_now))
    if with_cells and _few(box.array):
        rows.append(number_cells(box.array, f"{box.id}_v", value_now))
    rows += [_line(_font(_value_color(data), data, _MONO))] * bool(data)
    rows += [_line(_font(GRADIENT, grad, _MONO))] * bool(grad)
    if with_cells and _few(box.grads):
        rows.append(number_cells(box.grads, f"{box.id}_g", grad_now))
    if with_grads and box.grads is not None and has_map(box.grads):
        rows.append(heat_map(box.grads, f"{box.id}_G", grad_now))
    rows += [_line(_font(ALARM, box.remark))] * bool(box.remark)
    lines = "".join(f"<tr>{row}</tr>" for row in rows)
    fill = FOLDED if box.id.startswith("b") else "white"
    style = f'color="{color}" bgcolor="{fill}" style="rounded"'
    table = f'<table border="0" cellborder="0" cellspacing="0" cellpadding="1">{lines}</table>'
    frame = 'border="1" cellborder="0" cellspacing="0" cellpadding="5"'
    return f"<<table {frame} {style}><tr><td>{table}</td></tr></table>>"


def _line(words: str) -> str:
    return f"<td>{words}</td>"


def _value_color(data: str) -> str:
    """Color numbers green, and what is not a number any more as loudly as can be."""
    return ALARM if {"nan", "inf", "-inf"} & set(re.split(r"[][, ]+", data)) else VALUE


def _font(color: str, words: str, face: str = _SANS) -> str:
    return f'<font color="{color}" face="{face}">{_text(words)}</font>'


def _text(words: str) -> str:
    """Write text for an HTML-like label, cut to a length that fits a box."""
    return _plain(shown(words))


def _plain(words: str) -> str:
    """Take the meaning from all signs that have one in DOT."""
    return escaped(words).replace("\\", "&#92;&#92;")


def escaped(words: str) -> str:
    """Write text for XML."""
    return escape(shown(words, _LONGEST))
