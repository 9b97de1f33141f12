"""Nodes that notice what Python learns from them while a function is recorded."""

import operator
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any, ClassVar

import numpy as np

from ..engine import Node, Tensor, Value, refuse, watch_of
from .understood import is_own

_beside_nodes: Any = object  # a base beside which there is a class of nodes
_counting = Lock()
_recordings: Counter[int] = Counter()  # in how many a node takes part, by its id
_set_class = object.__dict__["__class__"].__set__  # that of a noticing node only answers


@contextmanager
def noticing(nodes: Iterable[Node]) -> Iterator[None]:
    """Let nodes notice what is asked of them, and so does what is computed from them."""
    nodes = list(nodes)
    with _counting:
        for x in nodes:
            _recordings[x.id] += 1
            notice(x)
    try:
        yield
    finally:
        with _counting:
            for x in nodes:
                _recordings[x.id] -= 1
                if not _recordings[x.id]:
                    del _recordings[x.id]
                    _set_class(x, vars(type(x))["_plain"])


def notice(node: Node) -> None:
    """Let a node notice what is asked of it, from now on."""
    kind: Any = type(node)
    _set_class(node, _noticing_class(kind))


def _noted(name: str) -> Any:
    """Make an attribute that ends the recording if the function looks at it."""

    def look(self: Any) -> Any:
        if not is_own(sys._getframe(1).f_globals.get("__name__")):
            _uses(self, f"the {name}")
        return getattr(self._plain, name).__get__(self)

    def change(self: Any, to: Any) -> None:
        getattr(self._plain, name).__set__(self, to)

    return property(look, change)


class _Noticing(_beside_nodes):  # type: ignore[misc]
    """What Values and Tensors notice alike; where nobody records, they answer as any other."""

    __slots__ = ()
    _plain: ClassVar[type[Node]]  # the class that a node has where nothing is recorded
    _results: ClassVar[type[Node]]

    @property
    def data(self) -> Any:
        _read(self)
        return super().data

    @data.setter
    def data(self, data: Any) -> None:
        self._rebind(data)

    @property
    def grad(self) -> Any:
        _uses(self, "the grad")
        return super().grad

    @grad.setter
    def grad(self, grad: Any) -> None:
        _uses(self, "the grad")
        self._kind.grad.__set__(self, grad)

    name = _noted("name")
    constant = _noted("constant")
    reached = _noted("reached")

    def __hash__(self) -> int:
        _asked(self, "the hash")
        return object.__hash__(self)

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        if is_own(sys._getframe(1).f_globals.get("__name__")):
            return type(self)
        _asked(self, "the class")
        return self._plain

    def __repr__(self) -> Any:
        _written(self)
        return super().__repr__()

    def __format__(self, spec: str) -> Any:
        _written(self)
        return super().__format__(spec)

    def __index__(self) -> int:
        """Count with it where it stands for a number that is given to a compiled function."""
        held: Any = self._held
        if _stands_for_number(self) and np.ndim(held) == 0 and float(held).is_integer():
            _read(self)
            return int(held)
        raise TypeError(f"{self._plain.__name__!r} object cannot be interpreted as an integer")

    def __reduce__(self) -> Any:
        _read(self)
        return super().__reduce__()

    def __eq__(self, other: object) -> Any:
        """Decide as on the number, but between two nodes, of which one stands for a number."""
        stands = _stands_for_number(self)
        if other is not self and isinstance(other, Node) and (stands or _stands_for_number(other)):
            refuse("it compares two nodes by ==", "Use `is`, or compare them by <= and >=.", self)
        if not stands:
            return super().__eq__(other)
        if other is not self and not isinstance(other, float | int | np.number | np.ndarray):
            return False
        held: Any = self._held
        outcome = held == (held if other is self else other)
        _compared("==", operator.eq, self, other, outcome)
        return outcome

    def __lt__(self, other: Any) -> Any:
        outcome = super().__lt__(_held(other))
        return _compared("<", operator.lt, self, other, outcome)

    def __le__(self, other: Any) -> Any:
        outcome = super().__le__(_held(other))
        return _compared("<=", operator.le, self, other, outcome)

    def __gt__(self, other: Any) -> Any:
        outcome = super().__gt__(_held(other))
        return _compared(">", operator.gt, self, other, outcome)

    def __ge__(self, other: Any) -> Any:
        outcome = super().__ge__(_held(other))
        return _compared(">=", operator.ge, self, other, outcome)


class _NoticingValue(_Noticing):
    __slots__ = ()

    def __bool__(self) -> Any:
        if not _stands_for_number(self):
            return super().__bool__()
        return _compared("!=", operator.ne, self, 0.0, self._held != 0)


class _NoticingTensor(_Noticing):
    __slots__ = ()

    def __bool__(self) -> Any:
        _read(self)
        return super().__bool__()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        _asked(self, "an array")
        _read(self)
        return super().__array__(dtype, copy)


@cache
def _noticing_class(kind: Any) -> Any:
    """Make the class of noticing nodes for one of nodes, such as a subclass of somebody's."""
    if issubclass(kind, _Noticing):
        return kind
    notices = _NoticingValue if issubclass(kind, Value) else _NoticingTensor
    return type(f"Recorded{kind.__name__}", (notices, kind), {"__slots__": (), "_plain": kind})


RecordedValue = _noticing_class(Value)  # may stand for a number given to a recorded function
RecordedTensor = _noticing_class(Tensor)
_NoticingValue._results = RecordedValue
_NoticingTensor._results = RecordedTensor


def _read(node: Any) -> None:
    if watch := watch_of(node):
        watch.read(node)


def _compared(how: str, compare: Callable[[Any, Any], Any], a: Any, b: Any, outcome: Any) -> Any:
    """Note how a comparison of a node with another, or with numbers, came out."""
    if isinstance(b, Node):
        if watch := watch_of(a, b):
            watch.learned(how, (a, b), compare, outcome, None)
    elif watch := watch_of(a):
        other = b if isinstance(b, float | int) else np.array(b)
        by = (type(b), b) if other is b else id(other)
        watch.learned(how, (a,), lambda x: compare(x, other), outcome, by)
    return outcome


def _stands_for_number(node: Any) -> bool:
    """Whether a function that is recorded would find a number here, if it ran by itself."""
    watch = watch_of(node)
    return watch is not None and watch.covers(node)


def _asked(node: Any, what: str) -> None:
    """Tell that a number would answer otherwise, unless it is the engine that asks."""
    if (watch := watch_of(node)) and not is_own(sys._getframe(2).f_globals.get("__name__")):
        watch.asks_as_number(node, what)


def _written(node: Any) -> None:
    if (watch := watch_of(node)) and not is_own(sys._getframe(2).f_globals.get("__name__")):
        watch.reads_outright(node, "the text")


def _uses(node: Any, what: str) -> None:
    if watch := watch_of(node):
        watch.cannot_compare(node, what)


def _held(x: Any) -> Any:
    """Give what a node holds, unnoticed; a plain number or array as it is."""
    return x._held if isinstance(x, Node) else x
