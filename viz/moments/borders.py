"""What comes into a box of many nodes and what leaves it, as lines of a step."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .arrays import Line, piece
from .equations import joined, summed
from .live import number
from .notation import told
from .passes import Flow, Pass
from .rooms import Part, Room

_LISTED = 6  # numbers of a box that are listed one by one, and boxes that it is joined to
_SUMMED = 3  # numbers whose running sums are listed


def listed(labels: Sequence[str], found: Mapping[int, Any], called: str) -> Line:
    """Write what belongs to some nodes; of many at once, by a name for all of them.

    Examples
    --------
    >>> listed(["x", "y"], {0: 2.0, 1: -1.0}, "both"), listed([], dict.fromkeys(range(9), 2.0), "w")
    (('x: ', '2', ', ', 'y: ', '-1'), ('w: 9 numbers of 2',))
    """
    if len(found) > _LISTED:
        return (f"{called}: {told([*found.values()])}",)
    return joined([(f"{labels[i]}: ", piece(x)) for i, x in found.items()], ", ")


def by_box(run: Pass, room: Room, found: Mapping[int, Any]) -> Line:
    """Write what belongs to some nodes, by the boxes in which they are."""
    boxes: dict[Part, dict[int, Any]] = {}
    for i, x in found.items():
        boxes.setdefault(room.part_of[i], {})[i] = x
    lines = [listed(run.notation.labels, inside, part.title) for part, inside in boxes.items()]
    more = (f" and {len(lines) - _LISTED} more",) * (len(lines) > _LISTED)
    return (*joined(lines[:_LISTED], ", "), *more)


def received(run: Pass, room: Room, part: Part) -> Line:
    """Write the adjoints of what comes out of a box, and from which boxes they come."""
    adjoints = {i: run.adjoints[i] for i in part.outputs if i in run.adjoints}
    came: dict[Part | None, Any] = {}
    for flow in (flow for i in adjoints for flow in run.flows_to(i)):
        box = room.part_of.get(flow.node)
        came[box] = came[box] + flow.passed if box in came else flow.passed
    is_told = len(adjoints) == 1 and 1 < len(came) <= _LISTED and not {None, part} & {*came}
    for i, adjoint in adjoints.items() if is_told else ():
        if np.ndim(adjoint) == 0:
            terms = (f"{number(x)} from {box.title}" for box, x in came.items() if box)
            return (f"{run.notation.labels[i]}: {' + '.join(terms)} = {number(adjoint)}",)
    return listed(run.notation.labels, adjoints, part.title)


def sums(labels: Sequence[str], part: Part, flows_to: Mapping[int, list[Flow]]) -> Line:
    """Write what the nodes of a box receive, each along several edges at once."""
    if len(flows_to) > _SUMMED:
        return (f"{part.title}: {told([flows[-1].total for flows in flows_to.values()])}",)
    lines: list[Line] = []
    for i, flows in flows_to.items():
        total, before = flows[-1].total, flows[0].before
        passed = None if before is None else total - before
        lines.append((f"{labels[i]}: ", *summed(before, passed, total)))
    return joined(lines, "; ")
