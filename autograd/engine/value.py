"""A Value is a node that holds one float."""

from operator import ge, gt, le, lt
from typing import Any

import numpy as np

from ..ops import Op, Params, brief, detach, domain_error, wrong_companion
from .backward import backward
from .hooks import compared, failed, is_true, read, watching
from .node import Node, next_id, numbers_of
from .scope import current_scope

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
        backward(self, seed)

    def _adjoint(self, seed: float) -> float:
        return float(seed)

    @staticmethod
    def _payload(data: Any, before: Any = None) -> float:
        if data.__class__ is float:  # nearly always
            return data * 1.0  # an object of its own, see Node._given
        try:
            if data.__class__ is int or not (
                isinstance(data, (str, bytes, Node)) or np.iscomplexobj(data)
            ):
                return float(data)
        except (TypeError, ValueError, OverflowError):
            pass
        advice = "Use it as it is." if isinstance(data, Node) else "Give it a real number."
        raise TypeError(f"Value: got {brief(data)}, a {type(data).__name__}. {advice}")

    def __apply_op__(self, op: Op, operands: tuple[Any, ...], params: Params) -> "Value":
        # Every number of every computation passes here, so the two common shapes are written out.
        if len(operands) == 2:
            a, b = operands
            if a.__class__ is not Value or b.__class__ is not Value:
                a, b = operands = _literal(op, a), _literal(op, b)
            args: tuple[float, ...] = (a._data, b._data)
            constant = a.constant and b.constant
        elif len(operands) == 1:
            args = (self._data,)
            constant = self.constant or op is detach
        else:
            operands = tuple([_literal(op, x) for x in operands])
            args = tuple([x._data for x in operands])
            constant = all([x.constant for x in operands])
        try:
            data = op.scalar(*args, **params) if params else op.scalar(*args)
        except (ArithmeticError, ValueError) as error:
            if watching:
                failed(op.name, operands)
            raise domain_error(op, args, error) from error
        node = _new(Value)
        node._data = data
        node.id = next_id()
        node.op = op
        node.inputs = operands
        node.args = args
        node.params = params
        node.constant = constant
        node.name = None
        node.scope = current_scope()
        node.grad = None
        return node

    def item(self) -> float:
        """Give the number; gradients do not flow through it, see `detach`."""
        if watching:
            read(self)
        return self._data  # type: ignore[no-any-return]

    def __float__(self) -> float:
        return self.item()

    def __bool__(self) -> bool:
        return is_true(self) if watching else True

    def __lt__(self, other: Any) -> bool:
        outcome = bool(self._data < numbers_of(other))
        if watching:
            compared("<", lt, self, other, outcome)
        return outcome

    def __le__(self, other: Any) -> bool:
        outcome = bool(self._data <= numbers_of(other))
        if watching:
            compared("<=", le, self, other, outcome)
        return outcome

    def __gt__(self, other: Any) -> bool:
        outcome = bool(self._data > numbers_of(other))
        if watching:
            compared(">", gt, self, other, outcome)
        return outcome

    def __ge__(self, other: Any) -> bool:
        outcome = bool(self._data >= numbers_of(other))
        if watching:
            compared(">=", ge, self, other, outcome)
        return outcome

    def __format__(self, spec: str) -> str:
        return format(float(self), spec) if spec else repr(self)


def _literal(op: Op, x: Any) -> Value:
    """Make a constant of a number written into an expression; leave a Value as it is."""
    if isinstance(x, Value):
        return x
    try:
        return Value(x, constant=True)
    except TypeError:
        raise wrong_companion(op, x, "Value") from None
