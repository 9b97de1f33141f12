"""What rows on images compute with in NumPy: windows that slide over images.

Images lie in (samples, channels, height, width). In memory, samples come last wherever an array is
made here: then even small windows are few long pieces.
"""

from collections.abc import Iterator
from functools import reduce
from itertools import product
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

Pair = tuple[int, int]
Size = int | Pair
Index = tuple[slice, ...]
Line = tuple[int, int, int, int]  # axis, size of windows, their step, how far beyond the edges


def sizes(kernel_size: Size, stride: Size | None, padding: Size) -> tuple[Pair, Pair, Pair]:
    """Read the options of windows as pairs (down, right); without a stride, windows touch."""
    kernel = pair("kernel_size", kernel_size)
    steps = kernel if stride is None else pair("stride", stride)
    return kernel, steps, pair("padding", padding, least=0)


def pair(name: str, given: Any, least: int = 1) -> Pair:
    """Read one whole number, or two."""
    both = tuple(given) if isinstance(given, tuple | list) else (given, given)
    if len(both) != 2 or not all(isinstance(n, int) and n >= least for n in both):
        raise ValueError(f"{name} is one whole number of {least} or more, or two, (down, right)")
    return both


def positions(shape: tuple[int, ...], kernel: Pair, steps: Pair, padding: Pair) -> Pair:
    """Count the places where a window fits into images of a shape, (down, right)."""
    if len(shape) != 4:
        raise ValueError("images are (samples, channels, height, width)")
    height, width = (n + 2 * p for n, p in zip(shape[2:], padding, strict=True))
    if height < kernel[0] or width < kernel[1]:
        raise ValueError(f"a window of {kernel} does not fit into {(height, width)}, with padding")
    return (height - kernel[0]) // steps[0] + 1, (width - kernel[1]) // steps[1] + 1


# Convolution


def correlate(x: Any, weight: Any, stride: Size = 1, padding: Size = 0) -> Any:
    """Multiply each window of images with all kernels of a weight, and add up."""
    outputs, channels, kernel = _kernels(weight)
    if np.ndim(x) == 4 and x.shape[1] != channels:
        raise ValueError(f"the weight takes {channels} channels")
    columns, places = _columns(x, *sizes(kernel, stride, padding))
    return _images(weight.reshape(outputs, -1) @ columns, (len(x), outputs, *places))


def transposed(x: Any, weight: Any, size: Size, stride: Size = 1, padding: Size = 0) -> Any:
    """Put kernels times numbers where windows lay in images of a size, and add up."""
    inputs, channels, kernel = _kernels(weight)
    whole = (len(x), channels, *pair("size", size))
    _, steps, edges = sizes(kernel, stride, padding)
    places = positions(whole, kernel, steps, edges)
    _check(x, (len(x), inputs, *places))
    columns = weight.reshape(inputs, -1).T @ _matrix(x)
    windows = columns.reshape(channels, *kernel, *places, len(x))
    framed = [n + 2 * p for n, p in zip(whole[2:], edges, strict=True)]
    y = np.zeros((channels, *framed, len(x)), columns.dtype)
    for i, j in np.ndindex(*kernel):
        rows = slice(i, i + steps[0] * places[0], steps[0])
        y[:, rows, j : j + steps[1] * places[1] : steps[1]] += windows[:, i, j]
    inside = (slice(p, p + n) for p, n in zip(edges, whole[2:], strict=True))
    return y[:, *inside].transpose(3, 0, 1, 2)


def weights(x: Any, numbers: Any, kernel_size: Size, stride: Size = 1, padding: Size = 0) -> Any:
    """Multiply each window of images with the numbers that stand at its place, and add up."""
    how = sizes(kernel_size, stride, padding)
    columns, places = _columns(x, *how)
    _check(numbers, (len(x), *np.shape(numbers)[1:2], *places))
    return (_matrix(numbers) @ columns.T).reshape(numbers.shape[1], x.shape[1], *how[0])


def _kernels(weight: Any) -> tuple[int, int, Pair]:
    if np.ndim(weight) != 4:
        raise ValueError("a weight is (outputs, channels, height, width)")
    outputs, channels, height, width = weight.shape
    return outputs, channels, (height, width)


def _check(x: Any, shape: tuple[int, ...]) -> None:
    if np.shape(x) != shape:
        raise ValueError(f"the numbers lie in an array of shape {shape} here")


def _columns(x: Any, kernel: Pair, steps: Pair, padding: Pair) -> tuple[Any, Pair]:
    """Copy windows into columns of a matrix, those of all samples at one place side by side."""
    down, right = positions(np.shape(x), kernel, steps, padding)
    x = _framed(x, padding)
    channels, *_, samples = x.shape
    channel, row, column, sample = x.strides
    windows = as_strided(
        x,
        (channels, *kernel, down, right, samples),
        (channel, row, column, row * steps[0], column * steps[1], sample),
        writeable=False,
    )
    return windows.reshape(channels * kernel[0] * kernel[1], down * right * samples), (down, right)


def _framed(x: Any, padding: Pair, value: float = 0.0) -> Any:
    """Put a frame around images, and give them as (channels, height, width, samples)."""
    x = np.transpose(x, (1, 2, 3, 0))
    if not any(padding):
        return np.ascontiguousarray(x)
    channels, height, width, samples = x.shape
    p, q = padding
    y = np.full((channels, height + 2 * p, width + 2 * q, samples), value, x.dtype)
    y[:, p : p + height, q : q + width] = x
    return y


