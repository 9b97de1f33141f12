"""How wide an arrow is drawn: by the logarithm of what flows, over the range of one picture."""

from collections.abc import Iterable, Sequence
from math import hypot, inf, log10
from typing import Any

import numpy as np

from autograd.formulas import number

_WIDEST, _THINNEST, _NONE = 6.0, 1.0, 0.5  # px: of the largest flow, of the smallest, of 0


def size(passed: Sequence[Any]) -> float:
    """Give the size of what flows along one arrow: the norm of all; below 0 for a minus.

    Examples
    --------
    >>> size([-2.0]), size([np.array([3.0]), np.array([4.0])])
    (-2.0, 5.0)
    """
    if len(passed) == 1 and np.ndim(passed[0]) == 0:
        return float(passed[0])
    with np.errstate(all="ignore"):
        return hypot(*(x if isinstance(x, float) else float(np.linalg.norm(x)) for x in passed))


def set_widths(frames: Iterable[dict[str, Any]]) -> list[str]:
    """Put the widths of arrows in the place of what flows; give the range of that in words."""
    frames = list(frames)
    low, high = extremes(flow for frame in frames for flow in frame["widths"].values())
    for frame in frames:
        frame["widths"] = {edge: width(x, low, high) for edge, x in frame["widths"].items()}
    return [number(low, 3), number(high, 3)] if low < high else []


def extremes(sizes: Iterable[float]) -> tuple[float, float]:
    """Give the smallest and the largest of what flows, without what is 0 or not finite."""
    found = [abs(x) for x in sizes if 0 < abs(x) < inf]
    return min(found, default=1.0), max(found, default=1.0)


def width(flow: float, low: float, high: float) -> float:
    """Choose how many px wide an arrow is; below 0 for a minus.

    The largest flow of a picture has the widest arrow, the smallest the thinnest; where they are
    less than tenfold apart, as if they were.

    Examples
    --------
    >>> width(1.0, 1e-10, 1.0), width(-1e-5, 1e-10, 1.0), width(1e-10, 1e-10, 1.0)
    (6.0, -3.5, 1.0)
    >>> width(0.5, 0.5, 1.0), width(0.0, 0.5, 1.0)
    (4.5, 0.5)
    """
    if not 0 < abs(flow) < inf:
        return _NONE if flow == 0 else _WIDEST
    span = max(log10(high) - log10(low), 1.0)
    share = (log10(high) - log10(abs(flow))) / span
    wide = round(_WIDEST - (_WIDEST - _THINNEST) * share, 1)
    return wide if flow > 0 else -wide
