"""All that comes in from outside passes here: it is cast to an array of real numbers, or refused.

Tensors, Values, what stands beside them, losses, training, prediction, metrics and estimators all
ask this file, so that they take the same things and say the same of others.
"""

from collections.abc import Mapping, Set
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ShapeError
from .messages import brief

Array = NDArray[Any]

_PLAIN = {float, int, bool, np.float64, np.float32, np.int64}
_KINDS = {
    "c": ("holds complex numbers", "its real and imaginary parts (x.real, x.imag) as two columns"),
    "M": ("holds dates", "time as a number: (x - x.min()) / np.timedelta64(1, 'D')"),
    "m": ("holds spans of time", "time as a number: x / np.timedelta64(1, 's')"),
    "S": ("holds bytes", "encode text first, or np.frombuffer(x, np.uint8) of raw numbers"),
    "V": ("holds records", "their fields as columns: np.stack([x[name] ...], axis=1)"),
}
_FILL = "fill the gaps (x.filled(0.0)) or drop the rows"


class _Refused(Exception):
    """What is wrong with something given, what to do, and of which kind the error is."""

    def __init__(self, fault: str, cure: str = "", kind: type[Exception] = TypeError) -> None:
        self.fault, self.cure, self.kind = fault, cure, kind


def real_numbers(
    name: str, given: Any, advice: str = "Give real numbers", *, shown: bool = False
) -> Array:
    """Give an array of what came from outside, if it holds real numbers and nothing else.

    Parameters
    ----------
    name : str
        What it was given for, such as ``fit: X``; with `shown`, ``Tensor: got``.
    given : object
        Numbers of Python or NumPy, Fraction or Decimal, alone, in arrays or in nested lists.
    advice : str
        What to give instead.
    shown : bool
        For single operands: an error shows what was given, and is always a TypeError. Else these
        are data, of which the error says what is wrong in which row.

    Returns
    -------
    array
        Of float64, float32, integers or bool; all other kinds of numbers become float64. It may be
        the one that was given.

    Raises
    ------
    TypeError
        If it is anything else: text, bytes, dates, complex numbers, nodes, sets, generators, or a
        number beyond the largest float.
    ValueError
        If numbers of data are missing: None, or masked in an array of ``np.ma``.
    ShapeError
        If rows of data differ in length.

    Examples
    --------
    >>> from fractions import Fraction
    >>> real_numbers("predict: X", [Fraction(1, 2), 3])
    array([0.5, 3. ])
    >>> real_numbers("predict: X", ["red"])
    Traceback (most recent call last):
        ...
    TypeError: predict: X holds 'red'. Give real numbers: encode words first.
    """
    if given.__class__ is np.ndarray and given.dtype.char in "fd":  # nearly always
        return given
    try:
        return _array(given)
    except _Refused as refused:
        kind, fault, cure = refused.kind, refused.fault, refused.cure
    except ValueError:
        kind, fault, cure = ShapeError, "" if shown else "is no table, its rows differ", ""
        advice = "Give rows of one length"
    kind = TypeError if shown else kind
    start = f"{name} {brief(given)}" if shown else name
    fault = fault and f", which {fault}" if shown else f" {fault}"
    raise kind(f"{start}{fault}. {advice}{cure and f': {cure}'}.")


def real_number(name: str, given: Any, advice: str = "Give it a real number") -> float:
    """Give a float of what holds one real number, by the rules of `real_numbers`.

    Raises
    ------
    TypeError
        If it is anything else.
    """
    if isinstance(given, float | int):
        try:
            return float(given)
        except OverflowError:
            pass  # said below
    array = real_numbers(name, given, advice, shown=True)
    if array.ndim:
        raise TypeError(
            f"{name} {brief(given)}, which is an array of shape {array.shape}. {advice}; "
            "a Tensor holds an array."
        )
    return float(array)


def _array(given: Any) -> Array:
    if isinstance(given, np.ma.MaskedArray):
        given = _whole(given)
    elif isinstance(given, list | tuple):
        _look_into(given)
    elif isinstance(given, bytes | bytearray):
        raise _Refused("is bytes", _KINDS["S"][1])
    elif hasattr(given, "__apply_op__"):
        raise _node(given)
    try:
        array = np.asarray(given)
    except TypeError:  # of kinds that have nothing in common
        array = np.asarray(given, object)
    kind = array.dtype.kind
    if kind in "iub" or array.dtype.char in "fd":
        return array
    if kind == "f":
        return _of_float64(array)
    if kind in _KINDS:
        raise _Refused(*_KINDS[kind])
    things = np.asarray(given, object)  # of text, too, for NumPy makes text of numbers beside words
    numbers = [_number(x, *place) for place, x in np.ndenumerate(things)]
    return np.array(numbers, float).reshape(array.shape)


def _look_into(given: Any) -> None:
    """Refuse what NumPy would make numbers of: what is masked, and nodes, in lists."""
    if _PLAIN.issuperset(map(type, given)):
        return
    for x in given:
        if isinstance(x, np.ma.MaskedArray):
            _whole(x)
        elif isinstance(x, list | tuple):
            _look_into(x)
        elif hasattr(x, "__apply_op__"):
            raise _node(x)


def _whole(given: Any) -> Array:
    """Give the numbers of a masked array in which nothing is masked."""
    mask = np.ma.getmaskarray(given)
    if mask.dtype == bool and mask.any():
        row = f", the first in row {np.argwhere(mask)[0][0]}" if mask.ndim else ""
        raise _Refused(
            f"masks {mask.sum()} of {mask.size} numbers{row}; they are missing", _FILL, ValueError
        )
    return np.asarray(given.data)


def _of_float64(array: Array) -> Array:
    with np.errstate(over="ignore"):
        found = array.astype(float)
    beyond = np.isinf(found) & ~np.isinf(array)
    if beyond.any():
        raise _too_large(array[beyond][0])
    return found


def _number(x: Any, *place: int) -> float:
    """Give a float of one thing in an array of objects."""
    if x is None or x is np.ma.masked or type(x).__name__ in ("NAType", "NaTType"):
        row = f" in row {place[0]}" if place else ""
        raise _Refused(f"holds {x}{row}, which is missing like nan", _FILL, ValueError)
    if isinstance(x, str):
        raise _word(x)
    if hasattr(x, "__apply_op__"):
        raise _node(x)
    if isinstance(x, np.generic | np.ndarray) and (x.ndim or x.dtype.kind not in "fiub"):
        raise _Refused(*_KINDS.get(x.dtype.kind, (f"holds {brief(x)}", "rows of one length")))
    if isinstance(x, bytes | bytearray | memoryview):
        raise _Refused(*_KINDS["S"])
    if isinstance(x, complex):
        raise _Refused(*_KINDS["c"])
    try:
        found = float(x)
    except OverflowError:
        raise _too_large(x) from None
    except (TypeError, ValueError):
        raise _thing(x) from None
    if abs(found) == np.inf and x != found:
        raise _too_large(x)
    return found


def _word(x: Any) -> _Refused:
    return _Refused(f"holds {str(x)!r:.60}", "encode words first")


def _node(x: Any) -> _Refused:
    return _Refused(
        f"holds a {type(x).__name__}, from which no gradient would flow",
        "of a node, give its data. stack([a, b]) joins Tensors",
    )


def _too_large(x: Any) -> _Refused:
    return _Refused(
        f"holds {brief(x):.40}, beyond the largest float (about 1.8e308)", "scale them down"
    )


def _thing(x: Any) -> _Refused:
    """Say of which kind something is that is no number, and how to get numbers of it."""
    cure = "an array, or lists of them"
    if isinstance(x, Mapping):
        cure = "list(x.values())"
    elif isinstance(x, Set):
        cure = "sorted(x)"
    elif hasattr(x, "__next__"):
        cure = "list(x)"
    return _Refused(f"holds a {type(x).__name__}", cure)
