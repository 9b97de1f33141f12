"""Pictures of graphs follow the theme: each of their colors has a counterpart on a dark page."""

from .cells import BAD, INK, MARK, SHADES
from .dot import ALARM, FAINT, FOLDED, GRADIENT, QUIET, VALUE

# The same pairs as in the stylesheet of the stepper.
_TEXTS = {INK: "#e6edf3", QUIET: "#9da7b3", VALUE: "#57c774", GRADIENT: "#ff8f87"}
_TEXTS |= {ALARM: "#ff6b6b", BAD: "#ff6b6b"}
_SHAPES = {"white": "#0d1117", FOLDED: "#21262d", QUIET: "#8b949e", FAINT: "#4b535d"}
_SHAPES |= {MARK: "#ffb27a", GRADIENT: "#ff8f87", BAD: "#ff6b6b"}
_DARK_SHADES = (
    *("#8f4510", "#743b14", "#573017", "#382418"),
    "#0d1117",
    *("#16263c", "#1a385c", "#1f4a7e", "#255c9e"),
)
_SHAPES |= dict(zip(SHADES, _DARK_SHADES, strict=True))
_RULES = [
    "text:not([fill]){fill:#e6edf3}",
    *(f'text[fill="{light}"]{{fill:{dark}}}' for light, dark in _TEXTS.items()),
    *(f':not(text)[fill="{light}"]{{fill:{dark}}}' for light, dark in _SHAPES.items()),
    *(f'[stroke="{light}"]{{stroke:{dark}}}' for light, dark in _SHAPES.items()),
]
_STYLE = f"<style>@media (prefers-color-scheme: dark){{{''.join(_RULES)}}}</style>"


def in_both_schemes(svg: str) -> str:
    """Have the picture of a graph follow the theme of what shows it.

    Examples
    --------
    >>> in_both_schemes('<svg width="8pt"><g/></svg>')[:42]
    '<svg width="8pt"><style>@media (prefers-co'
    """
    start = svg.index(">", svg.index("<svg")) + 1
    return svg[:start] + _STYLE + svg[start:]
