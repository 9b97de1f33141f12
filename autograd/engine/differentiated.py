"""Knows which nodes depend on what a function is being differentiated by, while it runs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

Node = Any  # node.py imports this file

differentiated_by: dict[int, Node] = {}  # by creation, in all threads; nearly always empty


@contextmanager
def differentiating(nodes: Sequence[Node]) -> Iterator[None]:
    """Say by which nodes the function that now runs is differentiated."""
    differentiated_by.update((node.id, node) for node in nodes)
    try:
        yield
    finally:
        for node in nodes:
            differentiated_by.pop(node.id, None)


def is_differentiated(node: Node) -> bool:
    """Whether a node depends on one that a running function is differentiated by."""
    if not differentiated_by or node.constant:
        return False
    first = min(differentiated_by)
    seen, found = {node.id}, [node]
    for x in found:  # it grows while it is read
        if x.id in differentiated_by:
            return True
        for operand in x.inputs:
            if operand.id >= first and not operand.constant and operand.id not in seen:
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
    ours = is_differentiated(node)
    if not hasattr(other, "_held"):
        return node._held == other if ours else False
    if ours != is_differentiated(other) and node is not other:
        raise TypeError(
            "==: one node depends on what the function is differentiated by, the other does not. "
            "Compare the numbers, x.data == y.data, or ask whether it is the same node: x is y."
        )
    return node._held == other._held if ours else node is other
