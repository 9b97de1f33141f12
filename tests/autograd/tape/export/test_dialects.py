"""Numbers are written to their last digit, and functions of Python are those of each language."""

import ast
import math
import operator

import pytest
from compiled_c import in_c, needs_cc, same
from hypothesis import given
from hypothesis import strategies as st
from javascript import in_javascript, needs_node

from autograd import Tape, Value, maximum
from autograd.tape.export.dialects import JAVASCRIPT, C
from autograd.tape.export.terms import Term, Untranslatable

each_dialect = pytest.mark.parametrize("dialect", [C, JAVASCRIPT], ids=lambda x: x.name)
X = Value(1.0)
NUMBERS = Tape(
    [maximum(X, math.nan), X * math.inf, X - math.inf, X * -0.0, X + 0.1, X * 5e-324], inputs=[X]
)


@needs_cc
def test_numbers_that_are_not_finite_can_be_constants_of_c(tmp_path):
    assert all(map(same, in_c(NUMBERS, tmp_path)(2.0), NUMBERS(2.0)))


@needs_node
def test_numbers_that_are_not_finite_can_be_constants_of_javascript():
    (found,) = in_javascript(NUMBERS)([[2.0]])
    assert all(map(same, found, NUMBERS(2.0)))


@each_dialect
@given(st.floats())
def test_numbers_are_written_to_their_last_digit(dialect, x):
    found = eval(dialect.number(x).text, {dialect.nan: math.nan, dialect.infinity: math.inf})
    assert repr(found) == repr(x)


@each_dialect
@pytest.mark.parametrize("x", ["1.0", None, [1.0]])
def test_what_is_no_number_cannot_be_written(dialect, x):
    with pytest.raises(Untranslatable, match="is no real number"):
        dialect.number(x)


def test_functions_of_python_are_those_of_the_language_where_it_has_them():
    a, b = Term("a"), Term("b")
    for function, operands, *texts in [
        (math.sqrt, [a], "sqrt(a)", "Math.sqrt(a)"),
        (abs, [a], "fabs(a)", "Math.abs(a)"),
        (math.pow, [a, b], "pow(a, b)", "pow(a, b)"),
        (math.gamma, [a], "tgamma(a)", None),
        (math.remainder, [a, b], "remainder(a, b)", None),
        (math.isnan, [a], "isnan(a)", "Number.isNaN(a)"),
        (math.log, [a, b], "log(a) / log(b)", "Math.log(a) / Math.log(b)"),
        (max, [a, b], *["b > a ? b : a"] * 2),  # which is a where one of them is nan, as in Python
        (min, [a, b], *["b < a ? b : a"] * 2),
        (float, [a], "a", "a"),
        (operator.truediv, [a, b], "a / b", "a / b"),
        (math.fsum, [a], None, None),
        (math.sqrt, [a, b], None, None),
        (max, [a, b, a], None, None),
        (len, [a], None, None),
    ]:
        for dialect, text in zip([C, JAVASCRIPT], texts, strict=True):
            term = dialect.builtin(function, operands)
            assert text == (term and term.text), function


def test_comparisons_of_javascript_convert_nothing():
    a, b = Term("a"), Term("b")
    assert C.compared(ast.Eq(), a, b).text == "a == b"
    assert JAVASCRIPT.compared(ast.Eq(), a, b).text == "a === b"
    assert JAVASCRIPT.compared(ast.NotEq(), a, b).text == "a !== b"
    with pytest.raises(Untranslatable, match="In compares no numbers"):
        C.compared(ast.In(), a, b)


@each_dialect
def test_words_of_the_language_and_of_what_is_called_are_taken(dialect):
    assert {"for", "return", "inputs", "params", "outputs", "pow", "isinf"} <= dialect.taken
