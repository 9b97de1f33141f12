"""Data come from outside: they are looked at before anything is trained on them."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd import Node, ShapeError
from autograd.ops import real_numbers

Array = NDArray[Any]
Rows = Array | slice


class Data(NamedTuple):
    """Samples and their targets, row by row."""

    X: Array
    y: Array


def checked(name: str, data: Any, dtype: Any, *, keep_whole: bool = False) -> Data:
    """Make arrays of a pair of samples and targets; samples that are whole may stay so.

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
    take = samples if keep_whole else numbers
    X, y = take(f"{name}: X", data[0], dtype), _array(f"{name}: y", data[1])
    if y.dtype.kind in "fb":
        y = _cast(f"{name}: y", y, dtype)
    if y.ndim == 0 or len(X) != len(y):
        raise ShapeError(
            f"{name}: got {len(X)} samples and targets of shape {y.shape}. Give one target a row."
        )
    return Data(X, y)


def samples(name: str, X: Any, dtype: Any) -> Array:
    """Make an array of samples, one in each row; whole numbers stay so, for they may be indices."""
    given = _rows(name, X)
    return given if given.dtype.kind in "iu" else _cast(name, given, dtype)


def numbers(name: str, X: Any, dtype: Any) -> Array:
    """Make an array of floats, one row for each sample."""
    return _cast(name, _rows(name, X), dtype)


def _rows(name: str, X: Any) -> Array:
    given = _array(name, X)
    if given.ndim == 0 or given.size == 0:
        raise ShapeError(f"{name} has shape {given.shape}. Give at least one sample, as a row.")
    return given


def batches(count: int, size: int, rng: np.random.Generator) -> Iterator[Rows]:
    """Yield the rows of each batch of an epoch, in random order."""
    if size == count:
        yield slice(None)
        return
    order = rng.permutation(count)
    for start in range(0, count, size):
        yield order[start : start + size]


def _array(name: str, given: Any) -> Array:
    return real_numbers(name, _held(given))


def _held(given: Any) -> Any:
    """Give the numbers of nodes, such as the predictions of a model: here nothing flows back."""
    if isinstance(given, Node):
        return given.data
    if isinstance(given, np.ndarray) and any(isinstance(x, Node) for x in _objects(given)):
        given = given.tolist()
    if isinstance(given, list | tuple) and any(isinstance(x, Node | list | tuple) for x in given):
        return [_held(x) for x in given]
    return given


def _objects(given: Array) -> Any:
    return given.flat if given.dtype == object else ()


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
