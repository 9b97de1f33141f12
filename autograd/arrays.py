"""The rows that add up, reorder or multiply whole arrays.

Forward functions take arrays of any kind, arrays of Values too. Shapes are known before anything
is computed, so a rule may read ``shape``, ``size`` and ``ndim`` of its operands; it still computes
with operators and other rows only. Where two rows undo each other, each is the other's rule.
"""
# mypy: disable-error-code="has-type"
# (rules name rows that stand further down; mypy reads the file once)

import builtins
import math
from itertools import product
from operator import index as whole
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .errors import ShapeError
from .op import Op
from .ops import equal, exp, where
from .rules import Each
from .words import brief

Shape = tuple[int, ...]
Axis = int | tuple[int, ...] | None

# Sums, and what else makes one number of many

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

mean = Op(
    name="mean",
    forward=lambda x, axis=None, keepdims=False: np.mean(x, axis=axis, keepdims=keepdims),
    vjps=(lambda g, y, x, axis, keepdims: spread(g / _count(y, x), x.shape, axis, keepdims),),
    latex=r"\operatorname{{mean}}\left({0}\right)",
    elementwise=False,
    doc="Mean of elements, of all or along axes.",
)


def _count(y: Any, x: Any) -> Any:
    """How many elements of x went into one of y."""
    return x.size / y.size if y.size else 1.0


def _var(x: Any, axis: Axis = None, keepdims: bool = False, ddof: int = 0) -> Any:
    squares = np.square(x - np.mean(x, axis=axis, keepdims=True))
    total = np.sum(squares, axis=axis, keepdims=keepdims)
    return total / (_count(_array(total), _array(x)) - ddof)


def _array(x: Any) -> Any:
    """Make an array of a single number; arrays of other libraries stay what they are."""
    if isinstance(x, np.ndarray) or not hasattr(x, "__array_function__"):
        return np.asarray(x)
    return x


def _zeros(shape: Shape, like: Any) -> Any:
    """Make zeros of the type, the library and the order in memory of another array."""
    if isinstance(like, np.ndarray):
        return np.zeros_like(like, shape=shape, subok=False)
    return np.zeros_like(like, shape=shape)


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
    x = _array(x)
    lines = _lines(x, axis)
    ones = np.ones_like(lines[..., :1])
    before = np.cumprod(np.concatenate([ones, lines[..., :-1]], axis=-1), axis=-1)
    after = np.cumprod(np.concatenate([ones, lines[..., :0:-1]], axis=-1), axis=-1)[..., ::-1]
    order = _kept_last(x.ndim, axis)
    moved = np.reshape(before * after, [x.shape[i] for i in order])
    return np.transpose(moved, _inverse(order))


def _pairs(g: Any, y: Any, x: Any, axis: Axis) -> Any:
    """Derive each product of others by each factor; it is the product without these two."""
    lines, g_lines = _lines(x, axis), _lines(g, axis)
    *kept, n = lines.shape
    eye = np.eye(n, dtype=x.dtype)
    rest = others(where(eye, 1.0, reshape(lines, (*kept, 1, n))), -1) * (1 - eye)
    order = _kept_last(x.ndim, axis)
    total = reshape(sum(reshape(g_lines, (*kept, n, 1)) * rest, -2), [x.shape[i] for i in order])
    return transpose(total, _inverse(order))


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


# Exponentials that are added up


def _peak(x: Any, axis: Axis) -> Any:
    """Largest number along the axes, which is subtracted so that no exponential overflows."""
    x = _array(x)
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

# Shapes

reshape = Op(
    name="reshape",
    forward=lambda x, shape: np.reshape(x, shape),
    vjps=(lambda g, y, x, shape: reshape(g, x.shape),),
    latex=r"\operatorname{{reshape}}\left({0}\right)",
    elementwise=False,
    doc="The same elements in another shape; one length may be -1.",
)


def _inverse(axes: tuple[int, ...]) -> tuple[int, ...]:
    """Undo a permutation of axes."""
    places = [axis % len(axes) for axis in axes]
    return tuple(places.index(i) for i in range(len(axes)))


