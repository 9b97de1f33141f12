"""Reads formulas off graphs of Values: one form for all that differ in their leaves only."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from autograd import Node, Value, backprop, trace

from .terms import MARK, Terms, ends, is_choice, is_plain, rest

Place = tuple[int, int]  # of a source, and of an element in it, counted in one row

_FIRST = 0xE000  # characters for private use: each stands for a number in a text
_SLOT = re.compile("[\ue000-\uf8ff]")
_OPEN, _RAISED = re.compile(r"(^|\(|, )$"), re.compile("[\u2070-\u2079²³¹⁻^]")


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

    def plain(self) -> dict[str, Any]:
        """Give it as plain data; places that follow on each other by the first and their number."""
        used = [[*_runs(places)] for places in self.used]
        return {"rows": [*self.rows], "slots": [*map(list, self.slots)], "used": used}


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

    Attributes
    ----------
    forms : list of Form
    size : int
        How many Values were in all that was read.
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
        self.size = 0

    def entry(self, cell: Value) -> Entry:
        """Read the formula of one element."""
        order = trace(cell)
        self.size += len(order)
        key = self._key(order)
        if key not in self._outlines:
            self._outlines[key] = self._outline(order)
        outline = self._outlines[key]
        by = slopes(cell) if outline.by_slopes else {}
        values = [sum(order[k].data * by.get(order[k], 1.0) for k in row) for row in outline.terms]
        slots: list[Place] = []
        for k in outline.slots:
            place = self._places.get(id(order[k])) if k >= 0 else None
            slots.append(place or (-1, len(values)))
            if place is None:
                values.append(order[k].data if k >= 0 else by[order[-1 - k]])
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
            elif node.op is None or is_choice(node):
                key.append((node.data if is_plain(node.data) else None, not node.op))
            if node.op is not None:
                params = repr(node.params) if node.params else ""
                key.append((node.op.name, params, *map(index.__getitem__, node.inputs)))
        return tuple(key)

    def _outline(self, order: list[Node]) -> _Outline:
        made = Terms(order, [k for k, node in enumerate(order) if id(node) in self._places])
        used = tuple(made.used())
        if made.is_short():
            slots: dict[int, int] = {}
            rows = tuple(
                MARK.sub(lambda mark: _slot(slots, int(mark[1])), text) for text in made.texts()
            )
            return _Outline(rows, made.rows, tuple(slots), used)
        if self._linear is None:
            told = ends(used)
            words = [chr(_FIRST + k) if len(each) == 1 else "…" for k, each in enumerate(told)]
            shown = tuple(each[0] for each in told)
            text = f"{self._name}({', '.join(words)})"
            return _Outline((text,), [[len(order) - 1]], shown, used)
        terms = ends([k for k in used if self._places[id(order[k])][0] == self._linear])
        texts, places = [], list[int]()
        for row in terms:
            if row[1:]:
                texts.append(rest(row))
            else:
                texts.append(f"{chr(_FIRST + len(places))}·{chr(_FIRST + len(places) + 1)}")
                places += [row[0], -1 - row[0]]
        return _Outline(tuple(texts), terms, tuple(places), used, by_slopes=True)


def slopes(cell: Value) -> dict[Node, float]:
    """Give the derivatives of a number by all that it was computed from, itself included.

    Examples
    --------
    >>> x = Value(3.0)
    >>> slopes(2 * x)[x]
    2.0
    """
    if cell.constant:
        return {}
    found: dict[Node, float] = {cell: 1.0}
    for node, _, passed in backprop(cell):
        for x, slope in zip(node.inputs, passed, strict=False):
            if slope is not None:
                found[x] = found.get(x, 0.0) + slope
    return found


def _runs(places: Sequence[int]) -> Iterator[list[int]]:
    for _, pairs in groupby(enumerate(places), lambda pair: pair[1] - pair[0]):
        run = [place for _, place in pairs]
        yield [run[0], len(run)]


def _slot(slots: dict[int, int], k: int) -> str:
    return chr(_FIRST + slots.setdefault(k, len(slots)))
