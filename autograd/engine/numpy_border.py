"""Answers NumPy where it meets a node: it records, only looks, or is refused with the way out."""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from ..dialects import OF_ARRAYS
from ..dialects import OF_NUMPY as _WAYS
from ..ops import NO_PARAMS, OPS, Op, Operand, brief, holds_objects

# What an array writes with an operator; `array * node` arrives here.
_OPERATORS: dict[Any, Op] = {
    np.add: OPS["add"],
    np.subtract: OPS["sub"],
    np.multiply: OPS["mul"],
    np.divide: OPS["div"],
    np.power: OPS["pow"],
    np.matmul: OPS["matmul"],
}
# Which operator a node, moved to the left, compares with.
_MIRRORED: dict[Any, Callable[[Any, Any], Any]] = {
    np.less: operator.gt,
    np.less_equal: operator.ge,
    np.greater: operator.lt,
    np.greater_equal: operator.le,
    np.equal: operator.eq,
    np.not_equal: operator.ne,
}
# What asks for the form of an array only.
_FORMS = {
    *(np.shape, np.ndim, np.size, np.zeros_like, np.ones_like, np.empty_like),
    *(np.iscomplexobj, np.isrealobj, np.result_type, np.can_cast),
}
# What looks at numbers, and gives words or a decision that has no slope.
_LOOKS = {
    *(np.array_repr, np.array_str, np.array2string),
    *(np.allclose, np.isclose, np.array_equal, np.array_equiv),
    *(np.isfinite, np.isnan, np.isinf, np.signbit),
}


class ForArrays:
    """The ``__array_ufunc__`` of nodes.

    NumPy asks their class for it, and gets the function. Masked arrays ask a node, get None, and so
    leave ``masked + node`` to the node, which refuses what is masked.
    """

    def __get__(self, node: Any, kind: type) -> Any:
        return _apply_ufunc if node is None else None


def _apply_ufunc(self: Any, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
    """Record the operators of arrays, compare, look, and refuse all else that gradients reach."""
    if method == "__call__" and not kwargs and len(inputs) == 2:
        if ufunc in _OPERATORS:
            return self.__apply_op__(_OPERATORS[ufunc], inputs, NO_PARAMS)
        if ufunc in _MIRRORED and any(map(holds_objects, inputs)):
            return ufunc(*(x if holds_objects(x) else np.asarray(x, object) for x in inputs))
        if ufunc in _MIRRORED and not isinstance(inputs[0], Operand):
            return _MIRRORED[ufunc](inputs[1], inputs[0])
    if method == "__call__" and _is_kept(ufunc, kwargs):
        kwargs["out"][0][...] = _apply_ufunc(self, ufunc, method, *inputs)
        return kwargs["out"][0]
    reached = None if ufunc in _LOOKS or ufunc in _MIRRORED else _reachable((inputs, kwargs))
    if reached is not None:
        raise _refused(ufunc.__name__ + ("" if method == "__call__" else f".{method}"), reached)
    return getattr(ufunc, method)(*_plain(inputs), **_plain(kwargs))


def apply_function(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Run NumPy's functions where no gradient is lost by it, and refuse the others."""
    if function in _FORMS:
        return function(*_plain(args, "_held"), **_plain(kwargs, "_held"))
    reached = None if function in _LOOKS else _reachable((args, kwargs))
    if reached is not None:
        place = function.__module__.partition(".")[2]
        raise _refused(f"{place}.{function.__name__}" if place else function.__name__, reached)
    return function(*_plain(args), **_plain(kwargs))


def refuse_array(node: Any) -> None:
    """Refuse an array of the plain numbers of a Tensor that gradients reach."""
    if not node.constant:
        raise TypeError(
            f"np.asarray: got {brief(node)}, which gradients reach; none flows through an array "
            "of its numbers. Keep it a Tensor, join several with stack or put elements together "
            "with concatenate; where no gradient is to flow, write x.data."
        )


def _refused(name: str, node: Any) -> TypeError:
    """Name the way on: ours by that name, ours by another name, or none."""
    if name in OPS:
        way = f"Use autograd.{name}; for plain numbers, give it x.data."
    elif name in _WAYS:
        way = f"Write {_WAYS[name]} with the ops of autograd; for plain numbers, give it x.data."
    elif name in OF_ARRAYS:
        way = f"Write {OF_ARRAYS[name]}; for plain numbers, give it x.data."
    else:
        way = "Write it with the ops of autograd; for plain numbers, give it x.data."
    return TypeError(
        f"np.{name}: got {brief(node)}, which gradients reach; none flows through NumPy. {way}"
    )


def _is_kept(ufunc: np.ufunc, kwargs: dict[str, Any]) -> bool:
    """Whether a result goes into an array that can hold nodes, as in ``array += value``."""
    return (
        ufunc in _OPERATORS
        and kwargs.keys() == {"out"}
        and isinstance(kwargs["out"][0], np.ndarray)
        and kwargs["out"][0].dtype == object
    )


def _reachable(x: Any) -> Any:
    """Find a node that gradients reach, in lists and the like too."""
    if isinstance(x, Operand):
        node: Any = x
        return None if node.constant else node
    if isinstance(x, dict):
        x = list(x.values())
    if isinstance(x, list | tuple):
        return next((node for part in x if (node := _reachable(part)) is not None), None)
    return None


def _plain(x: Any, numbers: str = "data") -> Any:
    """Put numbers in the place of nodes, in lists and the like too."""
    if isinstance(x, Operand):
        held = getattr(x, numbers)
        return held.view(np.ndarray) if isinstance(held, np.ndarray) else held
    if isinstance(x, dict):
        return {key: _plain(part, numbers) for key, part in x.items()}
    if isinstance(x, list | tuple):
        return type(x)(_plain(part, numbers) for part in x)
    return x
