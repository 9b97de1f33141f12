"""Slopes found without the engine, with an honest word about their error, and how numbers agree."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

EPSILON = math.ulp(1.0)


def ulps(a: float, b: float) -> float:
    """Distance in units of the last place of the larger number."""
    return 0.0 if a == b else abs(a - b) / math.ulp(max(abs(a), abs(b)))


def close(a: float | None, b: float | None, tolerance: float) -> bool:
    """Whether two slopes agree, relative to their size or absolutely; None agrees with None."""
    if a is None or b is None:
        return a is b
    return abs(a - b) <= tolerance * max(1.0, abs(a), abs(b))


def near(found: Any, expected: Any, tolerance: float = 1e-12) -> None:
    """Arrays agree, measured against the largest of their numbers."""
    assert found.shape == np.shape(expected)
    largest = np.max(np.abs([1.0, *np.ravel(expected)]))
    assert np.all(np.abs(found - expected) <= tolerance * largest)


def same(a: Any, b: Any) -> bool:
    """Whether two arrays agree in shape, type and every number."""
    return a.shape == b.shape and a.dtype == b.dtype and np.array_equal(a, b)


def replaced(numbers: tuple[Any, ...], i: int, x: Any) -> tuple[Any, ...]:
    """The numbers with another one in place i."""
    return (*numbers[:i], x, *numbers[i + 1 :])


def complex_step(f: Callable[[complex], Any], x: float) -> float:
    """Slope of an analytic function: exact to rounding, for nothing is subtracted."""
    h = 1e-30
    return float(f(complex(x, h)).imag) / h


class Estimate(NamedTuple):
    """A slope and how far off it may be."""

    slope: float
    error: float


def differences(f: Callable[[float], Any], x: float, h: float) -> Estimate:
    """Central differences with step h, h/2, h/4..., extrapolated to step 0 (Richardson, Ridders).

    The error is what the last extrapolation changed, plus the rounding of f over the step.
    """
    best = Estimate(0.0, math.inf)
    above: list[float] = []
    for row in range(6):
        left, right = x - h, x + h
        below, beyond = float(f(left)), float(f(right))
        rounding = 8 * EPSILON * max(abs(below), abs(beyond)) / h
        line = [(beyond - below) / (right - left)]
        for k in range(row):
            slope = line[k] + (line[k] - above[k]) / (4 ** (k + 1) - 1)
            error = max(abs(slope - line[k]), abs(slope - above[k])) + rounding
            best = min(best, Estimate(slope, error), key=lambda estimate: estimate.error)
            line.append(slope)
        above = line
        h /= 2
    return best
