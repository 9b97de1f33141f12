"""The rows that work on images: convolution, pooling, and the ways back of both.

Convolution is linear in images and in weights, so three rows are the rules of each other. What is
between images and weights at the first order is so at each order.
"""
# mypy: disable-error-code="has-type"
# (rules name rows that stand further down; mypy reads the file once)

from collections.abc import Callable
from functools import reduce
from math import inf, prod
from typing import Any

import numpy as np

from .elementwise import add, equal, maximum, minimum, where
from .op import Op, flat
from .reductions import cumsum, max, sum
from .shapes import Shape, broadcast_to, fold, getitem, pad, put, reshape, transpose, unfold
from .windows import (
    Size,
    correlate,
    gathered,
    lines,
    pooled,
    scattered,
    sizes,
    spread,
    transposed,
    weights,
)

__all__ = [
    "avg_pool2d",
    "avg_unpool2d",
    "conv2d",
    "conv2d_weight",
    "conv_transpose2d",
    "correlate2d",
    "max_gather2d",
    "max_pool2d",
    "max_scatter2d",
    "min_pool2d",
]

# Convolution


def _conv(x: Any, weight: Any, bias: Any, stride: Size = 1, padding: Size = 0) -> Any:
    if np.shape(bias) != np.shape(weight)[:1]:
        raise ValueError("the bias holds a number for each kernel of the weight")
    weight = weight.astype(np.result_type(x, weight, bias), copy=False)
    y = correlate(x, weight, stride, padding)
    y += np.reshape(bias, (-1, 1, 1))  # in place, for it is as large as anything here
    return y


def _of_weight(g: Any, y: Any, x: Any, weight: Any, stride: Size, padding: Size) -> Any:
    return conv2d_weight(x, g, weight.shape[2:], stride, padding)


def _of_images(g: Any, y: Any, x: Any, weight: Any, stride: Size, padding: Size) -> Any:
    return conv_transpose2d(g, weight, x.shape[2:], stride, padding)


def _correlated(x: Any, weight: Any, stride: Size, padding: Size) -> Any:
    """Multiply a matrix of kernels and one of windows, for each sample."""
    outputs, channels, *kernel = weight.shape
    windows, places = _windows(x, *sizes(kernel, stride, padding))
    y = reshape(weight, (outputs, channels * prod(kernel))) @ windows
    return reshape(y, (x.shape[0], outputs, *places))


def _windows(x: Any, kernel: Shape, steps: Shape, padding: Shape) -> tuple[Any, Shape]:
    """Make a matrix of the windows of each sample, one window a column."""
    windows = unfold(pad(x, _frame(padding)), kernel, steps)
    samples, channels, *_, height, width = windows.shape
    shape = (samples, channels * prod(kernel), height * width)
    return reshape(windows, shape), (height, width)


def _frame(padding: Shape) -> tuple[Shape, ...]:
    return ((0, 0), (0, 0), *((n, n) for n in padding))


def _put_back(x: Any, weight: Any, size: Shape, stride: Size, padding: Size) -> Any:
    inputs, channels, *kernel = weight.shape
    kernel, steps, edges = sizes(kernel, stride, padding)
    samples, _, *places = x.shape
    matrix = transpose(reshape(weight, (inputs, channels * prod(kernel))))
    windows = matrix @ reshape(x, (samples, inputs, prod(places)))
    return _folded(
        reshape(windows, (samples, channels, *kernel, *places)), size, kernel, steps, edges
    )


def _folded(windows: Any, size: Shape, kernel: Shape, steps: Shape, padding: Shape) -> Any:
    """Add windows up where they lay in images of a size."""
    framed = [n + 2 * p for n, p in zip(size, padding, strict=True)]
    y = fold(windows, (*windows.shape[:2], *framed), kernel, steps)
    inside = (slice(p, p + n) for p, n in zip(padding, size, strict=True))
    return getitem(y, (slice(None), slice(None), *inside))


def _weights(x: Any, g: Any, kernel_size: Size, stride: Size, padding: Size) -> Any:
    how = sizes(kernel_size, stride, padding)
    windows, places = _windows(x, *how)
    samples, outputs = g.shape[:2]
    products = reshape(g, (samples, outputs, prod(places))) @ transpose(windows, (0, 2, 1))
    return reshape(sum(products, 0), (outputs, x.shape[1], *how[0]))


conv2d = Op(
    name="conv2d",
    forward=_conv,
    vjps=(
        lambda g, y, x, weight, bias, stride, padding: _of_images(g, y, x, weight, stride, padding),
        lambda g, y, x, weight, bias, stride, padding: _of_weight(g, y, x, weight, stride, padding),
        lambda g, y, x, weight, bias, stride, padding: sum(g, (0, 2, 3)),
    ),
    composition=lambda x, weight, bias, stride, padding: (
        _correlated(x, weight, stride, padding) + reshape(bias, (bias.shape[0], 1, 1))
    ),
    latex=r"{0} \star {1} + {2}",
    precedence=1,
    elementwise=False,
    doc="Each window of images times each kernel of a weight, added up, and a bias: "
    "cross-correlation.",
)