def _matrix(x: Any) -> Any:
    """Make a row of each channel of images, in the order of `_columns`."""
    return np.transpose(x, (1, 2, 3, 0)).reshape(x.shape[1], -1)


def _images(matrix: Any, shape: tuple[int, ...]) -> Any:
    samples, *rest = shape
    return matrix.reshape(*rest, samples).transpose(3, 0, 1, 2)


# Pooling: to the right first, and then down


def lines(
    shape: tuple[int, ...], kernel_size: Size, stride: Size | None, padding: Size
) -> tuple[Line, Line]:
    """Read the options of pooling: how windows slide to the right, and how down."""
    kernel, steps, edges = sizes(kernel_size, stride, padding)
    if any(2 * p > k for p, k in zip(edges, kernel, strict=True)):
        raise ValueError("padding is half of kernel_size at most, or windows lie outside")
    positions(shape, kernel, steps, edges)
    down, right = zip(kernel, steps, edges, strict=True)
    return (3, *right), (2, *down)


def elements(
    length: int, axis: int, size: int, step: int, edge: int
) -> Iterator[tuple[Index, Index]]:
    """Index the first elements of all windows along an axis, then the second ones, and so on.

    The first index is of pixels, the second of windows; what is beyond an edge is left out.
    """
    before = (slice(None),) * axis
    for offset in range(-edge, size - edge):
        start = max(0, -(offset // step))
        stop = max(start, min(_count(length, size, step, edge), (length - 1 - offset) // step + 1))
        first, last = start * step + offset, stop * step + offset
        yield (*before, slice(first, last, step)), (*before, slice(start, stop))


def _count(length: int, size: int, step: int, edge: int) -> int:
    return (length + 2 * edge - size) // step + 1


def pooled(
    join: np.ufunc, x: Any, beyond: float, kernel_size: Size, stride: Size | None, padding: Size
) -> Any:
    """Join the numbers of each window; beyond the edges there is the same everywhere."""
    for line in lines(np.shape(x), kernel_size, stride, padding):
        x = _joined(join, x, beyond, line)
    return x


def _joined(join: np.ufunc, x: Any, beyond: float, line: Line) -> Any:
    axis, size, step, edge = line
    length = x.shape[axis]
    if not edge:
        return reduce(join, [x[pixels] for pixels, _ in elements(length, *line)])
    y = np.full_like(x, beyond, shape=_with(x.shape, axis, _count(length, size, step, edge)))
    for pixels, places in elements(length, *line):
        join(y[places], x[pixels], out=y[places])
    return y


def _with(shape: tuple[int, ...], axis: int, length: int) -> tuple[int, ...]:
    return (*shape[:axis], length, *shape[axis + 1 :])


def spread(
    numbers: Any, size: Size, kernel_size: Size, stride: Size | None = None, padding: Size = 0
) -> Any:
    """Add each number to all pixels of its window, in images of a size."""
    whole = (*np.shape(numbers)[:2], *pair("size", size))
    _check(numbers, (*whole[:2], *positions(whole, *sizes(kernel_size, stride, padding))))
    for axis, *how in lines(whole, kernel_size, stride, padding):
        y = np.zeros_like(numbers, shape=_with(numbers.shape, axis, whole[axis]))
        for pixels, places in elements(whole[axis], axis, *how):
            y[pixels] += numbers[places]
        numbers = y
    return numbers


def scattered(
    numbers: Any, x: Any, kernel_size: Size, stride: Size | None = None, padding: Size = 0
) -> Any:
    """Add each number to the pixel that is the first largest one of its window."""
    y = pooled(np.maximum, x, -np.inf, kernel_size, stride, padding)
    _check(numbers, y.shape)
    laid = np.empty_like(y, numbers.dtype)  # as y in memory: two orders at once take long
    laid[...] = numbers
    np.copyto(laid, np.nan, where=y != y)  # nan times 0 is nan: no pixel of its window is spared
    made = np.zeros_like(x, numbers.dtype)
    across = lines(x.shape, kernel_size, stride, padding)
    overlap = any(step < size for _, size, step, _ in across)
    for pixels, places, is_first in _firsts(x, y, across):
        if overlap:
            made[pixels] += laid[places] * is_first
        else:
            np.multiply(laid[places], is_first, out=made[pixels])
    return made


def gathered(
    numbers: Any, x: Any, kernel_size: Size, stride: Size | None = None, padding: Size = 0
) -> Any:
    """Take the number at the place of the first largest pixel of each window."""
    _check(numbers, np.shape(x))
    y = pooled(np.maximum, x, -np.inf, kernel_size, stride, padding)
    made = np.full_like(y, np.nan, numbers.dtype)  # which it stays where a window holds nan
    for pixels, places, is_first in _firsts(x, y, lines(x.shape, kernel_size, stride, padding)):
        np.copyto(made[places], numbers[pixels], where=is_first)
    return made


def _firsts(x: Any, y: Any, across: tuple[Line, Line]) -> Iterator[tuple[Index, Index, Any]]:
    """Say in reading order which pixels are the first ones that are the largest of a window."""
    right, down = across
    taken = np.zeros_like(y, bool)
    for (rows, to_rows), (columns, to_columns) in product(
        elements(x.shape[2], *down), elements(x.shape[3], *right)
    ):
        pixels, places = (*rows, *columns[3:]), (*to_rows, *to_columns[3:])
        is_first = (x[pixels] == y[places]) > taken[places]
        taken[places] |= is_first
        yield pixels, places, is_first
