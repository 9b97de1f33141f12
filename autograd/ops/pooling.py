"""The rows of pooling: one number of each window of images, and the ways back."""
# mypy: disable-error-code="has-type"
# (rules name rows that stand further down; mypy reads the file once)

from collections.abc import Callable
from functools import reduce
from math import inf, prod
from typing import Any

import numpy as np

from .convolution import folded, frame
from .elementwise import add, equal, maximum, minimum, where
from .op import Op, flat
from .reductions import cumsum, max, sum
from .shapes import Shape, broadcast_to, fold, getitem, pad, put, reshape, unfold
from .windows import (
    Pair,
    Size,
    elements,
    gathered,
    lines,
    pair,
    pooled,
    positions,
    scattered,
    sizes,
    spread,
)

__all__ = [
    "avg_pool2d",
    "avg_unpool2d",
    "max_gather2d",
    "max_pool2d",
    "max_scatter2d",
    "min_pool2d",
]


def _extreme_of(join: Op) -> Callable[..., Any]:
    """Compare slices that hold one element of every window, in reading order."""

    def first(a: Any, b: Any) -> Any:
        extreme = join(a, b)
        return where(equal(a, extreme), a, extreme)

    return lambda x, kernel_size, stride, padding: _joined(
        first, _edged(x, padding), _framed(x.shape, padding), kernel_size, stride
    )


def _joined(
    join: Callable[[Any, Any], Any], x: Any, shape: Shape, kernel_size: Size, stride: Size | None
) -> Any:
    for axis, *how in lines(shape, kernel_size, stride, 0):
        x = reduce(join, [getitem(x, pixels) for pixels, _ in elements(shape[axis], axis, *how)])
    return x


def _framed(shape: Shape, padding: Size) -> Shape:
    """Give the shape of images with what is beyond their edges."""
    lengths = zip(shape[2:], pair("padding", padding, 0), strict=True)
    return (*shape[:2], *(n + 2 * p for n, p in lengths))


def _edged(x: Any, padding: Size) -> Any:
    """Repeat the edges: what is there is the largest of a window only if a pixel is so, too."""
    return getitem(x, _edges(x.shape, padding)) if np.any(padding) else x


def _edges(shape: Shape, padding: Size) -> tuple[Any, ...]:
    rows, columns = (
        np.clip(np.arange(-p, n + p), 0, n - 1)
        for n, p in zip(shape[2:], pair("padding", padding, 0), strict=True)
    )
    return (slice(None), slice(None), rows[:, None], columns)


def _scattered(numbers: Any, x: Any, kernel_size: Size, stride: Size | None, padding: Size) -> Any:
    kernel, steps, _ = sizes(kernel_size, stride, padding)
    samples, channels, *places = numbers.shape
    y, is_first = _firsts(_elements(_edged(x, padding), numbers.shape, kernel, steps))
    laid = where(equal(y, y), reshape(numbers, (samples, channels, 1, *places)), y)
    windows = reshape(is_first * laid, (samples, channels, *kernel, *places))
    back = fold(windows, _framed(x.shape, padding), kernel, steps)
    return put(back, x.shape, _edges(x.shape, padding)) if np.any(padding) else back


def _gathered(numbers: Any, x: Any, kernel_size: Size, stride: Size | None, padding: Size) -> Any:
    kernel, steps, edges = sizes(kernel_size, stride, padding)
    shape = (*x.shape[:2], *positions(x.shape, kernel, steps, edges))
    chosen, pixels = (
        _elements(_edged(each, padding), shape, kernel, steps) for each in (numbers, x)
    )
    y, is_first = _firsts(pixels)
    return sum(where(equal(y, y), where(is_first, chosen, 0.0), y), 2)


def _elements(x: Any, shape: Shape, kernel: Pair, steps: Pair) -> Any:
    """Give windows with their elements in a row: (samples, channels, elements, down, right)."""
    samples, channels, *places = shape
    return reshape(unfold(x, kernel, steps), (samples, channels, prod(kernel), *places))


