"""Early stopping: which epoch was the best, whether patience is over, and back to its weights."""

from collections.abc import Mapping
from math import inf
from typing import Any, NamedTuple

from autograd import Node

from .history import History


class Best(NamedTuple):
    """The epoch with the lowest loss, counted from 1, and the numbers of the model after it."""

    epoch: int = 0
    loss: float = inf
    numbers: Mapping[str, Any] = {}

    def or_last(self, history: History, leaves: Mapping[str, Node]) -> "Best":
        """Give the last epoch if its loss is lower, else this one."""
        loss = history[history.monitored][-1]
        if loss < self.loss:
            return Best(history.epochs, loss, {path: leaf.data for path, leaf in leaves.items()})
        return self

    def is_too_long_ago(self, history: History, patience: int | None) -> bool:
        """Whether so many epochs have brought no lower loss that training is to end."""
        return patience is not None and history.epochs - self.epoch >= patience

    def put_back(self, leaves: Mapping[str, Node]) -> None:
        """Give the model the numbers it had then."""
        for path in self.numbers.keys() & leaves.keys():
            leaves[path].data = self.numbers[path]
