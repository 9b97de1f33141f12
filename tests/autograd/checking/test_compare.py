"""Each verdict is given where it is due: kinks, ends of domains, rounding, changing functions."""

import math
import re
from itertools import count
from pathlib import Path

import hard_cases
import numpy as np
import planted_faults
import pytest
from checks import rejected, words
from hypothesis import example, given
from hypothesis import strategies as st
from wrong_rules import spoiled

from autograd import (
    OPS,
    GradientError,
    abs,
    check_gradients,
    exp,
    leaky_relu,
    log,
    maximum,
    mul,
    relu,
    sigmoid,
    sign,
    sin,
    sqrt,
    square,
    sum,
    tanh,
)


def test_a_mistake_in_one_element_of_many_is_found_there():
    shift = spoiled(OPS["getitem"], lambda g, y, x, index: OPS["put"](g, x.shape, index + 1))
    x = np.random.default_rng(0).normal(size=3000)
    text = rejected(lambda x: shift(x, 1234) * 2.0 + sum(x), x)
    assert re.match(r"wrong: first derivative by x\[123[45]\]", text)
    assert "24 of 3000 and 3 directions" in text


@pytest.mark.parametrize(
    ("forward", "slope"),
    [
        (np.sign, 0.0),  # which is no step on complex numbers
        (np.abs, 1.0),  # which gives real ones
        (lambda x: np.heaviside(x, 0.0), 0.0),  # which takes none
    ],
)
def test_an_op_that_only_seems_to_be_analytic_is_measured_by_differences(forward, slope):
    op = spoiled(sin, lambda g, y, x: g * slope)
    op.__dict__.update(forward=forward, scalar=lambda x: float(forward(x)))
    (verdict,) = check_gradients(op, 0.5)
    assert (verdict.verdict, verdict.method) == ("pass", "differences")
    op.__dict__.update(vjps=(lambda g, y, x: g * 3.0,))
    assert "sin: its rule for x, g·3, gives 3 where" in rejected(op, 0.5)


@pytest.mark.parametrize(
    ("f", "inputs", "sides"),
    [
        (relu, [0.0], (0, 1)),
        (abs, [0.0], (-1, 1)),
        (lambda a: maximum(a, 1.0), [1.0], (0, 1)),
        (lambda x: relu(x - 0.1), [0.1], (0, 1)),
        (lambda x: relu(x) * 1e-7 + x, [0.0], (1, 1 + 1e-7)),
        (lambda x: abs(sin(x)), [math.pi], (-1, 1)),
        (lambda x: x * 2 if x > 0 else x, [0.0], (1, 2)),
    ],
)
def test_a_kink_is_reported_with_the_slopes_on_both_sides(f, inputs, sides):
    (verdict,) = check_gradients(f, *inputs)
    assert (verdict.verdict, verdict.ok) == ("kink", True)
    assert verdict.sides == pytest.approx(sides, abs=2 * verdict.error + 1e-15)
    assert verdict.error < 1e-8


def test_a_slope_at_a_kink_may_equal_that_on_either_side():
    for at_zero in (0.0, 1.0):
        check_gradients(lambda x, at_zero=at_zero: relu(x, at_zero=at_zero), [0.0])


def test_a_jump_is_a_kink_between_the_slopes_beside_it():
    (verdict,) = check_gradients(lambda x: sign(x) + 3 * x, 0.0)
    assert verdict.verdict == "kink"
    assert verdict.sides == pytest.approx((3, 3), abs=1e-9)


def test_a_function_that_is_smooth_but_not_analytic_has_no_kink():
    for x in (0.0, 1.0):
        (verdict,) = check_gradients(lambda x: (x - 1) * abs(x - 1) + x * abs(x), x)
        assert verdict.verdict == "pass"
        assert verdict.reference == pytest.approx(2.0, abs=1e-6)


def test_a_slope_outside_of_the_sides_of_a_kink_is_refused():
    text = rejected(lambda x: relu(x, at_zero=1.5), [2.0, 0.0])
    assert text.startswith("kink: first derivative by x[1] = 0: the engine says")
    assert re.search(r"relu: its rule for x, .*, with g = random numbers, .*at_zero = 1\.5", text)
    assert "Choose a slope between those on both sides." in text


@pytest.mark.parametrize("place", [0, 17, 59])
def test_a_kink_in_the_midst_of_an_array_is_found_there(place):
    x = np.random.default_rng(0).uniform(0.5, 1, size=60)
    x[place] = 0.0
    (verdict,) = check_gradients(lambda x: abs(x).sum(), x)
    assert (verdict.verdict, verdict.element) == ("kink", (place,))


