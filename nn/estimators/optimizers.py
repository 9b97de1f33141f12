"""Words make optimizers, and numbers tune them, also between two calls of partial_fit."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..optim import SGD, Adam, Optimizer


def new_optimizer(how: Any, params: list[Any]) -> Optimizer:
    """Make an optimizer; one that a word stands for has weights and biases in two groups."""
    if callable(how):
        made: Optimizer = how(params)
        return made
    kind: type[Adam | SGD] = chosen("optimizer", how, {"adam": Adam, "sgd": SGD})
    weights = [p for p in params if _is_weight(p)]
    others = [p for p in params if not _is_weight(p)]
    return kind([{"params": group} for group in (weights, others) if group])


def tune(optimizer: Optimizer, lr: Any, momentum: Any, nesterov: Any, decay: float) -> None:
    """Set the options of an optimizer that a word stands for; what it remembers stays.

    Raises
    ------
    TypeError, ValueError
        If one is no number, or out of range.
    """
    options = {"lr": lr}
    if isinstance(optimizer, SGD):
        options |= {"momentum": momentum, "nesterov": nesterov and momentum > 0}
    for group in optimizer.param_groups:
        group.update(options, weight_decay=decay * _is_weight(group["params"][0]))
        optimizer.check(group)


def chosen(name: str, given: Any, among: Mapping[str, Any]) -> Any:
    """Give what a word stands for."""
    if not isinstance(given, str) or given not in among:
        raise ValueError(f"got {name}={given!r}. Give one of {', '.join(among)}.")
    return among[given]


def _is_weight(parameter: Any) -> bool:
    """Whether weight decay is meant for it: biases and the like are left alone."""
    return np.ndim(parameter.data) > 1
