"""Watches what Python learns from a graph while a function is recorded: a replay will not ask."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from operator import eq, ne
from threading import RLock
from typing import Any, NamedTuple

import numpy as np

from .errors import GraphError

Node = Any  # node.py imports this file
_OURS = __name__.partition(".")[0]
_here: ContextVar["Watch | None"] = ContextVar("here", default=None)

_drawing = RLock()
watching: list["Watch"] = []  # in all threads; nearly always empty, which is quickly seen
watch_here = _here.get


class Guard(NamedTuple):
    """What Python learned from nodes: a replay is right only where it would learn the same."""

    how: str  # an operator, "data", or "finite"
    nodes: tuple[Node, ...]
    learn: Callable[..., Any]
    seen: Any
    drawn: int  # how many random nodes there were before
    place: tuple[str, int]  # file and line


class Watch:
    """One recording of a function: what Python learned, and what was drawn.

    It is found by the thread it works in, and by nodes: those that follow from the arguments belong
    to it in whichever thread they are read.

    Parameters
    ----------
    name : str
        Of the function.
    drawn : list
        Random numbers that this call has drawn so far; they are used first.
    random_states : callable
        Gives something that changes when other random numbers are drawn.
    start : int
        Nodes with a lower id were there before.
    """

    def __init__(
        self, name: str, drawn: list[Any], random_states: Callable[[], Any], start: int
    ) -> None:
        self.name = name
        self.start = start
        self.inputs: set[int] = set()  # by their ids
        self.guards: dict[tuple[Any, ...], Guard] = {}
        self.noise: list[Node] = []
        self.fault: GraphError | None = None
        self._drawn = drawn
        self._random_states = random_states
        self._before: Any = None

    def learned(self, how: str, nodes: tuple[Node, ...], learn: Any, seen: Any, by: Any) -> None:
        """Keep what was learned, once for each question; who asked may write into the answer."""
        key = (how, *nodes, by)
        if key not in self.guards:
            kept = np.array(seen) if isinstance(seen, np.ndarray) else seen
            guard = Guard(how, nodes, learn, kept, len(self.noise), _place())
            self.guards[key] = guard

    def cannot(self, what: str, advice: str) -> GraphError:
        """Say what a replay could not repeat."""
        error = GraphError(f"{self.name}: {what}, which no replay would repeat. {advice}")
        self.fault = self.fault or error
        return error

    def draw(self, draw: Callable[..., Any], shape: Any) -> Any:
        """Draw random numbers, or take those that this call drew when it tried other recordings."""
        count = len(self.noise)
        if count == len(self._drawn):
            self._drawn.append(as_noise(draw, shape))
        return self._drawn[count]

    def knows_randomness(self) -> None:
        """Take the random numbers that were drawn so far for noise."""
        self._before = self._random_states()

    def look_for_other_randomness(self) -> None:
        """Find out whether random numbers were drawn past `noise`."""
        if self._random_states() != self._before:
            self.cannot(
                "it draws random numbers",
                "Draw them as nodes: noise(rng.random, shape); or give them as an argument.",
            )

    def covers(self, node: Node) -> bool:
        """Whether a node follows from the arguments."""
        found, seen = [node], {node.id}
        for x in found:
            if x.id in self.inputs:
                return True
            for y in x.inputs:
                if y.id >= self.start and y.id not in seen:
                    seen.add(y.id)
                    found.append(y)
        return False


@contextmanager
def watched(watch: Watch) -> Iterator[None]:
    """Let a watch see what happens in this thread."""
    token = _here.set(watch)
    with _drawing:
        watching.append(watch)
        watch.knows_randomness()
    try:
        yield
        with _drawing:
            watch.look_for_other_randomness()
    finally:
        watching.remove(watch)
        _here.reset(token)


def as_noise(draw: Callable[..., Any], shape: Any) -> Any:
    """Draw random numbers as noise, which no recording in any thread takes for something else."""
    with _drawing:
        for watch in watching:
            watch.look_for_other_randomness()
        numbers = draw(size=shape)
        for watch in watching:
            watch.knows_randomness()
    return numbers


def watch_of(*nodes: Node) -> Watch | None:
    """Find the watch of this thread, or that of the thread for which this one works."""
    if here := watch_here():
        return here
    return next((x for x in tuple(watching) if any(map(x.covers, nodes))), None)


def read(node: Node) -> None:
    """Note that Python reads the numbers of a node."""
    if watch := watch_of(node):
        watch.learned("data", (node,), _itself, node._data, None)


def compared(how: str, compare: Callable[[Any, Any], Any], a: Node, b: Any, seen: Any) -> None:
    """Note how a comparison of a node with another, or with numbers, came out."""
    if hasattr(b, "_data"):
        if watch := watch_of(a, b):
            watch.learned(how, (a, b), compare, seen, None)
    elif watch := watch_of(a):
        other = b if isinstance(b, float | int) else np.array(b)
        by = (type(b), b) if other is b else id(other)
        watch.learned(how, (a,), lambda x: compare(x, other), seen, by)


def equals(node: Node, other: Any) -> Any:
    """Compare for Python: nodes by identity, and in a recording their numbers with others."""
    if hasattr(other, "_data") and node is not other:
        advice = "Use `is`, or compare them by <= and >=."
        refuse("it compares two nodes by ==", advice, node, other)
    numbers = isinstance(other, float | int | np.number | np.ndarray)
    if not numbers or watch_of(node) is None:
        return node is other
    outcome = node._data == other
    compared("==", eq, node, other, outcome)
    return outcome


def is_true(node: Node) -> bool:
    """Say what Python takes a node for: for true, but in a recording for what its number is."""
    outcome = watch_of(node) is None or bool(node._data)
    compared("!=", ne, node, 0.0, outcome)
    return outcome


def is_finite(nodes: list[Node], finite: Callable[[Any], bool]) -> None:
    """Note that a pass goes on because its results are finite."""
    watch = watch_of(*nodes)
    if watch and nodes:
        outcome = all(finite(x._data) for x in nodes)
        watch.learned("finite", tuple(nodes), lambda *xs: all(map(finite, xs)), outcome, None)


def passed_through(node: Node) -> None:
    """Note that a pass goes through a node; through old ones only while their leaves are old."""
    watch = watch_here()
    if watch and node.id < watch.start:
        for x in node.inputs:
            read(x)


def failed(call: str, nodes: tuple[Node, ...]) -> None:
    """Note that an op had no value; this matters if the function goes on nevertheless."""
    if watch := watch_of(*nodes):
        watch.cannot(
            f"{call} has no value and the function goes on",
            "Decide by a comparison before the call, rather than with try and except.",
        )


def refuse(what: str, advice: str, *nodes: Node) -> None:
    """Refuse what a replay would not repeat: in this thread, and on nodes in any other."""
    if watch := watch_of(*nodes):
        raise watch.cannot(what, advice)


def _itself(x: Any) -> Any:
    return x


def _place() -> tuple[str, int]:
    """Find the line outside of this package that is being run."""
    frame = sys._getframe(2)
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] == _OURS:
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno
