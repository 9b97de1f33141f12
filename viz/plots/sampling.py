"""Functions of one number, at points that are close enough to be joined by lines."""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from math import isnan, nan
from typing import Any, NamedTuple

import numpy as np

from autograd import GraphError, InfiniteGradientError, Value, value_and_grad

_POINTS = 401
_STEEP = 0.02  # of the height of a curve, between neighbors that are worth a closer look
_CLOSE = 1e-9  # of the width of a curve, where a jump is a jump
_TALL = 10.0  # times the height of nearly all of a curve, beside which one would not see it


class Point(NamedTuple):
    """A number, what a function gives there, and its slope; nan where there is none."""

    x: float
    value: float
    slope: float


def sampled(f: Callable[[Any], Any], name: str, low: float, high: float) -> list[Point]:
    """Compute a function of a Value, and its slope, at some hundred numbers.

    Raises
    ------
    TypeError
        If it gives anything but one number.

    Examples
    --------
    >>> sampled(lambda x: x**2, "square", -1.0, 1.0)[0]
    Point(x=-1.0, value=1.0, slope=-2.0)
    """
    return [_at(f, name, x) for x in np.linspace(low, high, _POINTS)]


def joined(f: Callable[[Any], Any], name: str, points: list[Point], part: int) -> Iterator[Point]:
    """Yield points close enough to be joined; between those that are apart comes one of nan."""
    finite = [p[part] for p in points if np.isfinite(p[part])]
    steep = _STEEP * np.ptp(finite) if finite else nan
    width = points[-1].x - points[0].x
    for left, right in pairwise(points):
        yield left
        first = abs(right[part] - left[part])
        if isnan(left[part]) == isnan(right[part]) and not first > steep:
            continue
        before, behind = [left], [right]
        while behind[-1].x - before[-1].x > _CLOSE * width:
            middle = _at(f, name, (before[-1].x + behind[-1].x) / 2)
            if _gap(before[-1][part], middle[part]) >= _gap(middle[part], behind[-1][part]):
                behind.append(middle)
            else:
                before.append(middle)
        yield from before[1:]
        if not _gap(before[-1][part], behind[-1][part]) < first / 2:
            yield Point(before[-1].x, nan, nan)
        yield from behind[:0:-1]
    yield points[-1]


def usual_range(numbers: Iterable[float]) -> tuple[float, float] | None:
    """Say what to show of a curve with poles, whose ends are much taller than all the rest."""
    seen = np.array([y for y in numbers if np.isfinite(y)])
    low, high = np.quantile(seen, [0.03, 0.97]).tolist()
    if np.ptp(seen) > _TALL * (high - low) > 0:
        return low - (high - low) / 2, high + (high - low) / 2
    return None


def _at(f: Callable[[Any], Any], name: str, x: float) -> Point:
    try:
        value, slope = value_and_grad(f)(float(x))
    except (InfiniteGradientError, GraphError):  # a step has a value and no slope
        value, slope = f(Value(x)).data, nan
    except (ArithmeticError, ValueError):
        value, slope = nan, nan
    if np.ndim(value):
        raise TypeError(f"curve: {name} gives shape {np.shape(value)}. It has to give one number.")
    return Point(float(x), float(value), float(slope))


def _gap(y: float, other: float) -> float:
    """Say how far numbers are apart; one is infinitely far from where there is none."""
    return abs(y - other) if not isnan(y - other) else 0.0 if isnan(y) == isnan(other) else np.inf
