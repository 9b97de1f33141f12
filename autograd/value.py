"""A Value is a node that holds one float."""

from itertools import count
from typing import Any

from .node import Node
from .op import NO_PARAMS, Op, Params
from .scope import current_scope

_next_id = count().__next__
_new = object.__new__


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
        self.scope = current_scope()
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
        node.scope = current_scope()
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
    """Make a constant of a number written into an expression."""
    try:
        return Value(x, constant=True)
    except TypeError:
        raise TypeError(
            f"{op.name}: got {x!r}, a {type(x).__name__}. "
            "Operands of a Value are Values and numbers."
        ) from None
