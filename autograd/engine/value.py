"""A Value is a node that holds one float."""

from typing import Any, ClassVar, Never

import numpy as np

from ..dialects import wrong_keywords
from ..ops import (
    Op,
    Params,
    brief,
    companions,
    detach,
    domain_error,
    holds_objects,
    on_objects,
    one_number,
    real_number,
    wrong_companion,
)
from .backward import backward, explain, keep_floats
from .core import Fields, next_id, stand_in
from .differentiated import follows
from .hooks import failed
from .node import Node, numbers_of
from .scope import current_scope

_ndarray = np.ndarray
_new = object.__new__
_EXACT = 2**53  # below, a float is the same whole number


class Value(Fields, Node):
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

    ``grad`` is a number from the start, as in micrograd, and ``reached`` says whether it was found
    by a pass. Assigning None, or 0 to a ``grad`` that is not 0, forgets it: optimizers then leave
    the number alone until a pass reaches it again. A 0.0 that a pass has found stays one, whatever
    it is multiplied by; `autograd.engine.set_grads` sets one that was found otherwise.

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
    _kind: ClassVar[Any]  # whatever the class of a node: Value
    _results: ClassVar[Any]  # of what class they are that follow from one of this class

    @property
    def grad(self) -> float:
        grad = self._grad
        return 0.0 if grad is None else grad

    @grad.setter
    def grad(self, grad: float | None) -> None:
        if grad.__class__ is not float:
            grad = self._gradient(grad)
        # A reached 0.0 that is multiplied stays; a 0 that resets, as `p.grad = 0`, forgets.
        self._grad = grad if grad or self._grad == 0 else None

    def backward(self, seed: float = 1.0, **others: Never) -> None:
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
        if others:
            raise wrong_keywords("backward", others, "backward(seed=1.0)")
        backward(self, seed)

    def _adjoint(self, seed: float) -> float:
        return real_number("backward: got the seed", seed)

    @staticmethod
    def _payload(data: Any, before: Any = None) -> float:
        if data.__class__ is float:  # nearly always
            return data * 1.0  # an object of its own, see Node._given
        if data.__class__ is int and -_EXACT < data < _EXACT:
            return float(data)
        if isinstance(data, Node):
            name = type(data).__name__
            raise TypeError(f"Value: got {brief(data)}, a {name}. Use it as it is.")
        return real_number("Value: got", data)

    @staticmethod
    def _gradient(grad: Any) -> float | None:
        if grad is None or grad.__class__ is float:
            return grad
        try:
            return Value._payload(grad)
        except TypeError:
            raise TypeError(
                f"grad: got {brief(grad)}, a {type(grad).__name__}. Give a real number, or None "
                "to forget it."
            ) from None

    def __apply_op__(self, op: Op, operands: tuple[Any, ...], params: Params) -> "Value":
        # Every number of every computation passes here, so the two common shapes are written out.
        kind = Value
        if len(operands) == 2:
            a, b = operands
            if a.__class__ is not Value or b.__class__ is not Value:
                if (a.__class__ is _ndarray and holds_objects(a)) or (
                    b.__class__ is _ndarray and holds_objects(b)
                ):
                    return _on_objects(op, operands, params)  # type: ignore[no-any-return]
                a, b = operands = _literal(op, a), _literal(op, b)
                kind = b._results if a._results is Value else a._results
            args: tuple[float, ...] = (a._held, b._held)
            constant = a.constant and b.constant
        elif len(operands) == 1:
            args = (self._held,)
            kind = self._results
            constant = self.constant or op is detach
        else:
            if any(map(holds_objects, operands)):
                return _on_objects(op, operands, params)  # type: ignore[no-any-return]
            operands = tuple([_literal(op, x) for x in operands])
            kind = next((x._results for x in operands if x._results is not Value), Value)
            args = tuple([x._held for x in operands])
            constant = all([x.constant for x in operands])
        try:
            data = op.scalar(*args, **params) if params else op.scalar(*args)
        except (ArithmeticError, ValueError) as error:
            failed(op.name, operands)
            raise domain_error(op, args, error) from error
        node = _new(kind)
        node._held = data
        node.id = next_id()
        node.op = op
        node.inputs = operands
        node.args = args
        node.params = params
        node.constant = constant
        node.name = None
        node.scope = current_scope()
        node._grad = None
        return node

    def item(self) -> float:
        return self.data

    def __bool__(self) -> bool:
        return not follows(self) or self._held != 0

    def __lt__(self, other: Any) -> Any:
        return _decided(self._held < numbers_of(other))

    def __le__(self, other: Any) -> Any:
        return _decided(self._held <= numbers_of(other))

    def __gt__(self, other: Any) -> Any:
        return _decided(self._held > numbers_of(other))

    def __ge__(self, other: Any) -> Any:
        return _decided(self._held >= numbers_of(other))

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if spec else repr(self)


Value._kind = Value._results = Value
stand_in(Value, Node.__init__, keep_floats, explain)


def _decided(outcome: Any) -> Any:
    """Give a bool for one comparison, and an array for one with each number of an array."""
    return outcome if outcome.__class__ is _ndarray else bool(outcome)


def _on_objects(op: Op, operands: tuple[Any, ...], params: Params) -> Any:
    """Apply an op where a Value stands beside an array of Values, as a number beside numbers."""
    if not op.elementwise:
        raise one_number(op)
    return on_objects(op, operands, params)


def _literal(op: Op, x: Any) -> Value:
    """Make a constant of a number written into an expression; leave a Value as it is."""
    if isinstance(x, Value):
        return x
    if x.__class__ is float or x.__class__ is int:
        return Value(x, constant=True)
    if isinstance(x, Node | list | tuple) or (isinstance(x, np.ndarray) and x.ndim):
        raise wrong_companion(op, x, "Value")
    return Value(real_number(f"{op.name}: got", x, companions("Value")), constant=True)
