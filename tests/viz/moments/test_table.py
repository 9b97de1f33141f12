"""A table says the same in a terminal and in a notebook, whatever its cells hold."""

import html
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.texts import cells, shown
from viz.moments.table import Table, shortened


class Cells(HTMLParser):
    """Reads the rows of the only table of some HTML, and refuses what is not closed."""

    def __init__(self, source):
        super().__init__()
        self.rows, self.open, self.told = [], [], []
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, text):
        if self.open[-1] in ("td", "th"):
            self.rows[-1][-1] += text
        elif self.open[-1] in ("caption", "p"):
            self.told.append(text)


anything = st.text(max_size=8)


@given(anything, st.lists(st.tuples(anything, anything), min_size=1), anything)
def test_text_and_html_hold_the_same_cells(title, rows, note):
    table = Table(title, ("name", " number"), rows, (note,))
    read = Cells(table.html)
    assert read.rows == [["name", "number"], *([*map(shown, row)] for row in rows)]
    assert "".join(read.told) == shown(title) + shown(note)
    lines = str(table).split("\n")
    assert len(lines) == len(rows) + 3
    for line, row in zip(lines[2:], rows, strict=False):
        assert line.split() == " ".join(map(shown, row)).split()


@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5)), min_size=1))
def test_numbers_end_in_the_same_cell_of_a_terminal(rows):
    rows = [(name, f"{number}.") for name, number in rows]
    _, _, *lines = str(Table("", ("name", " number"), rows)).split("\n")
    assert len({cells(line) for line in lines}) == 1


def test_without_rows_there_are_no_heads():
    table = Table("nothing", ("name", " number"), (), ("at all",))
    assert str(table) == "nothing\nat all"
    assert "<th" not in table.html


def test_a_minus_is_a_sign_and_a_color():
    source = Table("", ("a", " b"), [("-1", "-2"), ("3", "4")]).html
    assert re.findall(r"<td[^>]*sg-minus[^>]*>(.*?)<", source) == ["-2"]


@pytest.mark.parametrize("text", ["</td><script>alert(1)</script>", '"><b>', "&amp;", "{title}"])
def test_html_is_escaped(text):
    read = Cells(Table(text, (text,), [(text,)], (text,)).html)
    assert read.rows == [[text], [text]]
    assert read.told == [text, text]
    assert html.escape(text) in Table("", ("",), [(text,)]).html


@given(st.integers(0, 60), st.integers(1, 5), st.sets(st.integers(0, 59), max_size=4))
def test_a_row_is_shortened_where_it_matters_least(count, ends, matter):
    found = shortened(count, ends, matter)
    shown = [i for i in found if i is not None]
    assert shown == sorted(set(shown))
    assert {i for i in range(count) if i < ends or i >= count - ends} <= set(shown)
    assert {i for i in matter if i < count} <= set(shown)
    for before, i, after in zip(found, found[1:], found[2:], strict=False):
        if i is None:
            assert after - before > 2  # a gap of one is shown
    for i, after in pairwise(found):
        assert None in (i, after) or after == i + 1
    assert (None in found) == (len(shown) < count)


def test_a_gap_of_one_is_filled():
    assert shortened(5, 2, ()) == [0, 1, 2, 3, 4]
    assert shortened(6, 2, ()) == [0, 1, None, 4, 5]


# What JupyterLab says of tables in outputs.
NOTEBOOK = """<style>
.jp-RenderedHTMLCommon table { color: black; font-size: 13px; }
:not(.jp-RenderedMarkdown).jp-RenderedHTMLCommon :is(th, td, tr) { text-align: right; }
.jp-RenderedHTMLCommon tbody tr:nth-child(odd) { background: white; }
</style>"""
LOOKS = """
part => { const { textAlign, color, backgroundColor } = getComputedStyle(part);
          return [textAlign, color, backgroundColor]; }
"""


@pytest.mark.slow
def test_a_notebook_changes_neither_the_sides_of_cells_nor_their_colors(page, tmp_path):
    html = Table("title", ("name", " number"), [("x", "-1")]).html
    path = tmp_path / "table.html"
    body = '<body data-jp-theme-light="false"><div class="jp-RenderedHTMLCommon">'
    path.write_text(f"{NOTEBOOK}{body}{html}", encoding="utf-8")
    page.goto(path.as_uri())
    text, clear = "rgb(230, 237, 243)", "rgba(0, 0, 0, 0)"
    for cell in ("th", "td"):
        name, number = (page.locator(cell).nth(i).evaluate(LOOKS) for i in (0, 1))
        assert name == ["left", text, clear]
        assert number[0] == "right"
    assert page.locator("tbody tr").evaluate(LOOKS)[2] == clear
