"""A step of a pass is shown as the equation of each operand, a path as its factors."""

from inspect import signature
from typing import Any

import numpy as np

from autograd import OPS, Graph, Node, Step, Tensor, Value
from autograd.formulas import Formula, Symbol, number, slope, written

from ..moments import Derivative, Frame, Notation, Numbers, Path, is_small, latex, mathml, summary
from .html import block, equations, paragraphs, table, words
from .notebook import variables

_MOST = 6  # factors of an equation


def step(step: Step) -> dict[str, str]:
    """Show what flows from a node to each of its operands.

    Operands that have no name, and are no variables either, are called as the op calls them.
    """
    node, upstream = step.node, _numbers(step.grad)
    known = variables()
    label = node.name or known.get(node)
    if node.op is None:
        return block(f"{label or 'a leaf'}: the pass ends here, with {_told(upstream)}")
    operands = list(dict.fromkeys(node.inputs))
    notation = Notation(_alone(node, operands, known, label or "y"))
    last = len(operands)
    rows, lines = [], []
    for i, (x, passed) in enumerate(zip(node.inputs, step.contributions, strict=False)):
        if passed is not None:
            passed = _numbers(passed)
            by = notation.labels[operands.index(x)]
            sides = _sides(notation, last, i, by, upstream)
            rule = mathml(*sides) if sides else ""
            rows.append((words(by), rule, words(_told(upstream)), words(_told(passed))))
            if np.ndim(upstream) == 0:
                product = rf"{_factor(sides[-1])} \cdot {_factor(upstream)} = {number(passed)}"
                lines.append(rf"{' = '.join(map(latex, sides))},\quad {product}")
            elif sides:
                lines.append(rf"{latex(Symbol(by))} \leftarrow {latex(*sides)}")
    formula = mathml(Symbol(notation.labels[last]), notation.formula(last))
    head = "local derivative" if np.ndim(upstream) == 0 else "what flows, where g comes in"
    title = f"{notation.labels[last]}: {_told(upstream)} comes in"
    heads = ("operand", head, " comes in", " flows on")
    return block(title, f"<div>{formula}</div>", table(heads, rows)) | equations(*lines)


def path(path: Path) -> dict[str, str]:
    """Show the nodes of a path with the factors between them."""
    if not path.nodes:
        return block(path.text)
    heads = ["node", " gain" if path.norms else " factor"]
    factors = [*map(number, path.factors), ""]
    rows = [[words(x), factor] for x, factor in zip(path.labels, factors, strict=True)]
    if path.weakest is not None:
        rows[path.weakest][1] += " ↓"
    if path.norms:
        heads.append(" norm of what comes in")
        rows = [[*row, number(norm)] for row, norm in zip(rows, path.norms, strict=True)]
    if len(rows) > 2 * _MOST:
        rows[_MOST:-_MOST] = [["…"] + [""] * (len(heads) - 1)]
    shown = block(path.text, table(heads, rows))
    if path.norms or not 0 < len(path.factors) <= _MOST:
        return shown
    ends = zip(path.labels, path.labels[1:], strict=False)
    slopes = r" \cdot ".join(latex(Derivative(y, x)) for y, x in ends)
    product = r" \cdot ".join(map(_factor, path.factors))
    total = f" = {number(path.product)}" * (len(path.factors) > 1)
    return shown | equations(f"{slopes} = {product}{total}")


def frame(frame: Frame) -> dict[str, str]:
    """Show a moment: its equation, its numbers and its sentence."""
    numbers = frame.numbers_mathml or words(frame.numbers)
    total = frame.total_mathml or words(frame.total)
    pieces = "".join(f"<div>{piece}</div>" for piece in (frame.mathml, numbers, total) if piece)
    return block(frame.title, pieces, paragraphs([frame.sentence, *frame.notes])) | equations(
        *[frame.latex] * bool(frame.rule)
    )


def _alone(node: Node, operands: list[Node], known: dict[Any, str], label: str) -> Graph:
    """Compute a node once more, of leaves that hold what it was computed of."""
    assert node.op is not None
    called = list(signature(node.op).parameters)
    leaf_of: dict[Node, Node] = {}
    for i, (x, data) in enumerate(zip(node.inputs, node.args, strict=True)):
        name = x.name or known.get(x)
        is_written = x.op is None and x.constant and np.ndim(data) == 0
        if name is None and not is_written:
            name = called[i] if node.op.arity else f"{called[0]}{i + 1}"
        kind = Tensor if isinstance(data, np.ndarray) else Value
        leaf_of.setdefault(x, kind(data, constant=x.constant, name=name))
    leaves = tuple(leaf_of[x] for x in node.inputs)
    result = leaves[0].__apply_op__(node.op, leaves, node.params)
    result.name = label
    return Graph(result)


def _sides(notation: Notation, y: int, i: int, by: str, upstream: Any) -> tuple[Formula, ...]:
    """Give the sides of the equation of an edge: the derivative, or of arrays what flows."""
    if np.ndim(upstream):
        passed = notation.flow(y, i, Symbol("g", shape=np.shape(upstream)))
        return () if passed is None else (passed,)
    node = notation.graph.nodes[y]
    algebra = notation.slope(y, i)
    local = slope(OPS[str(node.op)], i, node.data, node.args, node.params)
    return Derivative(notation.labels[y], by), *[algebra] * isinstance(algebra, Symbol), local


def _numbers(x: Any) -> Any:
    return x.data if isinstance(x, Node) else x


def _told(x: Any) -> str:
    if np.ndim(x) == 0:
        return number(x)
    return written(Numbers(x)) if is_small(x) else summary(x)


def _factor(x: float) -> str:
    text = number(x)
    return rf"\left({text}\right)" if text.startswith("-") else text
