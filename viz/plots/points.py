"""Samples are drawn where their inputs are; their classes differ in shape as well as in color."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd import ShapeError
from autograd.engine import numbers_of
from autograd.texts import shown

from .axes import CLASSES, MARKERS, QUIET, SIDES, axes

_MOST = 10  # classes; more whole numbers than that are a quantity
_INSIDE = 5  # of which a legend fits among the points
_BESIDE = {"loc": "upper left", "bbox_to_anchor": (1.0, 1.0)}


def points(X: ArrayLike, y: ArrayLike | None = None, ax: Any = None) -> Any:
    """Draw samples: two inputs with their classes or numbers, or one input against its target.

    Parameters
    ----------
    X : array_like, shape (samples, 1), (samples,) or (samples, 2)
    y : array_like, shape (samples,) or (samples, 1), optional
        At most 10 different whole numbers or words are classes.
    ax : matplotlib Axes, optional
        A new one if it is not given.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ImportError
        If matplotlib is missing.
    ValueError
        If there are more than two inputs, or a single one without targets.
    ShapeError
        If there is not one target for each sample.

    Examples
    --------
    >>> import viz
    >>> ax = viz.points([[0, 0], [1, 1], [2, 0]], [0, 1, 1])
    >>> ax.get_legend_handles_labels()[1]
    ['0', '1']
    """
    data = two_columns("points", X)
    targets = None if y is None else rows_of("points", y, len(data)).ravel()
    if data.shape[1] == 1 and targets is None:
        raise ValueError("points: got one input and no targets. Give y, or two inputs.")
    ax = axes("points", ax)
    if data.shape[1] == 1:
        ax.plot(data[:, 0], targets, "o", color=QUIET, markersize=4, label="data")
        ax.set(xlabel="x", ylabel="y")
        return ax
    if targets is None:
        ax.plot(*data.T, "o", color=QUIET, markersize=4)
    elif (classes := _classes(targets)) is not None:
        for i, name in enumerate(classes):
            round_, place = divmod(i, len(CLASSES))  # in each round another marker for each color
            style = {"color": CLASSES[place], "marker": MARKERS[(place + round_) % len(MARKERS)]}
            rows = data[targets == name]
            ax.plot(
                *rows.T,
                linestyle="",
                markersize=6.5,
                markeredgewidth=0.6,
                markeredgecolor="white",
                **style,
                label=shown(f"{name:g}" if isinstance(name, float) else name, 20),
            )
        ax.legend(**({} if len(classes) <= _INSIDE else _BESIDE))
    else:
        reach = np.abs(targets - targets.mean()).max() or 1.0
        limits = {"vmin": targets.mean() - reach, "vmax": targets.mean() + reach}
        drawn = ax.scatter(*data.T, c=targets, cmap=SIDES, edgecolors=QUIET, **limits)
        ax.figure.colorbar(drawn, ax=ax, label="y")
    ax.set(xlabel="x₁", ylabel="x₂")
    return ax


def two_columns(call: str, X: ArrayLike) -> NDArray[np.float64]:
    """Give inputs as rows of one or two finite numbers."""
    data = np.array(numbers_of(X), float)
    data = data.reshape(-1, 1) if data.ndim == 1 else data
    if data.ndim != 2 or data.shape[1] not in (1, 2) or not len(data):
        raise ValueError(
            f"{call}: got inputs of shape {data.shape}. A plane shows one or two numbers a sample: "
            "choose two columns, as X[:, [0, 1]], or two components of PCA."
        )
    if not np.isfinite(data).all():
        raise ValueError(f"{call}: an input is nan or infinite.")
    return data


def rows_of(call: str, y: ArrayLike, samples: int, columns: int = 1) -> NDArray[Any]:
    """Give targets as one row for each sample, of one column, or of so many.

    Raises
    ------
    ShapeError
        If there are more or less.
    """
    targets = np.asarray(numbers_of(y))
    rows = targets.reshape(-1, 1) if targets.ndim == 1 else targets
    if rows.ndim != 2 or len(rows) != samples or rows.shape[1] not in (1, columns):
        raise ShapeError(
            f"{call}: got {samples} samples and targets of shape {targets.shape}. Give one target "
            "for each sample."
        )
    return rows


def _classes(targets: NDArray[Any]) -> list[Any] | None:
    """Give the classes that targets name, or None where they are quantities."""
    found = np.unique(targets)
    is_whole = found.dtype.kind in "OUSb" or bool((found == np.round(found)).all())
    return found.tolist() if is_whole and len(found) <= _MOST else None
