"""Classes as shares: of the class that is right, 1, of all others, 0."""

from typing import Any

import numpy as np

from autograd import ShapeError, Tensor, equal, maximum, where

from .reduction import plain, tensors

_ROUNDING = 1e-6  # of shares that were computed, in float32 too


def shares_of_classes(name: str, prediction: Any, target: Any) -> tuple[Tensor, Any, int]:
    """Give predictions, the share of each class in each target, and the axis of classes."""
    y, t = tensors(name, prediction, target)
    axis = min(1, y.ndim - 1)
    before, after = y.shape[:axis], y.shape[axis + 1 :]
    if axis < 0 or t.shape not in (y.shape, before + after):
        raise ShapeError(
            f"{name}: got predictions of shape {y.shape} and targets of shape {t.shape}. "
            "Give (samples, classes), with class indices (samples,) or one row of probabilities "
            "for each sample."
        )
    if t.shape == y.shape:
        return y, t, axis
    indices, count = plain(name, target), y.shape[axis]
    if indices is not None:
        _check_classes(name, indices, count)
    labels = t if indices is None else indices.astype(y.dtype)  # on arrays it is less work
    numbers = np.arange(count, dtype=y.dtype).reshape(-1, *[1] * len(after))
    return y, equal(labels.reshape(*before, 1, *after), numbers), axis


def cost_of_classes(shares: Any, logarithms: Tensor, axis: int, smoothing: float = 0.0) -> Any:
    """Add up minus the logarithms by their shares; a share of 0 costs nothing, even of -inf."""
    if smoothing:  # no share is 0 then
        even = smoothing / logarithms.shape[axis]
        return -((shares * (1 - smoothing) + even) * logarithms).sum(axis=axis)
    if not isinstance(shares, Tensor):  # of indices: all are 0 or 1, and a product less is faster
        return -where(shares, logarithms, 0.0).sum(axis=axis)
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
