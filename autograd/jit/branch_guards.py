"""Watches what Python learns from a graph while a function is recorded: a replay will not ask."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from threading import RLock
from typing import Any, NamedTuple

import numpy as np

from ..engine import Node, current_watch, is_computed_from, next_id, watching
from ..errors import GraphError
from ..texts import shown
from .noticing import noticing

_PACKAGE = __name__.partition(".")[0]

_drawing = RLock()


class Guard(NamedTuple):
    """What Python learned from nodes: a replay is right only where it would learn the same."""

    how: str  # an operator, "data", or "finite"
    nodes: tuple[Node, ...]
    learn: Callable[..., Any]
    seen: Any
    drawn: int  # how many random nodes there were before
    place: tuple[str, int]  # file and line


class AskedAsNumber(BaseException):
    """A recorded function asks a node for what a number would answer otherwise.

    It is no Exception, so that ``except Exception`` in the function does not go on with it.
    """


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
    inputs : sequence of Node
        What stands for the arguments.
    asks_numbers : bool
        Whether what only a number can answer has to be asked of the arguments themselves.
    is_kept : bool
        Whether there will be a replay, which everything has to be noticed for.
    """

    def __init__(
        self,
        name: str,
        drawn: list[Any],
        random_states: Callable[[], Any],
        inputs: Sequence[Node],
        *,
        asks_numbers: bool,
        is_kept: bool = True,
    ) -> None:
        self.name = name
        self.start = min((x.id for x in inputs), default=next_id())  # older nodes were there before
        self.guards: dict[tuple[Any, ...], Guard] = {}
        self.noise: list[Node] = []
        self.fault: GraphError | None = None
        self.asked: AskedAsNumber | None = None
        self.unknown: str | None = None  # what was met first that no call can compare
        self._drawn = drawn
        self._random_states = random_states
        self._before: Any = None
        self._inputs = {x.id for x in inputs}
        self._following: set[int] = set()
        self._asks_numbers = asks_numbers
        self.is_kept = is_kept

    def covers(self, node: Node) -> bool:
        """Whether a node follows from the arguments."""
        return is_computed_from(node, self._inputs, self._following)

    def learned(self, how: str, nodes: tuple[Node, ...], learn: Any, seen: Any, by: Any) -> None:
        """Keep what was learned, once for each question; who asked may write into the answer."""
        key = (how, *nodes, by)
        if self.is_kept and key not in self.guards:
            kept = np.array(seen) if isinstance(seen, np.ndarray) else seen
            guard = Guard(how, nodes, learn, kept, len(self.noise), _place())
            self.guards[key] = guard

    def read(self, node: Node) -> None:
        """Note that Python reads the numbers of a node."""
        self.learned("data", (node,), _itself, node._held, None)

    def asks_if_finite(self, nodes: Sequence[Node], finite: Callable[[Any], bool]) -> None:
        """Note that a pass goes on only because its results are finite."""
        if nodes:
            outcome = all(finite(x._held) for x in nodes)
            self.learned("finite", tuple(nodes), lambda *xs: all(map(finite, xs)), outcome, None)

    def passes_through(self, path: list[Node]) -> None:
        """Note that a pass goes through old nodes, which it does while their leaves are old."""
        for node in path:
            if node.id < self.start:
                for x in node.inputs:
                    self.read(x)

    def asks_as_number(self, node: Node, what: str) -> None:
        """Leave the recording where a number would answer otherwise than the node."""
        if self._asks_numbers and self.covers(node):
            name = shown(node.name or "a number that follows from its arguments")
            self.asked = AskedAsNumber(f"it uses {what} of {name}")
            raise self.asked

    def reads_outright(self, node: Node, what: str) -> None:
        """Leave the recording, or keep nothing of it, where the answer depends on the number."""
        self.asks_as_number(node, what)
        self.cannot_compare(node, what)

    def cannot_compare(self, node: Node, what: str) -> None:
        """Note that something of a node was met that may be another at each call."""
        self.unknown = self.unknown or f"{what} of {shown(node.name or 'a node')}"

    def refuse(self, what: str, advice: str) -> None:
        """Refuse at once what a replay could not repeat."""
        if self.is_kept:
            raise self._cannot(what, advice)

    def failed(self, call: str) -> None:
        """Note that an op had no value: a function that goes on cannot be replayed."""
        self._cannot(
            f"{call} has no value and the function goes on",
            "Decide by a comparison before the call, rather than with try and except.",
        )

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
            self._cannot(
                "it draws random numbers",
                "Draw them as nodes: noise(rng.random, shape); or give them as an argument.",
            )

    def _cannot(self, what: str, advice: str) -> GraphError:
        error = GraphError(f"{self.name}: {what}, which no replay would repeat. {advice}")
        if self.is_kept:
            self.fault = self.fault or error
        return error


@contextmanager
def watched(watch: Watch) -> Iterator[None]:
    """Let a watch see what happens in this thread."""
    token = current_watch.set(watch)
    with _drawing:
        watching.append(watch)
        watch.knows_randomness()
    try:
        with noticing() if watch.is_kept else nullcontext():
            yield
        with _drawing:
            watch.look_for_other_randomness()
    finally:
        watching.remove(watch)
        current_watch.reset(token)


def as_noise(draw: Callable[..., Any], shape: Any) -> Any:
    """Draw random numbers as noise, which no recording in any thread takes for something else."""
    with _drawing:
        for watch in watching:
            watch.look_for_other_randomness()
        numbers = draw(size=shape)
        for watch in watching:
            watch.knows_randomness()
    return numbers


def _place() -> tuple[str, int]:
    """Find the line outside of this package that is being run."""
    frame = sys._getframe(2)
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] == _PACKAGE:
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


def _itself(x: Any) -> Any:
    return x
