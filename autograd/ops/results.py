"""Anybody may write ops: whatever kind of number their functions give, nodes hold floats."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

import numpy as np

from .messages import brief
from .real_numbers import real_number, real_numbers

Op = Any  # op.py imports this file
Function = Callable[..., Any]

_ARRAYS = (np.ndarray, np.float64, np.float32)
_GIVEN = (np.ndarray, np.generic, float, int)


def written(function: Function) -> Function:
    """Give the function that an author wrote, whose source can be read."""
    return getattr(function, "written", function)


def giving_a_float(op: Op, scalar: Function) -> Function:
    """Cast what a function of floats gives."""
    if isinstance(scalar, partial):  # of the forward function: it does so
        return scalar

    @wraps(scalar)
    def cast(*numbers: float, **params: Any) -> float:
        y = scalar(*numbers, **params)
        return y if y.__class__ is float else number(op, y)

    cast.written = scalar  # type: ignore[attr-defined]
    return cast


def number(op: Op, y: Any) -> float:
    """Give a float of a result.

    Raises
    ------
    ValueError
        If it is complex: the op has no real value there.
    TypeError
        If it is no number.
    """
    if np.iscomplexobj(y):
        raise ValueError("the result is complex")
    try:
        return real_number(op.name, y)
    except TypeError:
        raise _no_numbers(op, y) from None


def giving_floats(op: Op, forward: Function) -> Function:
    """Cast what a function of arrays gives, unless it is of float32 or float64.

    Whole numbers and their like take the type of the operands. Operands that are complex, objects
    or of another library are computed with as they are.
    """

    @wraps(forward)
    def cast(*operands: Any, **params: Any) -> Any:
        y = forward(*operands, **params)
        if isinstance(y, _ARRAYS) and y.dtype.char in "fd" and not np.ma.isMA(y):
            return y
        types = [np.asarray(x).dtype for x in operands if isinstance(x, _GIVEN)]
        if len(types) < len(operands) or any(x.kind in "cO" for x in types):
            return y
        try:
            found = real_numbers(op.name, y)
        except (TypeError, ValueError):
            raise _no_numbers(op, y) from None
        if found.dtype.kind == "f" and found.dtype == getattr(y, "dtype", float):
            return found
        return found.astype(np.float32 if all(x == np.float32 for x in types) else float)

    cast.written = forward  # type: ignore[attr-defined]
    return cast


def giving_slopes(op: Op, rule: Function) -> Function:
    """Cast what a rule gives for numbers; for nodes and symbols it has to give one of them."""

    @wraps(rule)
    def cast(g: Any, y: Any, *operands: Any, **params: Any) -> Any:
        return _slope(op, g, y, rule(g, y, *operands, **params))

    cast.written = rule  # type: ignore[attr-defined]
    return cast


def giving_each(op: Op, rule: Function, *, at_once: bool) -> Function:
    """Do the same for the rule of an op of any number of operands."""

    @wraps(rule)
    def cast(places: Any, g: Any, y: Any, *operands: Any, **params: Any) -> Any:
        given = rule(places, g, y, *operands, **params)
        return [_slope(op, g, y, x) for x in given] if at_once else _slope(op, g, y, given)

    cast.written = rule  # type: ignore[attr-defined]
    return cast


def _slope(op: Op, g: Any, y: Any, slope: Any) -> Any:
    if slope is None or (slope.__class__ is float and g.__class__ is float):
        return slope
    if hasattr(g, "__apply_op__"):
        if not hasattr(slope, "__apply_op__"):
            raise _no_slope(op, slope, "multiply g, with operators and ops")
        return slope
    found = slope
    if not isinstance(slope, _ARRAYS) or slope.dtype.char not in "fd" or np.ma.isMA(slope):
        try:
            found = real_numbers(op.name, slope)
            found = found.astype(np.result_type(np.asarray(g), np.float32))
        except (TypeError, ValueError):
            raise _no_slope(op, slope, "give real numbers") from None
    if (op.elementwise or g.__class__ is float) and not _fits(found, y):
        raise _no_slope(op, slope, f"give the shape of the result, {np.shape(y)}")
    return float(found) if g.__class__ is float else found


def _no_numbers(op: Op, y: Any) -> TypeError:
    return TypeError(
        f"{op.name}: the result is {_described(y)}. Let forward, and scalar if there is one, "
        "give real numbers."
    )


def _no_slope(op: Op, slope: Any, advice: str) -> TypeError:
    return TypeError(f"{op.name}: a rule gave {_described(slope)}. Let it {advice}.")


def _fits(slope: Any, y: Any) -> bool:
    try:
        return bool(np.broadcast_shapes(np.shape(slope), np.shape(y)) == np.shape(y))
    except ValueError:
        return False


def _described(x: Any) -> str:
    kind = f"{type(x).__name__} of {x.dtype}" if isinstance(x, np.ndarray) else type(x).__name__
    return f"{brief(x)}, a {kind}"
