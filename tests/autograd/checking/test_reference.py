"""Slopes found without rules are as far off as they say, or less."""

import math

import numpy as np
import pytest
from hypothesis import given

from autograd.checking.reference import Probe, complex_step, differences
from autograd.strategies import values


@given(x=values(), frequency=values(0.1, 30.0), distance=values(1e-3, 2.0))
def test_differences_are_as_far_off_as_they_say_or_less(x, frequency, distance):
    for f, slope in [
        (lambda t: np.sin(frequency * t), frequency * math.cos(frequency * x)),
        (lambda t: np.abs(t - x + distance) * t, 2 * x - (x - distance)),
        (lambda t: 1e6 + np.exp(t), math.exp(x)),
        (lambda t: np.log(t - x + distance), 1 / distance),
    ]:
        with np.errstate(all="ignore"):
            noise = 4 * math.ulp(1.0) * max_size(f, x)
            probe = Probe(0, (), np.array(1.0), 4.0)
            (found,) = differences(lambda _, t, f=f: f(x + t), [probe], noise)
        assert found.sides is None
        assert math.fabs(found.slope - slope) <= found.error
        assert found.error <= 1e-6 * (1 + math.fabs(slope)) + 1e7 * noise


def max_size(f, x):
    return 1 + math.fabs(f(x)) + math.fabs(x)


def probed(f, x, size=4.0):
    (found,) = differences(lambda _, t: f(x + t), [Probe(0, (), np.array(1.0), size)], 1e-15)
    return found


def test_a_kink_has_two_slopes_and_a_jump_two_more():
    for f, sides in [
        (np.abs, (-1.0, 1.0)),
        (lambda t: np.maximum(t, 0.0) + np.sin(t), (1.0, 2.0)),
        (lambda t: np.sign(t) + 3 * t, (3.0, 3.0)),
    ]:
        found = probed(f, 0.0)
        assert found.sides == pytest.approx(sides, abs=1e-7)
        assert probed(f, 0.5).sides is None


def test_at_the_end_of_a_domain_the_side_that_is_there_is_taken():
    with np.errstate(invalid="ignore"):
        found = probed(lambda t: np.power(t, 1.5) + 2 * t, 0.0)
        nowhere = probed(lambda t: np.log(-1.0 - t * t), 0.0)
    assert (found.method, found.sides) == ("one-sided differences", None)
    assert abs(found.slope - 2.0) <= found.error
    assert math.isnan(nowhere.slope)
    assert nowhere.error == math.inf


@given(values(), values(0.1, 30.0))
def test_a_complex_step_is_exact_to_rounding(x, frequency):
    probes = [Probe(0, (), np.array(1.0), 1.0), Probe(1, None, np.array([2.0, 0.5]), 1.0)]
    shares = np.array([[1.0], [3.0]])
    found = complex_step(lambda _, t: shares * np.sin(frequency * (x + t)), probes)
    slope = frequency * math.cos(frequency * x)
    assert found == pytest.approx([slope, 3 * slope], rel=1e-13, abs=1e-13)
