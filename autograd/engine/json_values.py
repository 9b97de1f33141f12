"""Writes numbers, arrays and options of ops as strict JSON, and reads them back as they were."""

import math
from typing import Any

import numpy as np

from ..texts import shown


def plain(x: Any) -> Any:
    """Give what JSON can hold in place of `x`.

    Examples
    --------
    >>> plain((slice(None, 2), float("inf")))
    {'tuple': [{'slice': [None, 2, None]}, {'float': 'inf'}]}
    >>> restored(plain((slice(None, 2), float("inf"))))
    (slice(None, 2, None), inf)
    """
    match x:
        case np.generic():
            return plain(x.item())
        case float() if not math.isfinite(x):
            return {"float": str(x)}
        case np.ndarray():
            return {"array": plain(x.ravel().tolist()), "shape": x.shape, "dtype": x.dtype.name}
        case tuple():
            return {"tuple": [plain(part) for part in x]}
        case list():
            return [plain(part) for part in x]
        case dict():
            return {"dict": [[plain(key), plain(part)] for key, part in x.items()]}
        case slice():
            return {"slice": [plain(part) for part in (x.start, x.stop, x.step)]}
        case np.dtype() | type():
            return {"dtype": np.dtype(x).name}
        case _ if x is ...:
            return {"ellipsis": True}
    return x


def restored(x: Any) -> Any:
    """Undo `plain`.

    Raises
    ------
    ValueError, TypeError, OverflowError
        If `plain` gives no such thing.
    """
    if isinstance(x, list):
        return [restored(part) for part in x]
    if not isinstance(x, dict):
        return x
    match x:
        case {"float": str(text)}:
            return float(text)
        case {"array": list(numbers), "shape": list(shape), "dtype": str(name)}:
            flat = np.array([number(restored(part)) for part in numbers], _dtype(name))
            array = flat.reshape(shape)
            array.flags.writeable = False
            return array
        case {"tuple": list(parts)}:
            return tuple(restored(parts))
        case {"dict": list(pairs)}:
            return {restored(key): restored(part) for key, part in pairs}
        case {"slice": [_, _, _] as parts}:
            return slice(*restored(parts))
        case {"dtype": str(name)}:
            return _dtype(name)
        case {"ellipsis": True}:
            return ...
    raise ValueError(f"{shown(x)} is no value")


def number(x: Any) -> Any:
    """Give back a number, and refuse all else."""
    if not isinstance(x, int | float):
        raise ValueError(f"{shown(repr(x))} is no number")
    return x


def _dtype(name: str) -> np.dtype[Any]:
    """Give a type of real numbers: that of a text could take any memory for each."""
    dtype = np.dtype(name)
    if dtype.kind not in "biuf" or dtype.name != name:
        raise ValueError(f"{shown(name)} is no type of real numbers")
    return dtype
