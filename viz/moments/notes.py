"""Notes say in a sentence what a reader might overlook: kinks, saturation, numbers not finite."""

from collections.abc import Iterable, Iterator
from math import inf, nan
from sys import float_info
from typing import Any

import numpy as np

from autograd import OPS, GraphNode, Op, equal, heaviside, maximum, minimum
from autograd.engine import all_finite
from autograd.formulas import slope

from .live import number, when
from .passes import Flow, Pass

_SMALL = 1e-3  # in size: a factor below it lets next to nothing through
_LEAST = 5e-324  # above 0


def notes_on_values(run: Pass, nodes: Iterable[int]) -> tuple[str, ...]:
    """Say of some nodes whether their numbers are finite, and if not where that began.

    Examples
    --------
    >>> from autograd import Value
    >>> x = Value(1e200, name="x")
    >>> run = Pass(x * x - 1, {})
    >>> notes_on_values(run, [1]), notes_on_values(run, [3])
    (('v₁ is the first number that is not finite.',), ('v₂ is not finite; the first was v₁.',))
    """
    first, labels = run.first_not_finite, run.notation.labels
    if first is None:
        return ()
    broken = [i for i in nodes if not all_finite(run.graph.nodes[i].data)]
    if not broken:
        return ()
    if first in broken:
        return (f"{labels[first]} is the first number that is not finite.",)
    return (f"{labels[broken[0]]} is not finite; the first was {labels[first]}.",)


def notes_on_flows(run: Pass, flows: list[Flow]) -> tuple[str, ...]:
    """Say the same of what flows along some edges."""
    first = run.first_flow_not_finite
    if first is None or all(all_finite(flow.passed) for flow in flows):
        return ()
    edge = f"from {run.notation.labels[first.node]} to {run.notation.labels[first.target]}"
    if any(flow is first for flow in flows):
        return (f"What flows {edge} is the first gradient that is not finite.",)
    return (f"The gradient is not finite; the first was that {edge}.",)


def notes_on_slope(run: Pass, flow: Flow) -> Iterator[str]:
    """Say whether the slope of one edge jumps where it was taken, or is next to nothing.

    Examples
    --------
    >>> from autograd import Value, maximum, tanh
    >>> x = Value(5.0, name="x")
    >>> run = Pass(maximum(tanh(x), 1e-4 * x), {})
    >>> for flow in run.flows:
    ...     for note in notes_on_slope(run, flow):
    ...         print(note)
    The factor 0.0001 lets next to nothing through.
    tanh is saturated where x is 5: its slope is 0.000182.
    """
    node = run.graph.nodes[flow.node]
    op = OPS[str(node.op)]
    if flow.local is not None:
        yield from filter(None, _on_numbers(run, flow, op))
        return
    at_kink = np.asarray(op.kinks(*node.args, **node.params) if op.kinks else 1.0) == 0
    if not op.elementwise:
        if np.any(at_kink):
            found = f"{np.sum(at_kink)} of {at_kink.size} results"
            yield f"{found} of {op.name} stand at a kink, where the slope jumps."
        return
    if op.arity != 1 and not np.any(at_kink):
        return  # of arrays that are multiplied no factor is worth a note
    yield from _on_arrays(node, flow.operand, at_kink)


def _on_numbers(run: Pass, flow: Flow, op: Op) -> Iterator[str]:
    """Decide by ops, so that a page decides anew where the numbers are live.

    A condition is a number that is above 0 where it holds.
    """
    y, args = run.at(flow.node)
    i, params = flow.operand, run.graph.nodes[flow.node].params
    x, local = args[i], slope(op, i, y, args, params)
    size = abs(local)

    def beside(by: Any) -> Any:
        moved = [*args]
        moved[i] = x + by
        try:
            return slope(op, i, op(*moved, **params), tuple(moved), params)
        except (ArithmeticError, ValueError):  # outside of its domain
            return nan

    def note(condition: Any, text: str) -> str:
        return when(run.told(condition), text)

    here = f"where {run.notation.labels[flow.target]} is {number(run.told(x))}"
    taken = number(run.told(local), 3)
    if op.kinks:
        next_to = abs(x) * float_info.epsilon + _LEAST
        below, above = beside(-next_to), beside(next_to)
        jumps = equal(op.kinks(*args, **params), 0.0) * (1.0 - equal(below, above))
        low, high = equal(local, below), equal(local, above)
        told = [number(run.told(jump), 3) for jump in (below, above)]
        words = f"{op.name} has a kink {here}: its slope jumps from {told[0]} to {told[1]}, and"
        yield note(jumps * low, f"{words} {taken}, the one below, is taken.")
        yield note(jumps * high, f"{words} {taken}, the one above, is taken.")
        yield note(jumps * (1.0 - low) * (1.0 - high), f"{words} {taken} is taken.")
    small = _SMALL - size
    if op.arity != 1 or op.kinks:  # 0 may be meant: relu is not saturated below 0
        small = small * size
    if op.arity != 1:
        yield note(small, f"The factor {taken} lets next to nothing through.")
        return
    left, right = beside(-1.0), beside(1.0)
    flattest = minimum(abs(right if left is nan else left), abs(left if right is nan else right))
    # It dies away: a sine at its top does not, nor does a logarithm.
    saturated = maximum(heaviside(size / 2.0 - flattest), equal(flattest, 0.0))
    for condition, what in ((saturated, "saturated"), (1.0 - saturated, "flat")):
        text = f"{op.name} is {what} {here}: its slope is {taken}."
        yield note(minimum(small, condition), text)


def _on_arrays(node: GraphNode, i: int, at_kink: Any) -> Iterator[str]:
    op, x = OPS[str(node.op)], node.args[i]
    local = _slopes(node, i, x)
    below, above = (_slopes(node, i, np.nextafter(x, to)) for to in (-inf, inf))
    jumps = at_kink & ((below < above) | (below > above))  # not all operands lead over the kink
    if np.any(jumps):
        taken = [number(y, 3) for y in np.unique(local[jumps])]
        found = f"{np.sum(jumps)} of {jumps.size} numbers stand at a kink of {node.op}"
        yield f"{found}, where its slope jumps; taken is {' or '.join(taken)}."
    if op.arity != 1:
        return
    size = np.abs(local)
    small = (size < _SMALL) & ((size > 0) | (op.kinks is None))
    left, right = (np.abs(_slopes(node, i, x + by)) for by in (-1.0, 1.0))
    flattest = np.fmin(left, right)
    saturated = small & ((flattest < size / 2) | (flattest == 0))
    if np.any(saturated):
        found = f"{np.sum(saturated)} of {saturated.size} numbers"
        yield f"{found} of {node.op} are saturated: their slopes are below {_SMALL} in size."


def _slopes(node: GraphNode, i: int, x: Any) -> Any:
    """Give d(node)/d(its operand i), element by element, where that operand is `x`."""
    op = OPS[str(node.op)]
    args = (*node.args[:i], x, *node.args[i + 1 :])
    with np.errstate(all="ignore"):
        y = op.forward(*args, **node.params)
        ones = np.ones_like(y)
        return np.broadcast_to(slope(op, i, y, args, node.params, ones), np.shape(y))
