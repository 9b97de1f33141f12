"""Finds what a node was computed from, in the order in which it was computed."""

from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter

from .node import Node

_creation = attrgetter("id")


def walk(outputs: Iterable[Node], further: Callable[[Node], Iterable[Node]]) -> Iterator[Node]:
    """Yield nodes, and those that `further` gives of each, every one once; no depth is too deep."""
    found = list(dict.fromkeys(outputs))
    seen = set(found)
    for node in found:  # it grows while it is read
        yield node
        for x in further(node):
            if x not in seen:
                seen.add(x)
                found.append(x)


def trace(*outputs: Node, constants: bool = True) -> list[Node]:
    """List all that `outputs` were computed from, and these, in order of creation.

    Parameters
    ----------
    *outputs : Node
        Where to look back from.
    constants : bool
        Whether to list data and literals too, and what was computed from them alone.

    Examples
    --------
    >>> from autograd import Value
    >>> x = Value(3.0)
    >>> [node.data for node in trace(x * 2 + 1)]
    [3.0, 2.0, 6.0, 1.0, 7.0]
    """
    seen = set(outputs)
    found = list(seen)
    for node in found:  # as in walk, written out for speed: each pass begins with this
        for x in node.inputs:
            if x not in seen and (constants or not x.constant):
                seen.add(x)
                found.append(x)
    found.sort(key=_creation)
    return found
