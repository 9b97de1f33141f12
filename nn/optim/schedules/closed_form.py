"""Learning rates that follow a formula: by steps, by a factor, along a line or a cosine."""

import math
from collections.abc import Callable

from ..optimizer import Optimizer
from .base import Schedule


class LambdaLR(Schedule):
    """The base rate times any function of the count of steps.

    Parameters
    ----------
    optimizer : Optimizer
    lr_lambda : callable
        From the number of steps made to a factor.

    Examples
    --------
    >>> import nn
    >>> from autograd import Value
    >>> schedule = LambdaLR(nn.SGD([Value(1.0)], lr=0.5), lambda epoch: 1 / (1 + epoch))
    >>> schedule.step()
    >>> schedule.get_last_lr()
    [0.25]
    """

    def __init__(self, optimizer: Optimizer, lr_lambda: Callable[[int], float]) -> None:
        self.lr_lambda = lr_lambda
        super().__init__(optimizer)

    def rate(self, base: float, epoch: int) -> float:
        return base * self.lr_lambda(epoch)


class StepLR(Schedule):
    """Multiplied by `gamma` after every `step_size` steps.

    Parameters
    ----------
    optimizer : Optimizer
    step_size : int
    gamma : float

    Examples
    --------
    >>> import nn
    >>> from autograd import Value
    >>> schedule = StepLR(nn.SGD([Value(1.0)], lr=1.0), step_size=2, gamma=0.5)
    >>> for _ in range(4):
    ...     print(*schedule.get_last_lr())
    ...     schedule.step()
    1.0
    1.0
    0.5
    0.5
    """

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1) -> None:
        self.step_size = at_least_one("StepLR", "step_size", step_size)
        self.gamma = gamma
        super().__init__(optimizer)

    def rate(self, base: float, epoch: int) -> float:
        return base * self.gamma ** (epoch // self.step_size)


class ExponentialLR(Schedule):
    """Multiplied by `gamma` after every step.

    Parameters
    ----------
    optimizer : Optimizer
    gamma : float

    Examples
    --------
    >>> import nn
    >>> from autograd import Value
    >>> schedule = ExponentialLR(nn.SGD([Value(1.0)], lr=1.0), gamma=0.5)
    >>> for _ in range(3):
    ...     print(*schedule.get_last_lr())
    ...     schedule.step()
    1.0
    0.5
    0.25
    """

    def __init__(self, optimizer: Optimizer, gamma: float) -> None:
        self.gamma = gamma
        super().__init__(optimizer)

    def rate(self, base: float, epoch: int) -> float:
        return base * self.gamma**epoch


class LinearLR(Schedule):
    """Warm-up: from one share of the base rate to another, in equal steps.

    Parameters
    ----------
    optimizer : Optimizer
    start_factor, end_factor : float
        The shares.
    total_iters : int
        How many steps it takes; from then on, nothing changes.

    Examples
    --------
    >>> import nn
    >>> from autograd import Value
    >>> schedule = LinearLR(nn.SGD([Value(1.0)], lr=1.0), start_factor=0.5, total_iters=2)
    >>> for _ in range(4):
    ...     print(*schedule.get_last_lr())
    ...     schedule.step()
    0.5
    0.75
    1.0
    1.0
    """

    def __init__(
        self,
        optimizer: Optimizer,
        start_factor: float = 1 / 3,
        end_factor: float = 1.0,
        total_iters: int = 5,
    ) -> None:
        self.start_factor = start_factor
        self.end_factor = end_factor
        self.total_iters = at_least_one("LinearLR", "total_iters", total_iters)
        super().__init__(optimizer)

    def rate(self, base: float, epoch: int) -> float:
        done = min(epoch, self.total_iters) / self.total_iters
        return base * (self.start_factor + (self.end_factor - self.start_factor) * done)


class CosineAnnealingLR(Schedule):
    """Down along half a cosine, and up again if there are more steps.

    Parameters
    ----------
    optimizer : Optimizer
    T_max : int
        How many steps it takes to go down.
    eta_min : float
        Where it arrives.

    References
    ----------
    Loshchilov & Hutter 2017, SGDR: stochastic gradient descent with warm restarts.

    Examples
    --------
    >>> import nn
    >>> from autograd import Value
    >>> schedule = CosineAnnealingLR(nn.SGD([Value(1.0)], lr=1.0), T_max=2)
    >>> for _ in range(3):
    ...     print(*schedule.get_last_lr())
    ...     schedule.step()
    1.0
    0.5
    0.0
    """

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0) -> None:
        self.T_max = at_least_one("CosineAnnealingLR", "T_max", T_max)
        self.eta_min = eta_min
        super().__init__(optimizer)

    def rate(self, base: float, epoch: int) -> float:
        return along_cosine(base, self.eta_min, epoch / self.T_max)


def along_cosine(start: float, end: float, done: float) -> float:
    """Go from start to end along half a cosine, of which a share is done."""
    return end + (start - end) * (1 + math.cos(math.pi * done)) / 2


def at_least_one(schedule: str, name: str, n: int) -> int:
    """Check a number of steps."""
    if n < 1:
        raise ValueError(f"{schedule}: got {name}={n}. Give a whole number of at least 1.")
    return n
