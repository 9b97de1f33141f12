"""Watches what Python learns from a graph while a function is recorded: a replay will not ask."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Any, NamedTuple

import numpy as np

from ..engine import Node, current_watch, walk, watching
from ..errors import GraphError

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
        self.asked: BaseException | None = None  # a question that no node can answer
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
        behind = walk([node], lambda x: [y for y in x.inputs if y.id >= self.start])
        return any(x.id in self.inputs for x in behind)


@contextmanager
def watched(watch: Watch) -> Iterator[None]:
    """Let a watch see what happens in this thread."""
    token = current_watch.set(watch)
    with _drawing:
        watching.append(watch)
        watch.knows_randomness()
    try:
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
