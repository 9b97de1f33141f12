"""Small functions of Python become functions of other languages that compute the same."""

import math

import numpy as np
import pytest
from compiled_c import compiled_c, needs_cc
from javascript import compiled_javascript, needs_node
from numerics import close

from autograd import GraphError, Op, Tape, Value, relu, sigmoid, tanh
from autograd.tape.export.to_c import to_c
from autograd.tape.export.to_javascript import to_javascript
from autograd.tape.simplify import record


def made(scalar):
    doc = "Made here."
    return Op(name="made", forward=np.cos, scalar=scalar, vjps=(None,), latex="{0}", doc=doc)


OFFSET = 0.25


def _halved(x, times=1):
    """Half of a number."""
    y = x
    if times > 1 and not x < 0:
        y /= 4
    elif times:
        y = y / 2
    return y


def _branching(x):
    bound: float = abs(x)
    if 0.5 < bound <= 2:
        return math.log(bound, 2)
    else:
        return _halved(x, times=2) + _halved(x)


def enclosed(k):
    return lambda x: k * x, lambda x: x * k + 1


each_function = pytest.mark.parametrize(
    "scalar",
    [
        _halved,
        _branching,
        enclosed(3.0)[0],
        enclosed(3.0)[1],
        lambda x: -(-x) - (1 - (x - OFFSET)) / 2**-1,  # noqa: B002
        lambda x: 1 / 2 + (x > 0) / (x < 100) + +x,
        lambda x: (x and 2.0) + (x or 3.0) + (x > 0 and x < 1),
        lambda x: min(x, 1.0) - max(x, 0.5) + float(x),
        lambda x: -1.0 if math.isnan(x) or not math.isfinite(x) else math.floor(x),
        lambda x: math.pi * tanh(x) + sigmoid(x) + relu(x, 1.0) + relu(x),
        lambda x: (1.0 if x > 0 else 2.0) * x - (x if x else -x) ** 2,
        lambda x: (x != 0) * x + ((x > 0) == 1.0),
        lambda x: math.copysign(2.0, -x) + math.fmod(x, 2.0) + math.exp2(x) + math.isinf(x),
        lambda x: 7.0,
        math.cbrt,
    ],
)
NUMBERS = (-3.0, -0.5, 0.0, 0.75, 1.5, 4.0)


@pytest.mark.slow
@needs_cc
@each_function
def test_a_function_of_ones_own_is_translated_to_c(scalar, tmp_path):
    program = compiled_c(to_c(recorded(scalar)), tmp_path)
    for x in NUMBERS:
        assert close(program([x], [], 1)[0], float(scalar(x)), 1e-15)


@needs_node
@each_function
def test_a_function_of_ones_own_is_translated_to_javascript(scalar):
    program = compiled_javascript(to_javascript(recorded(scalar)))
    for x, (found,) in zip(NUMBERS, program([[x] for x in NUMBERS], [], 1), strict=True):
        assert close(found, float(scalar(x)), 1e-15)


def recorded(scalar):
    x = Value(0.0)
    return record([made(scalar)(x)], [x])


@pytest.mark.parametrize(
    ("write", "language", "library"),
    [(to_c, "C", "math.h"), (to_javascript, "JavaScript", "Math")],
)
@pytest.mark.parametrize(
    ("scalar", "reason"),
    [
        (lambda x: x // 2, "`x // 2` has no counterpart in {language}"),
        (lambda x: [x][0], "`[x][0]` has no counterpart in {language}"),
        (lambda x: math.fsum([x]), "`[x]` has no counterpart in {language}"),
        (lambda x: np.cbrt(x), "cbrt of 1 is not in {library}"),
        (lambda x: unknown + x, "`unknown` has no counterpart in {language}"),  # noqa: F821
        (lambda x: math.pow(x, 2.0, mod=3), "pow of 2 is not in {library}"),
        (eval("lambda x: x"), "its source cannot be read: could not get source code"),
        (np.cbrt, "cbrt of 1 is not in {library}"),
    ],
)
def test_what_has_no_counterpart_is_refused(scalar, reason, write, language, library):
    x = Value(1.0)
    y = made(math.cos)(x)
    object.__setattr__(y.op, "scalar", scalar)
    with pytest.raises(GraphError) as caught:
        write(record([y], [x]))
    reason = reason.format(language=language, library=library)
    assert str(caught.value) == (
        f"{write.__name__}: made cannot be written in {language}: {reason}. Give the op a function "
        f"scalar= of floats, made of operators and of functions of math that {language} has."
    )


def test_what_is_not_in_math_of_javascript_is_refused_there():
    with pytest.raises(GraphError, match=r"erf of 1 is not in Math\. .* that JavaScript has\.$"):
        to_javascript(recorded(math.erf))
    assert "erf(x0)" in to_c(recorded(math.erf))


@needs_cc
def test_functions_and_numbers_of_one_name_are_told_apart(tmp_path):
    """What a function is called is known late: numbers have their names by then."""
    op = Op(name="for", forward=lambda x: x + 1, vjps=(None,), latex="{0}", doc="A keyword.")
    x, y = Value(2.0, name="for"), Value(3.0, name="for_")
    code = record([op(x) * y], [x, y])
    assert compiled_c(to_c(code), tmp_path)([2.0, 3.0], [], 1) == [9.0]


def test_a_forward_function_of_operators_is_enough():
    op = Op(name="cubed", forward=lambda x: x**3, vjps=(None,), latex="{0}^3", doc="Cube.")
    x = Value(2.0, name="x")
    assert "return pow(x, 3.0);" in Tape([op(x)], inputs=[x]).to_c()