correlate2d = Op(
    name="correlate2d",
    forward=lambda x, weight, stride=1, padding=0: correlate(x, weight, stride, padding),
    vjps=(_of_images, _of_weight),
    composition=_correlated,
    latex=r"{0} \star {1}",
    precedence=2,
    elementwise=False,
    doc="conv2d without a bias.",
)

conv_transpose2d = Op(
    name="conv_transpose2d",
    forward=lambda x, weight, size, stride=1, padding=0: transposed(
        x, weight, size, stride, padding
    ),
    vjps=(
        lambda g, y, x, weight, size, stride, padding: correlate2d(g, weight, stride, padding),
        lambda g, y, x, weight, size, stride, padding: conv2d_weight(
            g, x, weight.shape[2:], stride, padding
        ),
    ),
    composition=_put_back,
    latex=r"{0} \star^{{\mathsf{{T}}}} {1}",
    precedence=2,
    elementwise=False,
    doc="Kernels times numbers, added up where windows lay; what conv2d sends to images.",
)

conv2d_weight = Op(
    name="conv2d_weight",
    forward=lambda x, g, kernel_size, stride=1, padding=0: weights(
        x, g, kernel_size, stride, padding
    ),
    vjps=(
        lambda g, y, x, at, kernel_size, stride, padding: conv_transpose2d(
            at, g, x.shape[2:], stride, padding
        ),
        lambda g, y, x, at, kernel_size, stride, padding: correlate2d(x, g, stride, padding),
    ),
    composition=_weights,
    latex=r"\sum {0} \star {1}",
    precedence=2,
    elementwise=False,
    doc="Windows of images times the numbers at their places, added up; what conv2d sends to its "
    "weight.",
)

# Pooling


def _extreme_of(join: Op) -> Callable[..., Any]:
    """Compare slices that hold one element of every window, in reading order."""

    def first(a: Any, b: Any) -> Any:
        extreme = join(a, b)
        return where(equal(a, extreme), a, extreme)

    return lambda x, kernel_size, stride, padding: _joined(
        first, _edged(x, padding), kernel_size, stride
    )


def _joined(join: Callable[[Any, Any], Any], x: Any, kernel_size: Size, stride: Size | None) -> Any:
    for line in lines(x.shape, kernel_size, stride, 0):
        elements = line.elements(x.shape[line.axis])
        x = reduce(join, [getitem(x, pixels) for pixels, _ in elements])
    return x


def _edged(x: Any, padding: Size) -> Any:
    """Repeat the edges: what is there is the largest of a window only if a pixel is so, too."""
    return getitem(x, _edges(x.shape, padding)) if np.any(padding) else x


def _edges(shape: Shape, padding: Size) -> tuple[Any, ...]:
    _, _, (p, q) = sizes(1, 1, padding)
    rows, columns = (
        np.clip(np.arange(-n, length + n), 0, length - 1)
        for n, length in zip((p, q), shape[2:], strict=True)
    )
    return (slice(None), slice(None), rows[:, None], columns)


def _scattered(g: Any, x: Any, kernel_size: Size, stride: Size | None, padding: Size) -> Any:
    kernel, steps, _ = sizes(kernel_size, stride, padding)
    framed = _edged(x, padding)
    is_first = _firsts(framed, kernel, steps)
    samples, channels, *places = g.shape
    at_first = where(is_first, reshape(g, (samples, channels, 1, *places)), 0.0)
    windows = reshape(at_first, (samples, channels, *kernel, *places))
    y = fold(windows, framed.shape, kernel, steps)
    return put(y, x.shape, _edges(x.shape, padding)) if np.any(padding) else y


def _gathered(g: Any, x: Any, kernel_size: Size, stride: Size | None, padding: Size) -> Any:
    kernel, steps, _ = sizes(kernel_size, stride, padding)
    is_first = _firsts(_edged(x, padding), kernel, steps)
    return sum(where(is_first, _elements(_edged(g, padding), kernel, steps), 0.0), 2)


def _firsts(x: Any, kernel: Shape, steps: Shape) -> Any:
    """Mark the first largest element of each window, or the first that is no number."""
    elements = _elements(x, kernel, steps)
    is_largest = equal(elements, max(elements, 2, True))
    is_largest = maximum(is_largest, 1 - equal(elements, elements))
    return is_largest * equal(cumsum(is_largest, 2), 1.0)


def _elements(x: Any, kernel: Shape, steps: Shape) -> Any:
    """Give windows with their elements in a row: (samples, channels, elements, down, right)."""
    windows = unfold(x, kernel, steps)
    samples, channels, *_, down, right = windows.shape
    return reshape(windows, (samples, channels, prod(kernel), down, right))


