"""Functions of one number are drawn with their slopes, and with the gaps and jumps they have."""

from collections.abc import Callable
from inspect import Parameter, signature
from itertools import cycle
from math import isnan
from typing import Any

import numpy as np

from autograd import Op
from autograd.texts import shown

from .axes import BLUE, COLORS, GREEN, QUIET, axes
from .sampling import joined, sampled, usual_range

_AROUND = 4.0  # to each side of a point
_ALONE = ((BLUE, GREEN),)  # of a function and its derivative, as in lectures
_SEVERAL = [(color, color) for color in COLORS if color != GREEN]
_LINE, _RIM, _MOST = 1.5, 1.0, 3  # points: one that another may cover is wider, so that it shows


def curve(
    *functions: Callable[[Any], Any],
    around: float | tuple[float, float] = 0.0,
    ax: Any = None,
) -> Any:
    """Draw functions of one number as lines, and their derivatives as dashes.

    A function alone is blue and its derivative green; of several, each has a color of its own,
    and its derivative is dashed in the same one. No function is ever green.

    Nothing is drawn where a function has no value, and no line joins what a jump or a pole
    separates: the derivative of relu is two lines, and a step has none.

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
    seen, lines, argument = [], [], _argument(functions)
    colors = cycle(_ALONE if len(functions) == 1 else _SEVERAL)
    widths = [_LINE + _RIM * min(above, _MOST) for above in reversed(range(len(functions)))]
    for f, name, pair, width in zip(functions, _names(functions), colors, widths, strict=False):
        points = sampled(f, name, low, high)
        if all(isnan(point.value) for point in points):
            raise ValueError(f"curve: {name} has no value from {low:g} to {high:g}.")
        seen += [y for point in points for y in point[1:]]
        for part, mark, style, color in ((1, "", "-", pair[0]), (2, "′", "--", pair[1])):
            if all(isnan(point[part]) for point in points):
                continue
            line = list(joined(f, name, points, part))
            look = {
                "color": color,
                "linestyle": style,
                "linewidth": width,
                "label": f"{name}{mark}({argument})",
            }
            lines.append(([p.x for p in line], [p[part] for p in line], look))
    ax = axes("curve", ax)
    for xs, ys, look in lines:
        ax.plot(xs, ys, **look)
    ax.axhline(0, color=QUIET, linewidth=0.5, zorder=0, label="_")
    ax.axvline(0, color=QUIET, linewidth=0.5, zorder=0, label="_") if low < 0 < high else None
    ax.set(xlim=(low, high), xlabel=argument)
    if tall := usual_range(seen):
        ax.set_ylim(tall)
    has_slope = any(look["linestyle"] == "--" for _, _, look in lines)
    ax.legend(title="dashed: derivative" if has_slope else None, alignment="left", handlelength=3)
    return ax


def _range(around: Any) -> tuple[float, float]:
    low, high = (around - _AROUND, around + _AROUND) if np.ndim(around) == 0 else around
    if not -np.inf < low < high < np.inf:
        raise ValueError(
            f"curve: got around={around!r}. Give a number, or a lower and a higher one."
        )
    return float(low), float(high)


def _argument(functions: tuple[Any, ...]) -> str:
    """Name the axis as the functions name their number, where they agree."""
    found = {_first_parameter(f) for f in functions}
    return shown(found.pop(), 24) if len(found) == 1 else "x"


def _first_parameter(f: Any) -> str:
    try:
        first = next(iter(signature(f).parameters.values()))
    except (TypeError, ValueError, StopIteration):  # a function in C may not say
        return "x"
    return first.name if first.kind is not Parameter.VAR_POSITIONAL else "x"


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
