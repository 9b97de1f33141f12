"""All rows of the table show their formula, their rules and, of one number, their curve."""

import re

import pytest

import autograd
from autograd import OPS, mul, tanh
from autograd.formulas import Symbol, rule, written
from viz.shows.ops import _rule, op


@pytest.mark.parametrize("row", OPS.values(), ids=OPS)
def test_every_row_shows_itself(row):
    shown = op(row)
    html, latex = shown["text/html"], shown["text/latex"]
    assert html.count("<tr>") == 1 + (row.arity or 1)
    assert "<math" in html
    assert latex.startswith(r"$$\begin{aligned} y &= ")
    assert latex.count("{") == latex.count("}")


def test_rules_are_those_of_the_table():
    for row, i in ((tanh, 0), (mul, 1), (OPS["matmul"], 0)):
        names = re.findall(r"\w+", str(row.__signature__))
        operands = tuple(map(Symbol, names[: row.arity]))
        assert written(_rule(row, i, operands, row.defaults)) == rule(row, i)


def test_a_curve_is_drawn_of_ops_of_one_number():
    assert op(tanh)["text/html"].count("<svg") == 1
    assert "tanh′(x)" in op(tanh)["text/html"]
    assert "<svg" not in op(mul)["text/html"]


def test_a_rule_that_is_refused_is_said_to_be():
    assert "refused" in op(autograd.step)["text/html"]
