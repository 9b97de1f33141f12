"""Small charts in SVG: curves, their course in a line of text, and histograms."""

from collections.abc import Mapping, Sequence
from itertools import count
from math import isfinite, log10
from typing import Any

import numpy as np

from autograd.formulas import number

from .html import words

_WIDE, _HIGH = 420, 150  # px: of a chart, its labels not counted
_LEFT, _TOP, _FOOT = 58, 8, 18  # px: around it, for labels
_SPARK = (90, 18)  # px
_MOST_POINTS = 2000  # of a curve
_BINS, _MOST_NUMBERS = 20, 100_000  # of a histogram
_SPREAD = 100.0  # times the smallest number, from which on a scale is logarithmic


Curve = Sequence[tuple[float, float]]  # points; one that is not finite parts the line


def chart(curves: Mapping[str, Curve], x: str, *, colors: str = "01", log: bool = True) -> str:
    """Draw one or two curves by their points, with the ranges beside, and names below.

    Parameters
    ----------
    curves : mapping from str to sequence of (float, float)
    x : str
        What runs to the right.
    colors : str
        Of each curve: 0 is blue, 1 orange and dashed, 2 green and dashed.
    log : bool
        Whether positive numbers that spread far stand on a logarithmic scale.
    """
    found = [point for curve in curves.values() for point in curve if all(map(isfinite, point))]
    if not found:
        return ""
    rows = [y for _, y in found]
    log = log and min(rows) > 0 and max(rows) > _SPREAD * min(rows)
    scale = _Scale(found, log)
    low, high = number(min(rows), 4), number(max(rows), 4)
    first, last = number(min(found)[0], 4), number(max(found)[0], 4)
    middle = _LEFT + _WIDE / 2
    lines = "".join(
        f'<path class="sg-{color}" stroke="currentColor" d="{scale.path(curve)}">'
        f"<title>{words(name)}</title></path>"
        for color, (name, curve) in zip(colors, curves.items(), strict=False)
    )
    names = "".join(
        f'<path class="sg-{colors[k]}" stroke="currentColor" d="M{left} {_HIGH + 42}h20"/>'
        f'<text x="{left + 25}" y="{_HIGH + 46}">{words(name)}</text>'
        for k, (left, name) in enumerate(zip(count(_LEFT, 130), curves, strict=False))
    )
    return (
        f'<svg class="sg-chart" role="img" aria-label="{words(", ".join(curves))}" '
        f'width="{_LEFT + _WIDE + 20}" height="{_TOP + _HIGH + 46}">'
        f'<path class="sg-frame" stroke="currentColor" d="M{_LEFT} {_TOP}v{_HIGH}h{_WIDE}"/>{lines}'
        f'<text x="{_LEFT - 6}" y="{_TOP + 8}" text-anchor="end">{high}</text>'
        f'<text x="{_LEFT - 6}" y="{_TOP + _HIGH}" text-anchor="end">{low}</text>'
        f'<text x="{_LEFT - 6}" y="{_TOP + _HIGH / 2}" text-anchor="end">{"log" * log}</text>'
        f'<text x="{_LEFT}" y="{_TOP + _HIGH + 14}">{first}</text>'
        f'<text x="{middle}" y="{_TOP + _HIGH + 14}" text-anchor="middle">{words(x)}</text>'
        f'<text x="{_LEFT + _WIDE}" y="{_TOP + _HIGH + 14}" text-anchor="end">{last}</text>'
        f"{names}</svg>"
    )


def spark(numbers: Sequence[float]) -> str:
    """Draw the course of some numbers in a line of text; nothing where there are not two."""
    points = [(k, float(y)) for k, y in enumerate(numbers)]
    found = [point for point in points if isfinite(point[1])]
    if len(found) < 2:
        return ""
    wide, high = _SPARK
    scale = _Scale(found, False, 1, 1, wide - 2, high - 2)
    line = f'<path class="sg-0" stroke="currentColor" d="{scale.path(points)}"/>'
    return f'<svg class="sg-chart" width="{wide}" height="{high}">{line}</svg>'


def histogram(numbers: Any) -> str:
    """Draw how often numbers occur; of many, of some of them. Those not finite are left out."""
    flat = np.ravel(numbers)
    some = flat[:: 1 + flat.size // _MOST_NUMBERS].astype(float)
    some = some[np.isfinite(some)]
    if some.size < 2 or not np.ptp(some) > 0:
        return ""
    counts, _ = np.histogram(some, _BINS)
    wide, high = _SPARK
    step, top = wide / _BINS, counts.max()
    bars = "".join(
        f"M{(k + 0.5) * step:g} {high}V{high - high * count / top:.3g}"
        for k, count in enumerate(counts)
        if count
    )
    low, mean, most = (number(x, 3) for x in (some.min(), some.mean(), some.max()))
    told = f"{flat.size:,} numbers from {low} to {most}, mean {mean}, deviation {some.std():.3g}"
    return (
        f'<svg class="sg-chart" role="img" aria-label="{told}" width="{wide}" '
        f'height="{high}"><title>{told}</title><path class="sg-0 sg-bars" stroke="currentColor" '
        f'style="stroke-dasharray:none;stroke-width:{step - 1:g}" d="{bars}"/></svg>'
    )


class _Scale:
    """Where numbers stand in a chart."""

    def __init__(
        self,
        points: Curve,
        log: bool,
        left: int = _LEFT,
        top: int = _TOP,
        wide: int = _WIDE,
        high: int = _HIGH,
    ) -> None:
        self.log, self.left, self.top, self.wide, self.high = log, left, top, wide, high
        columns, rows = zip(*points, strict=True)
        self.columns = min(columns), max(columns)
        self.rows = self._up(min(rows)), self._up(max(rows))

    def _up(self, y: float) -> float:
        return log10(y) if self.log else y

    def path(self, curve: Curve) -> str:
        """Write the line through some points, of many through some of them."""
        every = 1 + (len(curve) - 1) // _MOST_POINTS
        line, pen = "", "M"
        for k, (x, y) in enumerate(curve):
            if not (isfinite(x) and isfinite(y)):
                pen = "M"
                continue
            if k % every and k + 1 < len(curve):
                continue
            across = self.left + self.wide * _share(x, *self.columns)
            down = self.top + self.high * (1 - _share(self._up(y), *self.rows))
            line += f"{pen}{across:.1f} {down:.1f}"
            pen = "L"
        return line


def _share(x: float, low: float, high: float) -> float:
    """Say how far a number is from the lowest to the highest; half where they are the same."""
    return (x - low) / (high - low) if high > low else 0.5
