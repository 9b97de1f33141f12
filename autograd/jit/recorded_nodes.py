"""Nodes that notice when Python asks them what a number would answer otherwise."""

import sys
from typing import Any

from ..engine import Tensor, Value, watch_here
from .understood import is_own


class AskedAsNumber(BaseException):
    """A recorded function asks a node for what a number would answer otherwise.

    It is no Exception, so that ``except Exception`` in the function does not go on with it.
    """


def _asked(node: Any, what: str) -> None:
    """Leave the recording, unless it is the engine that asks, or nobody records any more."""
    if (watch := watch_here()) and not _is_engine():
        watch.asked = AskedAsNumber(f"{what} of {node.name or 'a number that follows from it'}")
        raise watch.asked


def _is_engine() -> bool:
    return is_own(sys._getframe(3).f_globals.get("__name__"))


class _Noticing:
    """What recorded Values and recorded Tensors answer in the same way."""

    __slots__ = ()

    def __hash__(self) -> int:
        _asked(self, "it looks up the hash")
        return object.__hash__(self)

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        _asked(self, "it asks for the class")
        return type(self)

    def __repr__(self) -> str:
        _asked(self, "it writes down the number")
        return super().__repr__()

    def __format__(self, spec: str) -> str:
        _asked(self, "it writes down the number")
        return super().__format__(spec)


class RecordedValue(_Noticing, Value):
    """A Value that stands for a number given to a recorded function, or follows from one."""

    __slots__ = ()


class RecordedTensor(_Noticing, Tensor):
    """A Tensor that stands for an array given to a recorded function, or follows from one."""

    __slots__ = ()


RecordedValue._results = RecordedValue
RecordedTensor._results = RecordedTensor
