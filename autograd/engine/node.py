"""A node is one result of a computation and how it came to be."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Never, Self

import numpy as np

from ..dialects import OF_ARRAYS, OF_NODES, OF_NUMPY, unknown, wrong_keywords
from ..errors import GraphError
from ..ops import (
    FUNCTIONS,
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
from ..showing import bundle
from ..texts import quoted
from .core import next_id
from .differentiated import differentiated_by, equal, is_differentiated
from .hooks import refuse, uses_grads
from .leaving import cut, leaving
from .numpy_border import ForArrays, apply_function
from .scope import Scope, current_scope


def _answered(name: str) -> property:
    """Answer who sets an attribute of another library as who reads it."""

    def answer(node: Any, *_: object) -> Any:
        return node.__getattr__(name)

    return property(answer, answer)


class Node(Operand):
    """What all nodes share; make a `Value` or a `Tensor`.

    Attributes
    ----------
    data : float or array
        The number or numbers. A leaf may be given new ones; a result may not.
    grad : float, array or None
        d(output)/d(this) after a backward pass. Passes add up in leaves and overwrite in results.
        Before one has reached the node it is 0.0 in a Value, as in micrograd, and None in a
        Tensor, as in PyTorch. Assigning None makes it so again.
    reached : bool
        Whether there is a gradient: a pass has reached the node, or ``grad`` was assigned. 0.0 may
        be one, so ask this rather than ``grad``.
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

    if not TYPE_CHECKING:
        __slots__ = ()  # Tensor has those of FIELDS, and Value has them in C or in Python

    _held: Any
    _kind: ClassVar[Any]
    _results: ClassVar[Any]
    _given: Any
    _grad: Any  # None until a pass reaches the node
    args: tuple[Any, ...]
    op: Op | None
    inputs: tuple["Node", ...]
    params: Params
    constant: bool
    name: str | None
    scope: Scope | None
    id: int
    edits_of_constants: ClassVar[int] = 0  # programs that hold them have to know

    def __init__(
        self,
        data: Any,
        *more: Never,
        constant: bool = False,
        name: str | None = None,
        **others: Never,
    ) -> None:
        if more or others:
            kind = self._kind.__name__
            usage = f"{kind}(data, constant=False, name=None)"
            if more:
                raise TypeError(f"{kind}: got {1 + len(more)} arguments. Call it as {usage}.")
            raise wrong_keywords(kind, others, usage)
        self._held = self._payload(data)
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
        self._grad = None

    if not TYPE_CHECKING:
        label = _answered("label")
        requires_grad = _answered("requires_grad")

        def __getattr__(self, name: str) -> Any:
            """Say what a name of another library is called here; there is none of that name."""
            operands = "x, y" if name in OPS and OPS[name].arity == 2 else "x"
            way = f"autograd.{name}({operands})" if name in FUNCTIONS else ""
            raise unknown(
                f"{type(self).__name__!r} object", name, OF_NODES, OF_ARRAYS, OF_NUMPY, way=way
            )

    @property
    def data(self) -> Any:
        return self._held

    @data.setter
    def data(self, data: Any) -> None:
        self._rebind(data)

    def _rebind(self, data: Any) -> None:
        advice = "Return the new numbers and set them outside."
        refuse("it sets the data of a leaf", advice, self)
        if self.op is not None:
            raise GraphError(
                f"{self.op.name}: the data of a result cannot be set, it follows from its inputs. "
                "Set the data of a leaf and compute again."
            )
        if self.constant:
            Node.edits_of_constants += 1
        self._held = self._payload(data, self._held)

    @property
    def grad(self) -> Any:
        return self._grad

    @grad.setter
    def grad(self, grad: Any) -> None:
        self._grad = grad

    @property
    def reached(self) -> bool:
        return self._grad is not None

    @staticmethod
    def _payload(data: Any, before: Any = None) -> Any:
        """Check what a leaf is given, and take it over."""
        raise NotImplementedError

    @staticmethod
    def _gradient(grad: Any) -> Any:
        """Check what `grad` is set to; None stays."""
        return grad

    def _adjoint(self, seed: Any) -> Any:
        """Check what a backward pass is to start with here."""
        raise NotImplementedError

    def __eq__(self, other: object) -> Any:
        """Tell nodes apart; what is differentiated is to decide as on numbers."""
        return equal(self, other) if differentiated_by else self is other

    def __ne__(self, other: object) -> Any:
        outcome = self == other
        return np.logical_not(outcome) if isinstance(outcome, np.ndarray) else not outcome

    __hash__ = object.__hash__
    _repr_mimebundle_ = bundle

    def __float__(self) -> float:
        return self._number("float")

    def __int__(self) -> int:
        return int(self._number("int"))

    def _number(self, call: str) -> float:
        """Give the only number to Python, which would compute with it outside of the graph."""
        leaving(self, call)
        return self.item()

    def item(self) -> float:
        """Give the only number as a float; gradients do not flow through it, see `detach`."""
        raise NotImplementedError

    __array_ufunc__ = ForArrays()

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return apply_function(function, args, kwargs)

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

    def __repr__(self) -> str:
        with np.printoptions(threshold=50, edgeitems=2):
            facts = [repr(self._held)]
            if self.constant:
                facts.append("constant=True")
            if self.name is not None:
                facts.append(f"name={quoted(self.name)}")
            if self.op is not None:
                facts.append(f"op={self.op.name}")
            if self.reached:
                facts.append(f"grad={self._grad!r}")
            kind = type(self).__name__ if self._kind is self._results else self._kind.__name__
            return f"{kind}({', '.join(facts)})"

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle the number, the name and the gradient; a result becomes a constant."""
        if is_differentiated(self):
            raise cut("copy", self)
        constant = self.constant or self.op is not None
        params = NO_PARAMS if self.op else self.params
        return type(self)._restore, (self._held, constant, self.name, self._grad, params)

    @classmethod
    def _restore(
        cls, data: Any, constant: bool, name: str | None, grad: Any, params: Params
    ) -> Self:
        node = cls(data, constant=constant, name=name)
        node._given = None
        node._grad = cls._gradient(grad)  # version 0.1 kept 0 as it was given
        node.params = params
        return node


def _is_read_only(x: Any) -> bool:
    return isinstance(x, np.ndarray) and not x.flags.writeable


def numbers_of(x: Any) -> Any:
    """Give the numbers of a node; a plain number or array as it is."""
    return x.data if isinstance(x, Node) else x


def grads_of(nodes: Iterable[Node]) -> list[Any]:
    """List the gradients of nodes: None where there is none, also for a Value."""
    nodes = list(nodes)
    uses_grads(nodes)
    return [node._grad for node in nodes]


def set_grads(nodes: Iterable[Node], grads: Iterable[Any]) -> None:
    """Set the gradients of nodes as a pass does: any number counts, 0.0 too; None forgets.

    Assigning 0 to the ``grad`` of a Value would forget it, as loops written for micrograd mean.

    Examples
    --------
    >>> from autograd import Value
    >>> x = Value(1.0)
    >>> set_grads([x], [0.0])
    >>> x.reached, grads_of([x])
    (True, [0.0])
    """
    nodes = list(nodes)
    uses_grads(nodes)
    for node, grad in zip(nodes, grads, strict=True):
        node._grad = grad if grad.__class__ is float else node._gradient(grad)
