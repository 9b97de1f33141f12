"""A node is one number of a computation and how it came to be."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from .errors import GraphError
from .op import NO_PARAMS, Op, Params
from .ops import OPERATORS, Operand, exp, relu, tanh


class Scope:
    """One call of a module, or one `with scope(name)` block: the box that its nodes fold into."""

    __slots__ = ("name", "outer")

    def __init__(self, name: str, outer: "Scope | None") -> None:
        self.name = name
        self.outer = outer


_scope: ContextVar[Scope | None] = ContextVar("scope", default=None)
_current_scope = _scope.get
_next_id = count().__next__
_new = object.__new__


@contextmanager
def scope(name: str) -> Iterator[None]:
    """Mark the nodes made inside the block as parts of one thing, so that a picture can fold them.

    Parameters
    ----------
    name : str
        What the folded box is called.

    Examples
    --------
    >>> from autograd import Value, scope
    >>> with scope("distance"):
    ...     d = (Value(3.0) ** 2 + Value(4.0) ** 2) ** 0.5
    >>> d.scope.name
    'distance'
    """
    token = _scope.set(Scope(name, _scope.get()))
    try:
        yield
    finally:
        _scope.reset(token)


class Node(Operand):
    """What all nodes share; make a `Value`.

    Attributes
    ----------
    data : float
        The number. A leaf may be given a new one; a result may not.
    grad : float or None
        d(output)/d(this) after a backward pass, None before the first. Passes add up in leaves
        and overwrite in results.
    op : Op or None
        What made this node; None for a leaf.
    inputs : tuple of Node
        What it was made from.
    args : tuple of float
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

    op: Op | None
    inputs: tuple["Node", ...]
    params: Params
    constant: bool
    name: str | None
    scope: Scope | None
    id: int

    @property
    def data(self) -> Any:
        return self._data

    @data.setter
    def data(self, data: Any) -> None:
        if self.op is not None:
            raise GraphError(
                f"{self.op.name}: the data of a result cannot be set, it follows from its inputs. "
                "Set the data of a leaf and compute again."
            )
        self._data = self._payload(data)

    @staticmethod
    def _payload(data: Any) -> Any:
        raise NotImplementedError

    def backward(self, seed: float = 1.0) -> None:
        """Run the backward pass from here: add to `grad` of leaves, set `grad` of results.

        Parameters
        ----------
        seed : float
            Adjoint of this node.

        Raises
        ------
        GraphError
            If this node depends on constants only, or the pass would have to go through an op
            without a gradient.
        DomainError
            If a slope is not a finite number. No `grad` is touched then.

        Examples
        --------
        >>> x = Value(3.0)
        >>> (x * x).backward()
        >>> x.grad
        6.0
        """
        from .backprop import backward  # the pass is made of nodes, so it is defined after them

        backward(self, seed)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self._data, dtype=dtype)

    def exp(self) -> Self:
        return self.__apply_op__(exp, (self,), exp.defaults)

    def relu(self) -> Self:
        return self.__apply_op__(relu, (self,), relu.defaults)

    def tanh(self) -> Self:
        return self.__apply_op__(tanh, (self,), tanh.defaults)

    @property
    def _prev(self) -> set["Node"]:
        return set(self.inputs)

    @property
    def _op(self) -> str:
        return "" if self.op is None else OPERATORS.get(self.op, self.op.name)

    def __repr__(self) -> str:
        facts = [repr(self._data)]
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
        """Copies and pickles keep the number, the name and the gradient, not the history."""
        return type(self)._restore, (self._data, self.constant, self.name, self.grad)

    @classmethod
    def _restore(cls, data: Any, constant: bool, name: str | None, grad: Any) -> Self:
        node = cls(data, constant=constant, name=name)  # type: ignore[call-arg]
        node.grad = grad
        return node


class Value(Node):
    """One number of a computation, with its gradient after ``backward()``.

    Parameters
    ----------
    data : float
        The number.
    constant : bool
        True for data that no gradient should reach.
    name : str, optional
        Shown in pictures; without one, pictures use the name of your variable.

    Raises
    ------
    TypeError
        If `data` is not a real number.

    Notes
    -----
    ``==`` compares identity, so that nodes can be kept in sets and dictionaries; compare numbers
    with ``x.data == y.data``.

    Examples
    --------
    >>> x, y, z = Value(-2.0), Value(5.0), Value(-4.0)
    >>> f = (x + y) * z
    >>> f.backward()
    >>> f.data, x.grad, y.grad, z.grad
    (-12.0, -4.0, -4.0, 3.0)
    """

    __slots__ = ()

    data: float
    args: tuple[float, ...]
    grad: float | None

    def __init__(self, data: Any, *, constant: bool = False, name: str | None = None) -> None:
        self._data = self._payload(data)
        self.id = _next_id()
        self.op = None
        self.inputs = ()
        self.args = ()
        self.params = NO_PARAMS
        self.constant = constant
        self.name = name
        self.scope = _current_scope()
        self.grad = None

    @staticmethod
    def _payload(data: Any) -> float:
        try:
            if not isinstance(data, str | Value):
                return float(data)
        except (TypeError, ValueError):
            pass
        advice = "Use it as it is." if isinstance(data, Value) else "Give it a real number."
        raise TypeError(f"Value: got {data!r}, a {type(data).__name__}. {advice}")

    def __apply_op__(self, op: Op, operands: tuple[Any, ...], params: Params) -> "Value":
        # Every number of every computation passes here, so the two common shapes are written out.
        if len(operands) == 2:
            a, b = operands
            if a.__class__ is not Value:
                a = _literal(op, a)
            if b.__class__ is not Value:
                b = _literal(op, b)
            inputs: tuple[Value, ...] = (a, b)
            args: tuple[float, ...] = (a._data, b._data)
            constant = a.constant and b.constant
        elif len(operands) == 1:
            inputs = operands
            args = (self._data,)
            constant = self.constant
        else:
            inputs = tuple([x if x.__class__ is Value else _literal(op, x) for x in operands])
            args = tuple([x._data for x in inputs])
            constant = all([x.constant for x in inputs])
        try:
            data = op.scalar(*args, **params) if params else op.scalar(*args)
        except (ArithmeticError, ValueError) as error:
            raise op.domain_error(args, error) from None
        node = _new(Value)
        node._data = data
        node.id = _next_id()
        node.op = op
        node.inputs = inputs
        node.args = args
        node.params = params
        node.constant = constant
        node.name = None
        node.scope = _current_scope()
        node.grad = None
        return node

    def __float__(self) -> float:
        return self._data  # type: ignore[no-any-return]

    def __lt__(self, other: Any) -> bool:
        return self._data < float(other)  # type: ignore[no-any-return]

    def __le__(self, other: Any) -> bool:
        return self._data <= float(other)  # type: ignore[no-any-return]

    def __gt__(self, other: Any) -> bool:
        return self._data > float(other)  # type: ignore[no-any-return]

    def __ge__(self, other: Any) -> bool:
        return self._data >= float(other)  # type: ignore[no-any-return]

    def __format__(self, spec: str) -> str:
        return format(self._data, spec) if spec else repr(self)


def _literal(op: Op, x: Any) -> Value:
    """A number written into an expression: a constant, drawn inside the box that uses it."""
    try:
        return Value(x, constant=True)
    except TypeError:
        raise TypeError(
            f"{op.name}: got {x!r}, a {type(x).__name__}. Operands of a Value are Values and numbers."
        ) from None
