"""A Diagram is a graph cut down to what a reader can take in: some boxes, some edges."""

from collections import defaultdict
from dataclasses import dataclass, field

from autograd import Graph, GraphError
from autograd.formulas import number, written

from .folding import READABLE, Key, box_keys, nearest
from .notation import Notation

LARGEST = 1500  # boxes; beyond that a layout takes minutes
_WIDE = 20  # characters of a formula; a longer one makes way for the name of its op


@dataclass(frozen=True)
class Box:
    """One box: a node, or many folded into one."""

    id: str
    title: str
    formula: str
    data: str
    grad: str


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
    """

    boxes: list[Box]
    edges: list[Edge] = field(default_factory=list)
    box_of: dict[int, str] = field(default_factory=dict)
    edge_of: dict[tuple[int, int], str] = field(default_factory=dict)
    note: str = ""


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
        box each: 1 is a box for each outermost call. 'auto' shows every node of up to 300, folds
        the innermost calls of more, then those around them, until no more than 300 boxes are left;
        if there are more even so, it shows the 300 nearest to the output.
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
    total = len(drawn)
    notes = [note] if note else []
    if around is not None:
        drawn = list(nearest(graph, {i: i for i in drawn}, around, READABLE // 10))
        notes.append(f"{len(drawn)} nodes around {notation.labels[around]} of {total}")
    keys = box_keys(graph, drawn, detail)
    count = len(set(keys.values()))
    if detail == "auto" and count > READABLE:
        keys = nearest(graph, keys, graph.output, READABLE)
        boxes = "nodes" if count == total else "boxes"
        notes.append(f"the {READABLE} {boxes} nearest to the output, of {count}")
        count = READABLE
    if count > max_nodes:
        raise GraphError(
            f"draw: {count} boxes, more than max_nodes={max_nodes}. Fold with detail='auto' or "
            "detail=1, show a part with around=node, or allow more with max_nodes."
        )
    if count < len(drawn) and not notes:
        boxes = "box" if count == 1 else "boxes"
        notes.append(f"{len(drawn)} values in {count} {boxes}; detail='full' shows them all")
    if all(node.grad is None for node in graph.nodes):
        notes.append("no gradients yet: call backward()")
    return _assemble(notation, keys, "; ".join(notes))


def _assemble(notation: Notation, keys: dict[int, Key], note: str) -> Diagram:
    """Make boxes of the keys and join them by edges."""
    members: dict[Key, list[int]] = defaultdict(list)
    for i, key in keys.items():
        members[key].append(i)
    shown = Diagram(boxes=[], note=note)
    for key, nodes in members.items():
        box = _fold(notation, key, nodes) if len(nodes) > 1 else _single(notation, nodes[0])
        shown.boxes.append(box)
        shown.box_of.update(dict.fromkeys(nodes, box.id))
    joined: dict[tuple[str, str], str] = {}
    for i in keys:
        for position, x in enumerate(notation.graph.nodes[i].inputs):
            if x not in keys or keys[x] == keys[i]:
                continue
            ends = shown.box_of[x], shown.box_of[i]
            exact = keys[x] == x and keys[i] == i
            if exact or ends not in joined:
                joined[ends] = f"e{i}_{position}"
                slope = notation.slope_text(i, position) if exact else ""
                faint = not exact or notation.graph.nodes[x].constant
                shown.edges.append(Edge(joined[ends], *ends, slope, faint))
            shown.edge_of[i, position] = joined[ends]
    return shown


def _single(notation: Notation, i: int) -> Box:
    node = notation.graph.nodes[i]
    formula = ""
    if node.op is not None:
        formula = written(notation.formula(i))
        if len(formula) > _WIDE:
            formula = node.op
    grad = "" if node.grad is None else number(node.grad)
    return Box(f"n{i}", notation.labels[i], formula, number(node.data), grad)


def _fold(notation: Notation, key: Key, nodes: list[int]) -> Box:
    """Make one box of many nodes: a call shows its last value, a row of leaves its ends."""
    first, last = min(nodes), max(nodes)
    if isinstance(key, tuple):
        value = notation.graph.nodes[last].data
        return Box(f"b{last}", key[-1], f"{len(nodes)} values", number(value), "")
    ends = f"{notation.labels[first]} … {notation.labels[last]}"
    return Box(f"b{last}", ends, f"{len(nodes)} values", "", "")
