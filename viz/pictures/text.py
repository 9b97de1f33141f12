"""A computation and its backward pass as text for a terminal."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from autograd import Graph, GraphNode
from autograd.formulas import written
from autograd.texts import columns

from ..moments import (
    Frame,
    Notation,
    Part,
    Room,
    aligned,
    contents,
    is_small,
    several,
    summary,
    without_gradients,
)

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
        known = node.grad is not None and grads
        grad = _indented("grad ", aligned(node.grad)) if known else ""
        rows.append([notation.labels[node.index], *_computed(notation, node), grad])
    listed = _columns(rows, " ") + rest(len(drawn), most, "node")
    missing = without_gradients(graph)
    return f"{listed}\n({missing})" if grads and missing else listed


def pass_text(
    notation: Notation,
    frames: Sequence[Frame],
    title: str,
    room: Room,
    *,
    most: int | None = None,
) -> str:
    """Write all of a room: forward values, steps backward, gradients; `most` lines of each."""
    notation = notation.within(room.titles)
    graph, labels = notation.graph, notation.labels
    parts = [*room.around, *room.parts]
    forward = [_forward(notation, part) for part in parts[:most]]
    steps = [frame for frame in frames if frame.phase in ("start", "backward")]
    adjoints = frames[-1].adjoints
    leaves = sorted(i for i in adjoints if graph.nodes[i].op is None)
    grads = [[f"∂{labels[graph.output]}/∂{labels[i]}", _equal(adjoints[i])] for i in leaves[:most]]
    write = _as_blocks if any(getattr(x, "ndim", 0) for x in adjoints.values()) else _as_table
    backward = write(steps[:most]) + rest(len(steps), most, "step")
    gradients = _columns(grads, " ") + rest(len(leaves), most, "gradient")
    notes = [f"{frame.title}: {note}" for frame in frames for note in frame.notes]
    noted = ["\n".join(["notes", *notes[:most]]) + rest(len(notes), most, "note")] if notes else []
    return "\n\n".join(
        [
            title,
            f"forward\n{_columns(forward, ' ')}{rest(len(parts), most, 'node')}",
            f"backward\n{backward}",
            *noted,
            f"gradients\n{gradients}",
        ]
    )


def _as_table(steps: Sequence[Frame]) -> str:
    rows = [[frame.title, _rule(frame), frame.numbers, frame.total] for frame in steps]
    header = ["step", "rule", "local × upstream = contribution", "running sum"]
    filled = [k for k in range(len(header)) if any(row[k] for row in rows)]
    return columns([[row[k] for k in filled] for row in [header, *rows]], "   ")


def _as_blocks(steps: Sequence[Frame]) -> str:
    """Give each step lines of its own: arrays side by side would be wider than any terminal."""
    lines = []
    for frame in steps:
        lines.append(frame.title)
        numbers = "".join(
            part if isinstance(part, str) else written(part) for part in frame.lines[0]
        )
        facts = (_rule(frame), *numbers.split("\n"), frame.total)
        lines += [f"  {fact}" for fact in facts if fact]
    return "\n".join(lines)


def _rule(frame: Frame) -> str:
    return " = ".join(map(written, frame.rule))


def _forward(notation: Notation, part: Part) -> list[str]:
    """Write what a box computes, and its value; of one that was folded what comes out."""
    nodes = notation.graph.nodes
    if len(part.nodes) == 1:
        return [part.title, *_computed(notation, nodes[part.nodes[0]])]
    outputs = [nodes[i].data for i in part.outputs]
    held = _equal(outputs[0]) if len(outputs) == 1 else f"= {several(outputs)}"
    return [part.title, f"= {contents(notation, part)}", held]


def _computed(notation: Notation, node: GraphNode) -> list[str]:
    """Write the formula of a node and its value; of a leaf only its value."""
    if node.op is None:
        return [_equal(node.data), ""]
    is_float = isinstance(node.data, float)
    value = f"= {written(notation.value(node.index))}" if is_float else _equal(node.data)
    return [f"= {written(notation.formula(node.index))}", value]


def _equal(x: Any) -> str:
    """Write what something is, or in words how it is, where it is too large to be written out."""
    return _indented("= ", aligned(x)) if is_small(x) else summary(x)


def _indented(word: str, text: str) -> str:
    return word + text.replace("\n", "\n" + " " * len(word))


def _columns(rows: Sequence[Sequence[str]], gap: str) -> str:
    """Write rows in columns; a cell may have several lines."""
    cells = ([cell.split("\n") for cell in row] for row in rows)
    lines = [line for row in cells for line in zip_longest(*row, fillvalue="")]
    return columns(lines, gap)


def rest(count: int, most: int | None, kind: str) -> str:
    """Say how many lines a list would go on for."""
    left = 0 if most is None else count - most
    return f"\n... and {left} more {kind}{'s' * (left > 1)}" if left > 0 else ""
