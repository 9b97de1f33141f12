"""Functions of one number are drawn with their slopes, and with the gaps and jumps they have."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from math import isnan, nan
from typing import Any, NamedTuple

import numpy as np

from autograd import GraphError, InfiniteGradientError, Op, Value, value_and_grad
from autograd.texts import shown

from .axes import BLUE, COLORS, GREEN, QUIET, axes

_POINTS = 401
_AROUND = 4.0  # to each side of a point
_STEEP = 0.02  # of the height of a curve, between neighbors that are worth a closer look
_CLOSE = 1e-9  # of the width of a curve, where a jump is a jump
_TALL = 10.0  # times the height of nearly all of a curve, beside which one would not see it


class _Point(NamedTuple):
    x: float
    value: float
    slope: float


def curve(
    *functions: Callable[[Any], Any],
    around: float | tuple[float, float] = 0.0,
    ax: Any = None,
) -> Any:
    """Draw functions of one number and their derivatives, which are dashed.

    Nothing is drawn where a function has no value, and no line joins what a jump or a pole
    separates: the derivative of relu is two lines.

    Parameters
    ----------
    *functions : callable
        Of a Value, to a single number.
    around : float or (float, float)
        What to draw: 4 to each side of a point, or from one number to another.
    ax : matplotlib Axes, optional
        A new one if it is not given.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ImportError
        If matplotlib is missing.
    TypeError
        If a function gives anything but one number.
    ValueError
        If a function has no value anywhere in the range, or the range is empty.

    Examples
    --------
    >>> from autograd import tanh
    >>> import viz
    >>> ax = viz.curve(tanh)
    >>> ax.get_legend_handles_labels()[1]
    ['tanh(x)', 'tanh′(x)']
    """
    if not functions:
        raise TypeError("curve: got no function. Give one or more, such as viz.curve(tanh).")
    low, high = _range(around)
    ax = axes("curve", ax)
    seen = []
    for i, (f, name) in enumerate(zip(functions, _names(functions), strict=True)):
        points = [_at(f, name, x) for x in np.linspace(low, high, _POINTS)]
        if all(isnan(point.value) for point in points):
            raise ValueError(f"curve: {name} has no value from {low:g} to {high:g}.")
        seen += [y for point in points for y in point[1:]]
        colors = (BLUE, GREEN) if len(functions) == 1 else (COLORS[i % len(COLORS)],) * 2
        for part, color, mark, style in ((1, colors[0], "", "-"), (2, colors[1], "′", "--")):
            line = list(_followed(f, name, points, part))
            label = f"{name}{mark}(x)"
            ax.plot([p.x for p in line], [p[part] for p in line], style, color=color, label=label)
    ax.axhline(0, color=QUIET, linewidth=0.5, zorder=0, label="_")
    ax.axvline(0, color=QUIET, linewidth=0.5, zorder=0, label="_") if low < 0 < high else None
    ax.set(xlim=(low, high), xlabel="x")
    _cut(ax, np.array([y for y in seen if np.isfinite(y)]))
    ax.legend()
    return ax


def _range(around: Any) -> tuple[float, float]:
    low, high = (around - _AROUND, around + _AROUND) if np.ndim(around) == 0 else around
    if not -np.inf < low < high < np.inf:
        raise ValueError(
            f"curve: got around={around!r}. Give a number, or a lower and a higher one."
        )
    return float(low), float(high)


def _names(functions: tuple[Any, ...]) -> list[str]:
    """Name functions as in code, and those that have no name or the same one as another f, g, h."""
    names = [
        f.name if isinstance(f, Op) else getattr(f, "__name__", type(f).__name__) for f in functions
    ]
    letters = iter("fghpqrstuvw" + "f" * len(names))
    return [
        shown(name, 24) if name != "<lambda>" and names.count(name) == 1 else next(letters)
        for name in names
    ]


def _at(f: Callable[[Any], Any], name: str, x: float) -> _Point:
    try:
        value, slope = value_and_grad(f)(float(x))
    except (InfiniteGradientError, GraphError):  # a step has a value and no slope
        value, slope = f(Value(x)).data, nan
    except (ArithmeticError, ValueError):
        value, slope = nan, nan
    if np.ndim(value):
        raise TypeError(f"curve: {name} gives shape {np.shape(value)}. It has to give one number.")
    return _Point(float(x), float(value), float(slope))


def _followed(
    f: Callable[[Any], Any], name: str, points: list[_Point], part: int
) -> Iterator[_Point]:
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
            yield _Point(before[-1].x, nan, nan)
        yield from behind[:0:-1]
    yield points[-1]


def _gap(y: float, other: float) -> float:
    """Say how far numbers are apart; one is infinitely far from where there is none."""
    return abs(y - other) if not isnan(y - other) else 0.0 if isnan(y) == isnan(other) else np.inf


def _cut(ax: Any, seen: Any) -> None:
    """Leave out the ends of poles, where they are much taller than all the rest."""
    low, high = np.quantile(seen, [0.03, 0.97])
    if np.ptp(seen) > _TALL * (high - low) > 0:
        ax.set_ylim(low - (high - low) / 2, high + (high - low) / 2)