def test_a_kink_among_thousands_of_elements_is_found():
    x = np.random.default_rng(0).normal(size=(60, 50))
    x[31, 7] = 0.0
    (verdict,) = check_gradients(lambda x: relu(x).sum(), x)
    assert (verdict.verdict, verdict.element) == ("kink", (31, 7))


@pytest.mark.parametrize("away", [1e-2, 1e-5, 1e-9, 1e-12])
def test_beside_a_kink_there_is_none(away):
    for x in (away, -away):
        (verdict,) = check_gradients(relu, x)
        assert verdict.verdict == "pass"
        assert verdict.reference == pytest.approx(float(x > 0), abs=1e-9)
    steeper = spoiled(relu, lambda g, y, x, at_zero: g * (sign(x) + 1) * 0.6)
    assert rejected(steeper, away).startswith("wrong")


def test_where_rounding_outweighs_the_slope_nothing_is_decided():
    text = rejected(lambda x: relu((x + 1e16) - 1e16), 3.0)
    assert text.startswith("ill-conditioned: first derivative by x = 3: the engine says 1, ")
    assert "Move the input, scale f, or check its parts." in text


# Of each of these nothing is left but a number, or a multiple of x: what cancels is rounding.
INNER = [
    lambda x, a: a * x,
    lambda x, a: a / x + a / x,
    lambda x, a: x + 20.0 * a,
    lambda x, a: a / (x * x),
    lambda x, a: exp(0.05 * a * x),
    lambda x, a: tanh(x) * a,
]
CANCELLED = [
    lambda u, x: leaky_relu(u) / u,
    lambda u, x: mul(leaky_relu(u), 1.0 / u),
    lambda u, x: abs(u) / u,
    lambda u, x: abs(u) - sqrt(u * u),
    lambda u, x: relu(u) / u,
    lambda u, x: maximum(u, 0.1 * u) / u,
    lambda u, x: leaky_relu(u / x) * x / u,
    lambda u, x: leaky_relu(u) - leaky_relu(u),
]
JOINED = [
    lambda y, z, x: y,
    lambda y, z, x: y + z,
    lambda y, z, x: y * z,
    lambda y, z, x: 0.01 * y - z,
    lambda y, z, x: y * x,
]
factors = st.sampled_from([0.026, 3.0, -1.7, 1e-3, 40.0])
pieces = st.tuples(st.sampled_from(INNER), factors, st.sampled_from(CANCELLED))


def cancelling(first, second, join):
    """Make a function of which two pieces cancel."""

    def f(x):
        y, z = (cancelled(inner(x, a), x) for inner, a, cancelled in (first, second))
        return join(y, z, x)

    return f


@given(pieces, pieces, st.sampled_from(JOINED), st.sampled_from([-1.0, 0.7, 2.3, -11.0]))
@example((INNER[0], 40.0, CANCELLED[4]), (INNER[5], 0.026, CANCELLED[0]), JOINED[1], -11.0)
def test_derivatives_that_cancel_to_0_pass(first, second, join, x):
    f = cancelling(first, second, join)
    assert {v.verdict for v in check_gradients(f, x, order=3)} == {"pass"}
    check_gradients(lambda x: sum(f(x)), np.array([x, 1.5 * x]), order=2)


def test_a_derivative_that_cancels_at_the_second_order_passes():
    check_gradients(lambda x: mul(leaky_relu(0.026 / x + 0.026 / x), x), -1.0, order=2)


@given(pieces, pieces, st.sampled_from(JOINED[:-1]), st.sampled_from([-1.0, 0.7, 2.3]))
def test_a_slope_beside_what_cancels_is_seen(first, second, join, x):
    f = cancelling(first, second, join)
    assert rejected(lambda x: f(x) + 1e-6 * x.detach(), x).startswith("wrong")
    twice = spoiled(mul, lambda g, y, a, b: g * b * 2.0, lambda g, y, a, b: g * a)
    assert rejected(lambda x: f(x) + twice(x, 1e-6), x).startswith("wrong")
    if join is not JOINED[2]:
        curved = lambda x: f(x) + 1e-6 * square(x) * x.detach()  # noqa: E731
        assert rejected(curved, x, order=2).startswith("wrong")


def test_slopes_that_have_faded_away_pass():
    for x in (15.0, 20.0, 400.0):
        for f in (tanh, sigmoid, lambda x: relu(tanh(x)), lambda x: relu(-x)):
            check_gradients(f, x)
            check_gradients(f, -x)