def _firsts(elements: Any) -> tuple[Any, Any]:
    """Give the largest elements of windows, and mark the first of equal ones."""
    y = max(elements, 2, True)
    is_largest = equal(elements, y)
    return y, is_largest * equal(cumsum(is_largest, 2), 1.0)


def _padded(x: Any, padding: Size) -> Any:
    return pad(x, frame(pair("padding", padding, 0)))


def _area(kernel_size: Size) -> int:
    return prod(pair("kernel_size", kernel_size))


def _spread(numbers: Any, size: Size, kernel_size: Size, stride: Size | None, padding: Size) -> Any:
    how = kernel, _, _ = sizes(kernel_size, stride, padding)
    samples, channels, *places = numbers.shape
    share = reshape(numbers / prod(kernel), (samples, channels, 1, 1, *places))
    windows = broadcast_to(share, (samples, channels, *kernel, *places))
    return folded(windows, (samples, channels), size, *how)


def _lead(sign: float) -> Callable[..., Any]:
    """How far the extreme pixel of a window is ahead of the next: at 0 there is a kink."""

    def lead(x: Any, kernel_size: Size, stride: Size | None, padding: Size) -> Any:
        kernel, steps, edges = sizes(kernel_size, stride, padding)
        framed = np.pad(sign * x, frame(edges), constant_values=-inf)
        shape = (*x.shape[:2], *positions(x.shape, kernel, steps, edges))
        ordered = np.sort(_elements(framed, shape, kernel, steps), axis=2)
        if prod(kernel) == 1:
            return np.ones_like(ordered[:, :, 0])
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
    forward=scattered,
    vjps=(lambda g, y, numbers, x, **how: max_gather2d(g, x, **how), flat),
    composition=_scattered,
    latex=r"\operatorname{{scatter}}_{{\max {1}}}\left({0}\right)",
    kinks=lambda numbers, x, **how: _lead(1.0)(x, **how),
    elementwise=False,
    doc="Numbers put where the largest pixels of windows of x lie; the way back of max_pool2d.",
)

max_gather2d = Op(
    name="max_gather2d",
    forward=gathered,
    vjps=(lambda g, y, numbers, x, **how: max_scatter2d(g, x, **how), flat),
    composition=_gathered,
    latex=r"\operatorname{{gather}}_{{\max {1}}}\left({0}\right)",
    kinks=lambda numbers, x, **how: _lead(1.0)(x, **how),
    elementwise=False,
    doc="What lies where the largest pixels of windows of x do; the way back of max_scatter2d.",
)

avg_pool2d = Op(
    name="avg_pool2d",
    forward=lambda x, kernel_size, stride=None, padding=0: (
        pooled(np.add, x, 0.0, kernel_size, stride, padding) / _area(kernel_size)
    ),
    vjps=(lambda g, y, x, **how: avg_unpool2d(g, x.shape[2:], **how),),
    composition=lambda x, kernel_size, stride, padding: (
        _joined(add, _padded(x, padding), _framed(x.shape, padding), kernel_size, stride)
        / _area(kernel_size)
    ),
    latex=r"\operatorname{{avgpool}}\left({0}\right)",
    elementwise=False,
    doc="Mean of each window of images; what is over the edges counts as 0.",
)

avg_unpool2d = Op(
    name="avg_unpool2d",
    forward=lambda numbers, size, kernel_size, stride=None, padding=0: spread(
        numbers / _area(kernel_size), size, kernel_size, stride, padding
    ),
    vjps=(lambda g, y, numbers, size, **how: avg_pool2d(g, **how),),
    composition=_spread,
    latex=r"\operatorname{{avgpool}}^{{\mathsf{{T}}}}\left({0}\right)",
    elementwise=False,
    doc="Numbers in equal shares over windows, added up; the way back of avg_pool2d.",
)
