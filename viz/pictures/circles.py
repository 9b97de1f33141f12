"""Paints layers as circles joined by their weights, in SVG that a script can go on painting."""

import re
from collections.abc import Sequence
from math import hypot, isfinite, sqrt

from autograd import GraphError
from autograd.formulas import number

from .dot import escaped
from .layers import Array, Layer
from .places import Places

_MOST_COLUMNS = 13  # whose titles fit side by side
_LETTER = 6.8  # px: of a letter in a title
_DENSE = 8  # lines that come to a unit; more of them are fainter
_TITLE = re.compile("<title>.*?</title>", re.DOTALL)

_SHAPES = """
.network { font: 11px Helvetica, Arial, sans-serif; text-anchor: middle; }
.network .title { font-size: 12px; font-weight: bold; }
.network .weight { fill: none; stroke-opacity: 0.8; }
.network .dense .weight { stroke-opacity: 0.5; }
.network .weight.neg { stroke-dasharray: 5 3; }
.network .value, .network .number { font-size: 10px; }
.network .number { paint-order: stroke; stroke-width: 5px; stroke-linejoin: round; }
.network .name { text-anchor: end; }
.network .ellipsis { font-size: 20px; }
.network .glyph, .network .cross { fill: none; stroke-width: 1.5; }
.network .dropped circle { stroke-dasharray: 2 2; }
.network .weight.dropped { stroke-opacity: 0.2; }
"""
_COLORS = """
.network .page, .network circle {{ fill: {page}; }}
.network text {{ fill: {muted}; }}
.network .title {{ fill: {ink}; }}
.network .value {{ fill: {value}; }}
.network .number {{ stroke: {page}; }}
.network circle, .network .weight, .network .glyph, .network .cross {{ stroke: {muted}; }}
.network .bias {{ fill: {page}; stroke: {muted}; }}
.network .weight.pos {{ stroke: {pos}; }}
.network .weight.neg {{ stroke: {neg}; }}
.network .bias.pos {{ fill: {pos}; stroke: {pos}; }}
.network .bias.neg {{ stroke: {neg}; }}
.network .number.pos {{ fill: {pos}; }}
.network .number.neg {{ fill: {neg}; }}
.network .weight.alarm, .network .bias.alarm {{ stroke: {alarm}; }}
.network .value.alarm, .network .number.alarm {{ fill: {alarm}; }}
"""
_LIGHT = _COLORS.format(
    page="#ffffff",
    ink="#1f2328",
    muted="#57606a",
    value="#187632",
    pos="#1a6eb0",
    neg="#b35900",
    alarm="#d00000",
)
_DARK = _COLORS.format(
    page="#0d1117",
    ink="#e6edf3",
    muted="#9da7b3",
    value="#57c774",
    pos="#5aa9e6",
    neg="#f5a04c",
    alarm="#ff6b6b",
)
DARK_STYLE = f"@media (prefers-color-scheme: dark) {{{_DARK}}}"


def stroke_width(weight: float) -> float:
    """Say how wide the line of a weight is: 2·√|weight| px, from 0.5 to 8."""
    return min(8.0, max(0.5, 2 * sqrt(abs(weight))))


def to_svg(
    layers: Sequence[Layer], values: Sequence[Array] | None, dropped: Sequence[frozenset[int]]
) -> str:
    """Paint layers.

    Unit K of layer L is ``<g id="unit-L-K" class="unit">``, with a ``circle`` and a
    ``text.value``; inputs are layer 0. Its bias is ``rect#bias-L-K.bias``, its weight for unit J of
    the layer before ``path#weight-L-K-J.weight``. Both have a ``title`` and the class ``pos`` or
    ``neg``, which gives color and dash; `stroke_width` is that of a weight. Where there is room
    ``text#number-L-K-J.number`` beside a weight, and ``text#number-L-K.number`` below a unit, say
    the numbers. Layer L is ``g#layer-L.layer``.

    Parameters
    ----------
    layers : sequence of Layer
    values : sequence of array, or None
        Of the units of each layer.
    dropped : sequence of frozenset of int
        Units of each layer that are crossed out.

    Raises
    ------
    GraphError
        If there are more layers than fit side by side.
    """
    if len(layers) > _MOST_COLUMNS:
        raise GraphError(
            f"network: {len(layers) - 1} layers, more than the {_MOST_COLUMNS - 1} that fit into "
            "a picture. Give a part, such as model[:8]; viz.draw(model) shows any model."
        )
    painter = _Painter(layers, values, dropped, Places(layers))
    page = (
        f'<rect class="page" width="{painter.places.width:g}" height="{painter.places.height:g}"/>'
    )
    return painter.svg(f"<style>{_SHAPES}{_LIGHT}{DARK_STYLE}</style>", page)


