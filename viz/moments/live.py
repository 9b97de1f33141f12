"""Numbers that a page computes anew: a text holds their places, and the page fills them in."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd import Value
from autograd.formulas import number as _number

# Private characters, which no name brings along: `texts.shown` escapes them.
_OPEN, _CLOSE, _IF, _THEN, _END = "\ue010\ue011\ue012\ue013\ue014"
_DIGITS = 5


class Live(float):
    """A number as it was found, and the node that gives it where leaves hold others.

    Parameters
    ----------
    node : Value
    places : dict from Value to int
        Where a page has the number of each node that a text asks for; the text adds what it needs.

    Examples
    --------
    >>> places = {}
    >>> x = Live(Value(0.1), places)
    >>> x + 1, number(x) == number(0.1), len(places)
    (1.1, False, 1)
    """

    __slots__ = ("node", "places")

    node: Value
    places: dict[Value, int]

    def __new__(cls, node: Value, places: dict[Value, int]) -> "Live":
        self = super().__new__(cls, node.data)
        self.node, self.places = node, places
        return self

    @property
    def place(self) -> int:
        """Where a page has it."""
        return self.places.setdefault(self.node, len(self.places))

    def __add__(self, other: float) -> "Live":
        return Live(self.node + getattr(other, "node", other), self.places)

    __radd__ = __add__

    def __sub__(self, other: float) -> "Live":
        return Live(self.node - getattr(other, "node", other), self.places)


def number(x: Any, digits: int = _DIGITS) -> str:
    """Write a number or an array as `autograd.formulas.number` does, live ones by their places."""
    if isinstance(x, Live):
        return _slot(str(x.place), digits)
    return x.text if isinstance(x, Slot) else _number(x, digits)


def in_one_line(found: Sequence[Any]) -> str:
    """Write several numbers as one array in a line."""
    return _list("[", found) if is_live(found) else number(np.array(found))


def in_words(found: Sequence[Any]) -> str:
    """Write how many numbers there are, and from which to which."""
    if is_live(found):
        return _list("(", found)
    low, high = number(np.min(found), 3), number(np.max(found), 3)
    return f"{len(found)} numbers" + (f" of {low}" if low == high else f" from {low} to {high}")


def is_live(found: Sequence[Any]) -> bool:
    """Whether some of several numbers are live."""
    return any(isinstance(x, Live) for x in found)


def when(condition: float, text: str) -> str:
    """Write a text where a number is above 0; where it is live, so that a page decides.

    Examples
    --------
    >>> when(1.0, "yes"), when(0.0, "yes")
    ('yes', '')
    """
    if isinstance(condition, Live):
        return f"{_IF}{condition.place}{_THEN}{text}{_END}"
    return text if condition > 0 else ""


def where_negative(x: Live, text: str) -> str:
    """Write a text that a page shows where a number is below 0."""
    return _where("-", x, text)


def where_nearly(x: Live, below: str, above: str, itself: str) -> str:
    """Write three texts, of which a page shows one: where a number only looks whole, or does not.

    Parameters
    ----------
    x : Live
    below, above : str
        For a number that is so little below or above a whole one that it is written as that.
    itself : str
        For any other.
    """
    texts = {"<": below, ">": above, "=": itself}
    return "".join(_where(sign, x, text) for sign, text in texts.items())


class Slot(float):
    """A number of which only the text is known, which a page fills in."""

    __slots__ = ("text",)

    text: str


def parted(x: Live) -> tuple[Slot, Slot]:
    """Give the whole number that is next to a live one, and how far it is."""
    parts = Slot(1.0), Slot(1.0)
    for part, sign in zip(parts, "~±", strict=True):
        part.text = _slot(f"{sign}{x.place}", _DIGITS)
    return parts


def _where(sign: str, x: Live, text: str) -> str:
    return f"{_IF}{sign}{x.place}{_THEN}{text}{_END}"


def _list(sign: str, found: Sequence[Any]) -> str:
    places = (str(x.place) if isinstance(x, Live) else f"={float(x)!r}" for x in found)
    return _slot(f"{sign}{','.join(places)}", _DIGITS)


def _slot(places: str, digits: int) -> str:
    return f"{_OPEN}{places}{f':{digits}' * (digits != _DIGITS)}{_CLOSE}"
