"""Sorts the arguments of a compiled function: numbers, arrays, and what stays as it is."""

from numbers import Real
from typing import Any

import numpy as np

from ..engine import Node, Value
from ..ops import brief
from .equality import alike
from .recorded_nodes import RecordedTensor, RecordedValue

_NUMBER = "number"


class Fixed:
    """An argument that is no number, as part of a key; an object is alike itself only."""

    def __init__(self, held: Any) -> None:
        self.held = held
        self._hash = hash(held)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fixed) and alike(self.held, other.held)


def holds_nodes(x: Any) -> bool:
    """Whether an argument is a node, or a container of some."""
    if isinstance(x, list | tuple):
        return any(map(holds_nodes, x))
    if isinstance(x, dict):
        return any(map(holds_nodes, x.values()))
    return isinstance(x, Node) or (isinstance(x, np.ndarray) and x.dtype == object)


def sorted_out(arguments: tuple[Any, ...], name: str) -> tuple[tuple[Any, ...], list[Any]]:
    """Say of each argument what it is, and give the numbers.

    Returns
    -------
    kinds : tuple
        For each argument "number", a shape and a dtype, or what it is, `Fixed`.
    numbers : list of float or array
    """
    kinds = [_kind(x, name) for x in arguments]
    on_arrays = any(kind.__class__ is tuple for kind in kinds)
    beside: Any = _common_type(arguments, kinds) if on_arrays else None
    numbers: list[Any] = []
    for i, x in enumerate(arguments):
        if kinds[i].__class__ is Fixed:
            continue
        if on_arrays:
            array = np.asarray(x)
            takes = beside if kinds[i] == _NUMBER and _is_plain(x, array) else np.float64
            dtype = np.float32 if array.dtype == np.float32 else takes
            numbers.append(np.asarray(array, dtype))
            kinds[i] = (array.shape, dtype)
        else:
            numbers.append(x if x.__class__ is float else Value._payload(x))
    return tuple(kinds), numbers


def as_given(x: Any, name: str) -> Any:
    """Leave an argument as it is, but for a list of numbers, which is an array of them."""
    is_list = isinstance(x, list | tuple)
    return np.asarray(x, float) if is_list and _kind(x, name) == () else x


def stand_in(x: Any, kind: Any, name: str | None) -> Any:
    """Make a leaf that stands for a number or an array; leave other things as they are."""
    if isinstance(kind, Fixed):
        return x
    if kind == _NUMBER:
        return RecordedValue(x, name=name)
    return RecordedTensor(np.asarray(x, kind[1]), name=name)


def _common_type(arguments: tuple[Any, ...], kinds: list[Any]) -> type[np.floating[Any]]:
    """Give float32 if all arrays are of it: a number written beside such an array takes it, too."""
    arrays = [np.asarray(x) for x, kind in zip(arguments, kinds, strict=True) if kind == ()]
    return np.float32 if all(x.dtype == np.float32 for x in arrays) else np.float64


def _is_plain(x: Any, array: np.ndarray[Any, Any]) -> bool:
    return x.__class__ is float or array.dtype.kind in "iu"


def _kind(x: Any, name: str) -> Any:
    if x.__class__ is float:
        return _NUMBER
    if isinstance(x, np.ndarray | list | tuple):
        try:
            array = np.asarray(x)
        except ValueError:  # rows of several lengths
            array = np.asarray(None)
        if array.dtype.kind in "fiub":
            return ()
    elif isinstance(x, Real) and not isinstance(x, bool):
        return _NUMBER
    try:
        return Fixed(x)
    except TypeError:
        raise TypeError(
            f"{name}: got {brief(x)}, a {type(x).__name__}, which compile cannot tell from others. "
            "Give numbers, arrays, or what can be hashed; other things may stand in a closure."
        ) from None
