"""Arrays that nobody can write into for a while: what is too large to copy stays as it is."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray


@contextmanager
def read_only(arrays: Iterable[NDArray[Any]]) -> Iterator[None]:
    """Let whoever writes into one of these arrays get an error; all of them `can_be_locked`."""
    owners_first = sorted(arrays, key=lambda x: len(_lenders(x)))
    try:
        for x in owners_first:
            x.flags.writeable = False
        yield
    finally:
        for x in owners_first:  # NumPy makes no array writeable before the one it is a part of
            x.flags.writeable = True


def can_be_locked(x: NDArray[Any]) -> bool:
    """Whether NumPy would make an array writeable again: if whoever owns its memory allows it."""
    lenders = _lenders(x)
    if x.flags.owndata or any(lender.flags.writeable for lender in lenders):
        return True
    try:
        return not memoryview([x, *lenders][-1].base).readonly  # type: ignore[arg-type]
    except TypeError:  # such as memory of another library
        return False


def can_be_written(x: NDArray[Any]) -> bool:
    """Whether somebody can write into the memory of an array."""
    return any(each.flags.writeable for each in (x, *_lenders(x)))


def _lenders(x: NDArray[Any]) -> list[NDArray[Any]]:
    """List the arrays whose memory an array uses, the owner last."""
    found: list[NDArray[Any]] = []
    while isinstance(x.base, np.ndarray):
        x = x.base
        found.append(x)
    return found