def _spread(g: Any, size: Size, kernel_size: Size, stride: Size | None, padding: Size) -> Any:
    kernel, steps, edges = sizes(kernel_size, stride, padding)
    samples, channels, *places = g.shape
    share = reshape(g / prod(kernel), (samples, channels, 1, 1, *places))
    windows = broadcast_to(share, (samples, channels, *kernel, *places))
    return _folded(windows, size, kernel, steps, edges)


def _lead(sign: float) -> Callable[..., Any]:
    """How far the extreme pixel of a window is ahead of the next: at 0 there is a kink."""

    def lead(x: Any, kernel_size: Size, stride: Size | None, padding: Size) -> Any:
        kernel, steps, edges = sizes(kernel_size, stride, padding)
        framed = np.pad(sign * x, _frame(edges), constant_values=-inf)
        windows = _elements(framed, kernel, steps)
        if windows.shape[2] == 1:
            return np.ones_like(windows[:, :, 0])
        ordered = np.sort(windows, axis=2)
        return ordered[:, :, -1] - ordered[:, :, -2]

    return lead


max_pool2d = Op(
    name="max_pool2d",
    forward=lambda x, kernel_size, stride=None, padding=0: pooled(
        np.maximum, x, -inf, kernel_size, stride, padding
    ),
    vjps=(lambda g, y, x, **how: max_scatter2d(g, x, **how),),
    composition=_extreme_of(maximum),
    latex=r"\operatorname{{maxpool}}\left({0}\right)",
    kinks=_lead(1.0),
    elementwise=False,
    doc="Largest number of each window of images; of equal ones the first gets the gradient.",
)

min_pool2d = Op(
    name="min_pool2d",
    forward=lambda x, kernel_size, stride=None, padding=0: pooled(
        np.minimum, x, inf, kernel_size, stride, padding
    ),
    vjps=(lambda g, y, x, **how: max_scatter2d(g, -x, **how),),
    composition=_extreme_of(minimum),
    latex=r"\operatorname{{minpool}}\left({0}\right)",
    kinks=_lead(-1.0),
    elementwise=False,
    doc="Smallest number of each window of images; of equal ones the first gets the gradient.",
)

max_scatter2d = Op(
    name="max_scatter2d",
    forward=lambda g, x, kernel_size, stride=None, padding=0: scattered(
        g, x, kernel_size, stride, padding
    ),
    vjps=(lambda g, y, at, x, **how: max_gather2d(g, x, **how), flat),
    composition=_scattered,
    latex=r"\operatorname{{scatter}}_{{\max {1}}}\left({0}\right)",
    kinks=lambda g, x, **how: _lead(1.0)(x, **how),
    elementwise=False,
    doc="Numbers added up where the first largest pixels of windows of x are; the way back of "
    "max_pool2d.",
)

max_gather2d = Op(
    name="max_gather2d",
    forward=lambda g, x, kernel_size, stride=None, padding=0: gathered(
        g, x, kernel_size, stride, padding
    ),
    vjps=(lambda g, y, at, x, **how: max_scatter2d(g, x, **how), flat),
    composition=_gathered,
    latex=r"\operatorname{{gather}}_{{\max {1}}}\left({0}\right)",
    kinks=lambda g, x, **how: _lead(1.0)(x, **how),
    elementwise=False,
    doc="Numbers where the first largest pixels of windows of x are; the way back of "
    "max_scatter2d.",
)

avg_pool2d = Op(
    name="avg_pool2d",
    forward=lambda x, kernel_size, stride=None, padding=0: (
        pooled(np.add, x, 0.0, kernel_size, stride, padding) / prod(sizes(kernel_size, 1, 0)[0])
    ),
    vjps=(lambda g, y, x, **how: avg_unpool2d(g, x.shape[2:], **how),),
    composition=lambda x, kernel_size, stride, padding: (
        _joined(add, pad(x, _frame(sizes(1, 1, padding)[2])), kernel_size, stride)
        / prod(sizes(kernel_size, 1, 0)[0])
    ),
    latex=r"\operatorname{{avgpool}}\left({0}\right)",
    elementwise=False,
    doc="Mean of each window of images; what is over the edges counts as 0.",
)

avg_unpool2d = Op(
    name="avg_unpool2d",
    forward=lambda g, size, kernel_size, stride=None, padding=0: spread(
        g / prod(sizes(kernel_size, 1, 0)[0]), size, kernel_size, stride, padding
    ),
    vjps=(lambda g, y, x, size, **how: avg_pool2d(g, **how),),
    composition=_spread,
    latex=r"\operatorname{{avgpool}}^{{\mathsf{{T}}}}\left({0}\right)",
    elementwise=False,
    doc="Numbers in equal shares over windows, added up; the way back of avg_pool2d.",
)