transpose = Op(
    name="transpose",
    forward=lambda x, axes=None: np.transpose(x, axes),
    vjps=(lambda g, y, x, axes: transpose(g, None if axes is None else _inverse(axes)),),
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


def _part(i: int, g: Any, y: Any, *xs: Any, axis: int) -> Any:
    start = builtins.sum(x.shape[axis] for x in xs[:i])
    return getitem(g, _along(axis, slice(start, start + xs[i].shape[axis])))


concatenate = Op(
    name="concatenate",
    forward=lambda *xs, axis=0: np.concatenate(xs, axis=whole(axis)),
    vjps=Each(_part),
    latex=r"\left[{0}\right]",
    elementwise=False,
    doc="Arrays, given in a list, one after the other along an axis they have.",
)

stack = Op(
    name="stack",
    forward=lambda *xs, axis=0: np.stack(xs, axis=axis),
    vjps=Each(lambda i, g, y, *xs, axis: getitem(g, _along(axis, i))),
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
    x = _array(x)
    y = _zeros(shape, x)
    parts = index if isinstance(index, tuple) else (index,)
    if any(np.ndim(part) and np.asarray(part).dtype != bool for part in parts):
        np.add.at(y, index, x)  # an element may be picked several times
    else:
        y[index] = x[()]  # a single object itself, not an array around it
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

# Products


def _matrices(g: Any, a: Any, b: Any) -> tuple[Any, Any, Any]:
    """Make a row of a first vector and a column of a second one, as matmul itself does."""
    if b.ndim == 1:
        g, b = reshape(g, (*g.shape, 1)), reshape(b, (-1, 1))
    if a.ndim == 1:
        g, a = reshape(g, (*g.shape[:-1], 1, g.shape[-1])), reshape(a, (1, -1))
    return g, a, b


def _fitted(x: Any, matrix: Any, operand: Any) -> Any:
    """Add up over the batches that an operand was repeated for."""
    return x if x.shape == operand.shape else reshape(sum_to(x, matrix.shape), operand.shape)


def _to_left(g: Any, y: Any, a: Any, b: Any) -> Any:
    g, left, right = _matrices(g, a, b)
    return _fitted(g @ right.mT, left, a)


def _to_right(g: Any, y: Any, a: Any, b: Any) -> Any:
    g, left, right = _matrices(g, a, b)
    return _fitted(left.mT @ g, right, b)


matmul = Op(
    name="matmul",
    forward=np.matmul,
    vjps=(_to_left, _to_right),
    latex=r"{0} \, {1}",
    precedence=2,
    elementwise=False,
    doc="Matrix product, of each pair in two batches; vectors are rows or columns as they fit.",
)


def _to_factor(i: int, g: Any, y: Any, *xs: Any, subscripts: str) -> Any:
    terms, result = subscripts.split("->")
    *before, wanted = terms.split(",")[: i + 1]
    rest = [*before, *terms.split(",")[i + 1 :]]
    found = "".join(k for k in wanted if k in "".join([result, *rest]))
    x = einsum(f"{','.join([result, *rest])}->{found}", g, *xs[:i], *xs[i + 1 :])
    if x.shape != xs[i].shape:  # a letter stands here only, or NumPy repeated an axis of length 1
        lengths = dict(zip(found, x.shape, strict=True))
        x = reshape(x, tuple(lengths.get(k, 1) for k in wanted))
        x = sum_to(x, tuple(1 if n == 1 else m for n, m in zip(xs[i].shape, x.shape, strict=True)))
        x = broadcast_to(x, xs[i].shape)
    return x


_einsum = Op(
    name="einsum",
    forward=lambda *xs, subscripts: np.einsum(subscripts, *xs),
    vjps=Each(_to_factor),
    latex=r"\operatorname{{einsum}}\left({0}\right)",
    elementwise=False,
    doc="Sum of products, with axes named by letters.",
)


def einsum(subscripts: str, *operands: Any) -> Any:
    """Sum products of elements, with axes named by letters as in `numpy.einsum`.

    Parameters
    ----------
    subscripts : str
        One group of letters for each operand, and after ``->`` one for the result; without it the
        result has the letters that occur once. No letter twice in a group, no dots.
    *operands : Tensor or array

    Raises
    ------
    ShapeError
        If the subscripts cannot be read or do not fit the operands.

    Examples
    --------
    >>> from autograd import Tensor
    >>> a = Tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> einsum("ij,ij->i", a, a).data
    array([ 5., 25.])
    """
    if not isinstance(subscripts, str):
        raise TypeError(
            f"einsum: got {brief(subscripts)} first. Call it as einsum('ij,jk->ik', a, b)."
        )
    terms, arrow, result = subscripts.replace(" ", "").partition("->")
    letters = terms.replace(",", "")
    if not arrow:
        result = "".join(sorted(k for k in set(letters) if letters.count(k) == 1))
    groups = terms.split(",")
    readable = all(group.isalpha() or not group for group in [*groups, result])
    if not readable or any(len(set(group)) < len(group) for group in [*groups, result]):
        raise ShapeError(
            f"einsum: got {subscripts!r}. Write letters, each once in a group, such as 'ij,jk->ik'."
        )
    if len(groups) != len(operands) or not set(result) <= set(letters):
        raise ShapeError(
            f"einsum: {subscripts!r} describes {len(groups)} operands; got {len(operands)}. "
            "Give one group of letters for each, and only their letters after ->."
        )
    return _einsum(list(operands), f"{terms}->{result}")


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
    y = _zeros(shape, x[(..., *[0] * len(size), *every)])  # in its order, or adding up is slow
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
