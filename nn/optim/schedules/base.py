"""A schedule changes learning rates while training goes on: each is a formula of the count."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..optimizer import Optimizer


class Schedule:
    """Base of all schedules: write ``rate``, the learning rate after a number of steps.

    Every parameter group has a base rate of its own: the one it had when its first schedule was
    made. Call ``step()`` after each epoch (or each batch), after the step of the optimizer. Two
    schedules of one optimizer do not multiply: the last to step sets the rate. Use `SequentialLR`
    for one after another, `LambdaLR` for a product.

    Parameters
    ----------
    optimizer : Optimizer

    Attributes
    ----------
    last_epoch : int
        How many steps were made.
    by_batch : bool
        Whether it steps after each batch rather than after each epoch: `fit` asks.

    Examples
    --------
    >>> import nn
    >>> from autograd import Value
    >>> class Halving(Schedule):
    ...     def rate(self, base, epoch):
    ...         return base / 2**epoch
    >>> optimizer = nn.SGD([Value(1.0)], lr=0.8)
    >>> schedule = Halving(optimizer)
    >>> schedule.step()
    >>> optimizer.param_groups[0]["lr"]
    0.4
    """

    by_batch: bool = False

    def __init__(self, optimizer: Optimizer) -> None:
        self.optimizer = optimizer
        self.last_epoch = 0
        self._apply(0)

    def rate(self, base: float, epoch: int) -> float:
        """Compute the learning rate of a group; every subclass has its own."""
        raise NotImplementedError(f"{self._name}: write its rate(self, base, epoch).")

    def step(self) -> None:
        """Set the learning rate of all groups to what it is one step later."""
        self._apply(self.last_epoch + 1)
        self.last_epoch += 1

    def get_last_lr(self) -> list[float]:
        """Give the learning rate of each group."""
        return [group["lr"] for group in self.optimizer.param_groups]

    def state_dict(self) -> dict[str, Any]:
        """Copy what is needed to go on later; the base rates are in the optimizer's own."""
        return {"last_epoch": self.last_epoch}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on where another schedule was.

        Raises
        ------
        ValueError
            If it is no such state, or there is no rate at that step. All is as before then.
        """
        epoch = state_dict.get("last_epoch")
        if not isinstance(epoch, int | np.integer) or isinstance(epoch, bool) or epoch < 0:
            raise ValueError(
                f"{self._name}: got the state {dict(state_dict)}. Give what state_dict() gave."
            )
        self._apply(int(epoch))
        self.last_epoch = int(epoch)

    def _apply(self, epoch: int) -> None:
        groups = self.optimizer.param_groups
        bases = [group["initial_lr" if "initial_lr" in group else "lr"] for group in groups]
        rates = [self._checked_rate(base, epoch) for base in bases]
        for group, base, rate in zip(groups, bases, rates, strict=True):
            group.update(initial_lr=base, lr=rate)

    def _checked_rate(self, base: float, epoch: int) -> float:
        try:
            rate = self.rate(base, epoch)
        except ArithmeticError:
            rate = math.inf
        if not 0 <= rate < math.inf:
            raise ValueError(
                f"{self._name}: the rate of step {epoch} is {rate}. Make it 0 or more, and finite."
            )
        return rate

    @property
    def _name(self) -> str:
        return type(self).__name__
