"""Chooses how a model is run, by what it is made of."""

from contextlib import suppress
from typing import Any

from autograd import GraphError

from ...inspection import is_of_values
from .base import Array, Runner
from .tensors import OnTensors
from .values import OnValues


def runner_of(model: Any, *how: Any) -> Runner:
    """Make the runner for a model; the other arguments are those of `Runner`."""
    return (OnValues if is_of_values(model) else OnTensors)(model, *how)


def untrained(model: Any, copied: Any, loss: Any, X: Array, y: Array) -> list[str]:
    """Say what would not be trained by an optimizer of all parameters.

    The model stays as it is. Where that cannot be promised a copy is tried, in which results have
    become constants.
    """
    runner = runner_of(model, loss, model.parameters())
    if not runner.can_rehearse:
        runner = runner_of(copied, loss, copied.parameters())
        runner.looked_at(X, y)
    with suppress(GraphError):  # there is no way back at all, which a pass will say
        runner.try_step(X, y)
    return runner.untrained
