"""The seam for whoever records a function: what the nodes themselves do not tell a recording."""

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any

Node = Any  # node.py imports what imports this file
Watch = Any  # what records a function; only jit/ knows more of it

watching: list[Watch] = []  # in all threads; nearly always empty, which is quickly seen
current_watch: ContextVar[Watch | None] = ContextVar("current_watch", default=None)
watch_here = current_watch.get


def watch_of(*nodes: Node) -> Watch | None:
    """Find the watch of this thread, or that of the thread for which this one works."""
    if not watching:
        return None
    if watch := watch_here():
        return watch
    return next((x for x in tuple(watching) if any(map(x.covers, nodes))), None)


def refuse(what: str, advice: str, *nodes: Node) -> None:
    """Refuse what a replay would not repeat: in this thread, and on nodes in any other."""
    if watch := watch_of(*nodes):
        watch.refuse(what, advice)


def uses_grads(nodes: Iterable[Node]) -> None:
    """Tell that gradients are looked at or set, which no call can compare."""
    for node in nodes if watching else ():
        if watch := watch_of(node):
            watch.cannot_compare(node, "the grad")


def failed(call: str, nodes: tuple[Node, ...]) -> None:
    """Tell that an op had no value; this matters if the function goes on nevertheless."""
    if watch := watch_of(*nodes):
        watch.failed(call)


def passes_through(path: list[Node]) -> None:
    """Tell through which nodes a pass goes; through old ones only while their leaves are old."""
    if watch := watch_here():
        watch.passes_through(path)


def is_finite(nodes: list[Node], finite: Callable[[Any], bool]) -> None:
    """Tell that a pass goes on only if its results are finite."""
    if watch := watch_of(*nodes):
        watch.asks_if_finite(nodes, finite)


def is_recorded(node: Node, call: str) -> bool:
    """Tell that a node becomes a number, and whether that concerns a recording only."""
    watch = watch_of(node)
    if watch:
        watch.reads_outright(node, f"{call}()")
    return watch is not None
