"""Rules as people get them wrong: each of them must be found by a check of gradients."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from autograd import (
    Node,
    Op,
    abs,
    astype,
    broadcast_to,
    clip,
    concatenate,
    cos,
    cumsum,
    div,
    exp,
    flat,
    getitem,
    heaviside,
    log,
    logsumexp,
    matmul,
    maximum,
    mean,
    mul,
    prod,
    put,
    relu,
    reshape,
    sigmoid,
    sign,
    sin,
    softmax,
    softplus,
    spread,
    sqrt,
    square,
    sub,
    sum,
    tanh,
    transpose,
    var,
    where,
)


class Wrong(NamedTuple):
    """An op with a wrong rule, and where that shows."""

    mistake: str
    op: Op
    inputs: tuple[Any, ...]
    params: dict[str, Any]
    order: int  # of the first derivative that is wrong

    def __call__(self, *inputs: Any) -> Any:
        if self.op.arity is None:
            return self.op(list(inputs), **self.params)
        return self.op(*inputs, **self.params)


def spoiled(op: Op, *rules: Callable[..., Any] | None) -> Op:
    """Copy a row, its name too, with other rules; the table does not see it."""
    copy = object.__new__(Op)
    copy.__dict__.update(vars(op), vjps=rules if rules[1:] or op.arity else rules[0], written=())
    return copy


def wrong(
    mistake: str, op: Op, *rules: Any, inputs: tuple[Any, ...], order: int = 1, **params: Any
) -> Wrong:
    """Describe a mistake in the rules of an op; `inputs` are where it shows."""
    return Wrong(mistake, spoiled(op, *rules), inputs, params, order)


def detached(x: Any) -> Any:
    """Take the numbers out of a node, as .data does."""
    return np.asarray(x.data) if isinstance(x, Node) else x


class OffByOne:
    """Rules of concatenate that count the parts from 1."""

    def __getitem__(self, i: int) -> Any:
        return lambda g, y, *xs, axis: getitem(g, slice(i, i + xs[i].shape[0]))


_misled_cos = spoiled(cos, lambda g, y, x: -g * detached(sin(x)))

row = np.array([0.4, -1.1, 0.9])
square_matrix = np.array([[0.3, -0.8, 1.2], [0.5, 0.9, -0.4], [-1.3, 0.2, 0.6]])
pair = (square_matrix, square_matrix[::-1] * 0.7)

WRONG = [
    wrong("a factor 2 too much", tanh, lambda g, y, x: g * 2 * (1 - y * y), inputs=(0.5,)),
    wrong("the sign", cos, lambda g, y, x: g * sin(x), inputs=(0.5,)),
    wrong("the chain is broken: no g", exp, lambda g, y, x: y * 1.0, inputs=(0.5,)),
    wrong("operands swapped", sub, lambda g, y, a, b: -g, lambda g, y, a, b: g, inputs=(0.5, 2.0)),
    wrong("each takes the other", mul, lambda g, y, a, b: g * a, lambda g, y, a, b: g * b,
          inputs=(0.5, 2.0)),
    wrong("y for x", log, lambda g, y, x: g / y, inputs=(0.5,)),
    wrong("x for y", sqrt, lambda g, y, x: g / (2 * x), inputs=(0.5,)),
    wrong("a term is missing", softmax, lambda g, y, x, axis: y * g, inputs=(row,)),
    wrong("a factor is missing", div, lambda g, y, a, b: g / b, lambda g, y, a, b: -g * y,
          inputs=(0.5, 2.0)),
    wrong("right at 1 only", square, lambda g, y, x: g * 2.0, inputs=(np.array([1.0, 1.5]),)),
    wrong("right for positive numbers only", square, lambda g, y, x: g * (2 * abs(x)),
          inputs=(np.array([1.0, 2.0, -1e-3]),)),
    wrong("right to four digits only", tanh, lambda g, y, x: g * (1 - y * y) * 1.0001,
          inputs=(0.5,)),
    wrong("right to ten digits only", sin, lambda g, y, x: g * cos(x) * (1 + 1e-10), inputs=(0.5,)),
    wrong("right in single precision only", exp,
          lambda g, y, x: astype(astype(g * y, np.float32), np.float64), inputs=(row,)),
    wrong("square of g", mul, lambda g, y, a, b: g * g * b, lambda g, y, a, b: g * a,
          inputs=(0.5, 2.0)),
    wrong("g without its sign", sin, lambda g, y, x: abs(g) * cos(x), inputs=(0.5,)),
    wrong("g clipped", sin, lambda g, y, x: clip(g, -1.0, 1.0) * cos(x), inputs=(0.5,)),
    wrong("g.data", sin, lambda g, y, x: g.data * cos(x), inputs=(0.5,)),
    wrong("nothing flows", softplus, flat, inputs=(0.5,)),
    wrong("nothing flows to one operand", div, lambda g, y, a, b: g / b, flat, inputs=(0.5, 2.0)),
    wrong("branches swapped", where, flat, lambda g, y, c, a, b: where(c, 0.0, g),
          lambda g, y, c, a, b: where(c, g, 0.0), inputs=(1.5, 0.5, 2.0)),
    wrong("one bound forgotten", clip, lambda g, y, x, low, high: g * heaviside(x - low, 1.0),
          inputs=(np.array([0.5, 3.0]),), low=-1.0, high=1.0),
    wrong("2 at the kink of relu", relu, lambda g, y, x, at_zero: g * heaviside(x, 2.0),
          inputs=(np.array([1.0, 0.0, -1.0]),)),
    wrong("-2 at the kink of abs", abs, lambda g, y, x: g * (sign(x) - 2 * (1 - abs(sign(x)))),
          inputs=(0.0,)),
    wrong("more than all at a tie", maximum, lambda g, y, a, b: g * heaviside(a - b, 1.5),
          lambda g, y, a, b: g * heaviside(b - a, 0.5), inputs=(1.0, 1.0)),
    wrong("the wrong axis", sum, lambda g, y, x, axis, keepdims: spread(g, x.shape, 1, False),
          inputs=(square_matrix,), axis=0),
    wrong("keepdims forgotten", softmax, lambda g, y, x, axis: y * (g - sum(g * y, axis)),
          inputs=(square_matrix,)),
    wrong("not divided", mean, lambda g, y, x, axis, keepdims: spread(g, x.shape, axis, keepdims),
          inputs=(row,)),
    wrong("divided by too much", mean,
          lambda g, y, x, axis, keepdims: spread(g / x.size, x.shape, axis, keepdims),
          inputs=(square_matrix,), axis=1),
    wrong("the mean forgotten", var,
          lambda g, y, x, axis, keepdims, ddof: spread(g * (2 / x.size), x.shape) * x,
          inputs=(row,)),
    wrong("not transposed", matmul, lambda g, y, a, b: g @ b, lambda g, y, a, b: a.mT @ g,
          inputs=pair),
    wrong("transposed the same way", transpose, lambda g, y, x, axes: transpose(g, axes),
          inputs=(np.arange(8.0).reshape(2, 2, 2),), axes=(1, 2, 0)),
    wrong("the element beside it", getitem, lambda g, y, x, index: put(g, x.shape, index + 1),
          inputs=(row,), index=1),
    wrong("the part beside it", concatenate, OffByOne(), inputs=(row, row[::-1])),
    wrong("broadcasting lost", broadcast_to, lambda g, y, x, shape: getitem(g, 0),
          inputs=(row,), shape=(2, 3)),
    wrong("another shape", reshape, lambda g, y, x, shape: g, inputs=(row,), shape=(3, 1)),
    wrong("too few axes", exp, lambda g, y, x: sum(g * y), inputs=(row,)),
    wrong("the way of the forward pass", cumsum, lambda g, y, x, axis, reverse: cumsum(g, axis),
          inputs=(row,)),
    wrong("weights forgotten", logsumexp,
          lambda g, y, x, axis, keepdims: spread(g / x.size, x.shape), inputs=(row,)),
    wrong("0/0 at a zero", prod, lambda g, y, x, axis, keepdims: g * y / x,
          inputs=(np.array([2.0, 0.0, 3.0]),)),
    wrong("no node in the rule", exp, lambda g, y, x: g * detached(y), inputs=(0.5,), order=2),
    wrong("no node in a rule on arrays", sigmoid,
          lambda g, y, x: g * detached(y) * (1 - y), inputs=(row,), order=2),
    wrong("NumPy in a rule", sin, lambda g, y, x: g * np.cos(x), inputs=(row,), order=2),
    wrong("no node in the rule of a rule", sin, lambda g, y, x: g * _misled_cos(x), inputs=(0.5,),
          order=3),
]  # fmt: skip
