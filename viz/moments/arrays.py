"""Arrays as a reader takes them in: small ones number by number, others by what sums them up."""

from typing import Any

import numpy as np

from autograd.formulas import Symbol, written

from .live import number

MOST = 6  # rows and columns that are written out
_DIGITS = 3

# What is written in one go: words and formulas. A line break parts two equations.
Line = tuple[str | Symbol, ...]


class Numbers(Symbol):
    """An array, or a number, that stands in a formula as it is.

    Examples
    --------
    >>> Numbers([[1.0, 2.0], [3.0, 4.0]]).mT @ Numbers([0.5, -1.0])
    [[1, 2], [3, 4]]ᵀ @ [0.5, -1]
    """

    __slots__ = ("data",)

    whole = True

    def __init__(self, data: Any) -> None:
        text = _nested(data)
        # One that is negative would run into the sign before it.
        super().__init__(f"({text})" if text.startswith("-") else text, shape=np.shape(data))
        self.data = np.asarray(data)

    @property
    def rows(self) -> list[list[str]]:
        """The numbers as they are written, row by row; a row by itself where it has one dimension.

        Examples
        --------
        >>> Numbers([0.5, -1.0]).rows
        [['0.5', '-1']]
        """
        return [[number(x, _DIGITS) for x in row] for row in np.atleast_2d(self.data)]


def is_small(array: Any) -> bool:
    """Whether an array is read number by number: a row or a table of at most 6 × 6.

    Examples
    --------
    >>> is_small(np.eye(6)), is_small(np.zeros(7)), is_small(np.zeros((1, 1, 2)))
    (True, False, False)
    """
    shape = np.shape(array)
    return len(shape) <= 2 and max(shape, default=0) <= MOST


def summary(array: Any) -> str:
    """Say in words what is in an array that is too large to be written out.

    Examples
    --------
    >>> summary(np.arange(12.0).reshape(1, 12))
    'shape (1, 12), smallest 0, largest 11, norm 22.5'
    """
    if np.size(array) == 0:
        return f"shape {np.shape(array)}, empty"
    with np.errstate(all="ignore"):
        norm = np.linalg.norm(array)
    found = {"smallest": np.min(array), "largest": np.max(array), "norm": norm}
    words = (f"{name} {number(x, _DIGITS)}" for name, x in found.items())
    return ", ".join([f"shape {np.shape(array)}", *words])


def piece(array: Any) -> str | Symbol:
    """Give what stands for a number or an array in a line."""
    if np.ndim(array) == 0:
        return number(array)
    return Numbers(array) if is_small(array) else summary(array)


def line_text(line: Line) -> str:
    """Write a line for a terminal."""
    return "".join(map(_text, line))


def line_said(line: Line) -> str:
    """Write a line for a sentence, in which arrays are not written out."""
    return "".join(said(part.data) if isinstance(part, Numbers) else str(part) for part in line)


def said(array: Any) -> str:
    """Name a number, or an array, in a sentence.

    Examples
    --------
    >>> said(0.5), said(np.eye(2))
    ('0.5', 'an array of shape (2, 2)')
    """
    return number(array) if np.ndim(array) == 0 else f"an array of shape {np.shape(array)}"


def aligned(array: Any) -> str:
    """Write a number or an array for a terminal, in rows that line up.

    Examples
    --------
    >>> print(aligned(np.array([[1.0, -0.5], [20.0, 3.0]])))
    [[ 1, -0.5],
     [20,    3]]
    """
    if np.ndim(array) < 2 or not is_small(array):
        return line_text((piece(array),))
    rows = Numbers(array).rows
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (", ".join(map(str.rjust, row, widths)) for row in rows)
    return "[" + ",\n ".join(f"[{line}]" for line in lines) + "]"


def _text(part: str | Symbol) -> str:
    if isinstance(part, Symbol):
        return written(part)
    return "   " if part == "\n" else part


def _nested(array: Any) -> str:
    if np.ndim(array) == 0:
        return number(array, _DIGITS)
    return f"[{', '.join(map(_nested, array))}]"
