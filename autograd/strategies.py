"""Hypothesis strategies for tests of gradients: numbers, arrays and whole computations.

Hypothesis is needed for this file only: ``pip install hypothesis``.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from inspect import Parameter
from itertools import islice, product
from math import ceil, floor
from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from .checking import MARGIN, SHAPES, Instruction, Program, inside, numbered, signature, tame
from .ops import FUNCTIONS, OPS, Domain, Op, Params, detach, flat

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
    searches = (_Search(op, choices, latest, varying) for op in _turned(rows, row))
    return next((call for search in searches if (call := search.call())), None)


KNOBS = st.none() | st.tuples(values(-2, 2), values(-2, 2))


def options(op: Op, knobs: tuple[float, float] | None) -> dict[str, float]:
    """Params of an elementwise op: its defaults, or two numbers in rising order."""
    if knobs is None and Parameter.empty not in op.defaults.values():
        return dict(op.defaults)
    return dict(zip(op.defaults, sorted(knobs or (-1.0, 1.0)), strict=False))


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
        slots = {name: self.slots[name] for name in self.wanted()}
        for op in _turned(rows, row) if moving else rows[row : row + 1]:
            for each in (choices, choices._replace(places=(_LEAF,) * 3)):
                search = _Search(op, each, slots, self.varying, self.room)
                if call := search.call(moving, taking):
                    return self._keep(call)
        return None

    def wanted(self) -> list[str]:
        """Order slots that are small: the latest that lead nowhere yet, first those that vary."""
        small = [name for name in self.slots if np.size(self.slots[name]) <= _LARGEST]
        return sorted(small[::-1], key=lambda x: (x in self.used, x not in self.varying))

    def _keep(self, call: Instruction) -> str:
        operands = tuple(self._name(x) if isinstance(x, _New) else x for x in call.operands)
        name, slots = f"call{len(self.calls)}", [x for x in operands if isinstance(x, str)]
        self.calls[name] = call = call._replace(operands=operands)
        self.slots[name] = call.compute(self.slots)
        self.behind[name] = {name, *slots}.union(*(self.behind.get(x, ()) for x in slots))
        self.used.update(slots)
        if OPS[call.op] is not detach and any(_moves(x, self.varying) for x in operands):
            self.varying.add(name)
        return name

    def _name(self, new: "_New") -> str:
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


class _Choices(NamedTuple):
    """What is drawn of a call beside its op: what suits the op is made of it."""

    places: tuple[int, ...]
    number: float
    variant: int
    knobs: tuple[float, float] | None


class _New(NamedTuple):
    """A leaf or a constant that is made if it is used."""

    data: Any
    constant: bool


# A place is that of a slot, of which the first are likelier, or asks for something else.
_LEAF, _CONSTANT, _LITERAL = -1, -2, -3
_FIRST = (*[0] * 8, 1, 2, _LITERAL, _LEAF)
_NEXT = (0, 0, 0, 1, 2, 3, 5, _LITERAL, _LEAF, _LEAF, _CONSTANT)
_PLACES = [st.sampled_from([*product(_FIRST, *[_NEXT] * more)]) for more in range(3)]
_VARIANT = st.integers(0, 11)
_NUMBER = st.sampled_from(
    sorted((n / 10 for n in range(-30, 31)), key=lambda x: (x % 1 > 0, abs(x), -x))
)
_ARRAY = hnp.arrays(
    np.float64, hnp.array_shapes(min_dims=0, max_dims=2, max_side=3), elements=values()
)
_LARGEST = 64  # numbers in an operand
_ATTEMPTS = 100  # at one call
_BESIDE = 12  # of them with one first operand
_TURNS = 8  # attempts at numbers that are new
_GOLDEN = (5**0.5 - 1) / 2
_ANYWHERE = Domain("a real number")


def _choices(draw: st.DrawFn, op: Op) -> _Choices:
    """Draw three times only."""
    # Hypothesis deletes up to five in a row at once: these, the op, and whether there is a call.
    places = draw(_PLACES[min(op.arity or 2, 3) - 1])
    number, variant = draw(_NUMBER), draw(_VARIANT)
    knobs = (number / 2, number / 2 + 1) if variant % 2 else None
    return _Choices((*places, 0, 0), number, variant, knobs)


@dataclass(frozen=True)
class _Search:
    """Looks for operands of a call: slots that suit the op, or new numbers.

    Parameters
    ----------
    op : Op
    choices : _Choices
    slots : mapping
        Numbers by name, first those that are wanted most.
    varying : collection of str
        Names of what gradients reach.
    room : int, optional
        For how many new leaves there is room; if None, not for constants either.
    """

    op: Op
    choices: _Choices
    slots: Mapping[str, Any]
    varying: Collection[str]
    room: int | None = None

    def call(self, moving: bool = False, taking: str | None = None) -> Instruction | None:
        """Give the first call that is smooth, and that a gradient passes if it has to be moving."""
        for operands, params in islice(self._attempts(taking), _ATTEMPTS):
            data = tuple(map(self._data, operands))
            moves = [_moves(x, self.varying) for x in operands]
            passed = self.op is not detach and any(moves)
            literal = all(isinstance(x, float) for x in operands)
            fixed = [i for i, each in enumerate(moves) if not each]
            if (passed or not (moving or literal)) and tame(self.op, data, params, fixed):
                return Instruction(self.op.name, operands, params)
        return None

    def _attempts(self, taking: str | None) -> Iterator[tuple[tuple[Any, ...], Params]]:
        """Combine operands, those last that are wanted least."""
        for first in [taking] if taking else self._operands((), None):
            if self.op.elementwise:
                wanted: Any = (None,) * (self.op.arity or 2)
                params: Params = options(self.op, self.choices.knobs)
            elif taken := signature(self.op, self._shape(first), self.choices.variant):
                wanted, params = taken
                first = _New(wanted[0], True) if isinstance(wanted[0], np.ndarray) else first
            else:
                continue
            for operands in islice(self._completed((first,), wanted[1:]), _BESIDE):
                yield operands, params

    def _completed(self, chosen: tuple[Any, ...], wanted: Sequence[Any]) -> Iterator[Any]:
        if not wanted:
            yield chosen
            return
        for operand in self._operands(chosen, wanted[0]):
            yield from self._completed((*chosen, operand), wanted[1:])

    def _operands(self, chosen: tuple[Any, ...], wanted: Any) -> Iterator[Any]:
        """Name operands that may follow others: of a shape, or any, or an array as it is."""
        if isinstance(wanted, np.ndarray):
            yield _New(wanted, True)
            return
        i = len(chosen)
        place, fixed = self.choices.places[i % 3], self.op.vjps[i] is None
        domain = self.op.domain[i] if self.op.domain else _ANYWHERE
        literal = [self.choices.number] if self.op.elementwise and self.op.arity != 1 else []
        shapes = [wanted] if wanted is not None else self._shapes(chosen)
        if place == _LITERAL:
            yield from literal
        if place in (_LEAF, _CONSTANT) or (place == 0 and self._is_condition(i)):
            yield from self._new(i, shapes, domain, fixed or place == _CONSTANT)
        others_first = sorted(self.slots, key=chosen.__contains__)
        for name in _turned(others_first, max(place, 0)):
            x = self.slots[name]
            fits = wanted is None or np.shape(x) == wanted
            if fits and not (fixed and name in self.varying) and inside(domain, x):
                yield name
        yield from self._new(i, shapes, domain, fixed)
        yield from literal

    def _shapes(self, chosen: tuple[Any, ...]) -> list[Shape]:
        """Name shapes of a first operand, or those that broadcast beside it."""
        shape = self._shape(chosen[0]) if chosen else ()
        common, rare = ([shape, shape[1:], ()], []) if chosen else (SHAPES[:3], SHAPES[3:])
        return [*_turned(common, self.choices.variant), *rare]

    def _new(
        self, i: int, shapes: Sequence[Shape], domain: Domain, constant: bool
    ) -> Iterator[_New]:
        """Make numbers inside a domain, of which no two are close to each other."""
        if self.room is None:
            return
        low = max(domain.low + 2 * MARGIN, -3.0)
        high = max(min(domain.high - 2 * MARGIN, 3.0), low + 1)
        tensors = any(isinstance(x, np.ndarray) for x in self.slots.values())
        for turn in range(_TURNS):
            for shape in shapes if tensors else [()]:
                steps = _GOLDEN * np.arange(np.prod(shape, dtype=int))
                start = self.choices.number + i + 0.377 * turn - low
                x = low + (start + (high - low) * steps) % (high - low)
                x = np.heaviside(x, 1.0) if self._is_condition(i) else np.round(x, 3)
                x = x.reshape(shape)
                fixed = constant or self._is_condition(i) or not self.room
                yield _New(x if tensors else float(x), fixed)

    def _is_condition(self, i: int) -> bool:
        """Whether an operand decides only which of the others is taken."""
        rules = [self.op.vjps[k] for k in range(self.op.arity or 0)]
        return self.op.elementwise and {None, flat} < {*rules, None} and rules[i] is flat

    def _data(self, operand: Any) -> Any:
        made = operand.data if isinstance(operand, _New) else operand
        return self.slots[operand] if isinstance(operand, str) else made

    def _shape(self, operand: Any) -> Shape:
        return np.shape(self._data(operand))


def _turned(things: Sequence[Any], turn: int) -> list[Any]:
    """Begin with another one, and end with those that were left out."""
    turn %= len(things)
    return [*things[turn:], *things[:turn]]


def _moves(operand: Any, varying: Collection[str]) -> bool:
    """Whether gradients reach an operand."""
    return not operand.constant if isinstance(operand, _New) else operand in varying
