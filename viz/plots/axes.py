"""Plots are drawn into Axes that the caller gives, or into new ones; matplotlib is needed then."""

from typing import Any

# Okabe and Ito's colors, which the color-blind tell apart.
BLUE, ORANGE, GREEN = "#0072b2", "#d55e00", "#009e73"
COLORS = (BLUE, ORANGE, GREEN, "#cc79a7", "#56b4e9", "#e69f00", "#7f7f7f")
CLASSES = (ORANGE, BLUE, *COLORS[2:])  # the first, -1 or 0, as all that is negative
MARKERS = "os^Dv<>"
SIDES = "RdBu"  # a map of colors from small numbers to large ones
SIGNED = "RdBu_r"  # one for numbers of both signs
QUIET = "#6e7781"  # of what is there for orientation


def axes(call: str, ax: Any) -> Any:
    """Give the caller's Axes, or those of a new figure.

    Raises
    ------
    ImportError
        If matplotlib is missing.
    TypeError
        If `ax` is something else.
    """
    try:
        from matplotlib import pyplot
        from matplotlib.axes import Axes
    except ImportError:
        raise ImportError(f"{call} needs matplotlib: pip install 'stepgrad[plots]'") from None
    if ax is None:
        return pyplot.subplots(layout="constrained")[1]
    if not isinstance(ax, Axes):
        raise TypeError(
            f"{call}: got ax={type(ax).__name__}. Give Axes of matplotlib, one of those that "
            "plt.subplots() makes, or leave it out."
        )
    return ax


def ink(ax: Any) -> Any:
    """Give the color of texts and lines, which is bright where Axes are dark."""
    return ax.xaxis.label.get_color()


def shades(*ends: tuple[str, float]) -> Any:
    """Give a map through colors of some opacity, so that Axes show through, light or dark."""
    from matplotlib.colors import LinearSegmentedColormap, to_rgba

    return LinearSegmentedColormap.from_list("shades", [to_rgba(*end) for end in ends])


def span(numbers: Any, margin: float = 0.1) -> tuple[float, float]:
    """Give the range of some numbers with a margin on both sides."""
    low, high = float(numbers.min()), float(numbers.max())
    width = (high - low) * margin or 1.0
    return low - width, high + width
