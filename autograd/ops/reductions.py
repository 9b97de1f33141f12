"""The rows that make one number of many: sums, means, extremes, products, and softmax."""
# mypy: disable-error-code="has-type"
# (rules name rows that stand further down; mypy reads the file once)

import builtins
import math
import sys
from typing import Any

import numpy as np

from .elementwise import clip, detach, equal, exp, maximum, where
from .op import Op, holds_nodes
from .shapes import (
    Axis,
    Shape,
    are_floats,
    as_array,
    inverse,
    plain_numbers,
    reshape,
    surely_finite,
    transpose,
)

__all__ = [
    "cumsum",
    "log_softmax",
    "logsumexp",
    "max",
    "mean",
    "min",
    "others",
    "prod",
    "softmax",
    "spread",
    "sum",
    "var",
]

sum = Op(
    name="sum",
    forward=lambda x, axis=None, keepdims=False: np.add.reduce(x, axis, keepdims=keepdims),
    vjps=(lambda g, y, x, axis, keepdims: spread(g, x.shape, axis, keepdims),),
    latex=r"\sum {0}",
    precedence=2,
    elementwise=False,
    doc="Sum of elements, of all or along axes.",
)


def _spread(x: Any, shape: Shape, axis: Axis = None, keepdims: bool = False) -> Any:
    if axis is not None and not keepdims:
        ndim = len(shape) or 1  # NumPy reduces a single number along axis 0 too
        summed = {axis % ndim} if isinstance(axis, int) else {i % ndim for i in axis}
        x = np.reshape(x, [1 if i in summed else n for i, n in enumerate(shape)])
    return np.broadcast_to(x, shape)


spread = Op(
    name="spread",
    forward=_spread,
    vjps=(lambda g, y, x, shape, axis, keepdims: sum(g, axis, keepdims),),
    latex=r"\operatorname{{spread}}\left({0}\right)",
    elementwise=False,
    doc="Repeats a sum along the axes that were summed; the way back of sum.",
)


def _mean(x: Any, axis: Axis = None, keepdims: Any = False) -> Any:
    total = np.add.reduce(x, axis, keepdims=keepdims)  # np.mean does this, and takes twice as long
    count = np.size(x)
    return total / (count if axis is None else count / builtins.max(np.size(total), 1))


mean = Op(
    name="mean",
    forward=_mean,
    vjps=(lambda g, y, x, axis, keepdims: spread(g / _count(y, x), x.shape, axis, keepdims),),
    latex=r"\operatorname{{mean}}\left({0}\right)",
    elementwise=False,
    doc="Mean of elements, of all or along axes.",
)


def _count(y: Any, x: Any) -> Any:
    """How many elements of x went into one of y."""
    return x.size / y.size if y.size else math.inf


def _var(x: Any, axis: Axis = None, keepdims: bool = False, ddof: int = 0) -> Any:
    divisor = _divisor(np.shape(x), axis, ddof)
    squares = np.square(x - np.mean(x, axis=axis, keepdims=True))
    return np.sum(squares, axis=axis, keepdims=keepdims) / divisor


def _divisor(shape: Shape, axis: Any, ddof: int) -> int:
    """How many numbers go into one variance, less ddof."""
    everything = axis is None or not shape
    axes = range(len(shape)) if everything else np.atleast_1d(axis) % len(shape)
    count: int = math.prod(shape[i] for i in axes)
    if count <= ddof:
        raise ValueError(
            f"var: got {count} numbers for each variance, of an array of shape {shape}, and "
            f"ddof={ddof}. Give more than ddof along the axes."
        )
    return count - ddof


var = Op(
    name="var",
    forward=_var,
    vjps=(
        lambda g, y, x, axis, keepdims, ddof: (
            spread(g * (2 / (_count(y, x) - ddof)), x.shape, axis, keepdims)
            * (x - mean(x, axis, True))
        ),
    ),
    latex=r"\operatorname{{var}}\left({0}\right)",
    elementwise=False,
    doc="Mean square distance from the mean; ddof=1 divides by one less, as samples need.",
)


def _shared(g: Any, y: Any, x: Any, axis: Axis, keepdims: bool) -> Any:
    """Share what comes in among the elements that are the extreme one."""
    extreme = equal(x, spread(y, x.shape, axis, keepdims))
    return spread(g / sum(extreme, axis, keepdims), x.shape, axis, keepdims) * extreme


