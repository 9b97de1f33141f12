"""A computation and its backward pass as text for a terminal."""

from collections.abc import Sequence

from autograd import Graph
from autograd.formulas import number, written
from autograd.texts import columns

from ..moments import Frame, Notation, Part, Room, contents, several, without_gradients

BRIEF = 50  # lines of each list where text only stands in for a picture


def graph_text(graph: Graph, *, grads: bool = True, most: int | None = None) -> str:
    """List what was computed, one line a node, with the gradients if a pass has been here.

    Parameters
    ----------
    graph : Graph
    grads : bool
        Whether to list the gradients.
    most : int, optional
        How many nodes to list at most.

    Examples
    --------
    >>> from autograd import Value
    >>> print(graph_text(Graph(Value(2.0, name="x") * 3 + 1), grads=False))
    x  = 2
    v₁ = x·3    = 6
    v₂ = v₁ + 1 = 7
    """
    notation = Notation(graph)
    drawn = [node for node in graph.nodes if not notation.is_literal(node.index)]
    rows = []
    for node in drawn[:most]:
        formula = f"= {written(notation.formula(node.index))}"
        value = f"= {number(node.data)}" if node.op else ""
        grad = "" if node.grad is None or not grads else f"grad {number(node.grad)}"
        rows.append([notation.labels[node.index], formula, value, grad])
    table = columns(rows, " ") + rest(len(drawn), most, "node")
    missing = without_gradients(graph)
    return f"{table}\n({missing})" if grads and missing else table


def pass_text(frames: Sequence[Frame], title: str, room: Room, *, most: int | None = None) -> str:
    """Write all of a room: forward values, steps backward, gradients; `most` lines of each."""
    graph = frames[0].graph
    notation = Notation(graph)
    labels = notation.labels
    forward = [_forward(notation, part) for part in [*room.around, *room.parts]]
    steps = [frame for frame in frames if frame.phase in ("start", "backward")]
    grads = [
        [f"∂{labels[graph.output]}/∂{labels[i]}", f"= {number(grad)}"]
        for i, grad in sorted(frames[-1].adjoints.items())
        if graph.nodes[i].op is None
    ]
    rows = [
        [frame.title, " = ".join(map(written, frame.rule)), frame.numbers, frame.total]
        for frame in steps[:most]
    ]
    header = ["step", "rule", "local × upstream = contribution", "running sum"]
    filled = [k for k in range(len(header)) if any(row[k] for row in rows)]
    table = [[row[k] for k in filled] for row in [header, *rows]]
    backward = columns(table, "   ") + rest(len(steps), most, "step")
    gradients = columns(grads[:most], " ") + rest(len(grads), most, "gradient")
    notes = [f"{frame.title}: {note}" for frame in frames for note in frame.notes]
    noted = ["\n".join(["notes", *notes[:most]]) + rest(len(notes), most, "note")] if notes else []
    return "\n\n".join(
        [
            title,
            f"forward\n{columns(forward[:most], ' ')}{rest(len(forward), most, 'node')}",
            f"backward\n{backward}",
            *noted,
            f"gradients\n{gradients}",
        ]
    )


def _forward(notation: Notation, part: Part) -> list[str]:
    """Write what a box computes, and its value; of one that was folded what comes out."""
    if len(part.nodes) > 1:
        held = several([notation.graph.nodes[i].data for i in part.outputs])
        return [part.title, f"= {contents(notation, part)}", f"= {held}"]
    node = notation.graph.nodes[part.nodes[0]]
    formula = f"= {written(notation.formula(node.index))}"
    return [part.title, formula, f"= {number(node.data)}" if node.op else ""]


def rest(count: int, most: int | None, kind: str) -> str:
    """Say how many lines a list would go on for."""
    left = 0 if most is None else count - most
    return f"\n... and {left} more {kind}{'s' * (left > 1)}" if left > 0 else ""
