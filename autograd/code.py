"""Records graphs as straight-line code, and makes the code short."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np

from .node import Node
from .noise import is_noise
from .op import Op, Params
from .ops import add, alias, div, mul, neg, pow, sub, where

_COMMUTING = {add, mul}
_NEUTRAL = {add: 0.0, sub: 0.0, mul: 1.0, div: 1.0, pow: 1.0}  # as the second operand


class Line(NamedTuple):
    """One call of an op; operands are numbers of slots."""

    op: Op
    operands: tuple[int, ...]
    params: Params


@dataclass(frozen=True)
class Code:
    """Straight-line code. Slots hold inputs, then leaves, then constants, then a result a line.

    Attributes
    ----------
    inputs : tuple of Node
        What is given at each call, then what is drawn at each call.
    leaves : tuple of Node
        What is read from the graph at each call: the parameters.
    constants : tuple of float or array
    lines : tuple of Line
    outputs : tuple of int
        Slots.
    recorded : int
        How many results the graph had, before anything was left out.
    """

    inputs: tuple[Node, ...]
    leaves: tuple[Node, ...]
    constants: tuple[Any, ...]
    lines: tuple[Line, ...]
    outputs: tuple[int, ...]
    recorded: int

    @cached_property
    def noise(self) -> tuple[Node, ...]:
        """The inputs that are drawn."""
        return tuple(filter(is_noise, self.inputs))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of inputs and leaves, each another one."""
        given = len(self.inputs) - len(self.noise)
        names: dict[str, None] = {}
        for k, x in enumerate((*self.inputs, *self.leaves)):
            kind, i = ("x", k) if k < given else ("noise", k - given)
            if k >= len(self.inputs):
                kind, i = "w", k - len(self.inputs)
            name = x.name or f"{kind}{i}"
            while name in names:
                name += "_"
            names[name] = None
        return tuple(names)

    @property
    def first_line(self) -> int:
        """Slot of the first result."""
        return len(self.inputs) + len(self.leaves) + len(self.constants)


def record(outputs: Sequence[Node], inputs: Sequence[Node]) -> Code:
    """Write down how outputs follow from inputs and leaves.

    What depends on constants only is computed now, equal expressions are computed once, x + 0,
    x - 0, x * 1, x / 1, x ** 1 and --x are x, a choice between equals is none, and what no output
    needs is left out.
    """
    order = _computed(outputs, set(inputs))
    book = _Book()
    inputs = (*inputs, *(x for x in order if is_noise(x) and x not in inputs))
    for x in inputs:
        book.entries[x] = book.source("input", x)
    for node in order:
        if node not in book.entries:
            book.enter(node)
    wanted = [book.entries[x] for x in outputs]
    return book.code(inputs, wanted, sum(x.op is not None for x in order))


def _computed(outputs: Sequence[Node], inputs: set[Node]) -> list[Node]:
    """List what outputs were computed from, in order of creation; look no further than inputs."""
    seen = set(outputs)
    found = list(seen)
    for node in found:
        for x in node.inputs if node not in inputs else ():
            if x not in seen:
                seen.add(x)
                found.append(x)
    return sorted(found, key=attrgetter("id"))


class _Book:
    """Values that were written down so far; equal ones have one number."""

    def __init__(self) -> None:
        self.entries: dict[Node, int] = {}
        self._values: list[tuple[Any, ...]] = []
        self._known: dict[Any, int] = {}

    def source(self, kind: str, held: Any) -> int:
        """Write down an input, a leaf or a constant."""
        return self._number((kind, _key(held)), (kind, held))

    def enter(self, node: Node) -> None:
        """Write down a leaf, or a result that is not known yet."""
        if node.op is None:
            kind, held = ("constant", node._data) if node.constant else ("leaf", node)
            self.entries[node] = self.source(kind, held)
            return
        operands = tuple(self.entries[x] for x in node.inputs)
        if all(self._values[x][0] == "constant" for x in operands):
            self.entries[node] = self.source("constant", node._data)
            return
        same = self._shorter(node, operands)
        if same is None:
            line = Line(node.op, operands, node.params)
            ordered = tuple(sorted(operands)) if node.op in _COMMUTING else operands
            params = tuple((name, _key(value)) for name, value in node.params.items())
            same = self._number(("line", node.op, ordered, params), ("line", line))
        self.entries[node] = same

    def _shorter(self, node: Node, operands: tuple[int, ...]) -> int | None:
        """Find a value that equals a result without computing it."""
        op = node.op
        kept = None
        if op is alias:
            kept = 0
        elif op is neg and self._values[operands[0]][0] == "line":
            inner = self._values[operands[0]][1]
            return inner.operands[0] if inner.op is neg else None
        elif op is where and operands[1] == operands[2]:
            kept = 1
        elif op is where and self._values[operands[0]][0] == "constant":
            kept = self._chosen(operands[0])
        elif op in _NEUTRAL and self._is(operands[1], _NEUTRAL[op]):
            kept = 0
        elif op in _COMMUTING and self._is(operands[0], _NEUTRAL[op]):
            kept = 1
        if kept is None or _form(node.args[kept]) != _form(node._data):
            return None  # beside an array, even 0 and 1 may broadcast, or promote
        return operands[kept]

    def _chosen(self, condition: int) -> int | None:
        """Say which operand a condition that never changes selects; None if it takes from both."""
        held = np.asarray(self._values[condition][1])
        return 1 if held.all() else 2 if not held.any() else None

    def _is(self, value: int, number: float) -> bool:
        kind, held = self._values[value]
        return bool(kind == "constant" and np.all(held == number))

    def _number(self, key: Any, value: tuple[Any, ...]) -> int:
        if key not in self._known:
            self._known[key] = len(self._values)
            self._values.append(value)
        return self._known[key]

    def code(self, inputs: Sequence[Node], outputs: list[int], recorded: int) -> Code:
        """Keep what the outputs need, in the order inputs, leaves, constants, lines."""
        needed = set(outputs)
        for value in range(len(self._values) - 1, -1, -1):
            kind, held = self._values[value]
            if value in needed and kind == "line":
                needed.update(held.operands)
        kinds = ("input", "leaf", "constant", "line")
        kept = {
            kind: [
                value
                for value, (found, _) in enumerate(self._values)
                if found == kind and (value in needed or kind == "input")
            ]
            for kind in kinds
        }
        slots = {value: slot for slot, value in enumerate(v for kind in kinds for v in kept[kind])}
        held = {kind: [self._values[value][1] for value in kept[kind]] for kind in kinds}
        lines = (
            line._replace(operands=tuple(slots[x] for x in line.operands)) for line in held["line"]
        )
        return Code(
            tuple(inputs),
            tuple(held["leaf"]),
            tuple(held["constant"]),
            tuple(lines),
            tuple(slots[x] for x in outputs),
            recorded,
        )


def _form(held: Any) -> Any:
    return (held.shape, held.dtype) if isinstance(held, np.ndarray) else ()


def _key(held: Any) -> Any:
    """Tell values apart; 0.0 and -0.0 too."""
    if isinstance(held, float):
        return held, str(held)
    if isinstance(held, np.ndarray):
        return held.shape, held.dtype.str, held.tobytes()
    if isinstance(held, tuple | list):
        return type(held), tuple(map(_key, held))
    return held if isinstance(held, Node) else repr(held)
