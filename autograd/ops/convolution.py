"""The rows of convolution: windows of images times kernels, and the ways back to both.

Each is linear in both of its operands, so each of three rows is a rule of the two others, at any
order of derivatives.
"""
# mypy: disable-error-code="has-type"
# (rules name rows that stand further down; mypy reads the file once)

from math import prod
from typing import Any

import numpy as np

from .op import Op
from .reductions import sum
from .shapes import fold, getitem, pad, reshape, transpose, unfold
from .windows import Pair, Size, correlate, pair, positions, sizes, transposed, weights

__all__ = [
    "conv2d",
    "conv2d_weight",
    "conv_transpose2d",
    "correlate2d",
]


def _conv(x: Any, weight: Any, bias: Any, stride: Size = 1, padding: Size = 0) -> Any:
    if np.shape(bias) != np.shape(weight)[:1]:
        raise ValueError("the bias holds a number for each kernel of the weight")
    weight = weight.astype(np.result_type(x, weight, bias), copy=False)
    y = correlate(x, weight, stride, padding)
    y += np.reshape(bias, (-1, 1, 1))  # in place, for it is as large as anything here
    return y


def _correlated(x: Any, weight: Any, stride: Size, padding: Size) -> Any:
    """Multiply a matrix of kernels and one of windows, for each sample."""
    outputs, channels, *kernel = weight.shape
    windows, places = _windows(x, *sizes(kernel, stride, padding))
    y = reshape(weight, (outputs, channels * prod(kernel))) @ windows
    return reshape(y, (x.shape[0], outputs, *places))


def _transposed(x: Any, weight: Any, size: Size, stride: Size, padding: Size) -> Any:
    inputs, channels, *kernel = weight.shape
    samples, _, *places = x.shape
    matrix = transpose(reshape(weight, (inputs, channels * prod(kernel))))
    windows = matrix @ reshape(x, (samples, inputs, prod(places)))
    windows = reshape(windows, (samples, channels, *kernel, *places))
    return folded(windows, (samples, channels), size, *sizes(kernel, stride, padding))


def _weights(x: Any, numbers: Any, kernel_size: Size, stride: Size, padding: Size) -> Any:
    how = kernel, _, _ = sizes(kernel_size, stride, padding)
    windows, places = _windows(x, *how)
    samples, outputs = numbers.shape[:2]
    products = reshape(numbers, (samples, outputs, prod(places))) @ transpose(windows, (0, 2, 1))
    return reshape(sum(products, 0), (outputs, x.shape[1], *kernel))


def _windows(x: Any, kernel: Pair, steps: Pair, padding: Pair) -> tuple[Any, Pair]:
    """Make a matrix of the windows of each sample, one window a column."""
    places = positions(x.shape, kernel, steps, padding)
    windows = unfold(pad(x, frame(padding)), kernel, steps)
    samples, channels = x.shape[:2]
    return reshape(windows, (samples, channels * prod(kernel), prod(places))), places


def frame(padding: Pair) -> tuple[Pair, ...]:
    """Give the widths of a frame around images."""
    return ((0, 0), (0, 0), *((n, n) for n in padding))


def folded(windows: Any, lead: Pair, size: Size, kernel: Pair, steps: Pair, padding: Pair) -> Any:
    """Add windows up where they lie in images of a size, with so many samples and channels."""
    lengths = pair("size", size)
    framed = [n + 2 * p for n, p in zip(lengths, padding, strict=True)]
    inside = [slice(p, p + n) for n, p in zip(lengths, padding, strict=True)]
    return getitem(fold(windows, (*lead, *framed), kernel, steps), (..., *inside))


conv2d = Op(
    name="conv2d",
    forward=_conv,
    vjps=(
        lambda g, y, x, weight, bias, **how: conv_transpose2d(g, weight, x.shape[2:], **how),
        lambda g, y, x, weight, bias, **how: conv2d_weight(x, g, weight.shape[2:], **how),
        lambda g, y, x, weight, bias, **how: sum(g, (0, 2, 3), False),
    ),
    composition=lambda x, weight, bias, **how: (
        _correlated(x, weight, **how) + reshape(bias, (bias.shape[0], 1, 1))
    ),
    latex=r"{0} \star {1} + {2}",
    precedence=1,
    elementwise=False,
    doc="Windows of images times each kernel of a weight, and a bias: cross-correlation.",
)

correlate2d = Op(
    name="correlate2d",
    forward=correlate,
    vjps=(
        lambda g, y, x, weight, **how: conv_transpose2d(g, weight, x.shape[2:], **how),
        lambda g, y, x, weight, **how: conv2d_weight(x, g, weight.shape[2:], **how),
    ),
    composition=_correlated,
    latex=r"{0} \star {1}",
    precedence=2,
    elementwise=False,
    doc="Windows of images times each kernel of a weight: conv2d without a bias.",
)

conv_transpose2d = Op(
    name="conv_transpose2d",
    forward=transposed,
    vjps=(
        lambda g, y, x, weight, size, **how: correlate2d(g, weight, **how),
        lambda g, y, x, weight, size, **how: conv2d_weight(g, x, weight.shape[2:], **how),
    ),
    composition=_transposed,
    latex=r"{0} \star^{{\mathsf{{T}}}} {1}",
    precedence=2,
    elementwise=False,
    doc="Kernels times numbers, added up where windows lie; the way back of conv2d to images.",
)

conv2d_weight = Op(
    name="conv2d_weight",
    forward=weights,
    vjps=(
        lambda g, y, x, numbers, kernel_size, **how: conv_transpose2d(
            numbers, g, x.shape[2:], **how
        ),
        lambda g, y, x, numbers, kernel_size, **how: correlate2d(x, g, **how),
    ),
    composition=_weights,
    latex=r"\sum {0} \star {1}",
    precedence=2,
    elementwise=False,
    doc="Windows times what stands at their places, added up; the way back of conv2d to a weight.",
)
