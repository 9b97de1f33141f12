"""While a function is recorded, all nodes notice what Python learns from them.

Their methods are exchanged for that time, so that the nodes' own code need know nothing of it and
costs nothing when nobody records.
"""

import operator
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf
from threading import Lock
from typing import Any

import numpy as np

from ..engine import Node, Tensor, Value, watch_of

# From 3.13 on Python stops to remember where the methods of a class are once it has changed 1,000
# times, and all is slower; before that happens, they stay exchanged.
_MOST_CHANGES = 400 if sys.version_info >= (3, 13) else inf

_counting = Lock()
_recordings = 0
_changes = 0


@contextmanager
def noticing() -> Iterator[None]:
    """Let nodes notice what is asked of them, in all threads; any number may ask for it at once."""
    _count(1)
    try:
        yield
    finally:
        _count(-1)


def _count(more: int) -> None:
    global _recordings, _changes
    with _counting:
        _recordings += more
        begins, ends = _recordings == more == 1, _recordings == 0
        if begins and _changes < _MOST_CHANGES:
            _changes += 1
            _exchange(_NOTICING)
        elif ends and _changes < _MOST_CHANGES:
            _exchange(_PLAIN)


def _exchange(methods: dict[tuple[type[Node], str], Any]) -> None:
    for (kind, name), method in methods.items():
        setattr(kind, name, method)


def _reading(kind: type[Node], name: str) -> Callable[..., Any]:
    """Let a method note that it gives away the numbers of a node."""
    method = vars(kind)[name]

    def reads(self: Any, *args: Any, **kwargs: Any) -> Any:
        if watch := watch_of(self):
            watch.read(self)
        return method(self, *args, **kwargs)

    return reads


def _reading_data(kind: type[Node]) -> property:
    plain = vars(kind)["data"]

    def data(self: Any) -> Any:
        if watch := watch_of(self):
            watch.read(self)
        return plain.__get__(self)

    return property(data, plain.__set__)


def _using(kind: type[Node], name: str) -> property:
    """Let an attribute end the recording, for no call can compare it."""
    plain = vars(kind)[name]

    def look(self: Any) -> Any:
        if watch := watch_of(self):
            watch.cannot_compare(self, f"the {name}")
        return plain.__get__(self)

    def change(self: Any, to: Any) -> None:
        if watch := watch_of(self):
            watch.cannot_compare(self, f"the {name}")
        plain.__set__(self, to)

    return property(look, change)


def _writing(kind: type[Node]) -> Callable[[Any], str]:
    plain = vars(kind)["__repr__"]

    def text(self: Any) -> str:
        if watch := watch_of(self):
            watch.reads_outright(self, "the text")
        return plain(self)  # type: ignore[no-any-return]

    return text


def _comparing(kind: type[Node], compare: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    plain = vars(kind)[f"__{compare.__name__}__"]

    def compares(self: Any, other: Any) -> Any:
        if not (watch := watch_of(self, *([other] if isinstance(other, Node) else []))):
            return plain(self, other)
        if isinstance(other, Node):
            outcome = plain(self, other._held)
            watch.learned(_SIGNS[compare], (self, other), compare, outcome, None)
            return outcome
        outcome = plain(self, other)
        note_comparison(watch, compare, self, other, outcome)
        return outcome

    return compares


def note_comparison(
    watch: Any, compare: Callable[[Any, Any], Any], node: Node, other: Any, outcome: Any
) -> None:
    """Note how a comparison of a node with numbers came out; somebody may write into an array."""
    kept = other if isinstance(other, float | int) else np.array(other)
    by = (type(other), other) if kept is other else id(kept)
    watch.learned(_SIGNS[compare], (node,), lambda x: compare(x, kept), outcome, by)


_SIGNS = {
    operator.lt: "<",
    operator.le: "<=",
    operator.gt: ">",
    operator.ge: ">=",
    operator.eq: "==",
    operator.ne: "!=",
}
_NOTICING: dict[tuple[type[Node], str], Any] = {
    (Node, "data"): _reading_data(Node),
    (Tensor, "data"): _reading_data(Tensor),
    (Tensor, "__bool__"): _reading(Tensor, "__bool__"),
    (Tensor, "__array__"): _reading(Tensor, "__array__"),
    (Node, "__reduce__"): _reading(Node, "__reduce__"),
    (Node, "__repr__"): _writing(Node),
    (Node, "grad"): _using(Node, "grad"),
    (Value, "grad"): _using(Value, "grad"),
    (Node, "reached"): _using(Node, "reached"),
    **{
        (kind, f"__{compare.__name__}__"): _comparing(kind, compare)
        for kind in (Value, Tensor)
        for compare in (operator.lt, operator.le, operator.gt, operator.ge)
    },
}
_PLAIN = {(kind, name): vars(kind)[name] for kind, name in _NOTICING}
