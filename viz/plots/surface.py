"""A function of two numbers is drawn as contour lines, with the paths of descents on it."""

from collections.abc import Callable, Mapping
from inspect import Parameter, signature
from itertools import cycle
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import Tensor, Value
from autograd.engine import numbers_of
from autograd.texts import quoted, shown

from .axes import BLUE, COLORS, MARKERS, axes, ink, shades, span

_POINTS = 81  # along each axis
_LEVELS = 18
_RANGE = (-3.0, 3.0)


def surface(
    f: Callable[..., Any],
    x: tuple[float, float] | None = None,
    y: tuple[float, float] | None = None,
    paths: Mapping[str, Any] | None = None,
    ax: Any = None,
) -> Any:
    """Draw contour lines of a function of two numbers; each encloses as much area as the next.

    Parameters
    ----------
    f : callable
        Of two numbers, or of an array of two, as `nn.gradient_descent` takes it.
    x, y : (float, float), optional
        Ranges: those of the paths with a margin, or -3 to 3 if there are none.
    paths : mapping from str to array_like of shape (steps, 2), or to Descent, optional
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
        If `f` gives anything but one number.
    ValueError
        If a path is no list of pairs, or `f` has no value anywhere.

    Examples
    --------
    >>> import nn, viz
    >>> f = lambda x: x[0] ** 2 + 10 * x[1] ** 2
    >>> ax = viz.surface(f, paths={"descent": nn.gradient_descent(f, [2.0, 1.0], lr=0.09)})
    >>> ax.get_legend_handles_labels()[1]
    ['descent']
    """
    lines = {name: _line(name, path) for name, path in (paths or {}).items()}
    ends = np.concatenate([*lines.values()]) if lines else np.empty((0, 2))
    low, high = np.array(
        [given or (span(ends[:, i]) if len(ends) else _RANGE) for i, given in enumerate((x, y))]
    ).T
    along, up = np.linspace(low, high, _POINTS).T
    two = _takes_two(f)
    heights = np.array([[_at(f, two, a, b) for a in along] for b in up])
    if not np.isfinite(heights).any():
        raise ValueError(
            f"surface: the function has no value in x={along[[0, -1]]}, y={up[[0, -1]]}."
        )
    ax = axes("surface", ax)
    heights = np.ma.masked_invalid(heights)
    levels = np.unique(np.quantile(heights.compressed(), np.linspace(0, 1, _LEVELS)))
    if len(levels) > 1:
        depth = shades((BLUE, 0.0), (BLUE, 0.6))
        ax.contourf(along, up, heights, levels=levels, cmap=depth)
        ax.contour(along, up, heights, levels=levels, colors=[ink(ax)], linewidths=0.4, alpha=0.6)
    for (name, line), color, marker in zip(
        lines.items(), cycle(COLORS[1:]), cycle(MARKERS), strict=False
    ):
        ax.plot(*line.T, marker=marker, markersize=3, color=color, label=shown(name, 24))
        ax.plot(*line[0], marker=marker, markersize=8, color=color, markerfacecolor="none")
    ax.set(xlim=along[[0, -1]], ylim=up[[0, -1]], xlabel="x", ylabel="y")
    ax.legend() if lines else None
    return ax


def _line(name: str, path: Any) -> NDArray[np.float64]:
    line = np.array(getattr(path, "path", path), float)
    if line.ndim != 2 or line.shape[1] != 2 or not len(line):
        raise ValueError(
            f"surface: the path {quoted(name)} has shape {line.shape}. Give points of two "
            "numbers, of shape (steps, 2)."
        )
    return line


def _at(f: Callable[..., Any], two: bool, x: float, y: float) -> float:
    try:
        z = f(Value(x), Value(y)) if two else f(Tensor(np.array([x, y])))
    except (ArithmeticError, ValueError):
        return np.nan
    if np.shape(z := numbers_of(z)):
        raise TypeError(f"surface: the function gives shape {np.shape(z)}. Give one of one number.")
    return float(z)


def _takes_two(f: Callable[..., Any]) -> bool:
    kinds = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    needed = [
        p for p in signature(f).parameters.values() if p.kind in kinds and p.default is p.empty
    ]
    return len(needed) == 2
