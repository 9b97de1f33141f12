"""How much flows along an arrow, by which a page chooses how wide it is drawn."""

from collections.abc import Sequence
from math import hypot
from typing import Any

import numpy as np

from ..moments import Live, number

_DIGITS = 3


def told_flow(passed: Sequence[Any]) -> list[str]:
    """Write the size of what flows along one arrow, or the places of live numbers that make it.

    The size is the norm of all; of one number its sign counts.

    Examples
    --------
    >>> told_flow([-2.0]), told_flow([np.array([3.0]), np.array([4.0])])
    (['-2'], ['5'])
    """
    if any(isinstance(x, Live) for x in passed):
        return [number(x, _DIGITS) for x in passed]
    return [number(_size(passed), _DIGITS)]


def _size(passed: Sequence[Any]) -> float:
    if len(passed) == 1 and np.ndim(passed[0]) == 0:
        return float(passed[0])
    with np.errstate(all="ignore"):
        return hypot(*(x if isinstance(x, float) else float(np.linalg.norm(x)) for x in passed))
