"""Gradient descent as lectures write it: a function, a start, a rate and a rule when to stop."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from autograd import DomainError, grad

from .clipping import norm_of


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

    def __repr__(self) -> str:
        return f"Descent(x={self.x!r}, updates={self.updates}, reason={self.reason!r})"


def gradient_descent(
    f: Callable[[Any], Any],
    start: ArrayLike,
    lr: float = 0.1,
    eps: float = 1e-6,
    max_steps: int = 10_000,
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
    x: Any = float(start) if np.ndim(start) == 0 else np.array(start, float)  # type: ignore[arg-type]
    path = [x]
    while True:
        try:
            step = lr * slope(x)
        except DomainError as error:
            raise DomainError(
                f"gradient_descent: no finite gradient at {x} after {len(path) - 1} updates. "
                f"Use a smaller lr, or another start. {error}"
            ) from error
        x = x - step
        path.append(x)
        if norm_of([step]) <= eps:
            return Descent(tuple(path), "small step")
        if len(path) > max_steps:
            return Descent(tuple(path), "max_steps")
