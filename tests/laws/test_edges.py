"""At zeros, denormals, in tails, at nan and infinity every row is right, whatever computes it."""

import math
import random
from inspect import signature

import mpmath
import numpy as np
import pytest
from edges import (
    INTERPRETERS,
    at_infinity,
    depending,
    exactly,
    is_here,
    is_right,
    samples,
    wrong,
)
from exact import EXACT, exact_function
from numerics import replaced
from samples import ARRAY_CALLS, ELEMENTWISE

from autograd import AutogradError, Tape, Tensor, gradients
from autograd.formulas import Symbol, rule

each_row = pytest.mark.parametrize("op", ELEMENTWISE, ids=lambda op: op.name)
each_interpreter = pytest.mark.parametrize("interpreter", [*filter(is_here, INTERPRETERS)])

# Second slopes that are the difference of two parts of about 1: they are right beside 1 only.
CANCELLING = {"arcsin", "arccos"}
# A nan is not 0, and so it chooses the first branch; it is equal to nothing.
DECIDED = {("where", 0), ("equal", 0), ("equal", 1)}
TO_AND_FRO = {"sin", "cos", "tan"}


@each_interpreter
@each_row
def test_value_slope_and_second_slope_are_right_at_edges(op, interpreter, tmp_path):
    for operands, found, exact in wrong(op, interpreter, tmp_path):
        if op.name in CANCELLING and not isinstance(found, AutogradError):
            *first, second = found
            assert all(map(is_right, first, exactly(op, operands), (4, 8)))
            assert abs(second - exact[-1]) <= math.ulp(1.0), operands
        else:
            pytest.fail(f"{op.name}{operands}: found {found}, exact is {exact}")


def beside(op, x):
    """Put a number in place of each operand of a few samples; give it with the place."""
    dice = random.Random(op.name)
    finite = [xs for xs in samples(op) if all(1e-9 < abs(number) < 1e3 for number in xs)]
    for operands in dice.sample(finite, min(3, len(finite))):
        for i in range(op.arity):
            yield operands, i, replaced(operands, i, x)


def run(op, interpreter, operands, folder):
    with np.errstate(all="ignore"):
        return INTERPRETERS[interpreter](op, operands, folder)


@each_interpreter
@each_row
def test_nan_is_kept_by_all_that_depends_on_it(op, interpreter, tmp_path):
    cases = [case for case in beside(op, math.nan) if (op.name, case[1]) not in DECIDED]
    rows = run(op, interpreter, [xs for _, _, xs in cases], tmp_path) if cases else []
    for (operands, i, given), row in zip(cases, rows, strict=True):
        if isinstance(row, AutogradError):
            assert "nan" in str(row)
        else:
            kept = [*map(math.isnan, row)]
            for depends, is_nan in zip(depending(op, operands, i), kept, strict=False):
                assert is_nan or not depends, (given, row)


@pytest.mark.slow
@each_interpreter
@each_row
@pytest.mark.parametrize("sign", [1, -1])
def test_infinity_gives_the_limit_or_no_number(op, sign, interpreter, tmp_path):
    cases = [
        case
        for case in beside(op, sign * math.inf)
        if math.isinf((op.domain[case[1]].low, op.domain[case[1]].high)[sign > 0])
    ]
    rows = run(op, interpreter, [xs for _, _, xs in cases], tmp_path) if cases else []
    for (operands, i, given), row in zip(cases, rows, strict=True):
        if not isinstance(row, AutogradError):
            limits = at_infinity(op, operands, i, sign)
            if op.name in TO_AND_FRO:
                limits = [None] * 3
            for found, limit in zip(row, limits, strict=False):
                fits = found == limit or (limit and is_right(found, mpmath.mpf(limit), 4))
                assert math.isnan(found) or fits, (given, row, limits)


# Array rows


def moved(call, i, number):
    """The call with another number in place of one element, so far off that max and min see it."""
    x = call.operands[i].copy()
    x.flat[call.dice().integers(x.size)] = number
    return call.on(replaced(call.operands, i, x)).operands


def value_and_slopes(call):
    """Functions of arrays that compute them: by rules, by a tape and by torch."""
    leaves = call.leaves()
    y = call(*leaves)
    seed = Tensor(call.dice().normal(size=y.shape))
    tape = Tape([y, *gradients(y, leaves, seed)], inputs=leaves)

    def by_rules(*arrays):
        y = call(*arrays)
        slopes = [vjp(seed.data, y, *arrays, **call.options) for vjp in call.rules()]
        pairs = zip(slopes, arrays, strict=True)
        return [y, *(0.0 * x if slope is None else slope for slope, x in pairs)]

    return [by_rules, tape, in_torch(tape)] if is_here("to_torch") else [by_rules, tape]


def in_torch(tape):
    import torch

    program = tape.to_torch()
    return lambda *arrays: [y.numpy() for y in program(*map(torch.from_numpy, arrays))]


@pytest.mark.parametrize(
    "call", [call for call in ARRAY_CALLS if all(x.size for x in call.operands)], ids=str
)
def test_nan_in_an_array_is_kept_by_all_that_depends_on_it(call):
    for f in value_and_slopes(call):
        for i in range(len(call.operands)):
            with np.errstate(all="ignore"):
                high, low, nan = (f(*moved(call, i, x)) for x in (100.0, -100.0, math.nan))
            for a, b, found in zip(high, low, nan, strict=True):
                assert np.all(np.isnan(found) | (a == b)), (i, found)


# Formulas


def evaluated(formula, numbers):
    """What a formula is at numbers of mpmath."""
    if not isinstance(formula, Symbol):
        return mpmath.mpf(formula)
    if formula.op is None:
        return numbers[formula.name]
    operands = [evaluated(x, numbers) for x in formula.operands]
    return exact_function(formula.op)(*operands)


WRITTEN = [op for op in ELEMENTWISE if op.written]


@pytest.mark.parametrize("alpha", [1.0, 0.7])
@pytest.mark.parametrize("op", WRITTEN, ids=lambda op: op.name)
def test_a_rule_is_what_is_written_of_it(op, alpha):
    options = {name: alpha for name in op.defaults}
    names = list(signature(op).parameters)[: op.arity]
    symbols = [*map(Symbol, ["g", "y", *names])]
    for i in range(op.arity):
        ours, shown = (rules[i](*symbols, **options) for rules in (op.vjps, op.written))
        for xs in samples(op):
            if max(map(abs, xs)) < 1e3:
                with mpmath.workdps(1500):
                    operands = [*map(mpmath.mpf, xs)]
                    numbers = dict(zip(names, operands, strict=True), g=mpmath.mpf(3))
                    numbers["y"] = EXACT[op.name](*operands, **options)
                    found, expected = (evaluated(formula, numbers) for formula in (ours, shown))
                    assert mpmath.almosteq(found, expected, 1e-100), xs


def test_the_rules_that_are_written_are_those_of_the_books():
    assert {op.name: rule(op, 0) for op in WRITTEN} == {
        "tanh": "g·(1 - y²)",
        "sigmoid": "g·y·(1 - y)",
        "elu": "g·where([x > 0], 1, y + 1)",
        "bce_with_logits": "g·(sigmoid(z) - t)",
    }
