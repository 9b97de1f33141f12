"""Hypothesis strategies for tests of gradients: numbers, arrays and whole computations.

Hypothesis is needed for this file only: ``pip install hypothesis``.
"""

from collections.abc import Iterable, Mapping
from inspect import Parameter
from math import ceil, floor
from typing import Any

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from .checking import MARGIN, Instruction, Program, tame
from .ops import OPS, Op, Params, detach

# Not those that somebody makes later, nor the one whose rule is no slope, and is not meant to be.
ROWS = tuple(op for op in OPS.values() if op is not detach)
ELEMENTWISE = tuple(op for op in ROWS if op.elementwise)
Array = np.ndarray[Any, Any]


def values(low: float = -3.0, high: float = 3.0) -> st.SearchStrategy[float]:
    """Draw numbers between two others that are easy to read: three digits after the point.

    Examples
    --------
    >>> from hypothesis import given
    >>> from autograd import check_gradients, tanh
    >>> @given(values())
    ... def test(x):
    ...     check_gradients(tanh, x)
    >>> test()
    """
    # Floats of Hypothesis are tiny too often; these shrink to whole numbers.
    wholes = st.integers(floor(low), max(floor(low), ceil(high) - 1))
    thousandths = st.tuples(wholes, st.integers(0, 1000)).map(lambda x: 1000 * x[0] + x[1])
    return thousandths.map(lambda n: min(max(low, n / 1000), high) + 0.0)


def arrays(
    count: int = 2, elements: st.SearchStrategy[float] | None = None, max_dims: int = 3
) -> st.SearchStrategy[tuple[Array, ...]]:
    """Draw arrays whose shapes broadcast against each other.

    Parameters
    ----------
    count : int
        How many.
    elements : strategy, optional
        Where their elements come from; `values()` if not given.
    max_dims : int
        How many axes they have at most; each has a length of 1 to 3.

    Returns
    -------
    strategy
        Of tuples of `count` arrays of float64.

    Examples
    --------
    >>> from hypothesis import given
    >>> from autograd import check_gradients
    >>> @given(arrays(2))
    ... def test(pair):
    ...     check_gradients(lambda a, b: a * b, *pair)
    >>> test()
    """
    elements = values() if elements is None else elements
    shapes = hnp.mutually_broadcastable_shapes(num_shapes=count, max_dims=max_dims, max_side=3)
    return shapes.flatmap(
        lambda drawn: st.tuples(
            *(hnp.arrays(np.float64, shape, elements=elements) for shape in drawn.input_shapes)
        )
    )


@st.composite
def graphs(
    draw: st.DrawFn,
    rows: Iterable[Op] | None = None,
    longest: int = 10,
    tensors: bool = False,
) -> Program:
    """Draw whole computations over the table, inside all domains and away from kinks.

    Results are shared, used twice or left unused. A failing computation shrinks to few calls and
    is printed as Python code.

    Parameters
    ----------
    rows : iterable of Op, optional
        Ops to draw from; all that suit if not given.
    longest : int
        How many calls at most.
    tensors : bool
        Whether leaves are arrays rather than single numbers.

    Returns
    -------
    strategy
        Of `Program`: call it with ``program.inputs``, or look at ``program.nodes()``.

    Examples
    --------
    >>> from hypothesis import given
    >>> from autograd import check_gradients
    >>> @given(graphs())
    ... def test(program):
    ...     check_gradients(program, *program.inputs)
    """
    table = tuple(rows) if rows is not None else ROWS if tensors else ELEMENTWISE
    if tensors:
        pool: Any = draw(arrays(4, max_dims=2))
        drawn, fixed = pool[: draw(st.integers(1, 3))], pool[3 : draw(st.integers(3, 4))]
    else:
        drawn = draw(st.lists(values(), min_size=1, max_size=3))
        fixed = draw(st.lists(values(), max_size=1))
    leaves = {f"x{i}": x for i, x in enumerate(drawn)}
    constants = {f"c{i}": x for i, x in enumerate(fixed)}
    slots, varying, calls = {**constants, **leaves}, list(leaves), []  # the latest come last
    for _ in range(draw(st.integers(1, longest))):
        if call := draw(instructions(slots, varying, table)):
            calls.append(call)
            result = f"v{len(calls) - 1}"
            slots[result] = call.compute(slots)
            varying += [result] if not set(varying).isdisjoint(call.operands) else []
    assume(calls)
    return Program(leaves, constants, tuple(calls), output=varying[-1])