def svg_for_page(layers: Sequence[Layer]) -> str:
    """Paint all units of layers for a page that styles them and goes on painting.

    It is as `to_svg` says, but has no style, and no words on numbers that are going to change.
    """
    nobody = [frozenset[int]()] * len(layers)
    return _TITLE.sub("", _Painter(layers, None, nobody, Places(layers, whole=True)).svg())


class _Painter:
    """Paints what stands where."""

    def __init__(
        self,
        layers: Sequence[Layer],
        values: Sequence[Array] | None,
        dropped: Sequence[frozenset[int]],
        places: Places,
    ) -> None:
        self.layers, self.values, self.dropped, self.places = layers, values, dropped, places

    def svg(self, *below: str) -> str:
        """Paint edges first, and circles over their ends."""
        sizes = " → ".join(str(layer.size) for layer in self.layers)
        width, height = f"{self.places.width:g}", f"{self.places.height:g}"
        levels = range(len(self.layers))
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="network" role="img" '
            f'aria-label="Network {sizes}" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}">',
            *below,
            *(part for level in levels[1:] for part in self._weights(level)),
            *(part for level in levels for part in self._layer(level)),
            "</svg>",
        ]
        return "\n".join(parts)

    def _weights(self, level: int) -> list[str]:
        """Paint all weights of a layer, and over them their numbers, where there is room."""
        layer, (tails, heads) = self.layers[level], self.places.columns[level - 1 : level + 1]
        numbers_at = self.places.numbers_at(level)
        dense = " dense" * (len(tails.y_of) > _DENSE)
        lines, numbers = [f'<g class="weights{dense}">'], []
        for k, head in heads.y_of.items():
            for j, tail in tails.y_of.items():
                is_cut = k in self.dropped[level] or j in self.dropped[level - 1]
                line = _line((tails.x, tail), tails.radius, (heads.x, head), heads.radius)
                lines.append(self._weight(level, k, j, line, " dropped" * is_cut))
                if (k, j) in numbers_at and layer.weight is not None and not is_cut:
                    weight, at = layer.weight[k, j], numbers_at[k, j]
                    x, y = tails.x + at * self.places.pitch, tail + at * (head - tail) + 3.5
                    numbers.append(
                        f'<text id="number-{level}-{k}-{j}" class="number{_sign(weight)}" '
                        f'x="{x:g}" y="{y:g}">{short(weight)}</text>'
                    )
        return [*lines, "</g>", *numbers]

    def _weight(self, level: int, k: int, j: int, line: str, dropped: str) -> str:
        layer = self.layers[level]
        name = f'id="weight-{level}-{k}-{j}"'
        if layer.weight is None:
            return f'<path {name} class="weight{dropped}" {line}/>'
        weight = layer.weight[k, j]
        words = f"{layer.title}: weight of {unit_name(level, k)} for {unit_name(level - 1, j)}"
        title = _title(
            words, weight, None if layer.weight_grad is None else layer.weight_grad[k, j]
        )
        width = f'stroke-width="{stroke_width(weight):.3g}"'
        return f'<path {name} class="weight{_sign(weight)}{dropped}" {width} {line}>{title}</path>'

    def _layer(self, level: int) -> list[str]:
        """Paint the units of a layer, its title and size above, its activation below."""
        layer, column = self.layers[level], self.places.columns[level]
        x, foot = f"{column.x:g}", self.places.height - 12
        room = int(self.places.pitch / _LETTER) - 1
        units = "1 unit" if layer.size == 1 else f"{layer.size:,} units"
        units = units if len(units) <= room else f"{layer.size:,}"
        parts = [
            f'<g id="layer-{level}" class="layer">',
            f'<text class="title" x="{x}" y="20">{escaped(_cut(layer.title, room))}'
            f"<title>{escaped(layer.title)}</title></text>",
            f'<text class="size" x="{x}" y="35">{units}</text>',
        ]
        for k, y in column.y_of.items():
            parts += self._unit(level, k, column.x, y, column.radius)
        if column.ellipsis is not None:
            parts.append(f'<text class="ellipsis" x="{x}" y="{column.ellipsis + 6:g}">⋮</text>')
        name = escaped(_cut(layer.activation, room))
        parts += [f'<text class="activation" x="{x}" y="{foot:g}">{name}</text>', "</g>"]
        return parts

    def _unit(self, level: int, k: int, x: float, y: float, r: float) -> list[str]:
        layer = self.layers[level]
        is_step = layer.activation == "step"
        value = None if self.values is None else self.values[level][k]
        is_dropped = k in self.dropped[level]
        name = unit_name(level, k)
        place = f"{layer.title}: {name}" if level else name
        known = place if value is None else f"{place}: {number(value)}"
        parts = [
            f'<g id="unit-{level}-{k}" class="unit{" dropped" * is_dropped}">'
            f"<title>{escaped(known)}{', dropped' * is_dropped}</title>"
            f'<circle cx="{x:g}" cy="{y:g}" r="{r:g}"/>'
        ]
        if is_step:
            up = y - 3 if value is not None else y + 6
            parts.append(f'<path class="glyph" d="M{x - 10:g} {up:g}h10v-11h10"/>')
        lower = y + (11 if is_step else 3.5)
        alarm = " alarm" * (value is not None and not isfinite(value))
        shown = "" if value is None or is_dropped else short(value)
        parts.append(f'<text class="value{alarm}" x="{x:g}" y="{lower:g}">{shown}</text>')
        if level == 0:
            parts.append(f'<text class="name" x="{x - r - 6:g}" y="{y + 4:g}">{name}</text>')
        if layer.bias is not None:
            parts += self._bias(level, k, x, y, r)
        if is_dropped:
            arm = 0.95 * r
            parts.append(
                f'<path class="cross" d="M{x - arm:g} {y - arm:g}l{2 * arm:g} {2 * arm:g}'
                f'm0 {-2 * arm:g}l{-2 * arm:g} {2 * arm:g}"/>'
            )
        return [*parts, "</g>"]

    def _bias(self, level: int, k: int, x: float, y: float, r: float) -> list[str]:
        layer = self.layers[level]
        assert layer.bias is not None
        bias = layer.bias[k]
        grad = None if layer.bias_grad is None else layer.bias_grad[k]
        title = _title(f"{layer.title}: bias of {unit_name(level, k)}", bias, grad)
        side = round(r * 4 / 11)
        corner = f'x="{round(x - 0.7 * r) - side / 2:g}" y="{round(y + 0.7 * r) - side / 2:g}"'
        parts = [
            f'<rect id="bias-{level}-{k}" class="bias{_sign(bias)}" {corner} '
            f'width="{side}" height="{side}">{title}</rect>'
        ]
        if self.places.is_roomy:
            words, sign = f"b {short(bias)}", _sign(bias)
            if layer.activation == "step":
                words, sign = f"threshold {short(-bias)}", ""
            parts.append(
                f'<text id="number-{level}-{k}" class="number{sign}" '
                f'x="{x:g}" y="{y + r + 12:g}">{words}</text>'
            )
        return parts


