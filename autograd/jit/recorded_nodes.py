"""Nodes that stand for the arguments of a recorded function, and notice where a number is meant."""

import operator
import sys
from typing import Any

import numpy as np

from ..engine import Node, Tensor, Value, refuse, watch_of
from .noticing import note_comparison
from .understood import is_own


class _StandIn:
    """What answers otherwise than a node: a number that was given, or that follows from one.

    What is meant for the number is asked of the number, see `Watch.asks_as_number`; the engine asks
    for the node, and so does everybody where nobody records any more.
    """

    __slots__ = ()

    def __hash__(self) -> int:
        _asked(self, "the hash")
        return object.__hash__(self)

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        if is_own(sys._getframe(1).f_globals.get("__name__")):
            return type(self)
        _asked(self, "the class")
        return self._kind  # type: ignore[attr-defined]

    def __repr__(self) -> str:
        _asked(self, "the text")
        return super().__repr__()

    def __format__(self, spec: str) -> str:
        _asked(self, "the text")
        return super().__format__(spec)

    def __index__(self) -> int:
        """Count with it."""
        held: Any = self._held  # type: ignore[attr-defined]
        watch = _watch_of(self)
        if watch and np.ndim(held) == 0 and float(held).is_integer():
            watch.read(self)
            return int(held)
        kind = self._kind.__name__  # type: ignore[attr-defined]
        raise TypeError(f"{kind!r} object cannot be interpreted as an integer")

    def __reduce__(self) -> Any:
        reduced: Any = super().__reduce__()
        return self._kind._restore, reduced[1]  # type: ignore[attr-defined]

    def __eq__(self, other: object) -> Any:
        """Decide as on the number, but not between two nodes."""
        watch = _watch_of(self)
        if watch is None:
            return super().__eq__(other)
        is_same = self is other
        if isinstance(other, Node) and not is_same:
            refuse("it compares two nodes by ==", "Use `is`, or compare them by <= and >=.", self)
        held: Any = self._held  # type: ignore[attr-defined]
        if is_same:
            watch.learned("==", (self,), lambda x: x == x, outcome := held == held, None)
            return outcome
        if not isinstance(other, float | int | np.number | np.ndarray):
            return False
        outcome = held == other
        note_comparison(watch, operator.eq, self, other, outcome)  # type: ignore[arg-type]
        return outcome


class RecordedValue(_StandIn, Value):
    """A Value that stands for a number given to a recorded function, or follows from one."""

    __slots__ = ()

    def __bool__(self) -> bool:
        watch = _watch_of(self)
        if watch is None:
            return super().__bool__()
        outcome: bool = self._held != 0
        note_comparison(watch, operator.ne, self, 0.0, outcome)
        return outcome


class RecordedTensor(_StandIn, Tensor):
    """A Tensor that stands for an array given to a recorded function, or follows from one."""

    __slots__ = ()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        _asked(self, "an array")
        return super().__array__(dtype, copy)


for kind in (RecordedValue, RecordedTensor):
    kind._results = kind
    kind.__name__ = kind.__qualname__ = kind._kind.__name__  # in messages


def _watch_of(node: Any) -> Any:
    """Find the watch of the recording in which a node stands for a number."""
    watch = watch_of(node)
    return watch if watch and watch.covers(node) else None


def _asked(node: Any, what: str) -> None:
    """Tell that a number would answer otherwise, unless it is the engine that asks."""
    if (watch := watch_of(node)) and not is_own(sys._getframe(2).f_globals.get("__name__")):
        watch.asks_as_number(node, what)