def test_a_function_that_changes_is_not_judged():
    dice = np.random.default_rng(0)
    calls = count()
    for f in (
        lambda x: x * dice.random(),
        lambda x: x * (dice.random(3) < 0.9),
        lambda x: x * next(calls),
        lambda x: x * (1.5 if next(calls) % 8 == 7 else 1.0),
    ):
        text = rejected(f, np.array([1.0, 2.0, 3.0]))
        assert text.startswith("non-deterministic: first derivative by x")
        assert "Seed its random numbers inside of it" in text


@pytest.mark.parametrize(
    ("f", "x", "reason"),
    [
        (log, -1.0, r"log\(-1\): no real value here"),
        (log, [1.0, -1.0], ""),
        (lambda x: x * math.inf, [1.0], ""),
        (sqrt, 0.0, r"sqrt\(0\): it has a value here but no finite slope"),
        (sqrt, [4.0, 0.0], r"sqrt\(0\): it has a value here but no finite slope"),
        (lambda x: sqrt(x**4), 0.0, r"sqrt\(0\): it has a value here but no finite slope"),
        (lambda x: sqrt(abs(x)), 0.0, r"sqrt\(0\): it has a value here but no finite slope"),
        ((math.log, lambda x: 1 / x), -1.0, "math domain error"),
    ],
)
def test_where_there_is_no_value_or_no_slope_it_is_said(f, x, reason):
    text = rejected(f, x)
    assert text.startswith("outside domain: first derivative by")
    assert re.search(reason or "Move the input to where f and its slope are finite", text)


def test_only_the_input_that_has_no_slope_is_at_fault():
    text = rejected(lambda a, n: a**n, -2.0, 3)
    assert text.startswith("outside domain: first derivative by n = 3")
    assert re.search(r"a +1 +pass +12 +12", text)


def test_at_the_end_of_a_domain_one_side_is_enough():
    (verdict,) = check_gradients(lambda x: x**1.5, 0.0)
    assert (verdict.verdict, verdict.method) == ("pass", "one-sided differences")


def test_close_to_the_end_of_a_domain_steps_get_small_enough():
    for x in (1e-3, 1e-9, 1e-20):
        (verdict,) = check_gradients(lambda x: relu(log(x) + 99), x)
        assert verdict.verdict == "pass"
        assert verdict.reference == pytest.approx(1 / x, rel=1e-7)


# The tables of what is hard

RIGHT = hard_cases.RIGHT + planted_faults.RIGHT
FAULTS = hard_cases.FAULTS + planted_faults.FAULTS
UNDECIDED = hard_cases.UNDECIDED + planted_faults.UNDECIDED


def verdict_of(case):
    try:
        return ("passed", *words(check_gradients(case.f, *case.inputs)))
    except GradientError as error:
        return (str(error).split(":")[0],)


@pytest.mark.parametrize("case", RIGHT, ids=lambda case: case.name)
def test_what_is_right_is_not_called_wrong(case):
    assert verdict_of(case)[0] == "passed"


@pytest.mark.parametrize("case", UNDECIDED, ids=lambda case: case.name)
def test_what_cannot_be_told_is_neither_passed_nor_called_wrong(case):
    assert verdict_of(case) == ("ill-conditioned",)


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: case.name)
def test_every_fault_is_found(case):
    assert verdict_of(case)[0] != "passed"


def test_names_are_different_and_the_page_tells_how_many_were_checked():
    names = [case.name for case in RIGHT + FAULTS + UNDECIDED]
    assert len(set(names)) == len(names) > 200
    pairs = [len([c for c in some if type(c.f) is tuple]) for some in (FAULTS, RIGHT, UNDECIDED)]
    page = (Path(__file__).parents[3] / "docs" / "checking.md").read_text("utf-8")
    _, _, table = page.partition("<!-- planted faults -->")
    assert re.findall(r" of (\d+) ", table)[:3] == list(map(str, pairs))
    assert re.search(r"\| stepgrad \| 0 \| 0 \| 0 \|", page)  # as the tests above


def test_what_gives_other_numbers_each_time_is_named():
    found = {case.name: case for case in FAULTS}
    text = rejected(found["a rule that draws"].f, 0.7)
    assert text.startswith("non-deterministic: first derivative by x")
    assert "A rule of the op planted gives other numbers each time it is asked." in text
    text = rejected(found["noise for a gradient"].f, 0.7)
    assert "The function that is said to be the gradient gives other numbers each time" in text
