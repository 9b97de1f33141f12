"""How ops are called on arrays: the operands that go with a first one, and the options."""

from functools import lru_cache
from typing import Any

import numpy as np

from ..ops import Op, Params
from .op_calls import Call, calls

Shape = tuple[int, ...]
Signature = tuple[tuple[Any, ...], Params]

# Of first operands; images are large, and the last.
SHAPES: tuple[Shape, ...] = ((2, 3), (3,), (), (2, 3, 2), (1, 2, 3, 3), (1, 2, 4, 4))


def signature(op: Op, shape: Shape, variant: int) -> Signature | None:
    """Say how an op that is not elementwise takes an operand of a shape, if it does.

    Parameters
    ----------
    op : Op
    shape : tuple of int
    variant : int
        Which way, where there are several: from 0 to 11.

    Returns
    -------
    (operands, params) or None
        Operands are shapes, or arrays where only certain numbers make sense, such as labels.

    Examples
    --------
    >>> from autograd import OPS
    >>> signature(OPS["matmul"], (2, 3), 1)
    (((2, 3), (3, 2)), {})
    >>> signature(OPS["matmul"], (), 1)
    """
    return (
        _on_any(op.name, shape, variant)
        or (_on_lines(op.name, shape, variant) if shape else None)
        or (_on_images(op.name, shape, variant) if len(shape) == 4 else None)
        or _as_checked(op, shape, variant)
    )


def _on_any(  # noqa: C901, one line for each kind of row
    name: str, shape: Shape, variant: int
) -> Signature | None:
    """Rows that take arrays of any shape."""
    axis = None if variant % (len(shape) + 1) == 0 else variant % (len(shape) + 1) - 1
    flag = variant % 2 == 1
    match name:
        case "sum" | "mean" | "max" | "min" | "prod" | "logsumexp":
            return (shape,), {"axis": axis, "keepdims": flag}
        case "var":
            return (shape,), {"axis": axis, "keepdims": flag, "ddof": 0}
        case "cumsum":
            return (shape,), {"axis": axis, "reverse": flag}
        case "others":
            return (shape,), {"axis": axis}
        case "transpose":
            return (shape,), {"axes": None}
        case "reshape":
            return (shape,), {"shape": [(-1,), (*shape, 1), (1, *shape[::-1])][variant % 3]}
        case "broadcast_to":
            return (shape,), {"shape": (2, *shape)}
        case "spread":
            return (shape,), {"shape": (2, *shape), "axis": 0, "keepdims": False}
        case "put":
            return (shape,), {"shape": (2, *shape), "index": -flag}
        case "pad":
            return (shape,), {"widths": 1 + variant % 2, "value": 0.5}
        case "one_hot":
            return (_labels(shape, 3),), {"count": 3, "axis": -1}
    return None


def _on_lines(  # noqa: C901
    name: str, shape: Shape, variant: int
) -> Signature | None:
    """Rows that take arrays of one axis or more."""
    *lead, n = shape
    axis = -1 - variant % len(shape)
    match name:
        case "softmax" | "log_softmax":
            return (shape,), {"axis": axis}
        case "concatenate" | "stack":
            return (shape, shape), {"axis": axis}
        case "sum_to":
            return (shape,), {"shape": [(*lead, 1), shape[1:]][variant % 2]}
        case "getitem":
            index = [0, slice(None, None, -1), [0, 0, -1], (..., None)][variant % 4]
            return (shape,), {"index": index}
        case "unfold":
            return (shape,), {"size": (1 + variant % 2,), "stride": 1 + variant % 3}
        case "fold" if lead:
            size, stride = lead[-1], 1 + variant % 3
            folded = (*lead[:-1], size + (n - 1) * stride)
            return (shape,), {"shape": folded, "size": (size,), "stride": stride}
        case "matmul":
            return (shape, [(n,), (n, 2), (2, n, 1)][variant % 3]), {}
        case "einsum":
            letters = "ijklm"[: len(shape)]
            last = letters[-1]
            return [
                ((shape, (n, 2)), {"subscripts": f"{letters},{last}z->{letters[:-1]}z"}),
                ((shape, shape), {"subscripts": f"{letters},{letters}->{letters[0]}"}),
                ((shape,), {"subscripts": f"{letters}->{letters[:0:-1]}"}),
            ][variant % 3]
        case "linear":
            return (shape, (2, n), (2,)), {}
        case "layer_norm":
            own = [(), (n,)][variant % 2]
            return (shape, own, own), {"axis": axis, "eps": 0.5}
        case "batch_norm" if lead:
            own = [(), shape[1:2]][variant % 2]
            return (shape, own, own), {"eps": 0.5}
        case "cross_entropy" | "softmax_error":
            place = axis % len(shape)
            labels = _labels(shape[:place] + shape[place + 1 :], shape[place])
            return (shape, [shape, labels][variant // 6]), {"axis": axis}
    return None


def _on_images(name: str, shape: Shape, variant: int) -> Signature | None:
    """Rows that take images: (samples, channels, height, width)."""
    samples, channels, *lengths = shape
    k, stride = 1 + variant % 2, 1 + variant % 3
    padding = k // 2 if variant > 5 and min(lengths) > 1 else 0
    how = {"stride": stride, "padding": padding}
    windows = {"kernel_size": k, **how}
    places = tuple((n + 2 * padding - k) // stride + 1 for n in lengths)
    covered = tuple((n - 1) * stride + k - 2 * padding for n in lengths)
    match name:
        case "conv2d":
            return (shape, (2, channels, k, k), (2,)), how
        case "correlate2d":
            return (shape, (2, channels, k, k)), how
        case "conv_transpose2d":
            return (shape, (channels, 2, k, k)), {"size": covered, **how}
        case "conv2d_weight":
            return (shape, (samples, 2, *places)), windows
        case "max_pool2d" | "min_pool2d" | "avg_pool2d":
            return (shape,), windows
        case "avg_unpool2d":
            return (shape,), {"size": covered, **windows}
        case "max_scatter2d":
            return (shape, (samples, channels, *covered)), windows
        case "max_gather2d":
            return (shape, shape), windows
    return None


def _labels(shape: Shape, count: int) -> Any:
    return np.resize(np.arange(float(count)), shape)


def _as_checked(op: Op, shape: Shape, variant: int) -> Signature | None:
    """Call an op as `check_op` does; if it has one operand, on any shape."""
    found = [call for call in _calls(op) if op.arity == 1 or call.operands[0].shape == shape]
    if not found:
        return None
    call = found[variant % len(found)]
    return (shape, *(x.shape for x in call.operands[1:])), call.params


@lru_cache
def _calls(op: Op) -> list[Call]:
    try:
        return calls(op, (), (), np.random.default_rng(0))
    except TypeError:  # there are none
        return []