def _lead(x: Any, axis: Axis, sign: float) -> Any:
    """How far the extreme element is ahead of the next: at 0 there is a kink."""
    lines = np.sort(sign * _lines(np.asarray(x), axis), axis=-1)
    return lines[..., -1] - lines[..., -2] if lines.shape[-1] > 1 else np.ones(lines.shape[:-1])


max = Op(
    name="max",
    forward=lambda x, axis=None, keepdims=False: np.max(x, axis=axis, keepdims=keepdims),
    vjps=(_shared,),
    latex=r"\max\left({0}\right)",
    kinks=lambda x, axis, keepdims: _lead(x, axis, 1.0),
    elementwise=False,
    doc="Largest element, of all or along axes; elements that tie share the gradient equally.",
)

min = Op(
    name="min",
    forward=lambda x, axis=None, keepdims=False: np.min(x, axis=axis, keepdims=keepdims),
    vjps=(_shared,),
    latex=r"\min\left({0}\right)",
    kinks=lambda x, axis, keepdims: _lead(x, axis, -1.0),
    elementwise=False,
    doc="Smallest element, of all or along axes; elements that tie share the gradient equally.",
)

prod = Op(
    name="prod",
    forward=lambda x, axis=None, keepdims=False: np.prod(x, axis=axis, keepdims=keepdims),
    vjps=(lambda g, y, x, axis, keepdims: spread(g, x.shape, axis, keepdims) * others(x, axis),),
    latex=r"\prod {0}",
    precedence=2,
    elementwise=False,
    doc="Product of elements, of all or along axes; zeros among them do no harm.",
)


def _kept_last(ndim: int, axis: Axis) -> tuple[int, ...]:
    """Order the axes so that those of `axis` come last."""
    chosen = range(ndim) if axis is None or not ndim else np.atleast_1d(axis) % ndim
    return (*(i for i in range(ndim) if i not in chosen), *(int(i) for i in chosen))


def _lines(x: Any, axis: Axis) -> Any:
    """Bring the axes of `axis` together as the last one."""
    reduced = x.ndim if axis is None else builtins.min(np.size(axis), x.ndim)
    moved = transpose(x, _kept_last(x.ndim, axis))
    kept = x.ndim - reduced
    return reshape(moved, (*moved.shape[:kept], math.prod(moved.shape[kept:])))


def _others(x: Any, axis: Axis = None) -> Any:
    x = as_array(x)
    lines = _lines(x, axis)
    ones = np.ones_like(lines[..., :1])
    before = np.cumprod(np.concatenate([ones, lines[..., :-1]], axis=-1), axis=-1)
    after = np.cumprod(np.concatenate([ones, lines[..., :0:-1]], axis=-1), axis=-1)[..., ::-1]
    order = _kept_last(x.ndim, axis)
    moved = np.reshape(before * after, [x.shape[i] for i in order])
    return np.transpose(moved, inverse(order))


def _pairs(g: Any, y: Any, x: Any, axis: Axis) -> Any:
    """Derive each product of others by each factor; it is the product without these two."""
    lines, g_lines = _lines(x, axis), _lines(g, axis)
    *kept, n = lines.shape
    eye = np.eye(n, dtype=x.dtype)
    rest = others(where(eye, 1.0, reshape(lines, (*kept, 1, n))), -1) * (1 - eye)
    order = _kept_last(x.ndim, axis)
    total = reshape(sum(reshape(g_lines, (*kept, n, 1)) * rest, -2), [x.shape[i] for i in order])
    return transpose(total, inverse(order))


others = Op(
    name="others",
    forward=_others,
    vjps=(_pairs,),
    latex=r"\prod_{{\mathrm{{others}}}} {0}",
    precedence=2,
    elementwise=False,
    doc="For each element the product of all others along the axes: the slope of prod.",
)

cumsum = Op(
    name="cumsum",
    forward=lambda x, axis=None, reverse=False: _cumsum(x, axis, reverse),
    vjps=(lambda g, y, x, axis, reverse: reshape(cumsum(g, axis, not reverse), x.shape),),
    latex=r"\operatorname{{cumsum}}\left({0}\right)",
    elementwise=False,
    doc="Running sum along an axis, or of all elements in a row; from the end with reverse=True.",
)


def _cumsum(x: Any, axis: int | None, reverse: bool) -> Any:
    if axis is None:
        x, axis = np.reshape(x, -1), 0
    return np.flip(np.cumsum(np.flip(x, axis), axis), axis) if reverse else np.cumsum(x, axis)


