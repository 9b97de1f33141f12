"""A Value's graph is written as terms; what counts in it is found, and what is too long."""

import pytest

from autograd import Value, exp, maximum, trace, where
from viz.moments.terms import MARK, Terms, ends


@pytest.fixture
def leaves():
    return [Value(k / 16, name=f"x{k}") for k in range(40)]


def read(output):
    """The terms of a graph whose named leaves stand by their names; and its object."""
    order = trace(output)
    named = [k for k, node in enumerate(order) if node.name]
    made = Terms(order, named)
    texts = [MARK.sub(lambda mark: order[int(mark[1])].name, text) for text in made.texts()]
    return texts, made, {order[k].name for k in made.used()}


def test_a_sum_of_sums_has_a_row_for_each_term(leaves):
    a, b, c, d = leaves[:4]
    assert read((a * b + c) + d / 2 + 1.5)[0] == ["x0·x1", "x2", "x3/2", "1.5"]
    assert read((a + b) * (c + d))[0] == ["(x0 + x1)·(x2 + x3)"]
    assert read(a - b)[0] == ["x0 - x1"]


def test_of_many_terms_those_in_the_middle_share_a_row(leaves):
    total = leaves[0]
    for x in leaves[1:]:
        total = total + x
    texts, made, used = read(total)
    assert texts == ["x0", "x1", "x2", "… 34 more terms", "x37", "x38", "x39"]
    assert used == {x.name for x in leaves}
    assert read(exp(total))[0] == ["exp(x0 + x1 + x2 + … + x37 + x38 + x39)"]
    assert made.is_short()


def test_what_is_multiplied_by_a_constant_0_does_not_count(leaves):
    a, b, c = leaves[:3]
    texts, _, used = read(0.0 * a + 1.0 * b + where(Value(1.0, constant=True), c, a))
    assert (texts, used) == (["x1", "x2"], {"x1", "x2"})
    texts, _, used = read(0.0 * a)
    assert (texts, used) == (["0"], set())


def test_a_number_that_would_be_rounded_stands_for_itself(leaves):
    order = trace(leaves[1] * 0.123456 * 0.25)
    (text,) = Terms(order, [0]).texts()
    marked = [order[int(k)].data for k in MARK.findall(text)]
    assert (marked, MARK.sub("", text)) == ([1 / 16, 0.123456], "··0.25")


def test_a_formula_of_many_numbers_is_not_short(leaves):
    deep = leaves[0]
    for x in leaves[1:]:
        deep = maximum(deep, x)
    assert not read(deep)[1].is_short()
    assert read(maximum(leaves[0], leaves[1]))[1].is_short()


@pytest.mark.parametrize(("count", "rows"), [(0, 0), (1, 1), (8, 8), (9, 7), (100, 7)])
def test_rows_are_few(count, rows):
    found = ends(range(count))
    assert len(found) == rows
    assert [k for row in found for k in row] == [*range(count)]
