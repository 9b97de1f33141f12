"""Finds operands that suit a drawn op: results that are there, leaves, constants and literals."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from inspect import Parameter
from itertools import islice
from typing import Any, ClassVar, NamedTuple

import numpy as np

from ..ops import Domain, Op, Params, detach
from .drawn_program import Instruction
from .op_calls import ANYWHERE, MARGIN, inside, is_condition, tame
from .signatures import SHAPES, Shape, signature

_ATTEMPTS = 100  # at one call
_BESIDE = 12  # of them with one first operand
_TURNS = 8  # attempts at numbers that are new
_GOLDEN = (5**0.5 - 1) / 2


@dataclass(frozen=True)
class Choices:
    """What is drawn of a call beside its op: what suits the op is made of it.

    Attributes
    ----------
    places : tuple of int
        For each operand the place of a slot among those that suit, or what it asks for instead:
        ``LEAF``, ``CONSTANT`` or ``LITERAL``.
    number : float
        A literal, and where new numbers begin.
    variant : int
        Which of the ways to call an op on arrays, from 0 to 11.
    knobs : tuple of float, optional
        Params of an elementwise op.
    """

    places: tuple[int, ...]
    number: float
    variant: int
    knobs: tuple[float, float] | None

    LEAF: ClassVar = -1
    CONSTANT: ClassVar = -2
    LITERAL: ClassVar = -3


class NewOperand(NamedTuple):
    """A leaf or a constant that is made if it is used."""

    data: Any
    constant: bool


@dataclass(frozen=True)
class Search:
    """Looks for operands of a call: slots that suit the op, or new numbers.

    Parameters
    ----------
    op : Op
    choices : Choices
    slots : mapping
        Numbers by name, first those that are wanted most.
    varying : collection of str
        Names of what gradients reach.
    room : int, optional
        For how many new leaves there is room; if None, not for constants either.
    """

    op: Op
    choices: Choices
    slots: Mapping[str, Any]
    varying: Collection[str]
    room: int | None = None

    def call(self, moving: bool = False, taking: str | None = None) -> Instruction | None:
        """Give the first call that is smooth, and that a gradient passes if it has to be moving."""
        for operands, params in islice(self._attempts(taking), _ATTEMPTS):
            data = tuple(map(self._data, operands))
            fixed = [i for i, x in enumerate(operands) if not self._moves(x)]
            passed = self.op is not detach and len(fixed) < len(operands)
            literal = all(isinstance(x, float) for x in operands)
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
                first = NewOperand(wanted[0], True) if isinstance(wanted[0], np.ndarray) else first
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
            yield NewOperand(wanted, True)
            return
        i = len(chosen)
        place, fixed = self.choices.places[i % 3], self.op.vjps[i] is None
        domain = self.op.domain[i] if self.op.domain else ANYWHERE
        literal = [self.choices.number] if self.op.elementwise and self.op.arity != 1 else []
        shapes = [wanted] if wanted is not None else self._shapes(chosen)
        if place == Choices.LITERAL:
            yield from literal
        if place in (Choices.LEAF, Choices.CONSTANT) or (place == 0 and is_condition(self.op, i)):
            yield from self._new(i, shapes, domain, fixed or place == Choices.CONSTANT)
        others_first = sorted(self.slots, key=chosen.__contains__)
        for name in turned(others_first, max(place, 0)):
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
        return [*turned(common, self.choices.variant), *rare]

    def _new(
        self, i: int, shapes: Sequence[Shape], domain: Domain, constant: bool
    ) -> Iterator[NewOperand]:
        """Make numbers inside a domain, of which no two are close to each other."""
        if self.room is None:
            return
        decides = is_condition(self.op, i)
        fixed = constant or decides or not self.room
        low = max(domain.low + 2 * MARGIN, -3.0)
        high = max(min(domain.high - 2 * MARGIN, 3.0), low + 1)
        tensors = any(isinstance(x, np.ndarray) for x in self.slots.values())
        for turn in range(_TURNS):
            for shape in shapes if tensors else [()]:
                steps = _GOLDEN * np.arange(np.prod(shape, dtype=int))
                start = self.choices.number + i + 0.377 * turn - low
                x = low + (start + (high - low) * steps) % (high - low)
                x = (np.heaviside(x, 1.0) if decides else np.round(x, 3)).reshape(shape)
                yield NewOperand(x if tensors else float(x), fixed)

    def _moves(self, operand: Any) -> bool:
        """Whether gradients reach an operand."""
        new = isinstance(operand, NewOperand)
        return not operand.constant if new else operand in self.varying

    def _data(self, operand: Any) -> Any:
        made = operand.data if isinstance(operand, NewOperand) else operand
        return self.slots[operand] if isinstance(operand, str) else made

    def _shape(self, operand: Any) -> Shape:
        return np.shape(self._data(operand))


def turned(things: Sequence[Any], turn: int) -> list[Any]:
    """Begin with another one, and end with those that were left out."""
    turn %= len(things)
    return [*things[turn:], *things[:turn]]


def options(op: Op, knobs: tuple[float, float] | None) -> dict[str, float]:
    """Params of an elementwise op: its defaults, or two numbers in rising order."""
    if knobs is None and Parameter.empty not in op.defaults.values():
        return dict(op.defaults)
    return dict(zip(op.defaults, sorted(knobs or (-1.0, 1.0)), strict=False))
