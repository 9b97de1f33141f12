"""The rows that reorder, pick and repeat elements of arrays.

Forward functions take arrays of any kind, arrays of Values too. Shapes are known before anything
is computed, so a rule may read ``shape``, ``size`` and ``ndim`` of its operands; it still computes
with operators and other rows only. Where two rows undo each other, each is the other's rule.
"""
# mypy: disable-error-code="has-type"
# (rules name rows that stand further down; mypy reads the file once)

import math
from collections.abc import Iterator, Sequence
from itertools import accumulate, product
from operator import index as whole
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .op import Each, Op

__all__ = [
    "astype",
    "broadcast_to",
    "concatenate",
    "fold",
    "getitem",
    "pad",
    "put",
    "reshape",
    "stack",
    "sum_to",
    "transpose",
    "unfold",
]

Shape = tuple[int, ...]
Axis = int | tuple[int, ...] | None


def as_array(x: Any) -> Any:
    """Make an array of a single number; arrays of other libraries stay what they are."""
    if isinstance(x, np.ndarray) or not hasattr(x, "__array_function__"):
        return np.asarray(x)
    return x


def are_floats(x: Any) -> bool:
    """Whether it is an array of NumPy with floats in it."""
    return x.__class__ is np.ndarray and x.dtype.kind == "f"


def surely_finite(x: Any) -> bool:
    """Whether all floats of an array are finite, by the fastest test: it fails on huge ones too."""
    row = x.ravel("K")  # in the order of memory
    return math.isfinite(np.vdot(row, row))


def plain_numbers(x: Any) -> Any:
    """Give the numbers that an array of nodes holds."""
    held = np.frompyfunc(lambda node: getattr(node, "data", node), 1, 1)(x)
    return np.asarray(held, float)


def zeros(shape: Shape, like: Any) -> Any:
    """Make zeros of the type, the library and the order in memory of another array."""
    if isinstance(like, np.ndarray):
        return np.zeros_like(like, shape=shape, subok=False)
    return np.zeros_like(like, shape=shape)


# Shapes

reshape = Op(
    name="reshape",
    forward=lambda x, shape: np.reshape(x, shape),
    vjps=(lambda g, y, x, shape: reshape(g, x.shape),),
    latex=r"\operatorname{{reshape}}\left({0}\right)",
    elementwise=False,
    doc="The same elements in another shape; one length may be -1.",
)


def inverse(axes: tuple[int, ...]) -> tuple[int, ...]:
    """Undo a permutation of axes."""
    places = [axis % len(axes) for axis in axes]
    return tuple(places.index(i) for i in range(len(axes)))


transpose = Op(
    name="transpose",
    forward=lambda x, axes=None: np.transpose(x, axes),
    vjps=(lambda g, y, x, axes: transpose(g, None if axes is None else inverse(axes)),),
    latex=r"{0}^{{\mathsf{{T}}}}",
    precedence=4,
    elementwise=False,
    doc="Axes in another order, reversed if none is given.",
)

broadcast_to = Op(
    name="broadcast_to",
    forward=lambda x, shape: np.broadcast_to(x, shape),
    vjps=(lambda g, y, x, shape: sum_to(g, x.shape),),
    latex=r"\operatorname{{broadcast}}\left({0}\right)",
    elementwise=False,
    doc="Repeats an array until it has a larger shape, by NumPy's rules of broadcasting.",
)


def _sum_to(x: Any, shape: Shape) -> Any:
    new = x.ndim - len(shape)
    axes = [*range(new), *[i + new for i, n in enumerate(shape) if n == 1]]
    return np.add.reduce(x, tuple(axes), keepdims=True).reshape(shape)


sum_to = Op(
    name="sum_to",
    forward=_sum_to,
    vjps=(lambda g, y, x, shape: broadcast_to(g, x.shape),),
    latex=r"\sum {0}",
    precedence=2,
    elementwise=False,
    doc="Adds up what broadcasting repeated; the way back of broadcast_to.",
)


def _astype(x: Any, dtype: Any) -> Any:
    if np.dtype(dtype) not in (np.float32, np.float64):
        raise TypeError(f"astype: got {dtype!r}. Use float32 or float64.")
    return x if x.dtype == object else x.astype(dtype)


astype = Op(
    name="astype",
    forward=_astype,
    vjps=(lambda g, y, x, dtype: astype(g, x.dtype),),
    latex="{0}",
    precedence=4,
    elementwise=False,
    doc="The same numbers in another floating-point type.",
)


def _along(axis: int, index: Any) -> tuple[Any, ...]:
    """Index one axis, counted from either end."""
    if axis < 0:
        return (..., index, *[slice(None)] * (-axis - 1))
    return (*[slice(None)] * axis, index)


def _parts(places: Sequence[int], g: Any, y: Any, *xs: Any, axis: int) -> Iterator[Any]:
    ends = list(accumulate((x.shape[axis] for x in xs), initial=0))
    return (getitem(g, _along(axis, slice(ends[i], ends[i + 1]))) for i in places)


