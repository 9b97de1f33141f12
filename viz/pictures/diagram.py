"""A Diagram is a graph cut down to what a reader can take in: some boxes, some edges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from autograd import Graph, GraphError
from autograd.formulas import number, written

from ..moments import Notation, Part, Room, contents, nearest, outermost, several, without_gradients

LARGEST = 1500  # boxes; beyond that a layout takes minutes
_NEAR = 30  # boxes around a node
_WIDE = 26  # characters of a formula; a longer one makes way for the name of its layer or op


@dataclass(frozen=True)
class Box:
    """One box: a node, or many folded into one."""

    id: str
    title: str
    formula: str
    data: str
    grad: str
    whole: str = ""  # the name, where the title is cut
    array: Any = field(default=None, compare=False)  # where the value is one
    grads: Any = field(default=None, compare=False)
    # What their cells say at one moment of a pass: None while it is not known.
    moment: tuple[Any, Any] | None = field(default=None, compare=False)
    lit: bool = False
    remark: str = ""  # what is to be said about it


@dataclass(frozen=True)
class Edge:
    """An arrow between two boxes; `slope` is the local derivative, if it has one number.

    It is faint where no gradient flows, or more than one.
    """

    id: str
    tail: str
    head: str
    slope: str
    faint: bool
    lit: bool = False


@dataclass(frozen=True)
class Diagram:
    """What a picture shows.

    Attributes
    ----------
    boxes : list of Box
    edges : list of Edge
    box_of : dict from int to str
        Id of the box that shows a node, for every node that is shown.
    edge_of : dict from (int, int) to str
        Id of the edge that leads into a node's operand at a position.
    note : str
        What the picture leaves out; empty if nothing.
    is_forward : bool
        Whether values flow along what is lit, instead of gradients.
    """

    boxes: list[Box]
    edges: list[Edge] = field(default_factory=list)
    box_of: dict[int, str] = field(default_factory=dict)
    edge_of: dict[tuple[int, int], str] = field(default_factory=dict)
    note: str = ""
    is_forward: bool = False


def diagram(
    graph: Graph,
    detail: str | int = "auto",
    around: int | None = None,
    max_nodes: int = LARGEST,
    note: str = "",
) -> Diagram:
    """Choose what to show of a graph.

    Parameters
    ----------
    graph : Graph
    detail : 'auto', 'full' or int
        'full' shows every node. A number folds module calls nested at least that deep into one
        box each: 1 is a box for each outermost call. 'auto' folds the innermost calls, then those
        around them, then what was made one after the other, until some 40 boxes are left.
    around : int, optional
        Show only the neighborhood of the node with this index.
    max_nodes : int
        How many boxes to draw at most.
    note : str
        How a line under the picture begins.

    Raises
    ------
    GraphError
        If there would be more boxes than `max_nodes`.
    """
    notation = Notation(graph)
    indices = range(len(graph.nodes))
    drawn = [i for i in indices if i == around or not notation.is_literal(i)]
    notes = [note] if note else []
    if around is None:
        room = outermost(notation, detail)
    else:
        near = sorted(nearest(graph, {i: i for i in drawn}, around, _NEAR))
        singles = [Part((i,), notation.labels[i], (i,)) for i in near]
        room = Room("r0", notation.labels[around], None, tuple(near), lambda _: ([], singles))
        notes.append(f"{len(near)} nodes around {notation.labels[around]} of {len(drawn)}")
    count = len(room.parts)
    if count > max_nodes:
        raise GraphError(
            f"draw: {count} boxes, more than max_nodes={max_nodes}. Fold with detail='auto' or "
            "detail=1, show a part with around=node, or allow more with max_nodes."
        )
    if count < len(drawn) and not notes:
        boxes = "box" if count == 1 else "boxes"
        notes.append(f"{len(drawn)} values in {count} {boxes}; detail='full' shows them all")
    notes.append(without_gradients(graph))
    grads = {node.index: node.grad for node in graph.nodes}
    return pictured(notation, room, grads, "; ".join(filter(None, notes)))


def marked(shown: Diagram, remarks: Mapping[int, str]) -> Diagram:
    """Light the boxes of some nodes, with a remark in each."""
    of_box: dict[str, list[str]] = {}
    for i, remark in remarks.items():
        of_box.setdefault(shown.box_of.get(i, ""), []).append(remark)
    boxes = [
        replace(box, lit=True, remark="; ".join(of_box[box.id])) if box.id in of_box else box
        for box in shown.boxes
    ]
    return replace(shown, boxes=boxes)


def pictured(notation: Notation, room: Room, grads: Mapping[int, Any], note: str = "") -> Diagram:
    """Make a box of each part of a room, with its gradient, and join them by edges."""
    notation = notation.within(room.titles)
    shown = Diagram(boxes=[], note=note)
    part_of = room.part_of
    for part in [*room.around, *room.parts]:
        box = (_single if len(part.nodes) == 1 else _fold)(notation, part, grads)
        if part.call and part in room.around:  # what it was computed from is in other rooms
            box = replace(box, formula=notation.graph.calls.get(part.call, ""))
        shown.boxes.append(box)
        shown.box_of.update(dict.fromkeys(part.nodes, part.id))
    joined: dict[tuple[Part, Part], str] = {}
    for i in room.nodes:
        head = part_of[i]
        for position, x in enumerate(notation.graph.nodes[i].inputs):
            tail = part_of.get(x)
            if tail is None or tail is head:
                continue
            exact = len(tail.nodes) == len(head.nodes) == 1
            if exact or (tail, head) not in joined:
                id = joined[tail, head] = f"e{i}_{position}"
                slope = notation.slope_text(i, position) if exact else ""
                faint = not exact or notation.graph.nodes[x].constant
                shown.edges.append(Edge(id, tail.id, head.id, slope, faint))
            shown.edge_of[i, position] = joined[tail, head]
    return shown


def _single(notation: Notation, part: Part, grads: Mapping[int, Any]) -> Box:
    (i,) = part.nodes
    node, adjoint = notation.graph.nodes[i], grads.get(i)
    formula = "" if node.op is None else _formula(notation, part, i)
    grad = "" if adjoint is None else number(adjoint)
    whole, arrays = node.name or "", _arrays([node.data], [adjoint])
    data = number(node.data) if np.ndim(node.data) else written(notation.value(i))
    return Box(part.id, part.title, formula, data, grad, whole, *arrays)


def _formula(notation: Notation, part: Part, i: int) -> str:
    formula = written(notation.formula(i))
    if len(formula) <= _WIDE:
        return formula
    is_call = part.call in notation.graph.calls
    return contents(notation, part) if is_call else str(notation.graph.nodes[i].op)


def _fold(notation: Notation, part: Part, grads: Mapping[int, Any]) -> Box:
    """Make one box of many nodes: it shows what is used of them outside, all of it."""
    nodes = notation.graph.nodes
    computed = [i for i in part.nodes if nodes[i].op is not None] if part.room else []
    is_one = len(computed) == 1
    what = _formula(notation, part, computed[0]) if is_one else contents(notation, part)
    data, adjoints = [nodes[i].data for i in part.outputs], [*map(grads.get, part.outputs)]
    grad = "" if any(x is None for x in adjoints) else several(adjoints)
    return Box(part.id, part.title, what, several(data), grad, "", *_arrays(data, adjoints))


def _arrays(data: Sequence[Any], grads: Sequence[Any]) -> tuple[Any, Any]:
    """Give the value and the gradient of a box, where it holds one array."""
    return (data[0], grads[0]) if len(data) == 1 and np.ndim(data[0]) else (None, None)
