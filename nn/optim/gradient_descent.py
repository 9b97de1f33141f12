"""Gradient descent as lectures write it: a function, a start, a rate and a rule when to stop."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from autograd import DomainError, Node, Tensor, Value, grad
from autograd.engine import set_grads
from autograd.showing import bundle

from .clipping import norm_of
from .optimizer import Optimizer
from .sgd import SGD


@dataclass(frozen=True)
class Descent:
    """What `gradient_descent` found, and why it stopped.

    Attributes
    ----------
    path : tuple of float or of array
        The start and the point after each update.
    reason : str
        ``"small step"`` or ``"max_steps"``.
    """

    path: tuple[Any, ...]
    reason: str

    @property
    def x(self) -> Any:
        """The last point."""
        return self.path[-1]

    @property
    def updates(self) -> int:
        """How many updates were made, the one before the loop included."""
        return len(self.path) - 1

    _repr_mimebundle_ = bundle

    def __repr__(self) -> str:
        return f"Descent(x={self.x!r}, updates={self.updates}, reason={self.reason!r})"


def gradient_descent(
    f: Callable[[Any], Any],
    start: ArrayLike,
    lr: float = 0.1,
    eps: float = 1e-6,
    max_steps: int = 10_000,
    optimizer: Callable[..., Optimizer] = SGD,
) -> Descent:
    """Update ``x = x - lr * gradient`` once, and go on while steps are longer than `eps`.

    Parameters
    ----------
    f : callable
        Of one node, to one number: a Value for a number, a Tensor for an array.
    start : float or array_like
    lr : float
    eps : float
        Limit of the Euclidean norm of a step. It bounds the step, not the distance to the minimum.
    max_steps : int
        Limit of the number of updates.
    optimizer : callable
        Of a list of parameters and `lr`: another rule for the updates, such as `Adam`, or
        ``partial(SGD, momentum=0.9)``.

    Returns
    -------
    Descent
        With ``x``, ``updates``, ``reason`` and ``path``.

    Raises
    ------
    DomainError
        If it comes to where `f` or its gradient is no finite number.

    Examples
    --------
    >>> found = gradient_descent(lambda x: (x - 3) ** 2, 0.0)
    >>> round(found.x, 4), found.updates, found.reason
    (3.0, 61, 'small step')
    >>> gradient_descent(lambda x: (x[0] - 1) ** 2 + 10 * x[1] ** 2, [3, 1], max_steps=1)
    Descent(x=array([ 2.6, -1. ]), updates=1, reason='max_steps')
    """
    if max_steps < 1:
        raise ValueError(f"gradient_descent: got max_steps={max_steps}. One update is always made.")
    slope = grad(f)
    leaf: Node = Value(start) if np.ndim(start) == 0 else Tensor(np.array(start, float))
    rule = optimizer([leaf], lr=lr)
    path = [leaf.data]
    while True:
        try:
            set_grads([leaf], [slope(leaf.data)])
        except DomainError as error:
            raise DomainError(
                f"gradient_descent: no finite gradient at {path[-1]} after {len(path) - 1} "
                f"updates. Use a smaller lr, or another start. {error}"
            ) from error
        rule.step()
        path.append(leaf.data)
        if norm_of([path[-1] - path[-2]]) <= eps:
            return Descent(tuple(path), "small step")
        if len(path) > max_steps:
            return Descent(tuple(path), "max_steps")
