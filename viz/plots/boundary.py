"""What a model says of every point of its inputs is drawn behind the data it was trained on."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd import Node, Tape, Value
from autograd.engine import numbers_of

from .axes import BLUE, CLASSES, COLORS, ORANGE, QUIET, SIDES, axes, ink, shades, span
from .points import points, rows_of, two_columns

_POINTS = {1: 400, 2: 150}  # along each input
_SURE = ("sigmoid", "softmax")  # ops whose results are shares


def boundary(
    model: Any, X: ArrayLike, y: ArrayLike, threshold: float | None = None, ax: Any = None
) -> Any:
    """Draw where a model changes its mind between classes, or the curve that it has fitted.

    Parameters
    ----------
    model : Module, estimator or callable
        A module of Values or of Tensors, something with ``predict``, or a function of an array of
        shape (samples, inputs).
    X : array_like, shape (samples, 1), (samples,) or (samples, 2)
    y : array_like, shape (samples,) or (samples, 1)
        -1 and 1 or 0 and 1 beside one score a sample, classes beside several; else numbers.
    threshold : float, optional
        The score between two classes: 1/2 for a module that ends in a sigmoid and for an estimator
        of the classes 0 and 1, else 0.
    ax : matplotlib Axes, optional
        A new one if it is not given.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ImportError
        If matplotlib is missing.
    ShapeError
        If there is not one target, or one row of shares, for each sample.
    ValueError
        If there are more than two inputs, or the model gives several numbers for targets that are
        no classes.

    Examples
    --------
    >>> import nn, viz
    >>> X, y = [[0.0, 0.0], [1.0, 1.0], [2.0, 0.0]], [-1, 1, 1]
    >>> viz.boundary(nn.MLP(2, [4, 1], rng=0), X, y).get_xlabel()
    'x₁'
    """
    data = two_columns("boundary", X)
    ends = [span(column) for column in data.T]
    lines = [np.linspace(*end, _POINTS[data.shape[1]]) for end in ends]
    grid = np.stack([part.ravel() for part in np.meshgrid(*lines)], axis=1)
    scores, are_shares = _scores(model, grid)
    targets = rows_of("boundary", y, len(data), scores.shape[1])
    kind = _kind(targets, scores.shape[1])
    if kind == "numbers" and scores.shape[1] > 1:
        raise ValueError(
            f"boundary: the model gives {scores.shape[1]} numbers a sample for targets that are no "
            "classes. Draw one output at a time."
        )
    if threshold is None:
        threshold = 0.5 if are_shares else 0.0
    ax = axes("boundary", ax)
    if data.shape[1] == 1:
        for i, line in enumerate(scores.T):
            color = BLUE if scores.shape[1] == 1 else COLORS[i % len(COLORS)]
            ax.plot(grid[:, 0], line, color=color, label="model" if i == 0 else "_", zorder=1)
        if kind in ("signs", "binary"):
            ax.axhline(threshold, color=ink(ax), linewidth=0.8, linestyle="--")
    else:
        _areas(ax, lines, scores, kind, threshold)
    points(data, targets if targets.shape[1] == 1 else targets.argmax(axis=1), ax=ax)
    return ax


def _kind(targets: NDArray[Any], outputs: int) -> str:
    """Say what targets are beside so many outputs: signs, binary, classes or numbers."""
    found = set(np.unique(targets).tolist())
    if outputs > 1:
        is_whole = all(float(y).is_integer() and 0 <= y < outputs for y in found)
        shares = targets.shape[1] == outputs and (targets.sum(axis=1) == 1).all()
        return "classes" if is_whole and (targets.shape[1] == 1 or shares) else "numbers"
    return "signs" if found <= {-1, 1} else "binary" if found <= {0, 1} else "numbers"


def _areas(ax: Any, lines: list[Any], scores: Any, kind: str, threshold: float) -> None:
    across, up = lines
    shape = (len(up), len(across))
    if kind == "classes":
        classes = scores.argmax(axis=1).reshape(shape)
        count = scores.shape[1]
        colors = [CLASSES[i % len(CLASSES)] for i in range(count)]
        levels = np.arange(count + 1) - 0.5
        ax.contourf(across, up, classes, levels=levels, colors=colors, alpha=0.25)
        for i in range(count):  # where the score of a class meets the best of the others
            ahead = (scores[:, i] - np.delete(scores, i, axis=1).max(axis=1)).reshape(shape)
            ax.contour(across, up, ahead, levels=[0], colors=[ink(ax)], linewidths=0.8)
        return
    heights = scores.reshape(shape)
    middle = threshold if kind != "numbers" else heights.mean()
    reach = np.abs(heights - middle).max() or 1.0
    limits = {"vmin": middle - reach, "vmax": middle + reach}
    if kind == "numbers":
        ax.contourf(across, up, heights, levels=12, cmap=SIDES, alpha=0.5, **limits)
        return
    sides = shades((ORANGE, 0.6), (QUIET, 0.0), (BLUE, 0.6))
    ax.contourf(across, up, heights, levels=12, cmap=sides, **limits)
    ax.contour(across, up, heights, levels=[threshold], colors=[ink(ax)], linewidths=1.2)


def _scores(model: Any, grid: NDArray[np.float64]) -> tuple[NDArray[np.float64], bool]:
    """Give what a model says of each row, and whether these are shares."""
    if hasattr(model, "predict"):
        scores = np.asarray(model.predict(grid), float)
        return scores.reshape(len(grid), -1), bool(set(np.unique(scores)) <= {0.0, 1.0})
    if not hasattr(model, "named_modules"):
        return np.asarray(numbers_of(model(grid)), float).reshape(len(grid), -1), False
    if isinstance(next(iter(model.parameters()), None), Value):
        leaves = [Value(x) for x in grid[0]]
        outputs = model.example(leaves)
        columns = Tape(outputs, inputs=leaves, executor="numpy")(*grid.T)
        scores = np.stack([np.broadcast_to(column, len(grid)) for column in columns], axis=1)
    else:
        outputs = model.example(grid)
        scores = np.asarray(outputs[0].data, float).reshape(len(grid), -1)
    return scores, _names_op(outputs[0]) in _SURE


def _names_op(node: Node) -> str:
    while node.op is not None and node.op.name in ("reshape", "getitem"):
        node = node.inputs[0]
    return node.op.name if node.op is not None else ""
