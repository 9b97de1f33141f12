"""The rows that add up exponentials, without overflow."""
# mypy: disable-error-code="has-type"
# (rules name rows that stand further down; mypy reads the file once)

from typing import Any

import numpy as np

from .op import Op
from .ops import exp
from .shapes import Axis, as_array
from .sums import spread, sum


def _peak(x: Any, axis: Axis) -> Any:
    """Largest number along the axes, which is subtracted so that no exponential overflows."""
    x = as_array(x)
    numbers = np.real(x) if np.iscomplexobj(x) else x.astype(float) if x.dtype == object else x
    peak = np.max(numbers, axis=axis, keepdims=True)
    return np.where(np.isfinite(peak), peak, 0)


def _logsumexp(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    peak = _peak(x, axis)
    y = np.log(np.sum(np.exp(x - peak), axis=axis, keepdims=True)) + peak
    return y if keepdims else np.squeeze(y, axis=axis)


def _softmax(x: Any, axis: Axis = -1) -> Any:
    weights = np.exp(x - _peak(x, axis))
    return weights / np.sum(weights, axis=axis, keepdims=True)


def _log_softmax(x: Any, axis: Axis = -1) -> Any:
    behind = x - _peak(x, axis)  # first, for beside a large x the logarithm would be rounded away
    return behind - np.log(np.sum(np.exp(behind), axis=axis, keepdims=True))


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
