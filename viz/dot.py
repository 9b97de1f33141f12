"""A Diagram in the DOT language: one box a value, the local derivative at the arrow's head."""

from html import escape

import graphviz

from .diagram import Box, Diagram

VALUE, GRADIENT, QUIET, FAINT, FOLDED = "#1a7f37", "#c62828", "#57606a", "#afb8c1", "#eef1f5"
_SANS, _MONO = "Helvetica,Arial,sans-serif", "Courier New,Courier,monospace"
_LONGEST = 40  # characters of a name


def to_dot(diagram: Diagram) -> str:
    """Write a diagram in DOT; text from users is escaped.

    Nodes and edges carry the ids of the diagram, so that a page can find them in the SVG.
    """
    dot = graphviz.Digraph(
        graph_attr={"rankdir": "LR", "nodesep": "0.2", "ranksep": "0.5", "bgcolor": "white"},
        node_attr={"shape": "plain", "fontname": _SANS, "fontsize": "11"},
        edge_attr={"color": QUIET, "arrowsize": "0.6", "fontname": _MONO, "fontsize": "9"},
    )
    dot.attr("edge", fontcolor=QUIET, labeldistance="2")
    if diagram.note:
        note = graphviz.escape(diagram.note)
        dot.attr(label=note, labelloc="b", fontname=_SANS, fontsize="10", fontcolor=QUIET)
    for box in diagram.boxes:
        dot.node(box.id, label=_table(box), id=box.id, tooltip=graphviz.escape(box.title))
    for edge in diagram.edges:
        slope = graphviz.escape(edge.slope)
        thin = {} if edge.slope else {"color": FAINT, "arrowsize": "0.4"}
        dot.edge(edge.tail, edge.head, id=edge.id, headlabel=slope, tooltip=slope or " ", **thin)
    return str(dot.source)


def _table(box: Box) -> str:
    """Lay a box out as an HTML-like table: title, formula, value, gradient."""
    rows = [f"<b>{_text(box.title)}</b>"]
    rows += [_font(QUIET, box.formula)] * bool(box.formula)
    rows += [_font(VALUE, box.data, _MONO)] * bool(box.data)
    rows += [_font(GRADIENT, f"grad {box.grad}", _MONO)] * bool(box.grad)
    cells = "".join(f"<tr><td>&#160;{row}&#160;</td></tr>" for row in rows)
    fill = FOLDED if box.id.startswith("b") else "white"
    style = f'color="{QUIET}" bgcolor="{fill}" style="rounded"'
    frame = 'border="1" cellborder="0" cellspacing="0" cellpadding="2"'
    return f"<<table {frame} {style}>{cells}</table>>"


def _font(color: str, words: str, face: str = _SANS) -> str:
    if "nan" in words or "inf" in words:
        color = GRADIENT
    return f'<font color="{color}" face="{face}">{_text(words)}</font>'


def _text(words: str) -> str:
    """Escape text for an HTML-like label, where a backslash is special too."""
    short = words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
    printable = "".join(c if c.isprintable() else "�" for c in short)
    return escape(printable).replace("\\", "&#92;") or " "
