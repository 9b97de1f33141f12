"""Arrays as cells: numbers on their colors while they are few, heat maps of averages beyond."""

from math import isfinite
from typing import Any

import numpy as np

from autograd.formulas import number

from ..moments import Numbers, is_small

# From orange for negative numbers over white for 0 to blue; INK can be read on each of them.
SHADES = (
    *("#f08a3c", "#f6ab72", "#fac9a4", "#fde4d0"),
    "#fefefe",
    *("#d8e6f8", "#b0cdf0", "#86b2e6", "#5c97da"),
)
_ZERO = len(SHADES) // 2
INK, BAD = "#1f2328", "#d00000"  # of numbers; of those that are none, and of their cells in maps
MARK = "#8a3b00"  # around negative cells of a heat map, whose sign color alone would tell
_SIDE, _SIDE_OF_SEVERAL = 12, 8  # cells of a map, and of each where there are several
_MAPS = 3  # channels that are shown of an image
_CELL, _GAP = 7, 2  # points of a cell in a map, and between maps
_LETTER, _AROUND = 6, 7  # points: of a letter, and around the number in a cell
_LINE = 18  # points of a row of numbers
_UNKNOWN, _BLANK = "–", "\u00a0"  # instead of a number; beside a short one


def shades(array: Any) -> list[int]:
    """Give the color of each number, in order: its place in `SHADES`; 4 for what is not finite.

    Examples
    --------
    >>> shades(np.array([[-2.0, 0.0], [0.1, 2.0]]))
    [0, 4, 5, 8]
    """
    flat = np.ravel(np.asarray(array, float))
    finite = np.isfinite(flat)
    largest = np.max(np.abs(flat[finite]), initial=0.0) or 1.0
    parts = np.divide(flat, largest, out=np.zeros_like(flat), where=finite)
    # Steps of a quarter, but of a number that is not 0 no less than one.
    steps = np.rint(_ZERO * parts)
    signs = np.sign(np.where(finite, flat, 0.0))
    return [_ZERO + int(x) for x in np.where(steps == 0, signs, steps)]


def cell_texts(array: Any) -> list[Any]:
    """Give what is in the cells of a small array, and the place of the color of each.

    Examples
    --------
    >>> cell_texts(np.array([[1.0, -2.0]]))
    [['1', '-2'], [6, 0]]
    """
    return [[text for row in Numbers(array).rows for text in row], shades(array)]


def has_numbers(array: Any) -> bool:
    """Whether a box can show the numbers of an array in cells: there are some, and few."""
    return np.ndim(array) > 0 and np.size(array) > 0 and is_small(array)


def has_map(array: Any) -> bool:
    """Whether a box can show an array as a heat map."""
    return np.size(array) > 1 and not is_small(array)


def width(array: Any) -> int:
    """Say how many points the cells of an array are wide, with numbers in them."""
    rows = Numbers(array).rows
    columns = (max(map(len, column)) for column in zip(*rows, strict=True))
    return sum(_LETTER * length + _AROUND for length in columns)


def number_cells(array: Any, name: str, now: Any) -> str:
    """Lay the numbers of a small array out in HTML-like cells, which are called name0, name1.

    They say what the array is `now`, in as much room as it will need; dashes while it is None.
    """
    numbers = np.zeros(np.size(array)) if now is None else np.ravel(now)
    colors, places = iter(shades(numbers)), iter(range(numbers.size))
    rows = Numbers(array).rows
    said = [[_UNKNOWN] * len(row) for row in rows] if now is None else Numbers(now).rows
    lines = []
    for row, texts in zip(rows, said, strict=True):
        line = ""
        for longest, text in zip(row, texts, strict=True):
            place, color = next(places), SHADES[next(colors)]
            x = numbers[place]
            # Of a cell with a target, each Graphviz makes a group with this id.
            about = f'id="{name}{place}" title="{number(x, 12)}" target="_self" bgcolor="{color}"'
            ink = INK if isfinite(x) else BAD
            text = text.center(len(longest), _BLANK)
            words = f'<font color="{ink}" face="Courier" point-size="10">{text}</font>'
            line += f'<td {about} height="{_LINE}">{words}</td>'
        lines.append(f"<tr>{line}</tr>")
    return f"<td>{_table(lines, cellspacing=1, cellpadding=2)}</td>"


def heat_map(array: Any, name: str, now: Any) -> str:
    """Lay a larger array out in cells of averages: the first maps of an image side by side.

    The maps are called name0, name1. They are white while what the array is `now` is None.
    """
    shown = maps(np.zeros_like(array) if now is None else now)
    line = "".join(f"<td>{_map(each, f'{name}{k}')}</td>" for k, each in enumerate(shown))
    wide = sum(each.shape[1] * _CELL + 2 + _GAP for each in shown) + _GAP
    high = len(shown[0]) * _CELL + 2 + 2 * _GAP
    return f"<td>{_table([f'<tr>{line}</tr>'], _fixed(wide, high), cellspacing=_GAP)}</td>"


def averages(array: Any, side: int = _SIDE) -> Any:
    """Average a table of numbers over so many by so many parts of it at most.

    Examples
    --------
    >>> averages(np.arange(8.0).reshape(2, 4), 2)
    array([[0.5, 2.5],
           [4.5, 6.5]])
    """
    found = np.asarray(array, dtype=float)
    for axis in (0, 1):
        count = found.shape[axis]
        if count > side:
            starts = np.arange(side) * count // side
            sizes = np.diff([*starts, count])
            sums = np.add.reduceat(found, starts, axis)
            found = sums / np.expand_dims(sizes, 1 - axis)
    return found


def maps(array: Any) -> list[Any]:
    """Give the tables of averages that stand for an array: of an image its first channels."""
    if np.ndim(array) < 3:
        return [averages(np.atleast_2d(array))]
    several = np.reshape(array, (-1, *np.shape(array)[-2:]))[:_MAPS]
    side = _SIDE if len(several) == 1 else _SIDE_OF_SEVERAL
    return [averages(each, side) for each in several]


def _map(table: Any, name: str) -> str:
    colors = iter(shades(table))
    lines = []
    for row in table:
        line = ""
        for x in row:
            place = next(colors)
            color = SHADES[place] if isfinite(x) else BAD
            edge = f' border="1" color="{MARK}"' if place < _ZERO else ""
            line += f'<td {_fixed(_CELL, _CELL)} bgcolor="{color}"{edge}></td>'
        lines.append(f"<tr>{line}</tr>")
    high, wide = table.shape
    about = f'id="{name}" title="{high} × {wide} cells" target="_self"'
    return _table(lines, f"{about} {_fixed(wide * _CELL + 2, high * _CELL + 2)}", border=1)


def _fixed(wide: int, high: int) -> str:
    """Keep a size: else Graphviz makes a table as wide as the box."""
    return f'width="{wide}" height="{high}" fixedsize="true"'


def _table(
    lines: list[str], size: str = "", *, border: int = 0, cellspacing: int = 0, cellpadding: int = 0
) -> str:
    frame = f'border="{border}" cellborder="0" color="#57606a" {size}'
    room = f'cellspacing="{cellspacing}" cellpadding="{cellpadding}"'
    return f"<table {frame} {room}>{''.join(lines)}</table>"
