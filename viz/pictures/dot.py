"""A Diagram in the DOT language: one box a value, the local derivative at the arrow's head."""

import re
from collections import defaultdict
from html import escape
from itertools import pairwise
from math import radians, sin
from typing import Any

import graphviz

from autograd.texts import cells, shown

from .diagram import Box, Diagram

VALUE, GRADIENT, ALARM = "#1a7f37", "#c62828", "#ff0000"
QUIET, FAINT, FOLDED = "#57606a", "#afb8c1", "#eef1f5"
_SANS, _MONO = "Helvetica", "Courier"  # names whose widths every layout program knows
_PAGE, _GAP, _LETTER = 1000, 50, 6.2  # points: of a page, between boxes, of a letter
_BOLD = 7.2  # points of a bold letter, which fonts that stand in for others need
_ANGLE, _FARTHEST = 35, 42  # degrees, points: where a label stands, seen from the head of its arrow
_LONGEST = 1000  # characters of a note or a whole name


def to_dot(diagram: Diagram) -> str:
    """Write a diagram in DOT; text from users is escaped.

    Nodes and edges carry the ids of the diagram, so that a page can find them in the SVG.
    """
    direction = _direction(diagram)
    gap = "0.6" if direction == "LR" or any(edge.slope for edge in diagram.edges) else "0.35"
    dot = graphviz.Digraph(
        graph_attr={"rankdir": direction, "nodesep": "0.2", "ranksep": gap, "bgcolor": "white"},
        node_attr={"shape": "plain", "fontname": _SANS, "fontsize": "11"},
        edge_attr={"color": QUIET, "arrowsize": "0.6", "fontname": _MONO, "fontsize": "10"},
    )
    dot.attr("edge", fontcolor=QUIET, labeldistance="2.7")
    if diagram.note:
        note = _plain(diagram.note)
        dot.attr(label=note, labelloc="b", fontname=_SANS, fontsize="10", fontcolor=QUIET)
    for box in diagram.boxes:
        name = _plain(box.whole or box.title).replace(
            "&#92;", "&#92;&#92;"
        )  # a tooltip is unescaped twice
        dot.node(box.id, label=_table(box), id=box.id, tooltip=name)
    computed = {edge.head for edge in diagram.edges}  # their line is straight, leaves stand aside
    for edge in diagram.edges:
        style = {"color": FAINT, "arrowsize": "0.4"} if edge.faint else {}
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


def _direction(diagram: Diagram) -> str:
    """Let a graph run down where it would be wider than a page, which may be long."""
    widths = {box.id: _GAP + _LETTER * max(map(cells, _lines(box))) for box in diagram.boxes}
    reach = dict(widths)
    for edge in diagram.edges:  # in the order in which boxes were made, so tails come first
        reach[edge.head] = max(reach[edge.head], reach[edge.tail] + widths[edge.head])
    return "LR" if max(reach.values(), default=0) <= _PAGE else "TB"


def _beside(words: str) -> dict[str, str]:
    """Keep a label off the arrow that runs down to its left: a long one is farther up."""
    away = (len(words) * _LETTER / 2 + 7) / sin(radians(_ANGLE))
    return {"labelangle": f"-{_ANGLE}", "labeldistance": f"{min(away, _FARTHEST) / 10:.1f}"}


def _lines(box: Box) -> list[str]:
    return [box.title, box.formula, box.data, f"grad {box.grad}" * bool(box.grad)]


def _table(box: Box) -> str:
    """Lay a box out as an HTML-like table: title, formula, value, gradient."""
    title = f'<tr><td width="{_BOLD * cells(box.title):.0f}"><b>{_text(box.title)}</b></td></tr>'
    rows = [_font(QUIET, box.formula)] * bool(box.formula)
    rows += [_font(_value_color(box.data), box.data, _MONO)] * bool(box.data)
    rows += [_font(GRADIENT, f"grad {box.grad}", _MONO)] * bool(box.grad)
    below = "".join(f"<tr><td>{row}</td></tr>" for row in rows)
    fill = FOLDED if box.id.startswith("b") else "white"
    style = f'color="{QUIET}" bgcolor="{fill}" style="rounded"'
    inner = 'border="0" cellborder="0" cellspacing="0" cellpadding="1"'
    lines = f"<table {inner}>{title}{below}</table>"
    frame = 'border="1" cellborder="0" cellspacing="0" cellpadding="5"'
    return f"<<table {frame} {style}><tr><td>{lines}</td></tr></table>>"


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
