"""The rows that are losses of classes: what a prediction costs, for each sample."""

from typing import Any

import numpy as np

from .elementwise import equal, maximum, where
from .op import Op, flat
from .reductions import _log_softmax, log_softmax, softmax, spread, sum
from .shapes import Shape, reshape

__all__ = [
    "cross_entropy",
    "one_hot",
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


def _cross_entropy(z: Any, t: Any, axis: int = -1) -> Any:
    shape, place = np.shape(z), axis % (np.ndim(z) or 1)
    if np.shape(t) not in (shape, shape[:place] + shape[place + 1 :]):
        raise ValueError("each sample has one class, or a share of each class")
    shares = t if np.ndim(t) == np.ndim(z) else _one_hot(t, shape[axis], axis)
    return -np.sum(shares * np.where(shares, _log_softmax(z, axis), 0.0), axis=axis)


def _shares(z: Any, t: Any, axis: int) -> Any:
    """Give the shares of classes that labels stand for; t itself where it holds shares."""
    return t if t.ndim == z.ndim else one_hot(t, z.shape[axis], axis)


def _to_scores(g: Any, y: Any, z: Any, t: Any, axis: int) -> Any:
    shares = _shares(z, t, axis)
    return spread(g, z.shape, axis) * (softmax(z, axis) * sum(shares, axis, True) - shares)


def _to_shares(g: Any, y: Any, z: Any, t: Any, axis: int) -> Any:
    if t.ndim < z.ndim:
        return None
    logs = log_softmax(z, axis)
    return -spread(g, z.shape, axis) * where(t, logs, maximum(logs, _LOWEST))


def _in_rows(z: Any, t: Any, axis: int) -> Any:
    shares, logs = _shares(z, t, axis), log_softmax(z, axis)
    return -sum(shares * where(shares, logs, maximum(logs, _LOWEST)), axis)


cross_entropy = Op(
    name="cross_entropy",
    forward=_cross_entropy,
    vjps=(_to_scores, _to_shares),
    written=(
        lambda g, y, z, t, axis: g * (softmax(z, axis) - _shares(z, t, axis)),
        lambda g, y, z, t, axis: -g * log_softmax(z, axis),
    ),
    composition=_in_rows,
    latex=r"\operatorname{{CE}}\left({0}, {1}\right)",
    elementwise=False,
    doc="Minus log(softmax(z)) of the right class t, or of each class times its share.",
)
