"""Gradients that are too long for a safe step are shortened before the optimizer sees them."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd import InfiniteGradientError, Node
from autograd.engine import grads_of, set_grads


def clip_grad_norm_(params: Node | Iterable[Node], max_norm: float) -> float:
    """Scale all gradients by one factor, so that together they are no longer than `max_norm`.

    Parameters
    ----------
    params : iterable of Node, or a single one
        Those without a gradient count as 0.
    max_norm : float
        At least 0: upper limit of the Euclidean norm of all numbers together.

    Returns
    -------
    float
        The norm before.

    Raises
    ------
    InfiniteGradientError
        If the norm is not finite; no gradient is changed then.
    ValueError
        If the limit is below 0.

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
    _check_limit("clip_grad_norm_", "max_norm", max_norm)
    reached = _reached(params)
    grads = grads_of(reached)
    norm = norm_of(grads)
    if not math.isfinite(norm):
        raise InfiniteGradientError(
            f"clip_grad_norm_: the norm of all gradients is {norm}. No factor mends that; "
            "look where they are made, or use a smaller lr."
        )
    factor = max_norm / (norm + 1e-6)
    if factor < 1:
        set_grads(reached, [grad * factor for grad in grads])
    return norm


def clip_grad_value_(params: Node | Iterable[Node], clip_value: float) -> None:
    """Replace every number of a gradient that is beyond ``-clip_value`` or `clip_value` by it.

    Parameters
    ----------
    params : iterable of Node, or a single one
    clip_value : float
        At least 0: upper limit of the size of each number. The direction of the gradient may
        change.

    Raises
    ------
    ValueError
        If the limit is below 0.

    Examples
    --------
    >>> from autograd import Tensor
    >>> x = Tensor([1.0, 1.0])
    >>> (x * [0.5, 40.0]).sum().backward()
    >>> clip_grad_value_([x], 1.0)
    >>> x.grad
    array([0.5, 1. ])
    """
    _check_limit("clip_grad_value_", "clip_value", clip_value)
    reached = _reached(params)
    set_grads(reached, [np.clip(grad, -clip_value, clip_value) for grad in grads_of(reached)])


def norm_of(arrays: Iterable[Any]) -> float:
    """Compute the Euclidean norm of all numbers together; their squares may overflow."""
    found = [np.asarray(x) for x in arrays]
    largest = max((float(np.abs(x).max(initial=0.0)) for x in found), default=0.0)
    if not 0 < largest < math.inf:
        return largest
    return largest * math.sqrt(sum(float(np.square(x / largest).sum()) for x in found))


def _check_limit(function: str, name: str, limit: float) -> None:
    if not limit >= 0:
        raise ValueError(f"{function}: got {name}={limit}. Give at least 0.")


def _reached(params: Node | Iterable[Node]) -> list[Node]:
    nodes = [params] if isinstance(params, Node) else params
    return [p for p in nodes if p.reached]
