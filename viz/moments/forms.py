"""Reads formulas off graphs of Values: one form for all that differ in their leaves only."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from math import isfinite
from typing import Any, NamedTuple

from autograd import OPS, Node, Value, backprop, trace
from autograd.formulas import Formula, Symbol, applied, written
from autograd.ops import flat

Place = tuple[int, int]  # of a source, and of an element in it, counted in one row

_FIRST = 0xE000  # characters for private use: each stands for a number in a text
_SLOT = re.compile("[\ue000-\uf8ff]")
_OPEN, _RAISED = re.compile(r"(^|\(|, )$"), re.compile("[\u2070-\u2079²³¹⁻^]")
_MARK = re.compile("\ue000(\\d+)\ue001")
_MANY, _ENDS = 8, 3  # terms that are written out; at both ends of more than so many
_LONGEST, _DEEPEST = 18, 12  # numbers in a formula that can still be read, calls in calls


@dataclass(frozen=True)
class Form:
    """What the formulas of several elements of an array have in common.

    Attributes
    ----------
    rows : tuple of str
        The terms of a sum, many of them in one row; or all of it. Characters for private use stand
        for numbers.
    slots : tuple of Place
        For which ones, in order. Places of elements are those of the first element of this form,
        and shifted for others. A source of -1 means a value of the entry.
    used : tuple of tuples of int
        For each source the places of all elements that are used, shifted as well.
    """

    rows: tuple[str, ...]
    slots: tuple[Place, ...]
    used: tuple[tuple[int, ...], ...]

    def text(self, row: int, write: Callable[[int, int], str]) -> str:
        """Write a row, with what `write` gives for each slot.

        What begins with a minus gets parentheses where it would run into a sign, or be raised.

        Examples
        --------
        >>> form = Form(("\ue000·\ue001",), ((0, 3), (1, 0)), ((3,), (0,)))
        >>> form.text(0, lambda source, place: ["2", "-5"][source])
        '2·(-5)'
        """
        text = self.rows[row]

        def put(match: re.Match[str]) -> str:
            found = write(*self.slots[ord(match[0]) - _FIRST])
            apart = _OPEN.search(text[: match.start()]) and not _RAISED.match(text[match.end() :])
            return f"({found})" if found.startswith("-") and not apart else found

        return _SLOT.sub(put, text)


class Entry(NamedTuple):
    """What there is to say of one element beside its form."""

    form: int
    shifts: tuple[int, ...]  # of places, for each source
    values: tuple[float, ...]  # of the rows, and of numbers in them that are no elements


class _Outline(NamedTuple):
    """What formulas have in common whatever their leaves are; numbers are places in a trace."""

    rows: tuple[str, ...]
    terms: list[list[int]]  # what each row is the sum of
    slots: tuple[int, ...]  # below 0 for the slopes of terms
    used: tuple[int, ...]
    by_slopes: bool = False  # whether each term is to be multiplied by a slope


class Reader:
    """Reads one formula after the other, and finds the forms that they have in common.

    Parameters
    ----------
    name : str
        What is written before the elements that are used, in brackets, where a formula is too long.
    linear : int or None
        Place of a source that the whole is linear in: a long formula is then written as a sum of
        its elements, each times its slope.
    places : dict from int to Place
        Which element of which source a leaf is, by its id.
    inside : dict from int to set of Place
        Of a leaf that stands for others, their places.
    count : int
        How many sources there are.
    """

    def __init__(
        self,
        name: str,
        linear: int | None,
        places: dict[int, Place],
        inside: dict[int, set[Place]],
        count: int,
    ) -> None:
        self.forms: list[Form] = []
        self._name, self._linear = name, linear
        self._places, self._inside, self._count = places, inside, count
        self._outlines: dict[Any, _Outline] = {}
        self._known: dict[Any, int] = {}

    def entry(self, cell: Value) -> Entry:
        """Read the formula of one element."""
        order = trace(cell)
        key = self._key(order)
        if key not in self._outlines:
            self._outlines[key] = self._outline(order)
        outline = self._outlines[key]
        slopes = _slopes(cell) if outline.by_slopes else {}
        values = [
            sum(order[k].data * slopes.get(order[k], 1.0) for k in row) for row in outline.terms
        ]
        slots: list[Place] = []
        for k in outline.slots:
            place = self._places.get(id(order[k])) if k >= 0 else None
            slots.append(place or (-1, len(values)))
            if place is None:
                values.append(order[k].data if k >= 0 else slopes[order[-1 - k]])
        used: list[set[int]] = [set() for _ in range(self._count)]
        for k in outline.used:
            leaf = id(order[k])
            for source, element in self._inside.get(leaf) or [self._places[leaf]]:
                used[source].add(element)
        shifts = tuple(
            min(each | {place for source, place in slots if source == k}, default=0)
            for k, each in enumerate(used)
        )
        form = (
            outline.rows,
            tuple((k, place - shifts[k] if k >= 0 else place) for k, place in slots),
            tuple(
                tuple(place - shift for place in sorted(each))
                for each, shift in zip(used, shifts, strict=True)
            ),
        )
        if form not in self._known:
            self._known[form] = len(self.forms)
            self.forms.append(Form(*form))
        return Entry(self._known[form], shifts, tuple(map(float, values)))

    def _key(self, order: list[Node]) -> tuple[Any, ...]:
        """Say all that an outline depends on: all but which elements the leaves are."""
        index = {node: k for k, node in enumerate(order)}
        key: list[Any] = []
        for node in order:
            if id(node) in self._places:
                key.append(self._places[id(node)][0])
            elif node.op is None or _is_choice(node):
                key.append((node.data if _is_plain(node.data) else None, not node.op))
            if node.op is not None:
                params = repr(node.params) if node.params else ""
                key.append((node.op.name, params, *map(index.__getitem__, node.inputs)))
        return tuple(key)

    def _outline(self, order: list[Node]) -> _Outline:
        writer = _Writer(order, self._places)
        used = tuple(writer.used())
        if writer.is_short():
            slots: dict[int, int] = {}
            rows = tuple(
                _MARK.sub(lambda mark: _slot(slots, int(mark[1])), text) for text in writer.texts()
            )
            return _Outline(rows, writer.terms, tuple(slots), used)
        if self._linear is None:
            told = _ends(used)
            words = [chr(_FIRST + k) if len(each) == 1 else "…" for k, each in enumerate(told)]
            shown = tuple(each[0] for each in told)
            text = f"{self._name}({', '.join(words)})"
            return _Outline((text,), [[len(order) - 1]], shown, used)
        terms = _ends([k for k in used if self._places[id(order[k])][0] == self._linear])
        texts, places = [], list[int]()
        for row in terms:
            if row[1:]:
                texts.append(_rest(row))
            else:
                texts.append(f"{chr(_FIRST + len(places))}·{chr(_FIRST + len(places) + 1)}")
                places += [row[0], -1 - row[0]]
        return _Outline(tuple(texts), terms, tuple(places), used, by_slopes=True)


class _Mark(Symbol):
    """A number in a formula, until it gets a character of its own."""

    __slots__ = ()
    whole = True

    def __init__(self, k: int) -> None:
        super().__init__(f"\ue000{k}\ue001", shape=())


class _Writer:
    """Writes the formula of one graph of Values, whose nodes it calls by their places."""

    def __init__(self, order: list[Node], places: dict[int, Place]) -> None:
        self._order = order
        index = {node: k for k, node in enumerate(order)}
        self._inputs = [[index[x] for x in node.inputs] for node in order]
        self._leaves = {k for k, node in enumerate(order) if id(node) in places}
        self._simple: list[Formula] = []
        self._same: list[int] = []  # the place of x for 1·x
        self._operands: list[list[int]] = []  # what counts of the inputs: none of 0·x
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
        self.terms = [[len(order) - 1]]
        if self._root in self._sums:
            self.terms = _ends(self._terms_of(self._root))

    def texts(self) -> list[str]:
        """Write the rows."""
        made: dict[int, Formula] = {}

        def of(k: int) -> Formula:
            return made.get(self._same[k], self._simple[k])

        for k in self._results:
            if k in self._sums:
                rows = _ends(self._terms_of(k))
                terms = [Symbol("…") if row[1:] else of(row[0]) for row in rows]
                made[k] = reduce(lambda a, b: applied(OPS["add"], (a, b), {}), terms)
            elif k not in self._inner:
                made[k] = _applied(self._order[k], [of(x) for x in self._inputs[k]])
        return [_rest(row) if row[1:] else written(of(row[0])) for row in self.terms]

    def is_short(self) -> bool:
        """Whether a formula can be read: it holds few numbers, and few calls in calls."""
        size, depth = Counter[int](), Counter[int]()
        for k in self._results:
            below = [self._same[x] for x in self._operands[k]]
            if k in self._sums:
                below = [self._same[row[0]] for row in _ends(self._terms_of(k)) if not row[1:]]
            size[k] = sum(size[x] or 1 for x in below)
            depth[k] = 1 + max(depth[x] for x in below)
        most = max((size[self._same[k]] for row in self.terms for k in row[:1]), default=0)
        return most <= _LONGEST and depth[self._root] <= _DEEPEST

    def used(self) -> Iterator[int]:
        """Yield the leaves that the formula depends on, and those that chose what it depends on."""
        yield from sorted(self._live & self._leaves)
        index = {node: k for k, node in enumerate(self._order)}
        for k in self._results:
            for x in self._order[k].inputs:
                if index[x] not in self._leaves and _is_choice(x):
                    yield from (index[y] for y in trace(x) if index[y] in self._leaves)

    def _simplify(self, k: int) -> None:
        node, same, operands = self._order[k], k, list[int]()
        formula: Formula
        if k in self._leaves:
            formula = _Mark(k)
        elif node.op is None or (_is_choice(node) and k != len(self._order) - 1):
            formula = float(node.data) if _is_plain(node.data) else _Mark(k)
        else:
            given = [self._simple[x] for x in self._inputs[k]]
            formula = _applied(node, given)
            pairs = zip(self._inputs[k], given, strict=True)
            symbols = [self._same[x] for x, each in pairs if isinstance(each, Symbol)]
            same = next((x for x in symbols if self._simple[x] is formula), k)
            operands = symbols if same == k and isinstance(formula, Symbol) else []
        self._simple.append(formula)
        self._same.append(same)
        self._operands.append(operands)

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


def _applied(node: Any, operands: list[Formula]) -> Formula:
    """Write a result, in short where it is 1·x; its number where it depends on nothing."""
    first = next((x for x in operands if isinstance(x, Symbol)), None)
    if first is None:
        return float(node.data)
    return first.__apply_op__(node.op, tuple(operands), node.params)


def _is_choice(node: Node) -> bool:
    """Whether it is a number, such as 0 or 1, that says which of the others count."""
    rules = node.op.vjps if node.op else ()
    return node.constant and isinstance(rules, tuple) and set(rules) == {flat}


def _is_plain(x: float) -> bool:
    """Whether a number that is no element is part of the formula itself, as 2 is of a square."""
    return isfinite(x) and x == round(x, 2)


def _slopes(cell: Value) -> dict[Node, float]:
    found: dict[Node, float] = {}
    for node, _, passed in backprop(cell):
        for x, slope in zip(node.inputs, passed, strict=False):
            if slope is not None:
                found[x] = found.get(x, 0.0) + slope
    return found


def _ends(items: Sequence[int]) -> list[list[int]]:
    """Put each in a row of its own; of many only those at both ends, and all others in one row."""
    rows = [[x] for x in items]
    if len(rows) > _MANY:
        rows[_ENDS:-_ENDS] = [list(items[_ENDS:-_ENDS])]
    return rows


def _rest(row: list[int]) -> str:
    return f"… {len(row)} more terms"


def _slot(slots: dict[int, int], k: int) -> str:
    return chr(_FIRST + slots.setdefault(k, len(slots)))
