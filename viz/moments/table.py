"""A Table shows the same rows in a terminal, where columns count cells, and in a notebook."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape

from autograd.texts import columns, shown

_LONGEST = 1000  # characters of a line
# Colors of its own on a ground of its own: text can be read wherever the table is put.
STYLE = """<style>
.stepgrad-table { color-scheme: light dark; overflow-x: auto; padding: 8px; font: 14px/1.5 system-ui, sans-serif;
  background: light-dark(#ffffff, #0d1117); color: light-dark(#1f2328, #e6edf3); }
:is([data-jp-theme-light="true"], .vscode-light) .stepgrad-table { color-scheme: light; }
:is([data-jp-theme-light="false"], .vscode-dark) .stepgrad-table { color-scheme: dark; }
.stepgrad-table table { border-collapse: collapse; margin: 4px 0; color: inherit; font-size: inherit; }
.stepgrad-table caption { padding: 2px 0; text-align: left; font-weight: 600; white-space: nowrap; }
/* A class named twice goes before what notebooks say of tables. */
.stepgrad-table.stepgrad-table tbody tr { background: none; }
.stepgrad-table.stepgrad-table :is(th, td) { padding: 2px 16px 2px 0; border-bottom: 1px solid light-dark(#d1d9e0, #3d444d);
  text-align: left; white-space: nowrap; background: none; }
.stepgrad-table.stepgrad-table th { white-space: normal; vertical-align: bottom; }
.stepgrad-table.stepgrad-table .sg-number { text-align: right; font-variant-numeric: tabular-nums; }
.stepgrad-table .sg-minus { color: light-dark(#c62828, #ff8f87); }
.stepgrad-table p { margin: 2px 0; color: light-dark(#59636e, #9da7b3); }
</style>"""  # noqa: E501


@dataclass(frozen=True)
class Table:
    """Rows of text under a title.

    Attributes
    ----------
    title : str
    heads : tuple of str
        A column whose head begins with a space holds numbers, and ends where they end.
    rows : list of tuple of str
    notes : tuple of str
        Lines below.

    Examples
    --------
    >>> print(Table("two numbers", ("name", " number"), [("x", "1"), ("変数", "-20")]))
    two numbers
    name  number
    x          1
    変数     -20
    """

    title: str
    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [_visible(self.title)]
        if self.rows:
            heads = tuple(head.strip() for head in self.heads)
            table = [tuple(map(_visible, row)) for row in [heads, *self.rows]]
            numeric = [k for k, head in enumerate(self.heads) if head.startswith(" ")]
            lines.append(columns(table, right=numeric))
        return "\n".join([*lines, *map(_visible, self.notes)])

    @property
    def html(self) -> str:
        """The table for a notebook."""
        lines = [STYLE, f"<caption>{_html(self.title)}</caption>"]
        numeric = [head.startswith(" ") for head in self.heads]
        if self.rows:
            heads = "".join(
                f'<th scope="col"{_kind(is_number, "")}>{_html(head.strip())}</th>'
                for head, is_number in zip(self.heads, numeric, strict=True)
            )
            lines += [f"<thead><tr>{heads}</tr></thead>", "<tbody>"]
            for row in self.rows:
                found = "".join(
                    f"<td{_kind(is_number, x)}>{_html(x)}</td>"
                    for x, is_number in zip(row, numeric, strict=True)
                )
                lines.append(f"<tr>{found}</tr>")
            lines.append("</tbody>")
        lines[1] = f"<table>{lines[1]}"
        notes = "".join(f"<p>{_html(note)}</p>" for note in self.notes)
        return f'<div class="stepgrad-table">{"".join(lines)}</table>{notes}</div>'


def shortened(count: int, ends: int, matter: Collection[int]) -> list[int | None]:
    """List the places to show of a long row: some at both ends, what matters, None for gaps.

    Examples
    --------
    >>> shortened(100, 2, [50])
    [0, 1, None, 50, None, 98, 99]
    """
    shown = [i for i in range(count) if i < ends or i >= count - ends or i in matter]
    found: list[int | None] = []
    for i, before in zip(shown, [-1, *shown], strict=False):
        if i - before == 2:
            found.append(i - 1)  # a gap of one takes as much room as what it hides
        elif i - before > 2:
            found.append(None)
        found.append(i)
    return found


def _html(text: str) -> str:
    return escape(_visible(text))


def _visible(text: str) -> str:
    """Write a line of names that were shown, and of what was not."""
    return shown(text, _LONGEST)


def _kind(is_number: bool, cell: str) -> str:
    if not is_number:
        return ""
    return ' class="sg-number sg-minus"' if cell.startswith("-") else ' class="sg-number"'
