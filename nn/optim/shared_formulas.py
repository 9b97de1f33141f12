"""Formulas that several optimizers share."""

from typing import Any

from .parameter_blocks import Array


def moving_average(average: Any, x: Array, beta: float) -> Array:
    """Let an exponential moving average take in another number: it keeps a share `beta` of itself.

    Started at 0, the average of a constant c is ``c * (1 - beta**k)`` after k steps.
    """
    new = (1 - beta) * x
    new += beta * average
    return new


def penalized(grad: Array, data: Array, weight_decay: float) -> Array:
    """Add the gradient of an L2 penalty, ``weight_decay / 2 * sum(data**2)``."""
    return grad + weight_decay * data if weight_decay else grad
