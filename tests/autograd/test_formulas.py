"""Rules applied to symbols give the formulas that a person would write."""

import math
import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import ELEMENTWISE

from autograd import OPS, flat
from autograd.formulas import Symbol, applied, composition, rule, slope, written

FORMULAS = {
    "sum": "spread(g, shape=shape(x))",
    "mean": "spread(g/(size(x)/size(y)), shape=shape(x))",
    "logsumexp": "spread(g, shape=shape(x))·softmax(x, axis=None)",
    "softmax": "y·(g - sum(g·y, axis=-1, keepdims=True))",
    "log_softmax": "g - exp(y)·sum(g, axis=-1, keepdims=True)",
    "prod": "spread(g, shape=shape(x))·others(x)",
    "transpose": "gᵀ",
    "reshape": "reshape(g, shape=shape(x))",
    "broadcast_to": "sum_to(g, shape=shape(x))",
    "getitem": "put(g, shape=shape(x), index=index)",
    "unfold": "fold(g, shape=shape(x), size=size)",
}


@pytest.mark.parametrize("op", ELEMENTWISE, ids=lambda op: op.name)
def test_every_rule_of_an_elementwise_row_is_a_formula(op):
    for i, vjp in enumerate(op.vjps):
        formula = rule(op, i)
        if vjp in (None, flat):
            assert formula == ("0" if vjp else "refused")
        else:
            assert "g" in formula
            assert "algebraic" not in formula


@pytest.mark.parametrize("name", FORMULAS)
def test_a_rule_of_an_array_row_reads_as_a_person_would_write_it(name):
    assert rule(OPS[name], 0) == FORMULAS[name]


def test_a_slope_of_numbers_keeps_the_digits_that_its_formula_would_lose():
    x, y = Symbol("x"), Symbol("y")
    assert written(slope(OPS["sigmoid"], 0, y, (x,), {})) == "y·(1 - y)"
    assert slope(OPS["sigmoid"], 0, 1.0, (40.0,), {}) == pytest.approx(math.exp(-40), rel=1e-15)


def test_the_rules_of_a_matrix_product_are_those_of_the_books():
    assert [rule(OPS["matmul"], i) for i in range(2)] == ["g @ bᵀ", "aᵀ @ g"]


@st.composite
def formulas(draw, depth=4):
    """Draw a formula, and what it is at numbers."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return draw(st.sampled_from([(Symbol(name), x) for name, x in NUMBERS.items()]))
    sign = draw(st.sampled_from([operator.add, operator.sub, operator.mul, operator.truediv, None]))
    a, x = draw(formulas(depth=depth - 1))
    if sign is None:
        return -a, -x
    b, y = draw(formulas(depth=depth - 1))
    if sign is operator.truediv and y == 0:
        return a, x
    return applied(OPS[ROWS[sign]], (a, b), {}), sign(x, y)


NUMBERS = {"a": 0.7, "b": -1.3, "c": 2.9}
ROWS = {operator.add: "add", operator.sub: "sub", operator.mul: "mul", operator.truediv: "div"}


@given(formulas())
def test_what_is_written_means_the_formula(drawn):
    formula, value = drawn
    found = eval(written(formula).replace("·", "*"), {}, NUMBERS)
    assert found == pytest.approx(value, rel=1e-9, abs=1e-9)


def test_no_parentheses_are_written_that_are_not_needed():
    a, b, c = map(Symbol, "abc")
    for formula, text in [
        (a + b + c, "a + b + c"),
        (a - (b - c), "a - (b - c)"),
        (a * b / c, "a·b/c"),
        (a / (b * c), "a/(b·c)"),
        ((a + b) ** 2, "(a + b)²"),
        (-(a**2), "-a²"),
        (a * -b, "a·(-b)"),
        (1 - -a * b, "1 - (-a·b)"),
        (a - -2 * b, "a - (-2·b)"),
        (a * (-b * c + 1), "a·(-b·c + 1)"),
        (a - (-b) ** 2, "a - (-b)²"),
        (2.0**a, "2^a"),
        (a**-3, "a⁻³"),
        (OPS["exp"](a + b), "exp(a + b)"),
        (OPS["linear"](a, b, c) * 2, "(a @ bᵀ + c)·2"),
        (OPS["linear"](a + b, b * c, a + c), "(a + b) @ (b·c)ᵀ + a + c"),
        (OPS["linear"](a @ b, b**2, -c), "a @ b @ (b²)ᵀ + (-c)"),
        (OPS["logistic_error"](a + b, b - c), "sigmoid(a + b) - (b - c)"),
    ]:
        assert written(formula) == text


def test_a_composition_is_a_formula_of_smaller_rows():
    assert {
        op.name: composition(op) for op in OPS.values() if op.elementwise and op.composition
    } == {
        "bce_with_logits": "softplus(z) - t·z",
        "logistic_error": "sigmoid(z) - t",
    }
    assert composition(OPS["linear"]) == "x @ weightᵀ + bias"
    assert composition(OPS["sum"]) is None


def test_what_changes_nothing_is_left_out_and_nothing_else():
    x, y = Symbol("x"), Symbol("y")
    for formula, text in [
        (x * 1.0 + 0.0, "x"),
        (1.0 * x - 0.0, "x"),
        (x / 1.0, "x"),
        (x**1.0, "x"),
        (x * 0.0, "0"),
        (-1.0 * x, "-x"),
        (0.0 + -x, "-x"),
        (x * x, "x²"),
        (0.0 - x, "0 - x"),
        (1.0 / x, "1/x"),
        (x * y, "x·y"),
    ]:
        assert written(formula) == text
    assert written(applied(OPS["mul"], (x, 1.0), {})) == "x·1"  # as it was called


def test_a_slope_is_the_rule_of_the_row_at_what_comes_in():
    x, y = Symbol("x"), Symbol("y")
    assert written(slope(OPS["exp"], 0, y, (x,), {})) == "y"
    assert written(slope(OPS["exp"], 0, y, (x,), {}, Symbol("g"))) == "g·y"
    assert slope(OPS["sign"], 0, y, (x,), {}) == 0.0
    assert slope(OPS["step"], 0, y, (x,), {}) == 0.0