def calls(op: Op) -> st.SearchStrategy[tuple[tuple[float, ...], Params]]:
    """Draw operands and params with which an elementwise op is smooth and of modest size.

    Examples
    --------
    >>> from hypothesis import given
    >>> from autograd import check_gradients, log
    >>> @given(calls(log))
    ... def test(call):
    ...     operands, params = call
    ...     check_gradients(lambda x: log(x, **params), *operands)
    >>> test()
    """
    operands = [values(max(d.low, -4) + MARGIN, min(d.high, 4) - MARGIN) for d in op.domain]
    params = KNOBS.map(lambda knobs: options(op, knobs))
    return st.tuples(st.tuples(*operands), params).filter(lambda call: tame(op, *call))


@st.composite
def instructions(
    draw: st.DrawFn,
    slots: Mapping[str, Any],
    varying: Iterable[str],
    rows: tuple[Op, ...] = ELEMENTWISE,
) -> Instruction | None:
    """Draw one call on slots that are filled already, of a row that suits them, if any does."""
    latest, moving = list(slots)[::-1], set[Any](varying)
    row = draw(st.integers(0, len(rows) - 1))  # taken where it suits, so that examples shrink
    drawn = draw(_OPERANDS[rows[row].arity or 2])
    operands = tuple(latest[x % len(latest)] if isinstance(x, int) else x for x in drawn)
    data = tuple(slots[x] if isinstance(x, str) else x for x in operands)
    is_array = isinstance(data[0], np.ndarray)
    knobs = draw(KNOBS) if rows[row].elementwise and rows[row].defaults else None
    choice = draw(st.integers(0, 11)) if is_array else 0

    def instruction(op: Op) -> Instruction | None:
        arity = op.arity or 2
        if arity > len(operands):
            return None
        chosen = options(op, knobs) if op.elementwise else array_options(op, data[0], choice)
        reads_a_slot = any(isinstance(x, str) for x in operands[:arity])
        refused = any(op.vjps[i] is None and x in moving for i, x in enumerate(operands[:arity]))
        if chosen is None or not reads_a_slot or refused or not tame(op, data[:arity], chosen):
            return None
        return Instruction(op.name, operands[:arity], chosen)

    if call := instruction(rows[row]):
        return call
    suiting = [call for op in rows if (call := instruction(op))]
    return suiting[row % len(suiting)] if suiting else None


KNOBS = st.none() | st.tuples(values(-2, 2), values(-2, 2))
# An operand is a literal, or a slot counted backwards, of which the latest are likelier.
_SLOT = st.sampled_from((0, 0, 0, 1, 1, 2, 3, 5))
_ANY = _SLOT | values()
_OPERANDS = {
    1: st.tuples(_SLOT),
    2: st.tuples(_SLOT, _ANY) | st.tuples(values(), _SLOT),
    3: st.tuples(_SLOT, _ANY, _ANY) | st.tuples(values(), _SLOT, _ANY),
}


def options(op: Op, knobs: tuple[float, float] | None) -> dict[str, float]:
    """Params of an elementwise op: its defaults, or two numbers in rising order."""
    if knobs is None and Parameter.empty not in op.defaults.values():
        return dict(op.defaults)
    return dict(zip(op.defaults, sorted(knobs or (-1.0, 1.0)), strict=False))


def array_options(  # noqa: C901, one line for each kind of row
    op: Op, x: Any, choice: int
) -> dict[str, Any] | None:
    """Params of an op for arrays that fit its first operand; None where it is not drawn."""
    if not isinstance(x, np.ndarray):
        return None
    axis = None if choice % (x.ndim + 1) == 0 else choice % (x.ndim + 1) - 1
    last, flag = -1 - choice % max(x.ndim, 1), choice % 2 == 1
    match op.name:
        case "sum" | "mean" | "max" | "min" | "prod" | "logsumexp":
            return {"axis": axis, "keepdims": flag}
        case "var":
            return {"axis": axis, "keepdims": flag, "ddof": 0}
        case "cumsum":
            return {"axis": axis, "reverse": flag}
        case "softmax" | "log_softmax" if x.ndim:
            return {"axis": last}
        case "concatenate" | "stack":
            return {"axis": last}
        case "transpose":
            return {"axes": None}
        case "reshape":
            return {"shape": [(-1,), (*x.shape, 1), (1, *x.shape[::-1])][choice % 3]}
        case "broadcast_to":
            return {"shape": (2, *x.shape)}
        case "pad":
            return {"widths": 1 + choice % 2, "value": 0.5}
        case "getitem" if x.ndim:
            return {"index": [0, slice(None, None, -1), [0, 0, -1], (..., None)][choice % 4]}
        case "unfold" if x.ndim:
            return {"size": (1 + choice % 2,), "stride": 1 + choice % 3}
        case "matmul" | "linear":
            return {}
        case "others":
            return {"axis": axis}
        case "layer_norm" if x.ndim:
            return {"axis": last, "eps": 0.5}
        case "batch_norm":
            return {"eps": 0.5}
    return None
