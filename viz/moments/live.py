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

    def __sub__(self, other: float) -> "Live":
        return Live(self.node - getattr(other, "node", other), self.places)


def number(x: Any, digits: int = _DIGITS) -> str:
    """Write a number or an array as `autograd.formulas.number` does, live ones by their places."""
    if isinstance(x, Live):
        return _slot(str(x.place), digits)
    return _number(x, digits)


def in_one_line(found: Sequence[Any]) -> str:
    """Write several numbers as one array in a line."""
    if not any(isinstance(x, Live) for x in found):
        return number(np.array(found))
    places = (str(x.place) if isinstance(x, Live) else f"={float(x)!r}" for x in found)
    return _slot(f"[{','.join(places)}", _DIGITS)


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
    return f"{_IF}-{x.place}{_THEN}{text}{_END}"


def _slot(places: str, digits: int) -> str:
    return f"{_OPEN}{places}{f':{digits}' * (digits != _DIGITS)}{_CLOSE}"
