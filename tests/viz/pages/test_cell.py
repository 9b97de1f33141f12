"""In a cell a page stands in a sandbox, and a picture beside it for notebooks that drop pages."""

import re

import pytest

import viz
from autograd import Value
from viz.pages.cell import FOLLOW, cell


@pytest.mark.parametrize(("guess", "more"), [(False, 0), (True, 46)])
def test_a_cell_is_as_high_as_its_page_will_be(guess, more):
    state = viz.step(Value(2.0, name="x") * 3, names={}, guess=guess).state()
    html = cell(state)
    points = int(re.search(r'height="(\d+)pt', state["rooms"]["r0"]["svg"])[1])
    assert f"height:{min(points * 4 // 3 + 26, 440) + 304 + more}px" in html
    assert html.endswith(FOLLOW)
    assert html.count("<iframe") == html.count("<img") == 1
