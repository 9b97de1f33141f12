"""Runs forward functions, which call NumPy, on the arrays of another library."""

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any

import numpy as np

from ...errors import GraphError
from ...ops import Op, Params, detach
from ...texts import listed
from ..program import Code


class Missing(Exception):
    """A function of NumPy that the other library does not have."""


class Foreign(np.lib.mixins.NDArrayOperatorsMixin):
    """An array of another library, which NumPy takes for one of its own.

    NumPy asks such an array to carry out what it is called with. What would write into the array
    makes a new one, so that the library can differentiate it.
    """

    __slots__ = ("held",)

    def __init__(self, held: Any) -> None:
        self.held = held

    @classmethod
    def of(cls, x: Any) -> "Foreign":
        """Make an array of the library of a number or of an array."""
        raise NotImplementedError

    @classmethod
    def beside(cls, x: Any) -> Any:
        """Make one of an array of NumPy; what else stands beside an array of ours may stay."""
        return cls.of(x) if isinstance(x, np.ndarray) else x

    @staticmethod
    def function(name: str) -> Callable[..., Any] | None:
        """Find what does the same as a function of NumPy: ``exp``, ``add.reduce``."""
        raise NotImplementedError

    @staticmethod
    def is_array(x: Any) -> bool:
        """Whether something is an array of the library."""
        raise NotImplementedError

    def picked(self, index: tuple[Any, ...]) -> Any:
        """Give the elements at an index, which has arrays where it had lists."""
        raise NotImplementedError

    def changed(self, index: tuple[Any, ...], x: Any, add: bool) -> Any:
        """Give the array with others at an index, put there or added to what is there."""
        raise NotImplementedError

    def stopped(self) -> Any:
        """Give the same numbers, at which the library's own gradients stop."""
        raise NotImplementedError

    def astype(self, dtype: Any) -> "Foreign":
        raise NotImplementedError

    @property
    def dtype(self) -> np.dtype[Any]:
        raise NotImplementedError

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.held.shape)

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return prod(self.shape)

    @property
    def mT(self) -> Any:
        return np.swapaxes(self, -1, -2)

    def reshape(self, *shape: Any) -> Any:
        return np.reshape(self, shape[0] if len(shape) == 1 else shape)

    def __apply_op__(self, op: Op, operands: tuple[Any, ...], params: Params) -> Any:
        return op.expanded(map(self.beside, operands), params)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        name = function.__name__
        if name in ("shape", "ndim", "size") and len(args) == 1:
            return getattr(args[0], name)
        return self._call(name, args, kwargs)

    def __array_ufunc__(
        self, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = None, **kwargs: Any
    ) -> Any:
        name = ufunc.__name__
        if method == "at":
            target, index, x = inputs
            if ufunc is not np.add or not isinstance(target, Foreign):
                raise Missing(f"np.{name}.at")
            target.held = target.changed(_tidy(index), _bare(x), add=True)
            return None
        result = self._call(name if method == "__call__" else f"{name}.{method}", inputs, kwargs)
        if out is None:
            return result
        out[0].held = result.held
        return out[0]

    def _call(self, name: str, args: Any, kwargs: Any) -> Any:
        function = self.function(name)
        if function is None:
            raise Missing(f"np.{name}")
        return self._dressed(function(*_bare(args), **_bare(kwargs)))

    def _dressed(self, x: Any) -> Any:
        if isinstance(x, list | tuple):
            return type(x)(map(self._dressed, x))
        return type(self)(x) if self.is_array(x) else x

    def __getitem__(self, index: Any) -> "Foreign":
        return type(self)(self.picked(_tidy(index)))

    def __setitem__(self, index: Any, x: Any) -> None:
        self.held = self.changed(_tidy(index), _bare(x), add=False)

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise Missing("np.array or np.asarray")

    def __bool__(self) -> bool:
        raise Missing("a Python branch")


def run(code: Code, to: str, numbers: Sequence[Any], kind: type[Foreign]) -> list[Any]:
    """Compute the outputs of a code.

    Parameters
    ----------
    code : Code
    to : str
        Name of the method, for errors.
    numbers : sequence
        What inputs and leaves are.
    kind : type
        The arrays of the library.

    Raises
    ------
    GraphError
        If an op uses a function that the library does not have.
    """
    slots = [*map(kind.of, numbers), *map(kind.beside, code.constants)]
    for op, operands, params in code.lines:
        try:
            given = [slots[x] for x in operands]
            if op is detach:
                slots.append(kind.of(given[0].stopped()))
            else:
                slots.append(op.expanded(given, params))
        except Missing as missing:
            raise GraphError(
                f"{to}: {op.name} uses {missing}, which has no counterpart there. Write its "
                "forward function with other functions of NumPy."
            ) from None
    found = [slots[x] for x in code.outputs]
    return [(x if isinstance(x, Foreign) else kind.of(x)).held for x in found]


def arguments(code: Code, inputs: Sequence[Any], params: Mapping[str, Any]) -> list[Any]:
    """Put inputs and params in the order of the slots."""
    given, read = code.names[: len(code.inputs)], code.names[len(code.inputs) :]
    if len(inputs) != len(given) or set(params) != set(read):
        raise TypeError(
            f"Give {listed(given) or 'no inputs'}, and params with the keys "
            f"{listed(read) or '(none)'}."
        )
    return [*inputs, *(params[name] for name in read)]


def pairs(widths: Any, ndim: int) -> list[list[int]]:
    """Write the widths of a frame as two numbers for each axis."""
    if isinstance(widths, dict):
        widths = [np.resize(widths.get(i) or widths.get(i - ndim) or 0, 2) for i in range(ndim)]
    return np.broadcast_to(widths, (ndim, 2)).tolist()  # type: ignore[no-any-return]


def at_numbers(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a single number be reduced along its axis 0, as in NumPy."""

    def reduced(x: Any, axis: Any = None, **options: Any) -> Any:
        return function(x, axis=axis if x.ndim else None, **options)

    return reduced


def _bare(x: Any) -> Any:
    """Take the arrays of the library out of whatever holds them."""
    if isinstance(x, Foreign):
        return x.held
    if isinstance(x, list | tuple):
        return type(x)(map(_bare, x))
    if isinstance(x, dict):
        return {name: _bare(value) for name, value in x.items()}
    return x


def _tidy(index: Any) -> tuple[Any, ...]:
    """Make arrays of the lists in an index."""
    parts = index if isinstance(index, tuple) else (index,)
    return tuple(_listed(x) if isinstance(x, list | range) else x for x in parts)


def _listed(x: Any) -> np.ndarray[Any, Any]:
    return np.asarray(x) if len(x) else np.empty(0, int)
