"""What nodes tell whoever records a function: what Python learns, and what no replay repeats."""

from collections.abc import Callable
from contextvars import ContextVar
from operator import eq, ne
from typing import Any

import numpy as np

Node = Any  # node.py imports this file
Watch = Any  # what records a function; only jit/ knows more of it

watching: list[Watch] = []  # in all threads; nearly always empty, which is quickly seen
current_watch: ContextVar[Watch | None] = ContextVar("current_watch", default=None)
watch_here = current_watch.get


def watch_of(*nodes: Node) -> Watch | None:
    """Find the watch of this thread, or that of the thread for which this one works."""
    if watch := watch_here():
        return watch
    return next((x for x in tuple(watching) if any(map(x.covers, nodes))), None)


def read(node: Node) -> None:
    """Note that Python reads the numbers of a node."""
    if watch := watch_of(node):
        watch.learned("data", (node,), _itself, node._held, None)


def compared(how: str, compare: Callable[[Any, Any], Any], a: Node, b: Any, seen: Any) -> None:
    """Note how a comparison of a node with another, or with numbers, came out."""
    if hasattr(b, "_held"):
        if watch := watch_of(a, b):
            watch.learned(how, (a, b), compare, seen, None)
    elif watch := watch_of(a):
        other = b if isinstance(b, float | int) else np.array(b)
        by = (type(b), b) if other is b else id(other)
        watch.learned(how, (a,), lambda x: compare(x, other), seen, by)


def equals(node: Node, other: Any) -> Any:
    """Compare in a recording: the numbers of a node with others, but not with those of a node."""
    if hasattr(other, "_held") and node is not other:
        advice = "Use `is`, or compare them by <= and >=."
        refuse("it compares two nodes by ==", advice, node, other)
    if node is not other and not isinstance(other, float | int | np.number | np.ndarray):
        return False
    outcome = node._held == (node._held if other is node else other)
    compared("==", eq, node, other, outcome)
    return outcome


def is_true(node: Node) -> bool:
    """Say what Python takes a node for in a recording: for what its number is."""
    outcome = bool(node._held)
    compared("!=", ne, node, 0.0, outcome)
    return outcome


def is_finite(nodes: list[Node], finite: Callable[[Any], bool]) -> None:
    """Note that a pass goes on because its results are finite."""
    watch = watch_of(*nodes)
    if watch and nodes:
        outcome = all(finite(x._held) for x in nodes)
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
