"""Chooses how a model is run, by what it is made of."""

from typing import Any

from ...inspection import is_of_values
from .base import Runner
from .tensors import OnTensors
from .values import OnValues


def runner_of(model: Any, *how: Any) -> Runner:
    """Make the runner for a model; the other arguments are those of `Runner`."""
    return (OnValues if is_of_values(model) else OnTensors)(model, *how)
