"""What a step writes of one edge: the rule, its numbers, and the running sum that they end in."""

from typing import Any

import numpy as np

from autograd import OPS
from autograd.formulas import Formula, Symbol, written

from .arrays import Line, Numbers, is_small, piece, said, summary
from .live import number
from .notation import Notation
from .passes import Flow
from .typeset import Derivative


def explained(notation: Notation, flow: Flow) -> tuple[tuple[Formula, ...], Line, str]:
    """Give the rule of one edge in algebra, its numbers, and a few words."""
    node, by = notation.labels[flow.node], notation.labels[flow.target]
    local, upstream, passed = flow.local, flow.upstream, flow.passed
    if local is None:
        adjoint = Derivative(notation.labels[notation.graph.output], node, np.shape(upstream))
        formula = notation.flow(flow.node, flow.operand, adjoint)
        rule = () if formula is None else (formula,)
        why = f", computed from what came in, {said(upstream)}"
        return rule, _array_numbers(notation, flow), why
    formula = notation.slope(flow.node, flow.operand)
    algebra = [formula] * isinstance(formula, Symbol)
    return (
        (Derivative(node, by), *algebra, local),
        (f"{number(local)} × {number(upstream)} = {number(passed)}",),
        f": local derivative {number(local)} times upstream {number(upstream)}",
    )


def _array_numbers(notation: Notation, flow: Flow) -> Line:
    """Write what flows between arrays: the shapes of the rule, and the rule in numbers."""
    node, passed = notation.graph.nodes[flow.node], flow.passed
    shape = Symbol(str(np.shape(flow.upstream)), shape=np.shape(flow.upstream))
    shapes = notation.flow(flow.node, flow.operand, shape, notation.shape)
    told: Line = ()
    if isinstance(shapes, Symbol) and not OPS[str(node.op)].elementwise:
        told = (f"{written(shapes)} → {np.shape(passed)}", "\n")
    if not all(map(is_small, (*node.args, flow.upstream, passed))):
        return (*told, "passes on ", piece(passed))
    formula = notation.flow(flow.node, flow.operand, Numbers(flow.upstream), notation.numbers)
    if isinstance(formula, Numbers):
        return ("passes on what comes in, ", formula)
    if isinstance(formula, Symbol):
        return (*told, formula, " = ", piece(passed))
    return (*told, "upstream ", piece(flow.upstream), ", passes on ", piece(passed))


def summed(before: Any, passed: Any, total: Any) -> Line:
    """Write a running sum; of arrays too large to be added on paper, only what came of it."""
    if before is None:
        return (piece(total),)
    if np.ndim(total) == 0:
        return (f"{number(before)} + {number(passed)} = {number(total)}",)
    if is_small(total):
        added = ", added element by element"
        return (Numbers(before), " + ", Numbers(passed), " = ", Numbers(total), added)
    return (f"{summary(total)}, added element by element to what came before",)


def joined(lines: list[Line], sign: str) -> Line:
    """Write lines one after the other, with a sign between them."""
    return tuple(part for k, line in enumerate(lines) for part in ((sign,) * (k > 0) + line))
