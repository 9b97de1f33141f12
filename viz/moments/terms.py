"""Writes the graph of one Value as the terms of a sum, in symbols for its leaves."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import reduce
from math import isfinite
from typing import Any

from autograd import OPS, Node, trace
from autograd.formulas import Formula, Symbol, applied, written
from autograd.ops import flat

MARK = re.compile("\ue000(\\d+)\ue001")  # a leaf, by its place among all nodes
_MANY, _ENDS = 8, 3  # terms that are written out; at both ends of more than so many
_LONGEST, _DEEPEST = 18, 12  # numbers in a formula that can still be read, calls in calls


class Terms:
    """The terms of a graph of Values, whose nodes are called by their places in a trace.

    Parameters
    ----------
    order : list of Node
        The graph; its output is the last.
    leaves : collection of int
        Where it ends. Other numbers without an op are part of the formula.

    Attributes
    ----------
    rows : list of list of int
        The terms of the sum that all of it is, or the whole: one a row, but many in one.
    """

    def __init__(self, order: list[Node], leaves: Collection[int]) -> None:
        self._order = order
        index = {node: k for k, node in enumerate(order)}
        self._inputs = [[index[x] for x in node.inputs] for node in order]
        self._leaves = set(leaves)
        self._simple: list[Formula] = []
        self._same: list[int] = []  # the place of x for 1·x
        self._operands: list[list[int]] = []  # what counts of the inputs: none of 0·x
        self._choices: list[set[int]] = []  # numbers that chose these
        for k in range(len(order)):
            self._simplify(k)
        self._root = self._same[-1]
        self._live, uses = {self._root}, Counter[int]()
        for k in range(self._root, -1, -1):
            if k in self._live:
                uses.update(self._operands[k])
                self._live.update(self._operands[k])
        self._results = [k for k in sorted(self._live) if self._operands[k]]
        sums = {k for k in self._results if order[k].op is OPS["add"]}
        self._inner = {x for k in sums for x in self._operands[k] if x in sums and uses[x] == 1}
        self._sums = sums - self._inner
        self.rows = [[len(order) - 1]]
        if self._root in self._sums:
            self.rows = ends(self._terms_of(self._root))

    def texts(self) -> list[str]:
        """Write the rows."""
        made: dict[int, Formula] = {}

        def of(k: int) -> Formula:
            return made.get(self._same[k], self._simple[k])

        for k in self._results:
            if k in self._sums:
                rows = ends(self._terms_of(k))
                terms = [Symbol("…") if row[1:] else of(row[0]) for row in rows]
                made[k] = reduce(lambda a, b: applied(OPS["add"], (a, b), {}), terms)
            elif k not in self._inner:
                made[k] = _applied(self._order[k], [of(x) for x in self._inputs[k]])
        return [rest(row) if row[1:] else written(of(row[0])) for row in self.rows]

    def is_short(self) -> bool:
        """Whether a formula can be read: it holds few numbers, and few calls in calls."""
        size, depth = Counter[int](), Counter[int]()
        for k in self._results:
            below = [self._same[x] for x in self._operands[k]]
            if k in self._sums:
                below = [self._same[row[0]] for row in ends(self._terms_of(k)) if not row[1:]]
            size[k] = sum(size[x] or 1 for x in below)
            depth[k] = 1 + max(depth[x] for x in below)
        most = max((size[self._same[k]] for row in self.rows for k in row[:1]), default=0)
        return most <= _LONGEST and depth[self._root] <= _DEEPEST

    def used(self) -> Iterator[int]:
        """Yield the leaves that the formula depends on, and those that chose what it depends on."""
        yield from sorted(self._live & self._leaves)
        index = {node: k for k, node in enumerate(self._order)}
        chosen = {x for k in (*self._results, len(self._order) - 1) for x in self._choices[k]}
        below = trace(*(self._order[x] for x in sorted(chosen)))
        yield from (index[x] for x in below if index[x] in self._leaves)

    def _simplify(self, k: int) -> None:
        node, same, operands, choices = self._order[k], k, list[int](), set[int]()
        formula: Formula
        if k in self._leaves:
            formula = _Mark(k)
        elif node.op is None or (is_choice(node) and k != len(self._order) - 1):
            formula = float(node.data) if is_plain(node.data) else _Mark(k)
        else:
            given = [self._simple[x] for x in self._inputs[k]]
            formula = _applied(node, given)
            pairs = zip(self._inputs[k], given, strict=True)
            symbols = [self._same[x] for x, each in pairs if isinstance(each, Symbol)]
            same = next((x for x in symbols if self._simple[x] is formula), k)
            operands = symbols if same == k and isinstance(formula, Symbol) else []
            for x in self._inputs[k]:
                if x not in self._leaves and is_choice(self._order[x]):
                    choices.add(x)
                elif self._same[x] != x or not self._operands[x]:
                    choices |= self._choices[x]  # it chose what is left of it
        self._simple.append(formula)
        self._same.append(same)
        self._operands.append(operands)
        self._choices.append(choices)

    def _terms_of(self, k: int) -> list[int]:
        """List the terms of a sum of sums, from left to right."""
        found, left = [], [k]
        while left:
            x = left.pop()
            own = self._same[x]
            if own == k or own in self._inner:
                left += reversed(self._inputs[own])
            elif isinstance(self._simple[x], Symbol) or self._simple[x] != 0.0:
                found.append(x)
        return found


def is_choice(node: Node) -> bool:
    """Whether it is a number, such as 0 or 1, that says which of the others count."""
    rules = node.op.vjps if node.op else ()
    return node.constant and isinstance(rules, tuple) and set(rules) == {flat}


def is_plain(x: float) -> bool:
    """Whether a number that is no element is part of the formula itself, as 2 is of a square."""
    return isfinite(x) and x == round(x, 2)


def ends(items: Sequence[int]) -> list[list[int]]:
    """Put each in a row of its own; of many only those at both ends, and all others in one row."""
    rows = [[x] for x in items]
    if len(rows) > _MANY:
        rows[_ENDS:-_ENDS] = [list(items[_ENDS:-_ENDS])]
    return rows


def rest(row: list[int]) -> str:
    """Write what stands for several terms."""
    return f"… {len(row)} more terms"


def _applied(node: Any, operands: list[Formula]) -> Formula:
    """Write a result, in short where it is 1·x; its number where it depends on nothing."""
    first = next((x for x in operands if isinstance(x, Symbol)), None)
    if first is None:
        return float(node.data)
    return first.__apply_op__(node.op, tuple(operands), node.params)


class _Mark(Symbol):
    """A number in a formula, until it gets a character of its own."""

    __slots__ = ()
    whole = True

    def __init__(self, k: int) -> None:
        super().__init__(f"\ue000{k}\ue001", shape=())