def _line(tail: tuple[float, float], start: float, head: tuple[float, float], end: float) -> str:
    """Join two circles from rim to rim, so that nothing of a line is inside them."""
    (x, y), (to_x, to_y) = tail, head
    way = hypot(to_x - x, to_y - y)
    right, down = (to_x - x) / way, (to_y - y) / way
    ends = [x + start * right, y + start * down, to_x - end * right, to_y - end * down]
    at = [f"{round(place, 1):g}" for place in ends]
    return f'd="M{at[0]} {at[1]}L{at[2]} {at[3]}"'


def unit_name(level: int, k: int) -> str:
    """Name a unit in a text: words count from 1, as in lectures and in the playground."""
    return f"unit {k + 1}" if level else f"x{k + 1}"


def _title(words: str, x: float, grad: float | None) -> str:
    slope = "" if grad is None else f", gradient {number(grad)}"
    return f"<title>{escaped(words)}: {number(x)}{slope}</title>"


def _sign(x: float) -> str:
    """Name the class of a number."""
    if not isfinite(x):
        return " alarm"
    return " pos" if x > 0 else " neg" if x < 0 else ""


def short(x: float) -> str:
    """Write a number so that it fits into a circle."""
    exact = number(x, 3)
    return exact if len(exact) <= 6 else number(x, 2)


def _cut(words: str, room: int) -> str:
    """Cut long words in the middle."""
    if len(words) <= room:
        return words
    return f"{words[: room // 2]}…{words[len(words) - (room - 1) // 2 :]}"
