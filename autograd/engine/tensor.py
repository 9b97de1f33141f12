"""A Tensor is a node that holds an array."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Never

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..dialects import wrong_keywords
from ..errors import GraphError, ShapeError
from ..ops import (
    Axis,
    Op,
    Params,
    Shape,
    companions,
    detach,
    getitem,
    max,
    mean,
    min,
    not_elementwise,
    real_numbers,
    reshape,
    shape_error,
    sum,
    transpose,
    var,
    wrong_companion,
    wrong_param,
)
from .arrays import Frozen, frozen, frozen_index
from .backward import backward
from .core import FIELDS, next_id
from .node import Node, numbers_of
from .numpy_border import refuse_array
from .scope import current_scope

Array = NDArray[Any]
_ndarray = np.ndarray
_new = object.__new__


class Tensor(Node):
    """An array of a computation, with its gradient after ``backward()``.

    Parameters
    ----------
    data : array_like of real numbers
        Copied. float32 stays float32, everything else becomes float64.
    constant : bool
        True for data that no gradient should reach.
    name : str, optional
        Shown in pictures; without one, pictures use the name of your variable.

    Raises
    ------
    TypeError
        If `data` is not an array of real numbers.

    Notes
    -----
    ``data`` is read-only, so that no graph can be corrupted; ``x.data -= step`` gives a leaf new
    numbers, in the shape and type it has. ``<`` and ``>`` give arrays of bool; ``==`` compares
    identity, so that nodes can be kept in sets and dictionaries.

    Examples
    --------
    >>> x = Tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> y = (x * [10.0, 1.0]).sum()
    >>> y.backward()
    >>> x.grad
    array([[10.,  1.],
           [10.,  1.]])
    """

    __slots__ = FIELDS

    args: tuple[Array, ...]
    _kind: ClassVar[Any]  # whatever the class of a node: Tensor
    _results: ClassVar[Any]  # of what class they are that follow from one of this class

    def backward(self, seed: ArrayLike = 1.0, **others: Never) -> None:
        """Run the backward pass from here: add to `grad` of leaves, set `grad` of results.

        Parameters
        ----------
        seed : array_like
            Adjoint of this node; needed, in its shape, where it holds more than one number.

        Raises
        ------
        GraphError
            If this node holds more than one number and there is no seed, if it depends on
            constants only, or if the pass would have to go through an op without a gradient.
        GradientError
            If a gradient is not finite. No `grad` is touched then.

        Examples
        --------
        >>> x = Tensor([1.0, 2.0])
        >>> (x * x).backward(seed=[1.0, 10.0])
        >>> x.grad
        array([ 2., 40.])
        """
        if others:
            raise wrong_keywords("backward", others, "backward(seed=1.0)")
        backward(self, seed)

    @property
    def data(self) -> Frozen:
        return self._held.view(Frozen)  # type: ignore[no-any-return]

    @data.setter
    def data(self, data: ArrayLike) -> None:
        self._rebind(data)

    @property
    def shape(self) -> Shape:
        return self._held.shape  # type: ignore[no-any-return]

    @property
    def ndim(self) -> int:
        return self._held.ndim  # type: ignore[no-any-return]

    @property
    def size(self) -> int:
        return self._held.size  # type: ignore[no-any-return]

    @property
    def dtype(self) -> np.dtype[Any]:
        return self._held.dtype  # type: ignore[no-any-return]

    @property
    def T(self) -> "Tensor":
        return transpose(self)  # type: ignore[no-any-return]

    @property
    def mT(self) -> "Tensor":
        """Each matrix of a batch transposed."""
        if self.ndim < 2:
            raise ShapeError(f"mT: a Tensor of shape {self.shape} holds no matrices. Use T.")
        if self.ndim == 2:
            return self.T
        axes = range(self.ndim)
        return transpose(self, (*axes[:-2], axes[-1], axes[-2]))  # type: ignore[no-any-return]

    def item(self) -> float:
        if self.size != 1:
            raise ShapeError(
                f"item: this Tensor has shape {self.shape}, and only one number can become a "
                "float. Index one, or give all with x.data.tolist()."
            )
        return self.data.item()  # type: ignore[no-any-return]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        refuse_array(self)
        return np.array(self._held, dtype=dtype)

    def sum(self, axis: Axis = None, keepdims: bool = False, **others: Never) -> "Tensor":
        return sum(self, axis, keepdims, **others)  # type: ignore[no-any-return]

    def mean(self, axis: Axis = None, keepdims: bool = False, **others: Never) -> "Tensor":
        return mean(self, axis, keepdims, **others)  # type: ignore[no-any-return]

    def var(
        self, axis: Axis = None, keepdims: bool = False, ddof: int = 0, **others: Never
    ) -> "Tensor":
        return var(self, axis, keepdims, ddof, **others)  # type: ignore[no-any-return]

    def max(self, axis: Axis = None, keepdims: bool = False, **others: Never) -> "Tensor":
        return max(self, axis, keepdims, **others)  # type: ignore[no-any-return]

    def min(self, axis: Axis = None, keepdims: bool = False, **others: Never) -> "Tensor":
        return min(self, axis, keepdims, **others)  # type: ignore[no-any-return]

    def reshape(self, *shape: Any) -> "Tensor":
        """Give the elements in another shape: ``reshape(2, 3)`` or ``reshape((2, 3))``."""
        return reshape(self, shape[0] if len(shape) == 1 else shape)  # type: ignore[no-any-return]

    def __getitem__(self, index: Any) -> "Tensor":
        return getitem(self, frozen_index(index))  # type: ignore[no-any-return]

    if not TYPE_CHECKING:

        def __setitem__(self, index: Any, numbers: Any) -> None:
            raise TypeError(
                f"x[i] = ...: a {type(self).__name__} is not changed in place, for graphs hold its "
                "numbers. Write where(mask, new, x) or concatenate([x[:i], new, x[i + 1:]]); a "
                "leaf is given new numbers by x.data = array."
            )

    def __len__(self) -> int:
        return len(self._held)

    def __iter__(self) -> Iterator["Tensor"]:
        return (self[i] for i in range(len(self)))

    def __bool__(self) -> bool:
        return bool(self._held)

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if spec else repr(self)

    def __lt__(self, other: Any) -> Any:
        return self._held < numbers_of(other)

    def __le__(self, other: Any) -> Any:
        return self._held <= numbers_of(other)

    def __gt__(self, other: Any) -> Any:
        return self._held > numbers_of(other)

    def __ge__(self, other: Any) -> Any:
        return self._held >= numbers_of(other)

    def __apply_op__(self, op: Op, operands: tuple[Any, ...], params: Params) -> "Tensor":
        inputs = tuple([x if x.__class__ is Tensor else self._beside(op, x) for x in operands])
        args = tuple([x._held for x in inputs])
        kind = Tensor
        for x in inputs:
            if x.__class__ is not Tensor and x._results is not Tensor:
                kind = x._results
        try:
            data = op.forward(*args, **params)
        except (ValueError, IndexError) as error:
            raise shape_error(op, args, params, error) from error
        except TypeError as error:
            raise wrong_param(op, params, error) from error
        if data.__class__ is not _ndarray:
            data = np.asarray(data)
        if op.elementwise and data.shape != args[0].shape:
            shapes = [x.shape for x in args]
            if data.shape != np.broadcast_shapes(*shapes):
                raise not_elementwise(op, args, data)
        data.flags.writeable = False
        node = _new(kind)
        node._held = data
        node.id = next_id()
        node.op = op
        node.inputs = inputs
        node.args = args
        node.params = params
        node.constant = op is detach or all([x.constant for x in inputs])
        node.name = None
        node.scope = current_scope()
        node._grad = None
        return node

    def _beside(self, op: Op, x: Any) -> "Tensor":
        """Make a constant of what is written into an expression; whole numbers take our type."""
        if x.__class__ is _ndarray and x.dtype.char in "fd":  # nearly always
            return Tensor(x, constant=True)
        if isinstance(x, Tensor):
            return x._operand()
        if isinstance(x, Node):
            raise wrong_companion(op, x, "Tensor")
        if x.__class__ is float:
            return Tensor(np.asarray(x, self.dtype), constant=True)
        array = real_numbers(f"{op.name}: got", x, companions("Tensor"), shown=True)
        is_of_python = not (array.ndim or isinstance(x, np.generic | np.ndarray))
        takes_our_type = is_of_python or array.dtype.kind != "f"
        return Tensor(array.astype(self.dtype) if takes_our_type else array, constant=True)

    def _operand(self) -> "Tensor":
        """Give what an op computes with: of whole numbers, `Integers`, that is another node."""
        return self

    def _adjoint(self, seed: ArrayLike) -> Array:
        array = np.array(real_numbers("backward: got the seed", seed, shown=True), self.dtype)
        if array.ndim == 0 and self.size != 1:
            raise GraphError(
                f"backward() starts from one number; this Tensor has shape {self.shape}. "
                "Reduce it: mean(loss).backward()."
            )
        if array.ndim and array.shape != self.shape:
            raise ShapeError(
                f"backward: got a seed of shape {array.shape} for a Tensor of shape {self.shape}. "
                "Give one number for each of its own."
            )
        return array.reshape(self.shape)

    @staticmethod
    def _payload(data: Any, before: Any = None) -> Array:
        return frozen(data, before)


Tensor._kind = Tensor._results = Tensor
