"""Classes as shares: of the class that is right, 1, of all others, 0."""

from typing import Any

import numpy as np

from autograd import ShapeError, Tensor, equal

from .terms import plain, tensors


def shares_of_classes(name: str, prediction: Any, target: Any) -> tuple[Tensor, Tensor, int]:
    """Give predictions, the share of each class in each target, and the axis of classes."""
    y, t = tensors(name, prediction, target)
    axis = min(1, y.ndim - 1)
    if axis < 0 or t.shape not in (y.shape, y.shape[:axis] + y.shape[axis + 1 :]):
        raise ShapeError(
            f"{name}: got predictions of shape {y.shape} and targets of shape {t.shape}. "
            "Give (samples, classes), with class indices (samples,) or one row of probabilities "
            "for each sample."
        )
    if t.shape == y.shape:
        return y, t, axis
    count = y.shape[axis]
    _check_classes(name, plain(target), count)
    numbers = np.arange(count).reshape(-1, *[1] * (y.ndim - axis - 1))
    return y, equal(t.reshape(*y.shape[:axis], 1, *y.shape[axis + 1 :]), numbers), axis


def _check_classes(name: str, indices: Any, count: int) -> None:
    if indices is None:
        return
    wrong = indices[(indices < 0) | (indices >= count) | (indices != np.floor(indices))]
    if wrong.size:
        raise ValueError(
            f"{name}: got the class {wrong[0]}. There are {count}, counted from 0 to {count - 1}."
        )
