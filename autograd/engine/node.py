"""A node is one result of a computation and how it came to be."""

from itertools import count
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from ..errors import GraphError
from ..ops import (
    NO_PARAMS,
    OPERATORS,
    OPS,
    Op,
    Operand,
    Params,
    detach,
    exp,
    log,
    relu,
    sigmoid,
    sqrt,
    tanh,
)
from .hooks import equals, read, refuse, watch_of, watching
from .scope import Scope, current_scope

next_id = count().__next__
_CUTTING = {
    *(np.sum, np.mean, np.var, np.max, np.min, np.prod, np.cumsum, np.dot, np.outer, np.einsum),
    *(np.concatenate, np.stack, np.vstack, np.hstack, np.reshape, np.transpose, np.where),
    *(np.broadcast_to, np.pad, np.clip, np.tensordot, np.linalg.norm),
}


class Node(Operand):
    """What all nodes share; make a `Value` or a `Tensor`.

    Attributes
    ----------
    data : float or array
        The number or numbers. A leaf may be given new ones; a result may not.
    grad : float, array or None
        d(output)/d(this) after a backward pass, None before the first. Passes add up in leaves
        and overwrite in results.
    op : Op or None
        What made this node; None for a leaf.
    inputs : tuple of Node
        What it was made from.
    args : tuple of float or of array
        The data of the inputs at that moment, which later edits of a leaf do not touch.
    params : mapping
        Options of the op, such as ``slope`` of ``leaky_relu``.
    constant : bool
        Whether gradients stay out: data and literals.
    name : str or None
        Shown in pictures.
    scope : Scope or None
        Which module call made it.
    id : int
        Count of creation. Inputs come before outputs, so it orders every graph topologically.
    """

    __slots__ = (
        "_data",
        "_given",  # of leaves: the float, or the array of another node, that it was made of
        "args",
        "constant",
        "grad",
        "id",
        "inputs",
        "name",
        "op",
        "params",
        "scope",
    )

    _data: Any
    _given: Any
    grad: Any
    args: tuple[Any, ...]
    op: Op | None
    inputs: tuple["Node", ...]
    params: Params
    constant: bool
    name: str | None
    scope: Scope | None
    id: int
    edits_of_constants: ClassVar[int] = 0  # programs that hold them have to know

    def __init__(self, data: Any, *, constant: bool = False, name: str | None = None) -> None:
        self._data = self._payload(data)
        kind = data.__class__
        self._given = data if kind is float or (kind is not int and _is_read_only(data)) else None
        self.id = next_id()
        self.op = None
        self.inputs = ()
        self.args = ()
        self.params = NO_PARAMS
        self.constant = constant
        self.name = name
        self.scope = current_scope()
        self.grad = None

    @property
    def data(self) -> Any:
        if watching:
            read(self)
        return self._data

    @data.setter
    def data(self, data: Any) -> None:
        self._rebind(data)

    def _rebind(self, data: Any) -> None:
        if watching:
            advice = "Return the new numbers and set them outside."
            refuse("it sets the data of a leaf", advice, self)
        if self.op is not None:
            raise GraphError(
                f"{self.op.name}: the data of a result cannot be set, it follows from its inputs. "
                "Set the data of a leaf and compute again."
            )
        if self.constant:
            Node.edits_of_constants += 1
        self._data = self._payload(data, self._data)

    @staticmethod
    def _payload(data: Any, before: Any = None) -> Any:
        """Check what a leaf is given, and take it over."""
        raise NotImplementedError

    def _adjoint(self, seed: Any) -> Any:
        """Check what a backward pass is to start with here."""
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        """Tell nodes apart, not numbers; but what is recorded is to go on as it does on numbers."""
        return equals(self, other) if watching else self is other

    __hash__ = object.__hash__

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        if watching:
            read(self)
        return np.array(self._data, dtype=dtype)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        """Refuse NumPy's functions that would cut the graph unnoticed."""
        if function in _CUTTING:
            name = function.__name__
            raise TypeError(
                f"np.{name} gives numbers, and no gradient flows through it. "
                f"Use {f'autograd.{name}' if name in OPS else 'the ops of autograd'}, or give it "
                "the numbers: x.data."
            )
        return function._implementation(*args, **kwargs)

    def detach(self) -> Self:
        """Give the same number as a constant, at which gradients stop.

        Unlike ``x.data`` it is part of the graph: pictures show it, and a tape computes it anew.

        Examples
        --------
        >>> from autograd import Value
        >>> x = Value(3.0)
        >>> (x * x.detach()).backward()
        >>> x.grad
        3.0
        """
        return self.__apply_op__(detach, (self,), NO_PARAMS)

    def exp(self) -> Self:
        return self.__apply_op__(exp, (self,), exp.defaults)

    def log(self) -> Self:
        return self.__apply_op__(log, (self,), log.defaults)

    def sqrt(self) -> Self:
        return self.__apply_op__(sqrt, (self,), sqrt.defaults)

    def sigmoid(self) -> Self:
        return self.__apply_op__(sigmoid, (self,), sigmoid.defaults)

    def tanh(self) -> Self:
        return self.__apply_op__(tanh, (self,), tanh.defaults)

    def relu(self) -> Self:
        return self.__apply_op__(relu, (self,), relu.defaults)

    @property
    def _prev(self) -> set["Node"]:
        return set(self.inputs)

    @property
    def _op(self) -> str:
        return "" if self.op is None else OPERATORS.get(self.op, self.op.name)

    def __index__(self) -> int:
        """Count with it where it stands for a number that is given to a compiled function."""
        if watching and np.ndim(self._data) == 0 and watch_of(self):
            read(self)
            if float(self._data).is_integer():
                return int(self._data)
        raise TypeError(f"{type(self).__name__!r} object cannot be interpreted as an integer")

    def __repr__(self) -> str:
        """Tell what it is; in a recording without its number, which is another at each call."""
        with np.printoptions(threshold=50, edgeitems=2):
            facts = ["..." if watching and watch_of(self) else repr(self._data)]
            if self.constant:
                facts.append("constant=True")
            if self.name is not None:
                facts.append(f"name={self.name!r}")
            if self.op is not None:
                facts.append(f"op={self.op.name}")
            if self.grad is not None:
                facts.append(f"grad={self.grad!r}")
            return f"{type(self).__name__}({', '.join(facts)})"

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle the number, the name and the gradient; a result becomes a constant."""
        if watching:
            read(self)
        constant = self.constant or self.op is not None
        params = NO_PARAMS if self.op else self.params
        return type(self)._restore, (self._data, constant, self.name, self.grad, params)

    @classmethod
    def _restore(
        cls, data: Any, constant: bool, name: str | None, grad: Any, params: Params
    ) -> Self:
        node = cls(data, constant=constant, name=name)
        node._given = None
        node.grad = grad
        node.params = params
        return node


def _is_read_only(x: Any) -> bool:
    return isinstance(x, np.ndarray) and not x.flags.writeable


def numbers_of(x: Any) -> Any:
    """Give what a node holds; a plain number or array as it is."""
    return x._data if isinstance(x, Node) else x
