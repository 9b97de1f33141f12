"""Records graphs as straight-line code, and makes the code short."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

import numpy as np

from ..engine import Node, Scope, is_noise, same_numbers, walk
from ..errors import GraphError
from ..ops import add, alias, brief, div, mul, neg, pow, sub, where
from .program import Code, Line, identity

_COMMUTING = {add, mul}
_NEUTRAL = {add: 0.0, sub: 0.0, mul: 1.0, div: 1.0, pow: 1.0}  # as the second operand


def record(outputs: Sequence[Node], inputs: Sequence[Node]) -> Code:
    """Write down how outputs follow from inputs and leaves.

    What depends on constants only is computed now, equal expressions are computed once, x + 0,
    x - 0, x * 1, x / 1, x ** 1 and --x are x, a choice between equals is none, and what no output
    needs is left out.
    """
    given = set(inputs)
    order = sorted(walk(outputs, lambda x: () if x in given else x.inputs), key=attrgetter("id"))
    drawn = [x for x in order if is_noise(x) and x not in inputs]
    book = _Book()
    for x in (*inputs, *drawn):
        book.enter(x, "input")
    for node in order:
        if node not in book.entries:
            book.enter(node)
    results = sum(x.op is not None for x in order)
    return book.code((*inputs, *drawn), len(inputs), outputs, results)


class _Book:
    """What was written down so far, each thing under a number; equal results have one number."""

    def __init__(self) -> None:
        self.entries: dict[Node, int] = {}
        self._kinds: list[str] = []
        self._held: list[Any] = []  # a node, a constant or a Line
        self._known: dict[Any, int] = {}
        self._scopes: dict[int, Scope | None] = {}
        self._folded: list[tuple[Node, Any]] = []

    def enter(self, node: Node, kind: str | None = None) -> None:
        """Write down an input, a leaf, or a result that is not known yet."""
        if kind or node.op is None:
            kind = kind or ("constant" if node.constant else "leaf")
            held = node._held if kind == "constant" else node
            self.entries[node] = self._number((kind, identity(held)), kind, held)
            if kind == "constant":
                self._folded.append((node, held))
            return
        if Node.edits_of_constants:
            _refuse_edited(node)
        operands = tuple([self.entries[x] for x in node.inputs])
        kinds = self._kinds
        if all([kinds[x] == "constant" for x in operands]):
            self.entries[node] = self._number(
                ("constant", identity(node._held)), "constant", node._held
            )
            return
        same = self._shorter(node, operands)
        if same is None:
            ordered = tuple(sorted(operands)) if node.op in _COMMUTING else operands
            params = identity(node.params)
            line = Line(node.op, operands, node.params)
            same = self._number((node.op, ordered, params), "line", line)
            self._scopes.setdefault(same, node.scope)
        self.entries[node] = same

    def _shorter(self, node: Node, operands: tuple[int, ...]) -> int | None:
        """Find what equals a result without computing it."""
        op = node.op
        kept = None
        if op is alias:
            kept = 0
        elif op is neg and self._kinds[operands[0]] == "line":
            inner = self._held[operands[0]]
            return inner.operands[0] if inner.op is neg else None
        elif op is where and operands[1] == operands[2]:
            kept = 1
        elif op is where and self._kinds[operands[0]] == "constant":
            kept = _chosen(self._held[operands[0]])
        elif op in _NEUTRAL and self._is(operands[1], _NEUTRAL[op]):
            kept = 0
        elif op in _COMMUTING and self._is(operands[0], _NEUTRAL[op]):
            kept = 1
        if kept is None or _form(node.args[kept]) != _form(node._held):
            return None  # beside an array, even 0 and 1 may broadcast, or promote
        return operands[kept]

    def _is(self, place: int, number: float) -> bool:
        return self._kinds[place] == "constant" and bool(np.all(self._held[place] == number))

    def _number(self, key: Any, kind: str, held: Any) -> int:
        found = self._known.setdefault(key, len(self._kinds))
        if found == len(self._kinds):
            self._kinds.append(kind)
            self._held.append(held)
        return found

    def code(
        self, inputs: tuple[Node, ...], given: int, outputs: Sequence[Node], recorded: int
    ) -> Code:
        """Keep what the outputs need, in the order inputs, leaves, constants, lines."""
        results = [self.entries[x] for x in outputs]
        needed = set(results)
        places: dict[str, list[int]] = {"input": [], "leaf": [], "constant": [], "line": []}
        for place in range(len(self._kinds) - 1, -1, -1):
            kind = self._kinds[place]
            if place in needed or kind == "input":
                places[kind].append(place)
                if kind == "line":
                    needed.update(self._held[place].operands)
        order = [place for found in places.values() for place in reversed(found)]
        slots = {place: slot for slot, place in enumerate(order)}
        held = {kind: [self._held[k] for k in reversed(found)] for kind, found in places.items()}
        return Code(
            type(outputs[0]),
            inputs,
            given,
            tuple(held["leaf"]),
            tuple(held["constant"]),
            tuple([Line(op, tuple([slots[x] for x in xs]), ps) for op, xs, ps in held["line"]]),
            tuple([slots[x] for x in results]),
            tuple([self._scopes[k] for k in reversed(places["line"])]),
            tuple(self._folded),
            recorded,
        )


def _refuse_edited(node: Node) -> None:
    """Refuse constants with other numbers than those that were computed with."""
    for x, seen in zip(node.inputs, node.args, strict=True):
        if x.constant and x.op is None and not same_numbers(x._held, seen):
            raise GraphError(
                f"Tape: the constant {brief(x)} was {brief(seen)} when the graph was built. "
                "Build the graph again, or list the constant among the inputs."
            )


def _chosen(condition: Any) -> int | None:
    """Say which operand a condition that never changes selects; None if it takes from both."""
    held = np.asarray(condition)
    return 1 if held.all() else 2 if not held.any() else None


def _form(held: Any) -> Any:
    return (held.shape, held.dtype) if isinstance(held, np.ndarray) else ()
