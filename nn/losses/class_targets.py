"""Classes as shares: of the class that is right, 1, of all others, 0."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd import ShapeError, maximum, where
from autograd import one_hot as in_rows
from autograd.ops import real_numbers

from .reduction import cells, holds_values, plain, tensors

_ROUNDING = 1e-6  # of shares that were computed, in float32 too


def one_hot(labels: ArrayLike, count: int) -> NDArray[np.float64]:
    """Write classes as rows with a single 1, for losses and networks that take such rows.

    Parameters
    ----------
    labels : array_like of whole numbers
        Classes, counted from 0.
    count : int
        How many classes there are.

    Returns
    -------
    NDArray of shape (*labels.shape, count)

    Raises
    ------
    ValueError
        If there is no such class.

    See Also
    --------
    autograd.one_hot : The op behind it, for which a label beyond the classes is none of them.

    Examples
    --------
    >>> one_hot([2, 0], 3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    indices = np.asarray(real_numbers("one_hot: labels", labels), float)
    _check_classes("one_hot", indices, count)
    rows: NDArray[np.float64] = in_rows(indices, count)
    return rows


def classes(
    name: str, prediction: Any, target: Any, *, values: bool = False
) -> tuple[Any, Any, int]:
    """Give predictions, the class or the shares of classes for each, and the axis of classes.

    With `values`, predictions may be lists of Values, of which arrays are made.
    """
    if values and holds_values(prediction):
        y, t = cells(name, prediction), cells(f"{name}: target", target)
    else:
        y, t = tensors(name, prediction, target)
    axis = -max(1, y.ndim - 1)
    if not y.ndim or t.shape not in (y.shape, y.shape[:axis] + y.shape[axis % y.ndim + 1 :]):
        raise ShapeError(
            f"{name}: got predictions of shape {y.shape} and targets of shape {t.shape}. "
            "Give (samples, classes), with class indices (samples,) or one row of probabilities "
            "for each sample."
        )
    indices = plain(name, target) if t.shape != y.shape else None
    if indices is not None:
        _check_classes(name, indices, y.shape[axis])
    return y, t, axis


def shares(y: Any, t: Any, axis: int) -> Any:
    """Give the share of each class in each target."""
    return t if t.ndim == y.ndim else in_rows(t, y.shape[axis], axis)


def cost_of_shares(shares: Any, logarithms: Any, axis: int) -> Any:
    """Add up minus the logarithms by their shares; a share of 0 costs nothing, even of -inf."""
    least: Any = 0.0
    if not shares.constant:  # the logarithm is the slope of a share
        least = maximum(logarithms, np.finfo(logarithms.dtype).min)
    return -(shares * where(shares, logarithms, least)).sum(axis=axis)


def check_shares(name: str, target: Any) -> None:
    """Refuse plain targets outside of 0 to 1: no loss is the least then, it falls without end."""
    if type(target) in (int, float):  # as of one sample in a model of Values: arrays take longer
        low = high = target
    else:
        numbers = plain(name, target)
        if numbers is None or not numbers.size:
            return
        low, high = numbers.min(), numbers.max()
    if not (low >= -_ROUNDING and high <= 1 + _ROUNDING):
        raise ValueError(
            f"{name}: got the target {high if low >= -_ROUNDING else low}. It takes numbers from 0 "
            "to 1. Of -1 and 1, make them: (target + 1) / 2. More than two classes need one "
            "output for each, and cross_entropy."
        )


def _check_classes(name: str, indices: Any, count: int) -> None:
    wrong = indices[(indices < 0) | (indices >= count) | (indices != np.floor(indices))]
    if wrong.size and count == 1:
        raise ValueError(
            f"{name}: got the class {wrong[0]} for one score a sample, which leaves no choice of "
            "classes. Use bce_with_logits, or give one score for each class."
        )
    if wrong.size:
        raise ValueError(
            f"{name}: got the class {wrong[0]}. There are {count}, counted from 0 to {count - 1}."
        )
