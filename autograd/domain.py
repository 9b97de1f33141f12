"""A Domain says where one operand of an op may lie."""

from collections.abc import Callable
from math import inf
from typing import Any, NamedTuple


class Domain(NamedTuple):
    """Where one operand may lie: an open interval, less the zeros of `poles`."""

    text: str
    low: float = -inf
    high: float = inf
    poles: Callable[..., Any] | None = None


REALS = Domain("any real number")
POSITIVE = Domain("greater than 0", low=0.0)
NONZERO = Domain("different from 0", poles=lambda x: x)
