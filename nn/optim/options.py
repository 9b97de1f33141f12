"""Options of optimizers, such as rates, are checked where they come in."""

from collections.abc import Mapping
from sys import float_info
from typing import Any

import numpy as np

_SHARES = {"betas"}  # options below 1; no option is below 0
_NUMBERS = {"lr", "initial_lr", "momentum", "weight_decay", "eps"}  # others may be words
_REAL = int | float | np.integer | np.floating | np.bool


def check_options(optimizer: str, options: Mapping[str, Any]) -> None:
    """See that options are in their range.

    Raises
    ------
    TypeError
        If one is no number that has to be one.
    ValueError
        If one is below 0, infinite, or a share that is not below 1.
    """
    for name, option in options.items():
        for x in np.ravel(option):
            if not isinstance(x, _REAL):
                if name in _NUMBERS:
                    raise TypeError(f"{optimizer}: got {name}={option!r}. Give a number.")
            elif not (0 <= x < 1 if name in _SHARES else 0 <= x <= float_info.max):
                wanted = f"at least 0 and less than {1 if name in _SHARES else 'infinity'}"
                raise ValueError(f"{optimizer}: got {name}={option!r}. Give {wanted}.")


def plain(option: Any) -> Any:
    """Make Python's numbers of NumPy's, which would make float64 of float32."""
    if isinstance(option, tuple | list):
        return tuple(map(plain, option))
    return option.item() if isinstance(option, np.generic) else option


def same_kind(a: Any, b: Any) -> bool:
    """Tell whether two plain options are both numbers, both words, or as many of them."""
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(map(same_kind, a, b))
    if type(a) in (int, float):
        return type(b) in (int, float)
    return type(a) is type(b)