def _peak(x: Any, axis: Axis) -> Any:
    """Largest number along the axes, which is subtracted so that no exponential overflows."""
    if are_floats(x):
        peak = np.maximum.reduce(x, axis, keepdims=True)
        return peak if surely_finite(peak) else np.where(np.isfinite(peak), peak, 0)
    x = as_array(x)
    if holds_nodes(x):
        return _peak_of_nodes(x, axis)
    numbers = plain_numbers(x) if x.dtype == object else x
    peak = np.maximum.reduce(numbers, axis, keepdims=True)  # of complex ones by their real parts
    return np.where(np.isfinite(peak), peak, 0)


def _peak_of_nodes(x: Any, axis: Axis) -> Any:
    """Look for it in nodes, for on a tape it is another each time."""
    axes = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    for each in axes if x.ndim else ():  # a function of Python reduces one axis at a time
        x = np.frompyfunc(maximum, 2, 1).reduce(x, each, keepdims=True)
    return np.frompyfunc(_bounded, 1, 1)(x, out=np.empty(x.shape, object))


def _bounded(peak: Any) -> Any:
    """Let infinity be subtracted from nothing."""
    return detach(clip(peak, -sys.float_info.max, sys.float_info.max))


def _logsumexp(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    peak = _peak(x, axis)
    with np.errstate(divide="ignore"):  # of -inf alone it is -inf
        y = np.log(np.add.reduce(np.exp(x - peak), axis, keepdims=True)) + peak
    return y if keepdims else np.squeeze(y, axis=axis)


def are_short_lines(x: Any, axis: Axis) -> bool:
    """Whether lines are computed up to three times as fast as columns."""
    return x.__class__ is np.ndarray and x.ndim == 2 and axis in (-1, 1) and x.shape[1] <= 32


def _along_columns(f: Any, x: Any, axis: Axis) -> Any:
    return f(np.ascontiguousarray(x.T), 0).T if are_short_lines(x, axis) else f(x, axis)


def exponentials(x: Any, axis: Axis) -> tuple[Any, Any]:
    """Give how far numbers are behind the peak, and the exponentials of that."""
    behind = x - _peak(x, axis)  # first, for beside a large x a logarithm would be rounded away
    return behind, np.exp(behind)


def beside_peak(weights: Any, axis: Axis) -> Any:
    """Add up exponentials without the 1 of the peak, beside which small ones lose their digits."""
    if weights.dtype == object:
        return np.add.reduce(weights, axis, keepdims=True) - 1
    peaks = np.real(weights) == 1
    tied = np.add.reduce(np.where(peaks, weights, 0), axis, keepdims=True)
    return np.add.reduce(np.where(peaks, 0, weights), axis, keepdims=True) + (tied - 1)


def log_total(weights: Any, axis: Axis) -> Any:
    """Give the logarithm of the sum of exponentials, which is small where one of them is all."""
    if weights.dtype == object:  # which knows log only
        return np.log(np.add.reduce(weights, axis, keepdims=True))
    return np.log1p(beside_peak(weights, axis))


def _normalized(x: Any, axis: Axis) -> Any:
    _, weights = exponentials(x, axis)
    return weights / np.add.reduce(weights, axis, keepdims=True)


def _log_normalized(x: Any, axis: Axis) -> Any:
    behind, weights = exponentials(x, axis)
    return behind - log_total(weights, axis)


def _softmax(x: Any, axis: Axis = -1) -> Any:
    return _along_columns(_normalized, x, axis)


def _log_softmax(x: Any, axis: Axis = -1) -> Any:
    return _along_columns(_log_normalized, x, axis)


logsumexp = Op(
    name="logsumexp",
    forward=_logsumexp,
    vjps=(lambda g, y, x, axis, keepdims: spread(g, x.shape, axis, keepdims) * softmax(x, axis),),
    latex=r"\ln \sum e^{{{0}}}",
    precedence=2,
    elementwise=False,
    doc="log(sum(exp(x))), a smooth max, without overflow.",
)

softmax = Op(
    name="softmax",
    forward=_softmax,
    vjps=(lambda g, y, x, axis: y * (g - sum(g * y, axis, True)),),
    latex=r"\operatorname{{softmax}}\left({0}\right)",
    elementwise=False,
    doc="exp(x) / sum(exp(x)) along an axis: positive numbers that add up to 1.",
)

log_softmax = Op(
    name="log_softmax",
    forward=_log_softmax,
    vjps=(lambda g, y, x, axis: g - exp(y) * sum(g, axis, True),),
    latex=r"\ln \operatorname{{softmax}}\left({0}\right)",
    precedence=2,
    elementwise=False,
    doc="log(softmax(x)) along an axis, without underflow.",
)
