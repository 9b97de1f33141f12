"""Small functions of Python become functions of C that compute the same."""

import math

import numpy as np
import pytest
from compiled_c import compiled_c, needs_cc
from numerics import close

from autograd import GraphError, Op, Tape, Value, relu, sigmoid, tanh
from autograd.tape.export.to_c import to_c
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


@pytest.mark.slow
@needs_cc
@pytest.mark.parametrize(
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
        lambda x: (x != 0) * x,
        lambda x: 7.0,
        math.cbrt,
    ],
)
def test_a_function_of_ones_own_is_translated(scalar, tmp_path):
    x = Value(0.0)
    program = compiled_c(to_c(record([made(scalar)(x)], [x])), tmp_path)
    for number in (-3.0, -0.5, 0.0, 0.75, 1.5, 4.0):
        assert close(program([number], [], 1)[0], float(scalar(number)), 1e-15)


@pytest.mark.parametrize(
    ("scalar", "reason"),
    [
        (lambda x: x // 2, r"`x // 2` has no counterpart in C"),
        (lambda x: [x][0], r"`\[x\]\[0\]` has no"),
        (lambda x: math.fsum([x]), r"has no counterpart in C"),
        (lambda x: np.cbrt(x), r"cbrt of 1 is not in math\.h"),
        (lambda x: unknown + x, r"unknown"),  # noqa: F821
        (eval("lambda x: x"), r"its source cannot be read"),
        (np.cbrt, r"cbrt of 1 is not in math\.h"),
    ],
)
def test_what_has_no_counterpart_is_refused(scalar, reason):
    x = Value(1.0)
    y = made(math.cos)(x)
    object.__setattr__(y.op, "scalar", scalar)
    with pytest.raises(GraphError, match=f"^to_c: made cannot be written in C: .*{reason}"):
        to_c(record([y], [x]))


def test_a_forward_function_of_operators_is_enough():
    op = Op(name="cubed", forward=lambda x: x**3, vjps=(None,), latex="{0}^3", doc="Cube.")
    x = Value(2.0, name="x")
    assert "return pow(x, 3.0);" in Tape([op(x)], inputs=[x]).to_c()
