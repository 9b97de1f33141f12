"""Where the circles of a network stand, and the numbers of its weights."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from .layers import Layer

_SIDE, _HEAD, _FOOT = 62, 52, 34  # px
_PAGE = 1000  # px
_MOST_UNITS, _ENDS = 16, 5  # of a layer that is shown whole; of a larger one, first and last
OTHERS = -1  # stands for units that are not shown
_FEW = 6  # units in each layer leave room for numbers
_PITCH, _CLOSE = 190, 50  # px from layer to layer, from unit to unit
_ROOMY_PITCH, _ROOMY = 240, 66
_RADIUS = 22  # px
_SCREEN, _SHORT, _TALL = 720, 520, 680  # px: width on a screen, height that its units take there
_USUAL, _WIDE, _LARGE = 40, 104, 27  # px: from unit to unit there, at most, and their radius
_LINE, _CLEAR = 12, 46  # px: of a line, of a number to a unit
_NUMBER, _STEP = 36, 6  # px: of the number of a weight, between the places where it may stand
_APART, _ASIDE = 1.6, 0.6  # of its size: away from other numbers if possible, from lines at least


@dataclass(frozen=True)
class Column:
    """Where the units of a layer stand; those left out, if any, are where the ellipsis is."""

    x: float
    y_of: dict[int, float]
    ellipsis: float | None
    radius: float


class Places:
    """Knows where everything stands.

    Parameters
    ----------
    layers : sequence of Layer
    whole : bool
        Whether all units are shown, the smaller the more there are, on a screen's width. Units of a
        layer of many are left out otherwise, and all are of one size.

    Attributes
    ----------
    columns : list of Column
        Of each layer.
    pitch, width, height : float
        From column to column, and of all, in px.
    is_roomy : bool
        Whether there is room for numbers.
    """

    def __init__(self, layers: Sequence[Layer], whole: bool = False) -> None:
        shown = [[*range(layer.size)] if whole else shown_units(layer.size) for layer in layers]
        rows, gaps = max(map(len, shown)), len(layers) - 1
        self.is_roomy = rows <= _FEW and not whole
        if whole:
            self.pitch = (_SCREEN - 2 * _SIDE) / gaps
            tall: float = min(max(rows * _USUAL, _SHORT), _TALL)
            steps = [min(tall / len(units), _WIDE) for units in shown]
            sizes = [min(_LARGE, 0.4 * step, 0.4 * self.pitch) for step in steps]
        else:
            pitch, apart = (_ROOMY_PITCH, _ROOMY) if self.is_roomy else (_PITCH, _CLOSE)
            self.pitch = min(pitch, (_PAGE - 2 * _SIDE) / gaps)
            tall = rows * apart
            steps, sizes = [apart] * len(layers), [_RADIUS] * len(layers)
        self.width = 2 * _SIDE + self.pitch * gaps
        self.height = tall + _HEAD + _FOOT
        self.columns = []
        for level, (units, step, size) in enumerate(zip(shown, steps, sizes, strict=True)):
            top = _HEAD + (tall - step * (len(units) - 1)) / 2
            places = {unit: top + step * row for row, unit in enumerate(units)}
            ellipsis = places.pop(OTHERS, None)
            self.columns.append(Column(_SIDE + self.pitch * level, places, ellipsis, size))

    def numbers_at(self, level: int) -> dict[tuple[int, int], float]:
        """Say where on its way each line of a layer has its number: off other numbers and lines.

        Nowhere, where there is no room for all of them.
        """
        tails, heads = self.columns[level - 1], self.columns[level]
        lines = {
            (k, j): (tail, head)
            for (k, head), (j, tail) in product(heads.y_of.items(), tails.y_of.items())
        }
        ways = [x / self.pitch for x in range(_CLEAR, int(self.pitch) - _CLEAR, _STEP)]
        found: dict[tuple[int, int], float] = {}
        taken: list[tuple[float, float]] = []
        for key, (tail, head) in lines.items() if self.is_roomy else ():
            others = [ends for other, ends in lines.items() if other != key]
            room: dict[float, float] = {}
            for at in ways:
                x, y = at * self.pitch, tail + at * (head - tail)
                apart = min(
                    (max(abs(x - a) / _NUMBER, abs(y - b) / _LINE) for a, b in taken), default=2.0
                )
                aside = min((abs(y - a - at * (b - a)) / _LINE for a, b in others), default=1.0)
                if apart >= 1 and aside >= _ASIDE:
                    room[at] = min(apart, _APART) + min(aside, 1.0)
            if not room:
                return {}
            at = max(room, key=room.__getitem__)
            found[key] = at
            taken.append((at * self.pitch, tail + at * (head - tail)))
        return found


def shown_units(size: int) -> list[int]:
    """List the units that are shown."""
    if size <= _MOST_UNITS:
        return list(range(size))
    return [*range(_ENDS), OTHERS, *range(size - _ENDS, size)]
