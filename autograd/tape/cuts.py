"""Finds numbers that were taken out of a graph by .data and put in again, where no replay sees."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ..engine import Node, walk
from ..errors import GraphError
from ..ops import brief


def refuse_cuts(outputs: Sequence[Node], inputs: Sequence[Node]) -> None:
    """Refuse a leaf made of the very number that an input holds, or what follows from one.

    It would stay what it was, whatever a tape is given. That a leaf has an equal number proves
    nothing, hence numbers are told apart by their object, and arrays by their memory.
    """
    given = set(inputs)
    found = [*walk([*outputs, *inputs], lambda x: () if x in given else x.inputs)]
    leaves = [x for x in found if x.op is None and x not in given and x._given is not None]
    holders: dict[int, list[Node]] = {_place(x._given): [] for x in leaves}
    for x in found:
        place = _place(x._held)
        if place in holders:
            holders[place].append(x)
    owners = {
        place: next((x for x in nodes if _is_own(x) and _follows(x, given)), None)
        for place, nodes in holders.items()
    }
    for leaf in leaves:
        owner = owners[_place(leaf._given)]
        if owner is not None and owner.id < leaf.id:
            raise GraphError(
                f"Tape: {brief(leaf)} was made of the number of {_named(owner)}, by .data or "
                "item(), and would stay what it is, whatever is given. Use detach() there: "
                "gradients stop, and a tape computes it anew. If it is to stay, make it of a "
                "copy: x.data + 0.0."
            )


def _place(held: Any) -> int:
    """Say where numbers stand: which object a float is, or who owns the memory of an array."""
    while isinstance(held, np.ndarray) and isinstance(held.base, np.ndarray):
        held = held.base
    return id(held)


def _is_own(node: Node) -> bool:
    """Whether a result is no view of an operand, and nothing that its op holds ready."""
    if node.op is None:
        return True
    function: Any = node.op.forward if isinstance(node._held, np.ndarray) else node.op.scalar
    with np.errstate(all="ignore"):
        again = function(*node.args, **node.params)
    return _place(again) != _place(node._held)


def _follows(node: Node, given: Iterable[Node]) -> bool:
    return any(x in given for x in walk([node], lambda x: x.inputs))


def _named(node: Node) -> str:
    return node.name or (f"a result of {node.op.name}" if node.op else f"the input {brief(node)}")
