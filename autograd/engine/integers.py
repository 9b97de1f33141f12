"""Whole numbers given as data stay whole, for indices, until an op computes with them."""

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from ..ops import Op, Params, getitem, reshape, transpose
from .arrays import Array
from .node import numbers_of
from .tensor import Tensor

_ARRANGING = {reshape, getitem, transpose}


class Integers(Tensor):
    """A constant Tensor of whole numbers, as models get it where their samples are whole.

    It is an index, ``table[x]``, and can be arranged, ``x[:, 0]``; an op that computes takes it for
    a Tensor of floats.

    Parameters
    ----------
    data : array of integers
    dtype : float64 or float32
        What its numbers become in a computation.

    Notes
    -----
    Unlike other nodes, ``x == 0`` compares its numbers and gives an array of bool.

    Examples
    --------
    >>> table, x = Tensor([[0.0, 1.0], [2.0, 3.0]]), Integers(np.array([1, 1], np.uint8))
    >>> table[x].data.tolist(), x.dtype.name
    ([[2.0, 3.0], [2.0, 3.0]], 'int64')
    >>> (x / 2).data.tolist()
    [0.5, 0.5]
    """

    __slots__ = ("_arranged", "_dtype", "_floats")

    def __init__(self, data: Array, dtype: DTypeLike = np.float64) -> None:
        super().__init__(data, constant=True)
        self._dtype = dtype
        self._floats: Tensor | None = None
        self._arranged: tuple[Op, Integers, Params] | None = None  # what it was made by, and from

    @property
    def floats(self) -> Tensor:
        """The same numbers for a computation, always in the same node."""
        if self._floats is None:
            if self._arranged is None:
                self._floats = Tensor(self._held.astype(self._dtype), constant=True)
            else:
                op, whole, params = self._arranged
                self._floats = whole.floats.__apply_op__(op, (whole.floats,), params)
        return self._floats

    @property
    def is_computed_with(self) -> bool:
        """Whether an op has asked for floats."""
        return self._floats is not None

    def astype(self, dtype: DTypeLike) -> Array:
        return self._held.astype(dtype)  # type: ignore[no-any-return]

    def tolist(self) -> Any:
        return self._held.tolist()

    def __index__(self) -> int:
        return int(self._held.item())

    def __index_array__(self) -> Array:
        return self._held  # type: ignore[no-any-return]

    def __apply_op__(self, op: Op, operands: tuple[Any, ...], params: Params) -> Any:
        if op in _ARRANGING:
            arranged = Integers(op.forward(self._held, **params), self._dtype)
            arranged._arranged = op, self, params
            return arranged
        return self.floats.__apply_op__(op, operands, params)

    def _operand(self) -> Tensor:
        return self.floats

    def __eq__(self, other: object) -> Any:
        return self._held == numbers_of(other)

    def __ne__(self, other: object) -> Any:
        return self._held != numbers_of(other)

    __hash__ = object.__hash__

    def __reduce__(self) -> tuple[Any, ...]:
        return Integers, (self._held, self._dtype)

    @staticmethod
    def _payload(data: Any, before: Any = None) -> Array:
        array = np.array(data)
        if np.can_cast(array.dtype, np.int64):
            array = array.astype(np.int64)
        array.flags.writeable = False
        return array
