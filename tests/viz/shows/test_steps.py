"""The numbers of a step, of a path and of a moment are the engine's."""

import re
from html import unescape

import pytest
from shown import things

import viz
from autograd import Tensor, Value, backprop, maximum, tanh
from autograd import sum as total
from autograd.formulas import number
from viz.shows.steps import frame, path, step


def cells(html):
    found = re.findall("<td[^>]*>(.*?)</td>", html)
    return [unescape(re.sub("<[^>]*>", "", cell)) for cell in found]


def graph():
    x, y = Value(0.5, name="x"), Value(-3.0, name="y")
    return x, tanh(x * y + x * 2) * x


@pytest.mark.parametrize("k", range(5))
def test_local_times_upstream_is_the_contribution(k):
    _, f = graph()
    found = list(backprop(f))[k]
    shown = step(found)["text/html"]
    rows = cells(shown)
    passed = [number(x) for x in found.contributions if x is not None]
    assert rows[3::4] == passed
    assert rows[2::4] == [number(found.grad)] * len(passed)
    for local, comes, flows in zip(rows[1::4], rows[2::4], rows[3::4], strict=True):
        local = float(local.rpartition("=")[2])
        assert local * float(comes) == pytest.approx(float(flows), rel=1e-3)


def test_operands_are_called_as_they_are_or_as_the_op_calls_them():
    _, f = graph()
    shown = step(next(backprop(f)))
    assert cells(shown["text/html"])[::4] == ["a", "x"]
    assert r"\frac{\partial y}{\partial a} = x = 0.5,\quad 0.5 \cdot 1 = 0.5" in shown["text/latex"]


def test_a_leaf_ends_the_pass():
    x, f = graph()
    *_, last = backprop(f)
    assert last.node is x
    assert "x: the pass ends here, with" in step(last)["text/html"]


def test_arrays_show_the_rule_and_what_flows():
    a, b = Tensor([[1.0, 2.0]], name="a"), Tensor([[3.0], [4.0]], name="b")
    _, found, *_ = backprop(total(a @ b))
    shown = step(found)
    assert cells(shown["text/html"])[2:4] == ["[[1]]", "[[3, 4]]"]
    assert r"a \leftarrow g \, b^{\mathsf{T}}" in shown["text/latex"]


def test_the_same_operand_twice_is_two_rows():
    x = Value(2.0, name="x")
    assert cells(step(next(backprop(x * x)))["text/html"])[::4] == ["x", "x"]
    assert cells(step(next(backprop(maximum(x, 1.0))))["text/html"])[::4] == ["x"]


def test_a_path_is_its_factors():
    x, f = graph()
    for found in viz.why(x, of=f, names={"f": f}):
        shown = path(found)
        factors = [float(word.strip(" ↓")) for word in cells(shown["text/html"])[1::2] if word]
        assert factors == pytest.approx(found.factors, rel=1e-3)
        assert number(found.product) in shown["text/latex"].rpartition("=")[2]


def test_paths_that_stand_for_others_and_those_of_arrays_are_shown():
    x = Value(1.0, name="x")
    f = x
    for _ in range(3):
        f = f + f
    *_, rest = viz.why(x, of=f, most=2)
    assert "6 more paths" in path(rest)["text/html"]
    w = Tensor([1.0, 2.0], name="w")
    (found, *_) = viz.why(w, of=total(w * w))
    shown = path(found)
    assert "text/latex" not in shown
    assert cells(shown["text/html"])[-1] == number(found.norms[-1])


def test_a_long_path_is_cut_in_the_middle():
    f = x = Value(1.0, name="x")
    for _ in range(30):
        f = f * 1.5
    shown = path(viz.why(x, of=f)[0])
    assert cells(shown["text/html"]).count("…") == 1
    assert len(cells(shown["text/html"])) == 2 * 13


def test_a_moment_is_its_equation_and_its_sentence():
    found = things()["viz.Frame"]
    shown = frame(found)
    assert found.sentence.replace("'", "&#x27;") in shown["text/html"]
    assert found.latex in shown["text/latex"]
