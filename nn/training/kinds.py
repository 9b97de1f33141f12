"""Chooses how a model is run, by what it is made of."""

from typing import Any

import numpy as np

from autograd import Tensor

from ..inspection import is_of_values
from .on_tensors import OnTensors
from .on_values import OnValues
from .runner import Runner


def runner_of(model: Any, *how: Any) -> Runner:
    """Make the runner for a model; the other arguments are those of `Runner`."""
    return (OnValues if is_of_values(model) else OnTensors)(model, *how)


def type_of(model: Any) -> np.dtype[Any]:
    """Say in which type a model computes: that of its first Tensor."""
    first = next((leaf for _, leaf in model.named_leaves() if isinstance(leaf, Tensor)), None)
    return np.dtype(float) if first is None else first.dtype
