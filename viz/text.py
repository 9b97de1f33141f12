"""A computation and its backward pass as text for a terminal."""

from collections.abc import Sequence

from autograd import Graph, number, written

from .frames import Frame
from .notation import Notation


def graph_text(graph: Graph, *, grads: bool = True) -> str:
    """List what was computed, one line a node, with the gradients if a pass has been here.

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
    for node in drawn:
        formula = f"= {written(notation.formula(node.index))}"
        value = f"= {number(node.data)}" if node.op else ""
        grad = "" if node.grad is None or not grads else f"grad {number(node.grad)}"
        rows.append([notation.labels[node.index], formula, value, grad])
    table = _table(rows, gap=" ")
    if grads and all(node.grad is None for node in drawn):
        return f"{table}\n(no gradients yet: call backward())"
    return table


def pass_text(frames: Sequence[Frame], title: str) -> str:
    """Write a whole pass: forward values, every step backward, the gradients."""
    graph = frames[0].graph
    seed, *edges, result = frames[1:]
    labels = Notation(graph).labels
    grads = [
        [f"∂{labels[graph.output]}/∂{labels[i]}", f"= {number(grad)}"]
        for i, grad in sorted(result.adjoints.items())
        if graph.nodes[i].op is None
    ]
    rows = [
        [frame.title, " = ".join(map(written, frame.rule)), frame.numbers, frame.total]
        for frame in [seed, *edges]
    ]
    header = ["step", "rule", "local × upstream = contribution", "running sum"]
    steps = _table([header, *rows], gap="   ")
    return "\n\n".join(
        [
            title,
            f"forward\n{graph_text(graph, grads=False)}",
            f"backward\n{steps}",
            f"gradients\n{_table(grads, gap=' ')}",
        ]
    )


def _table(rows: list[list[str]], gap: str) -> str:
    """Align columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        gap.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)
