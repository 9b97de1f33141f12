"""Hypothesis strategies for tests of gradients: numbers, arrays and whole computations.

Hypothesis is needed for this file only: ``pip install hypothesis``.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from itertools import product
from math import ceil, floor
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from .checking import (
    MARGIN,
    Choices,
    Instruction,
    NewOperand,
    Program,
    Search,
    numbered,
    options,
    tame,
    turned,
)
from .ops import FUNCTIONS, OPS, Op, Params, detach

# The library's, without one whose rule is no slope, one that leaves float64 as it is, and one that
# is seen where the op is whose slope it is.
_LEFT_OUT = {"detach", "astype", "softmax_error"}
ROWS = tuple(op for op in OPS.values() if op.name in FUNCTIONS - _LEFT_OUT)
ELEMENTWISE = tuple(op for op in ROWS if op.elementwise)
Array = np.ndarray[Any, Any]
Shape = tuple[int, ...]


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


def graphs(
    rows: Iterable[Op] | None = None,
    longest: int = 10,
    tensors: bool = False,
    must: Op | None = None,
) -> st.SearchStrategy[Program]:
    """Draw whole computations over the table, inside all domains and away from kinks.

    An op is drawn first, and then operands that suit it: results, some of which are used twice,
    leaves, constants, literal numbers. All calls and all leaves lead to the output. A failing
    computation shrinks to the calls that it fails by, and is printed as Python code.

    Parameters
    ----------
    rows : iterable of Op, optional
        Ops to draw from, your own too; those of the library if not given.
    longest : int
        How many calls at most.
    tensors : bool
        Whether leaves are arrays rather than single numbers; they are where an op needs arrays.
    must : Op, optional
        An op that every computation uses, beside those of `rows`.

    Returns
    -------
    strategy
        Of `Program`: call it with ``program.inputs``, or look at ``program.nodes()``.

    Raises
    ------
    ValueError
        While drawing: if the ops take nothing that is tried, or pass no gradient on.

    Examples
    --------
    >>> from hypothesis import given
    >>> from autograd import check_gradients, matmul
    >>> @given(graphs(must=matmul))
    ... def test(program):
    ...     check_gradients(program, *program.inputs)
    """
    given = None if rows is None else tuple(rows)
    tensors = tensors or any(not op.elementwise for op in (*(given or ()), must or ROWS[0]))
    table = given if given is not None else ROWS if tensors else ELEMENTWISE

    @st.composite  # without arguments, which errors would show: all rows
    def computations(draw: st.DrawFn) -> Program:
        return _program(draw, _Draft(draw(_ARRAY if tensors else values()), table), longest, must)

    return computations()


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
    varying: Collection[str],
    rows: tuple[Op, ...] = ELEMENTWISE,
) -> Instruction | None:
    """Draw one call on slots that are filled already, of a row that suits them, if any does."""
    row = draw(st.integers(0, len(rows) - 1))
    choices = _choices(draw, rows[row])
    latest = {name: slots[name] for name in reversed([*slots])}
    searches = (Search(op, choices, latest, varying) for op in turned(rows, row))
    return next((call for each in searches if (call := each.call())), None)


KNOBS = st.none() | st.tuples(values(-2, 2), values(-2, 2))


def _program(draw: st.DrawFn, draft: "_Draft", longest: int, must: Op | None) -> Program:
    if must is None:
        draw(st.lists(_added(draft), min_size=1, max_size=longest))
        return draft.program(draft.calls, draft.rows)
    draft.room -= 1  # for a leaf of the op that must be there
    before = draw(st.lists(_added(draft), max_size=max(0, longest - 2)))
    draft.room += 1
    name = draft.add(draw, (must,), moving=True) or draft.add(draw, (must,), moving=False)
    if name not in draft.varying:
        draft.add(draw, draft.rows, moving=True, taking=name)
    draw(st.lists(_added(draft), max_size=max(0, longest - 2 - len(before))))
    return draft.program([x for x in draft.calls if name in draft.behind[x]], (must,))


@st.composite
def _added(draw: st.DrawFn, draft: "_Draft") -> None:
    """Add a call, in a strategy of its own, so that shrinking can take it out."""
    fixed = [x for x in draft.wanted() if x in draft.calls and x not in draft.varying | draft.used]
    draft.add(draw, draft.rows, draft.varying.isdisjoint(draft.calls), *fixed[:1])


class _Draft:
    """A computation while it is drawn.

    Parameters
    ----------
    leaf : float or array
    rows : tuple of Op
    """

    def __init__(self, leaf: Any, rows: tuple[Op, ...]) -> None:
        self.rows = rows
        self.leaves: dict[str, Any] = {"x": leaf}
        self.constants: dict[str, Any] = {}
        self.slots = {"x": leaf}  # all of them, and results
        self.calls: dict[str, Instruction] = {}
        self.behind: dict[str, set[str]] = {}  # a result, and all slots that it depends on
        self.varying, self.used = {"x"}, set[str]()
        self.room = 2  # for new leaves

    def add(
        self, draw: st.DrawFn, rows: tuple[Op, ...], moving: bool, taking: str | None = None
    ) -> str | None:
        """Draw a call, and give the name of its result.

        Parameters
        ----------
        draw : callable
        rows : tuple of Op
        moving : bool
            Whether a gradient has to pass it: then the next row is taken if one does not suit.
        taking : str, optional
            What its first operand has to be: a constant, which soon meets what varies.
        """
        row = draw(st.integers(0, len(rows) - 1))
        choices = _choices(draw, rows[row])
        moving = moving or (taking is not None and choices.variant > 3)
        names = [*self.wanted(), *filter(None, [taking])]  # which may be too large to be wanted
        slots = {name: self.slots[name] for name in names}
        for op in turned(rows, row) if moving else rows[row : row + 1]:
            for each in (choices, replace(choices, places=(Choices.LEAF,) * 3)):
                found = Search(op, each, slots, self.varying, self.room)
                if call := found.call(moving, taking):
                    return self._keep(call)
        return None

    def wanted(self) -> list[str]:
        """Order slots that are small: the latest that lead nowhere yet, first those that vary."""
        small = [name for name in self.slots if np.size(self.slots[name]) <= _LARGEST]
        return sorted(small[::-1], key=lambda x: (x in self.used, x not in self.varying))

    def _keep(self, call: Instruction) -> str:
        operands = tuple(self._name(x) if isinstance(x, NewOperand) else x for x in call.operands)
        name, slots = f"call{len(self.calls)}", [x for x in operands if isinstance(x, str)]
        self.calls[name] = call = call._replace(operands=operands)
        self.slots[name] = call.compute(self.slots)
        self.behind[name] = {name, *slots}.union(*(self.behind.get(x, ()) for x in slots))
        self.used.update(slots)
        if OPS[call.op] is not detach and not self.varying.isdisjoint(slots):
            self.varying.add(name)
        return name

    def _name(self, new: NewOperand) -> str:
        """Make it a slot; a leaf becomes a constant if there are enough."""
        kept = self.constants if new.constant or not self.room else self.leaves
        name = f"new{len(self.slots)}"
        self.slots[name] = kept[name] = new.data
        if kept is self.leaves:
            self.varying.add(name)
            self.room -= 1
        return name

    def program(self, ends: Iterable[str], rows: Iterable[Op]) -> Program:
        """Keep what leads to one of some results: to the one that most leads to."""
        passed = [name for name in ends if name in self.varying]
        if not passed:
            listed = ", ".join(op.name for op in rows)
            raise ValueError(
                f"graphs: found no call of {listed} that a gradient passes. Give rows that take "
                "arrays of up to 4 axes, inside their domain, and have rules."
            )
        live = max(map(self.behind.__getitem__, reversed(passed)), key=len)
        return numbered(self.leaves, self.constants, self.calls, live)


_FIRST = (*[0] * 8, 1, 2, Choices.LITERAL, Choices.LEAF)
_ASKED = (Choices.LITERAL, Choices.LEAF, Choices.LEAF, Choices.CONSTANT)
_NEXT = (0, 0, 0, 1, 2, 3, 5, *_ASKED)
_PLACES = [st.sampled_from([*product(_FIRST, *[_NEXT] * more)]) for more in range(3)]
_VARIANT = st.integers(0, 11)
_NUMBER = st.sampled_from(
    sorted((n / 10 for n in range(-30, 31)), key=lambda x: (x % 1 > 0, abs(x), -x))
)
_ARRAY = hnp.arrays(
    np.float64, hnp.array_shapes(min_dims=0, max_dims=2, max_side=3), elements=values()
)
_LARGEST = 64  # numbers in an operand


def _choices(draw: st.DrawFn, op: Op) -> Choices:
    """Draw three times only."""
    # Hypothesis deletes up to five in a row at once: these, the op, and whether there is a call.
    places = draw(_PLACES[min(op.arity or 2, 3) - 1])
    number, variant = draw(_NUMBER), draw(_VARIANT)
    knobs = (number / 2, number / 2 + 1) if variant % 2 else None
    return Choices((*places, 0, 0), number, variant, knobs)
