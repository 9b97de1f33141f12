"""Gradients that are too long for a safe step are shortened before the optimizer sees them."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd import InfiniteGradientError, Node, Value


def clip_grad_norm_(params: Iterable[Node], max_norm: float) -> float:
    """Scale all gradients by one factor, so that together they are no longer than `max_norm`.

    Parameters
    ----------
    params : iterable of Node
        Those without a gradient count as 0.
    max_norm : float
        Upper limit of the Euclidean norm of all numbers together.

    Returns
    -------
    float
        The norm before.

    Raises
    ------
    InfiniteGradientError
        If the norm is not finite; no gradient is changed then.

    References
    ----------
    Pascanu, Mikolov & Bengio 2013, On the difficulty of training recurrent neural networks.

    Examples
    --------
    >>> from autograd import Value
    >>> x, y = Value(1.0), Value(1.0)
    >>> (30 * x + 40 * y).backward()
    >>> clip_grad_norm_([x, y], max_norm=1.0)
    50.0
    >>> round(x.grad, 6), round(y.grad, 6)
    (0.6, 0.8)
    """
    reached = [p for p in params if p.grad is not None]
    norm = norm_of(p.grad for p in reached)
    if not math.isfinite(norm):
        raise InfiniteGradientError(
            f"clip_grad_norm_: the norm of all gradients is {norm}. No factor mends that; "
            "look where they are made, or use a smaller lr."
        )
    factor = max_norm / (norm + 1e-6)
    if factor < 1:
        for p in reached:
            p.grad = p.grad * factor
    return norm


def clip_grad_value_(params: Iterable[Node], clip_value: float) -> None:
    """Replace every number of a gradient that is beyond ``-clip_value`` or `clip_value` by it.

    Parameters
    ----------
    params : iterable of Node
    clip_value : float
        Upper limit of the size of each number. The direction of the gradient may change.

    Examples
    --------
    >>> from autograd import Tensor
    >>> x = Tensor([1.0, 1.0])
    >>> (x * [0.5, 40.0]).sum().backward()
    >>> clip_grad_value_([x], 1.0)
    >>> x.grad
    array([0.5, 1. ])
    """
    for p in params:
        if p.grad is not None:
            clipped = np.clip(p.grad, -clip_value, clip_value)
            p.grad = float(clipped) if isinstance(p, Value) else clipped


def norm_of(arrays: Iterable[Any]) -> float:
    """Compute the Euclidean norm of all numbers together; their squares may overflow."""
    found = [np.asarray(x) for x in arrays]
    largest = max((float(np.abs(x).max(initial=0.0)) for x in found), default=0.0)
    if not 0 < largest < math.inf:
        return largest
    return largest * math.sqrt(sum(float(np.square(x / largest).sum()) for x in found))
