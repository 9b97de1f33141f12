"""The one-cycle schedule: the learning rate rises and falls once, momentum against it."""

from ..optimizer import Optimizer
from .base import Schedule
from .closed_form import along_cosine, at_least_one


class OneCycleLR(Schedule):
    """Up to `max_lr` and down to nearly nothing, while momentum goes the other way.

    Parameters
    ----------
    optimizer : Optimizer
    max_lr : float
        Of all groups.
    total_steps : int
        Of batches, as a rule: this schedule steps after each.
    pct_start : float
        Share of the steps in which the rate goes up: more than 0 and less than 1.
    cycle_momentum : bool
        Let momentum (for Adam, the first beta) go from `max_momentum` to `base_momentum` and back.
    base_momentum, max_momentum : float
    div_factor : float
        It starts at ``max_lr / div_factor``,
    final_div_factor : float
        and ends at a share of that, ``1 / final_div_factor``.

    Raises
    ------
    ValueError
        If `pct_start` is no such share, `total_steps` is below 1, or there is no momentum to cycle.

    References
    ----------
    Smith & Topin 2018, Super-convergence: very fast training of neural networks using large
    learning rates.

    Examples
    --------
    >>> import nn
    >>> from autograd import Value
    >>> schedule = OneCycleLR(nn.Adam([Value(1.0)]), max_lr=1.0, total_steps=5, pct_start=0.4)
    >>> for _ in range(5):
    ...     print(f"{schedule.get_last_lr()[0]:.2f}")
    ...     schedule.step()
    0.04
    1.00
    0.75
    0.25
    0.00
    """

    by_batch = True

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: float,
        total_steps: int,
        *,
        pct_start: float = 0.3,
        cycle_momentum: bool = True,
        base_momentum: float = 0.85,
        max_momentum: float = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
    ) -> None:
        if cycle_momentum and not {"momentum", "betas"} & optimizer.defaults.keys():
            raise ValueError(
                f"OneCycleLR: {type(optimizer).__name__} has no momentum. Use cycle_momentum=False."
            )
        if not 0 < pct_start < 1:
            raise ValueError(f"OneCycleLR: got pct_start={pct_start}. Use one between 0 and 1.")
        self.total_steps = at_least_one("OneCycleLR", "total_steps", total_steps)
        self.peak = pct_start * total_steps - 1
        self.rates = (max_lr / div_factor, max_lr, max_lr / div_factor / final_div_factor)
        self.momenta = (max_momentum, base_momentum, max_momentum) if cycle_momentum else None
        super().__init__(optimizer)

    def rate(self, base: float, epoch: int) -> float:
        return self._between(self.rates, epoch)

    def _between(self, turns: tuple[float, float, float], epoch: int) -> float:
        """Interpolate between what there is at the start, at the peak and at the end."""
        start, peak, end = turns
        if epoch <= self.peak:
            return along_cosine(start, peak, epoch / self.peak if self.peak else 1.0)
        last = self.total_steps - 1
        return along_cosine(peak, end, (epoch - self.peak) / (last - self.peak))

    def _apply(self, epoch: int) -> None:
        if epoch > self.total_steps:
            raise ValueError(
                f"OneCycleLR: step {epoch} of {self.total_steps}. Give it a larger total_steps."
            )
        super()._apply(epoch)
        if self.momenta is not None:
            momentum = self._between(self.momenta, epoch)
            for group in self.optimizer.param_groups:
                if "betas" in group:
                    group["betas"] = (momentum, *group["betas"][1:])
                else:
                    group["momentum"] = momentum
