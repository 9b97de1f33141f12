"""The rows that are losses of classes: what a prediction costs, for each sample."""
# mypy: disable-error-code="has-type"
# (rules name rows that stand further down; mypy reads the file once)

from typing import Any

import numpy as np

from .elementwise import equal, maximum, where
from .op import Op, flat
from .reductions import (
    are_short_lines,
    beside_peak,
    exponentials,
    log_softmax,
    log_total,
    softmax,
    sum,
)
from .shapes import Shape, are_floats, reshape, surely_finite

__all__ = [
    "cross_entropy",
    "one_hot",
    "softmax_error",
]

_LOWEST = -3e38  # what a logarithm of 0 counts as where it is multiplied by a share of 0


def _against(shape: Shape, count: int, axis: int) -> tuple[Shape, Shape]:
    """Give the shapes in which labels and the classes meet."""
    place = axis % (len(shape) + 1)
    return (*shape[:place], 1, *shape[place:]), (count, *[1] * (len(shape) - place))


def _one_hot(t: Any, count: int, axis: int = -1) -> Any:
    labels, classes = _against(np.shape(t), count, axis)
    found = np.equal(np.reshape(t, labels), np.arange(count).reshape(classes))
    return found.astype(np.result_type(t, np.float32))


def _one_hot_in_rows(t: Any, count: int, axis: int) -> Any:
    labels, classes = _against(t.shape, count, axis)
    return equal(reshape(t, labels), np.arange(count, dtype=np.float32).reshape(classes))


one_hot = Op(
    name="one_hot",
    forward=_one_hot,
    vjps=(flat,),
    composition=_one_hot_in_rows,
    latex=r"\operatorname{{one\_hot}}\left({0}\right)",
    elementwise=False,
    doc="1 for the class of each label, counted from 0, and 0 for all others.",
)


def _shares(z: Any, t: Any, axis: int) -> Any:
    """Give the shares of classes that labels stand for; t itself where it holds shares."""
    return t if t.ndim == z.ndim else one_hot(t, z.shape[axis], axis)


def _shares_of_arrays(z: Any, t: Any, axis: int) -> Any:
    shape, place = np.shape(z), axis % (np.ndim(z) or 1)
    if np.shape(t) == shape:
        return t
    if np.shape(t) != shape[:place] + shape[place + 1 :]:
        raise ValueError("each sample has one class, or a share of each class")
    return _one_hot(t, shape[axis], axis)


def _compared(f: Any, z: Any, t: Any, axis: int) -> Any:
    """Apply a function to scores and shares of classes; to columns of them if that is faster."""
    if not are_short_lines(z, axis):
        return f(z, _shares_of_arrays(z, t, axis), axis)
    z, t = np.ascontiguousarray(z.T), np.ascontiguousarray(t.T) if np.ndim(t) == 2 else t
    return f(z, _shares_of_arrays(z, t, 0), 0).T


def _entropy(z: Any, shares: Any, axis: int) -> Any:
    behind, weights = exponentials(z, axis)
    logs = behind - log_total(weights, axis)
    if not (are_floats(logs) and surely_finite(logs)):
        logs = np.where(shares, logs, 0.0)  # a share of 0 times a logarithm of 0 is 0
    return -np.add.reduce(shares * logs, axis)


def _of_each(g: Any, z: Any, axis: int) -> Any:
    """Let the adjoint of a sample stand beside its classes."""
    place = axis % z.ndim
    return reshape(g, (*z.shape[:place], 1, *z.shape[place + 1 :]))


def _beside(g: Any, z: Any, axis: int) -> Any:
    """Do the same where shapes are known; the formula for any shape is that of lectures."""
    return g if g.ndim == z.ndim else _of_each(g, z, axis)


def _to_shares(g: Any, y: Any, z: Any, t: Any, axis: int) -> Any:
    if t.ndim < z.ndim:
        return None
    logs = log_softmax(z, axis)
    return -_of_each(g, z, axis) * where(t, logs, maximum(logs, _LOWEST))


def _cross_entropy_in_rows(z: Any, t: Any, axis: int) -> Any:
    shares, logs = _shares(z, t, axis), log_softmax(z, axis)
    return -sum(shares * where(shares, logs, maximum(logs, _LOWEST)), axis)


cross_entropy = Op(
    name="cross_entropy",
    forward=lambda z, t, axis=-1: _compared(_entropy, z, t, axis),
    vjps=(
        lambda g, y, z, t, axis: _of_each(g, z, axis) * softmax_error(z, t, axis),
        _to_shares,
    ),
    written=(
        lambda g, y, z, t, axis: _beside(g, z, axis) * (softmax(z, axis) - _shares(z, t, axis)),
        lambda g, y, z, t, axis: -_beside(g, z, axis) * log_softmax(z, axis),
    ),
    composition=_cross_entropy_in_rows,
    latex=r"\operatorname{{CE}}\left({0}, {1}\right)",
    elementwise=False,
    doc="Minus log(softmax(z)) of the right class t, or of each class times its share.",
)


def _error(z: Any, shares: Any, axis: int) -> Any:
    """Give softmax(z) - shares, with all digits where a class is as good as certain."""
    _, weights = exponentials(z, axis)
    rest = beside_peak(weights, axis)
    of_peak = weights * np.add.reduce(shares, axis, keepdims=True) - shares
    return (of_peak - shares * rest) / (1 + rest)


def _error_to_scores(g: Any, y: Any, z: Any, t: Any, axis: int) -> Any:
    p, total = softmax(z, axis), sum(_shares(z, t, axis), axis, True)
    return p * total * (g - sum(g * p, axis, True))


def _error_to_shares(g: Any, y: Any, z: Any, t: Any, axis: int) -> Any:
    return sum(g * softmax(z, axis), axis, True) - g if t.ndim == z.ndim else None


def _softmax_error_in_rows(z: Any, t: Any, axis: int) -> Any:
    shares = _shares(z, t, axis)
    return softmax(z, axis) * sum(shares, axis, True) - shares


softmax_error = Op(
    name="softmax_error",
    forward=lambda z, t, axis=-1: _compared(_error, z, t, axis),
    vjps=(_error_to_scores, _error_to_shares),
    composition=_softmax_error_in_rows,
    latex=r"\operatorname{{softmax}}\left({0}\right) - {1}",
    precedence=1,
    elementwise=False,
    doc="softmax(z) - t, with shares t of classes, or labels: the slope of cross_entropy. Shares "
    "that do not add up to 1 are compared with as many times softmax(z).",
)