def _layers(places: Sequence[int], g: Any, y: Any, *xs: Any, axis: int) -> Iterator[Any]:
    return (getitem(g, _along(axis, i)) for i in places)


concatenate = Op(
    name="concatenate",
    forward=lambda *xs, axis=0: np.concatenate(xs, axis=whole(axis)),
    vjps=Each(_parts, at_once=True),
    latex=r"\left[{0}\right]",
    elementwise=False,
    doc="Arrays, given in a list, one after the other along an axis they have.",
)

stack = Op(
    name="stack",
    forward=lambda *xs, axis=0: np.stack(xs, axis=axis),
    vjps=Each(_layers, at_once=True),
    latex=r"\left[{0}\right]",
    elementwise=False,
    doc="Arrays of one shape, given in a list, side by side along a new axis.",
)

# Elements

getitem = Op(
    name="getitem",
    forward=lambda x, index: x[index],
    vjps=(lambda g, y, x, index: put(g, x.shape, index),),
    latex=r"{0}_{{[\,]}}",
    elementwise=False,
    doc="Elements picked by NumPy's basic or advanced indexing.",
)


def _put(x: Any, shape: Shape, index: Any) -> Any:
    x = as_array(x)
    y = zeros(shape, x)
    parts = index if isinstance(index, tuple) else (index,)
    if any(np.ndim(part) and np.asarray(part).dtype != bool for part in parts):
        np.add.at(y, index, x)  # an element may be picked several times
    elif any(part is ... for part in parts):
        y[index] = x
    else:
        y[(*parts, ...)] = x  # of objects, an index of all axes would take the array itself in
    return y


put = Op(
    name="put",
    forward=_put,
    vjps=(lambda g, y, x, shape, index: getitem(g, index),),
    latex=r"\operatorname{{put}}\left({0}\right)",
    elementwise=False,
    doc="Zeros of a shape, with elements added at an index; the way back of getitem.",
)


def _unpadded(widths: Any, ndim: int) -> tuple[slice, ...]:
    if isinstance(widths, dict):  # by axis, in recent versions of NumPy
        widths = [np.resize(widths.get(i) or widths.get(i - ndim) or 0, 2) for i in range(ndim)]
    pairs = np.broadcast_to(widths, (ndim, 2)).tolist()
    return tuple(slice(before, -after or None) for before, after in pairs)


pad = Op(
    name="pad",
    forward=lambda x, widths, value=0.0: np.pad(x, widths, constant_values=value),
    vjps=(lambda g, y, x, widths, value: getitem(g, _unpadded(widths, x.ndim)),),
    latex=r"\operatorname{{pad}}\left({0}\right)",
    elementwise=False,
    doc="A frame of one value around an array; widths as in numpy.pad.",
)

# Windows, of which convolution and pooling are made


def _strides(size: Shape, stride: int | Shape) -> Shape:
    strides = (stride,) * len(size) if isinstance(stride, int) else tuple(stride)
    if len(strides) != len(size) or any(step < 1 for step in strides):
        raise ValueError("a stride is at least 1, one for all axes or one for each in size")
    return strides


def _unfold(x: Any, size: int | Shape, stride: int | Shape = 1) -> Any:
    size = (size,) if isinstance(size, int) else size
    axes = tuple(range(-len(size), 0))
    windows = sliding_window_view(x, size, axis=axes)
    lead = windows.ndim - 2 * len(size)
    steps = tuple(slice(None, None, step) for step in _strides(size, stride))
    windows = windows[(slice(None),) * lead + steps]
    positions = range(lead, lead + len(size))
    return np.moveaxis(windows, positions, axes)


def _fold(x: Any, shape: Shape, size: int | Shape, stride: int | Shape = 1) -> Any:
    size = (size,) if isinstance(size, int) else size
    every = [slice(None)] * len(size)
    y = zeros(shape, x[(..., *[0] * len(size), *every)])  # in its order, or adding up is slow
    positions = x.shape[x.ndim - len(size) :]
    for offset in product(*map(range, size)):
        reached = (
            slice(start, start + step * count, step)
            for start, step, count in zip(offset, _strides(size, stride), positions, strict=True)
        )
        y[(..., *reached)] += x[(..., *offset, *every)]
    return y


unfold = Op(
    name="unfold",
    forward=_unfold,
    vjps=(lambda g, y, x, size, stride: fold(g, x.shape, size, stride),),
    latex=r"\operatorname{{unfold}}\left({0}\right)",
    elementwise=False,
    doc="All windows of a size that slides over the last axes: (..., *size, *positions).",
)

fold = Op(
    name="fold",
    forward=_fold,
    vjps=(lambda g, y, x, shape, size, stride: unfold(g, size, stride),),
    latex=r"\operatorname{{fold}}\left({0}\right)",
    elementwise=False,
    doc="Adds windows up where they lay; the way back of unfold.",
)
