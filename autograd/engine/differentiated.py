"""Knows which nodes depend on what a function is being differentiated by, while it runs."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

Node = Any  # node.py imports this file

differentiated_by: dict[int, Node] = {}  # by creation, in all threads; nearly always empty
_following: set[int] = set()  # nodes known to depend on these


@contextmanager
def differentiating(nodes: Sequence[Node]) -> Iterator[None]:
    """Say by which nodes the function that now runs is differentiated."""
    differentiated_by.update((node.id, node) for node in nodes)
    try:
        yield
    finally:
        for node in nodes:
            differentiated_by.pop(node.id, None)
        _following.clear()


def is_differentiated(node: Node) -> bool:
    """Whether a gradient flows from a node to what a running function is differentiated by."""
    return not node.constant and follows(node)


def follows(node: Node) -> bool:
    """Whether a node was computed from what a running function is differentiated by.

    That of a detached one is found in its inputs, too: it stands for a number that is given.
    """
    return is_computed_from(node, differentiated_by, _following)


def is_computed_from(node: Node, sources: Collection[int], known: set[int]) -> bool:
    """Whether a node is one of those with some ids, or was computed from one.

    Parameters
    ----------
    node : Node
    sources : collection of int
    known : set of int
        Ids of nodes that were found to be; more are added, so that loops that ask in each step
        look back one step.
    """
    if not sources:
        return False
    first = min(sources)
    seen, found = {node.id}, [node]
    while found:
        x = found.pop()  # the latest first: it is near to what is known
        if x.id in sources or x.id in known:
            known.add(node.id)
            return True
        for operand in x.inputs:
            if operand.id >= first and operand.id not in seen:
                seen.add(operand.id)
                found.append(operand)
    return False


def equal(node: Node, other: Any) -> Any:
    """Compare in a function that is differentiated: numbers where its arguments are in play.

    Raises
    ------
    TypeError
        If only one of two nodes depends on its arguments: a number and a node are compared.
    """
    ours = follows(node)
    if not hasattr(other, "_held"):
        return node._held == other if ours else False
    if ours != follows(other) and node is not other:
        raise TypeError(
            "==: one node depends on what the function is differentiated by, the other does not. "
            "Compare the numbers, x.data == y.data, or ask whether it is the same node: x is y."
        )
    return node._held == other._held if ours else node is other
