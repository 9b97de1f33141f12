"""Tells whether a function could tell two things apart, whatever their == says."""

from operator import is_
from typing import Any

import numpy as np

from ..engine import same_numbers

_BY_VALUE = (int, float, complex, str, bytes, range, slice, np.generic)


def alike(a: Any, b: Any) -> bool:
    """Whether two things are identical, equal in type and number, or containers of such things.

    Arrays are alike only if they are identical: their numbers are not looked at.

    Examples
    --------
    >>> alike(("a", 1.0), ("a", 1.0)), alike(1, True), alike(0.0, -0.0), alike([[]], [[0]])
    (True, False, False, False)
    """
    if a is b:
        return True
    if a.__class__ is not b.__class__:
        return False
    if isinstance(a, list | tuple):
        return len(a) == len(b) and (all(map(is_, a, b)) or all(map(alike, a, b)))
    if isinstance(a, dict):
        return alike([*a], [*b]) and alike([*a.values()], [*b.values()])
    if isinstance(a, set | frozenset):
        return set(map(_member, a)) == set(map(_member, b))
    if isinstance(a, float | np.floating):
        return same_numbers(a, b)
    if isinstance(a, str | bytes):
        return bool(a == b)
    return isinstance(a, _BY_VALUE) and bool(a == b) and repr(a) == repr(b)


def _member(x: Any) -> Any:
    return (x.__class__, x) if isinstance(x, _BY_VALUE) else id(x)
