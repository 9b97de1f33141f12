"""Pieces of HTML for the cells of notebooks: texts are escaped, no script, light and dark."""

from collections.abc import Iterable, Sequence
from html import escape

from autograd.texts import shown

from ..moments import STYLE

_LONGEST = 1000  # characters of a line
_CHARTS = """<style>
.stepgrad-table .sg-title { font-weight: 600; margin-bottom: 4px; }
.stepgrad-table .sg-wrap { display: inline-block; max-width: 24em; white-space: normal; }
.sg-chart { overflow: visible; vertical-align: middle; }
.sg-chart path { fill: none; stroke-width: 1.5; }
.sg-chart text { fill: currentColor; font: 11px system-ui, sans-serif; }
.sg-chart .sg-frame { stroke: light-dark(#afb8c1, #656c76); stroke-width: 1; }
.sg-chart .sg-0, .sg-bars { stroke: light-dark(#0072b2, #5aa9e6); }
.sg-chart .sg-1 { stroke: light-dark(#b35900, #f5a04c); stroke-dasharray: 5 3; }
.sg-chart .sg-2 { stroke: light-dark(#187632, #57c774); stroke-dasharray: 5 3; }
</style>"""


def block(title: str, *parts: str) -> dict[str, str]:
    """Put pieces under a title, for a notebook."""
    head = f'<div class="sg-title">{words(title)}</div>'
    inside = "".join([STYLE, _CHARTS, head, *parts])
    return {"text/html": f'<div class="stepgrad-table">{inside}</div>'}


def words(text: object) -> str:
    """Write a text that somebody chose."""
    return escape(shown(text, _LONGEST))


def code(text: str) -> str:
    """Write lines as they stand; text that somebody chose in them was shown before."""
    return f'<pre style="background:none;color:inherit;margin:4px 0">{escape(text)}</pre>'


def paragraphs(lines: Iterable[str]) -> str:
    """Write a paragraph for each text."""
    return "".join(f"<p>{words(line)}</p>" for line in lines)


def equations(*lines: str, form: str = "gathered") -> dict[str, str]:
    """Give equations, one below the other, as LaTeX."""
    if not lines:
        return {}
    listed = r" \\ ".join(lines)
    return {"text/latex": rf"$$\begin{{{form}}} {listed} \end{{{form}}}$$"}


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay out rows of cells that are HTML; a column whose head begins with a space holds numbers.

    Examples
    --------
    >>> print(table(("n",), [("x",)]))
    <table><thead><tr><th scope="col">n</th></tr></thead><tbody><tr><td>x</td></tr></tbody></table>
    """
    kinds = [' class="sg-number"' * head.startswith(" ") for head in heads]
    top = _row((f'th scope="col"{kind}' for kind in kinds), [head.strip() for head in heads])
    body = "".join(_row((f"td{kind}" for kind in kinds), row) for row in rows)
    return f"<table><thead>{top}</thead><tbody>{body}</tbody></table>"


def _row(tags: Iterable[str], cells: Iterable[str]) -> str:
    found = (f"<{tag}>{x}</{tag[:2]}>" for tag, x in zip(tags, cells, strict=True))
    return f"<tr>{''.join(found)}</tr>"
