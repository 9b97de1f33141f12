"""Writes numbers, arrays and options of ops as strict JSON, and reads them back as they were."""

import math
from typing import Any

import numpy as np


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
    """Undo `plain`."""
    if isinstance(x, list):
        return [restored(part) for part in x]
    if not isinstance(x, dict):
        return x
    match x:
        case {"float": text}:
            return float(text)
        case {"array": numbers, "shape": shape, "dtype": dtype}:
            array = np.array(restored(numbers), dtype).reshape(shape)
            array.flags.writeable = False
            return array
        case {"tuple": parts}:
            return tuple(restored(parts))
        case {"dict": pairs}:
            return {restored(key): restored(part) for key, part in pairs}
        case {"slice": parts}:
            return slice(*parts)
        case {"dtype": name}:
            return np.dtype(name)
    return ...
