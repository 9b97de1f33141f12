"""The rows that are layers of networks: each computes at once what would take several smaller rows.

The composition of a row says which.
"""
# mypy: disable-error-code="has-type"
# (rules name rows that stand further down; mypy reads the file once)

import math
from typing import Any

import numpy as np

from .elementwise import sqrt
from .op import Op
from .reductions import mean, sum, var
from .shapes import Axis, reshape, sum_to, transpose

__all__ = [
    "batch_norm",
    "layer_norm",
    "linear",
]


def _linear(x: Any, weight: Any, bias: Any) -> Any:
    shape = np.shape(weight)
    if len(shape) != 2 or np.shape(bias) != shape[:1]:
        raise ValueError("the weight is a matrix (out, in), the bias a vector (out,)")
    y = np.matmul(x, weight.T)
    return np.add(y, bias, out=y) if y.dtype == bias.dtype else y + bias


def _samples(x: Any) -> Any:
    """Make a matrix of any number of axes of samples, before that of features."""
    return x if x.ndim == 2 else reshape(x, (math.prod(x.shape[:-1]), x.shape[-1]))


linear = Op(
    name="linear",
    forward=_linear,
    vjps=(
        lambda g, y, x, weight, bias: g @ weight,
        lambda g, y, x, weight, bias: _samples(g).mT @ _samples(x),
        # With all its params, for so ops are called fastest.
        lambda g, y, x, weight, bias: sum(_samples(g), 0, False),
    ),
    composition=lambda x, weight, bias: x @ transpose(weight) + bias,
    latex=r"{0} \, {1}^{{\mathsf{{T}}}} + {2}",
    precedence=1,
    elementwise=False,
    doc="Weighted sums of the features of each sample, of which the last axis holds one each.",
)


def _standardized(x: Any, axis: Axis, eps: float) -> Any:
    """Bring numbers to mean 0 and spread 1 along axes."""
    centered = x - np.mean(x, axis=axis, keepdims=True)
    return centered / np.sqrt(np.mean(np.square(centered), axis=axis, keepdims=True) + eps)


def _standardized_in_rows(x: Any, axis: Axis, eps: float) -> Any:
    return (x - mean(x, axis, True)) / sqrt(var(x, axis, True) + eps)


def _to_standardized(g: Any, x: Any, normed: Any, axis: Axis, eps: float) -> Any:
    """Pass on what is left of g without its mean and its share in the direction of the result."""
    rest = g - mean(g, axis, True) - normed * mean(g * normed, axis, True)
    return rest / sqrt(var(x, axis, True) + eps)


def _layer_norm(x: Any, weight: Any, bias: Any, axis: Axis = -1, eps: float = 1e-5) -> Any:
    y = _standardized(x, axis, eps) * weight + bias
    if np.shape(y) != np.shape(x):
        raise ValueError("weight and bias have the last axes of a sample")
    return y


layer_norm = Op(
    name="layer_norm",
    forward=_layer_norm,
    vjps=(
        lambda g, y, x, weight, bias, axis, eps: _to_standardized(
            g * weight, x, layer_norm(x, 1.0, 0.0, axis, eps), axis, eps
        ),
        lambda g, y, x, weight, bias, axis, eps: sum_to(
            g * layer_norm(x, 1.0, 0.0, axis, eps), weight.shape
        ),
        lambda g, y, x, weight, bias, axis, eps: sum_to(g, bias.shape),
    ),
    composition=lambda x, weight, bias, axis, eps: (
        _standardized_in_rows(x, axis, eps) * weight + bias
    ),
    latex=r"\frac{{{0} - \mu}}{{\sigma}} \cdot {1} + {2}",
    precedence=1,
    elementwise=False,
    doc="Each sample, along the axes, at mean 0 and variance 1, times a weight and plus a bias.",
)


def _along_channels(x: Any, numbers: Any) -> Any:
    """Let one number for each channel meet axis 1; a single number is for all."""
    if x.ndim == 2 or not np.ndim(numbers):
        return numbers
    return reshape(numbers, (-1, *[1] * (x.ndim - 2)))


def _but_channels(x: Any) -> Axis:
    return 0 if x.ndim == 2 else (0, *range(2, x.ndim))


def _sum_of_channels(g: Any, numbers: Any) -> Any:
    return sum(g, _but_channels(g)) if numbers.ndim else sum(g)


def _batch_norm(x: Any, weight: Any, bias: Any, eps: float = 1e-5) -> Any:
    if np.ndim(x) < 2 or not {np.shape(weight), np.shape(bias)} <= {(), np.shape(x)[1:2]}:
        raise ValueError("axis 1 holds channels; weight and bias are one number for each, or all")
    normed = _standardized(x, _but_channels(x), eps)
    return normed * _along_channels(x, weight) + _along_channels(x, bias)


batch_norm = Op(
    name="batch_norm",
    forward=_batch_norm,
    vjps=(
        lambda g, y, x, weight, bias, eps: (
            _to_standardized(g, x, batch_norm(x, 1.0, 0.0, eps), _but_channels(x), eps)
            * _along_channels(x, weight)
        ),
        lambda g, y, x, weight, bias, eps: _sum_of_channels(
            g * batch_norm(x, 1.0, 0.0, eps), weight
        ),
        lambda g, y, x, weight, bias, eps: _sum_of_channels(g, bias),
    ),
    composition=lambda x, weight, bias, eps: (
        _standardized_in_rows(x, _but_channels(x), eps) * _along_channels(x, weight)
        + _along_channels(x, bias)
    ),
    latex=r"\frac{{{0} - \mu}}{{\sigma}} \cdot {1} + {2}",
    precedence=1,
    elementwise=False,
    doc="Each channel, of axis 1, at mean 0 and variance 1, times a weight and plus a bias.",
)
