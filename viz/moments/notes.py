"""Notes say in a sentence what a reader might overlook: kinks, saturation, numbers not finite."""

from collections.abc import Iterable, Iterator
from math import inf, nan
from typing import Any

import numpy as np

from autograd import OPS, GraphNode
from autograd.engine import all_finite
from autograd.formulas import number, slope

from .passes import Flow, Pass

_SMALL = 1e-3  # in size: a factor below it lets next to nothing through


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
    at_kink = np.asarray(op.kinks(*node.args, **node.params) if op.kinks else 1.0) == 0
    if not op.elementwise:
        if np.any(at_kink):
            found = f"{np.sum(at_kink)} of {at_kink.size} results"
            yield f"{found} of {op.name} stand at a kink, where the slope jumps."
        return
    if flow.local is None and op.arity != 1 and not np.any(at_kink):
        return  # of arrays that are multiplied no factor is worth a note
    x = node.args[flow.operand]
    local = _slope(node, flow.operand, x) if flow.local is None else np.asarray(flow.local)
    if np.any(at_kink):
        yield from _kinks(run, flow, at_kink, local)
    if np.any(np.abs(local) < _SMALL):
        yield from _small_slopes(run, flow, local)


def _kinks(run: Pass, flow: Flow, at_kink: Any, local: Any) -> Iterator[str]:
    node = run.graph.nodes[flow.node]
    x = node.args[flow.operand]
    below, above = (_slope(node, flow.operand, np.nextafter(x, to)) for to in (-inf, inf))
    jumps = at_kink & ((below < above) | (below > above))  # not all operands lead over the kink
    taken = [number(y, 3) for y in np.unique(local[jumps])]
    if flow.local is None and taken:
        found = f"{np.sum(jumps)} of {jumps.size} numbers stand at a kink of {node.op}"
        yield f"{found}, where its slope jumps; taken is {' or '.join(taken)}."
    elif taken:
        side = ", the one below," * bool(local == below) + ", the one above," * bool(local == above)
        jump = f"from {number(below, 3)} to {number(above, 3)}"
        here = f"where {run.notation.labels[flow.target]} is {number(x)}"
        yield f"{node.op} has a kink {here}: its slope jumps {jump}, and {taken[0]}{side} is taken."


def _small_slopes(run: Pass, flow: Flow, local: Any) -> Iterator[str]:
    node = run.graph.nodes[flow.node]
    op, x, size = OPS[str(node.op)], node.args[flow.operand], np.abs(local)
    if op.arity != 1:
        if flow.local:  # 0 may be meant, as where a mask is multiplied
            yield f"The factor {number(local, 3)} lets next to nothing through."
        return
    small = (size < _SMALL) & ((size > 0) | (op.kinks is None))  # relu is not saturated below 0
    left, right = (np.abs(_slope(node, flow.operand, x + by)) for by in (-1.0, 1.0))
    flattest = np.fmin(left, right)
    # It dies away: a sine at its top does not, nor does a logarithm.
    saturated = small & ((flattest < size / 2) | (flattest == 0))
    if flow.local is None and np.any(saturated):
        found = f"{np.sum(saturated)} of {saturated.size} numbers"
        yield f"{found} of {node.op} are saturated: their slopes are below {_SMALL} in size."
    elif flow.local is not None and small:
        here = f"where {run.notation.labels[flow.target]} is {number(x)}"
        what = "saturated" if saturated else "flat"
        yield f"{node.op} is {what} {here}: its slope is {number(local, 3)}."


def _slope(node: GraphNode, i: int, x: Any) -> Any:
    """Give d(node)/d(its operand i), element by element, where that operand is `x`."""
    op = OPS[str(node.op)]
    args = (*node.args[:i], x, *node.args[i + 1 :])
    try:
        with np.errstate(all="ignore"):
            if np.ndim(node.data) == 0 and isinstance(node.data, float):
                args = tuple(map(float, args))
                y = op.scalar(*args, **node.params)
                return np.asarray(slope(op, i, y, args, node.params))
            y = op.forward(*args, **node.params)
            ones = np.ones_like(y)
            return np.broadcast_to(slope(op, i, y, args, node.params, ones), np.shape(y))
    except (ArithmeticError, ValueError):  # outside of its domain
        return np.full(np.shape(node.data), nan)
