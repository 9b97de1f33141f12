"""Terms of C have the parentheses they need and numbers to the last digit."""

import ast
import math
import operator

import pytest
from compiled_c import in_c, needs_cc, same
from hypothesis import given
from hypothesis import strategies as st

from autograd import Tape, Value, maximum
from autograd.tape.export.c_terms import (
    AND,
    PRODUCT,
    SUM,
    Term,
    Untranslatable,
    builtin,
    choice,
    compared,
    infix,
    joined,
    negative,
    number,
)


@needs_cc
def test_numbers_that_are_not_finite_can_be_constants(tmp_path):
    x = Value(1.0)
    tape = Tape([maximum(x, math.nan), x * math.inf, x - math.inf, x * -0.0, x + 0.1], inputs=[x])
    for ours, theirs in zip(tape(2.0), in_c(tape, tmp_path)(2.0), strict=True):
        assert same(ours, theirs)


SIGNS = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT}


def combined(parts):
    (a, x), (b, y), sign = parts
    does = {"+": x + y, "-": x - y, "*": x * y, "/": x / y if y else 0.0}
    return (infix(sign, SIGNS[sign], a, b) if y or sign != "/" else number(0.0)), does[sign]


trees = st.recursive(
    st.floats(-9, 9).map(lambda x: (number(x), x)),
    lambda tree: st.one_of(
        st.tuples(tree, tree, st.sampled_from(list(SIGNS))).map(combined),
        tree.map(lambda pair: (negative(pair[0]), -pair[1])),
    ),
    max_leaves=12,
)


@given(trees)
def test_expressions_have_the_parentheses_they_need(tree):
    term, value = tree  # Python reads + - * / and parentheses as C does
    assert repr(eval(term.text)) == repr(value)
    assert "--" not in term.text  # which would be another sign in C


def test_and_no_others():
    a, b, c = map(Term, "abc")
    assert infix("-", SUM, infix("-", SUM, a, b), c).text == "a - b - c"
    assert infix("-", SUM, a, infix("-", SUM, b, c)).text == "a - (b - c)"
    assert infix("+", SUM, a, infix("*", PRODUCT, b, c)).text == "a + b * c"
    assert infix("*", PRODUCT, a, negative(b)).text == "a * -b"
    less = compared(ast.Lt(), a, infix("+", SUM, b, c))
    assert less.text == "a < b + c"
    assert choice(less, a, choice(less, b, c)).text == "a < b + c ? a : a < b + c ? b : c"
    assert infix("*", PRODUCT, choice(less, a, b), c).text == "(a < b + c ? a : b) * c"
    assert joined("&&", AND, [less, compared(ast.Eq(), a, b)]).text == "a < b + c && a == b"


@given(st.floats())
def test_numbers_are_written_to_their_last_digit(x):
    found = eval(number(x).text, {"NAN": math.nan, "INFINITY": math.inf})
    assert repr(found) == repr(x)


def test_functions_of_python_are_those_of_c_where_c_has_them():
    a, b = Term("a"), Term("b")
    for function, operands, text in [
        (math.sqrt, [a], "sqrt(a)"),
        (abs, [a], "fabs(a)"),
        (math.gamma, [a], "tgamma(a)"),
        (math.isnan, [a], "isnan(a)"),
        (math.log, [a, b], "log(a) / log(b)"),
        (max, [a, b], "b > a ? b : a"),  # which is a where one of them is nan, as in Python
        (min, [a, b], "b < a ? b : a"),
        (float, [a], "a"),
        (operator.truediv, [a, b], "a / b"),
    ]:
        assert builtin(function, operands).text == text
    for function, operands in [(math.fsum, [a]), (math.sqrt, [a, b]), (max, [a, b, a]), (len, [a])]:
        assert builtin(function, operands) is None


@pytest.mark.parametrize("x", ["1.0", None, [1.0]])
def test_what_is_no_number_cannot_be_written(x):
    with pytest.raises(Untranslatable, match="is no real number"):
        number(x)
