"""Data come from outside: they are looked at before anything is trained on them."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd import ShapeError

Array = NDArray[Any]
Rows = Array | slice


class Data(NamedTuple):
    """Samples and their targets, row by row."""

    X: Array
    y: Array


def checked(name: str, data: Any, dtype: Any) -> Data:
    """Make arrays of a pair of samples and targets.

    Raises
    ------
    TypeError
        If it is no pair, or holds anything but real numbers.
    ShapeError
        If there are no samples, or not as many targets.
    ValueError
        If a number is NaN or infinite.
    """
    if not isinstance(data, tuple | list) or len(data) != 2:
        raise TypeError(f"{name}: got a {type(data).__name__}. Give a pair (X, y).")
    X, y = numbers(f"{name}: X", data[0], dtype), _array(f"{name}: y", data[1])
    if y.dtype.kind in "fb":
        y = _cast(f"{name}: y", y, dtype)
    if y.ndim == 0 or len(X) != len(y):
        raise ShapeError(
            f"{name}: got {len(X)} samples and targets of shape {y.shape}. Give one target a row."
        )
    return Data(X, y)


def numbers(name: str, X: Any, dtype: Any) -> Array:
    """Make an array of samples, one in each row."""
    given = _array(name, X)
    if given.ndim == 0 or given.size == 0:
        raise ShapeError(f"{name} has shape {given.shape}. Give at least one sample, as a row.")
    return _cast(name, given, dtype)


def batches(count: int, size: int, rng: np.random.Generator) -> Iterator[Rows]:
    """Yield the rows of each batch of an epoch, in random order."""
    if size == count:
        yield slice(None)
        return
    order = rng.permutation(count)
    for start in range(0, count, size):
        yield order[start : start + size]


def _array(name: str, given: Any) -> Array:
    try:
        array = np.asarray(given)
    except ValueError as error:  # rows of several lengths
        raise ShapeError(f"{name} is no table ({error}). Give rows of one length.") from None
    if array.dtype.kind in "fiub":
        return array
    if array.ndim == 0:
        raise TypeError(f"{name} is a {type(given).__name__}. Give an array, or lists of numbers.")
    word = next((str(x) for x in array.flat if isinstance(x, str)), None)
    if word is not None:
        raise TypeError(f"{name} holds {word!r}. Give real numbers: encode words first.")
    try:
        return array.astype(float)  # columns of several types, as tables have them
    except (TypeError, ValueError):
        kinds = ", ".join(sorted({type(x).__name__ for x in array.flat}))
        raise TypeError(f"{name} holds {kinds}. Give real numbers.") from None


def _cast(name: str, given: Array, dtype: Any) -> Array:
    """Give finite numbers in the type of a model."""
    if given.dtype.kind == "f" and not np.isfinite(given).all():
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(given))[0])
        raise ValueError(
            f"{name} holds {given[place]} in row {place[0]}"
            + (f", column {', '.join(map(str, place[1:]))}" if place[1:] else "")
            + ". Leave such samples out, or fill them in."
        )
    with np.errstate(over="ignore"):
        array = given.astype(dtype)
    if not np.isfinite(array).all():
        raise ValueError(
            f"{name} holds numbers up to {np.abs(given).max():.3g}, more than the model's "
            f"{np.dtype(dtype)} can hold. Scale the data."
        )
    return array
