"""Schedules one after another, such as a warm-up and then a decay."""

from bisect import bisect_right
from collections.abc import Iterable

from ..optimizer import Optimizer
from .base import Schedule


class SequentialLR(Schedule):
    """One schedule after another: each begins anew, from the base rate, at its milestone.

    Parameters
    ----------
    optimizer : Optimizer
    schedules : iterable of Schedule
        Of the same optimizer, and all by batch or none. Only this schedule steps; it takes them
        along.
    milestones : iterable of int
        After how many steps the second, the third and so on take over.

    Raises
    ------
    ValueError
        If a schedule is of another optimizer, or not by batch as the others, or there is not one
        milestone for each schedule after the first, each larger than the one before.

    Examples
    --------
    >>> import nn
    >>> from autograd import Value
    >>> optimizer = nn.SGD([Value(1.0)], lr=1.0)
    >>> warm_up = nn.LinearLR(optimizer, start_factor=0.5, total_iters=2)
    >>> decay = nn.ExponentialLR(optimizer, gamma=0.5)
    >>> schedule = SequentialLR(optimizer, [warm_up, decay], milestones=[2])
    >>> for _ in range(5):
    ...     print(*schedule.get_last_lr())
    ...     schedule.step()
    0.5
    0.75
    1.0
    0.5
    0.25
    """

    def __init__(
        self, optimizer: Optimizer, schedules: Iterable[Schedule], milestones: Iterable[int]
    ) -> None:
        self.schedules = list(schedules)
        self.starts = [0, *milestones]
        if any(schedule.optimizer is not optimizer for schedule in self.schedules):
            raise ValueError("SequentialLR: got a schedule of another optimizer. Make it of this.")
        if len(self.schedules) != len(self.starts):
            raise ValueError(
                f"SequentialLR: got {len(self.schedules)} schedules and {len(self.starts) - 1} "
                "milestones. Give one for each schedule after the first."
            )
        if self.starts != sorted(set(self.starts)):
            raise ValueError(
                f"SequentialLR: got milestones={self.starts[1:]}. Give rising numbers from 1."
            )
        self.by_batch = self.schedules[0].by_batch
        if any(schedule.by_batch != self.by_batch for schedule in self.schedules):
            raise ValueError(
                "SequentialLR: some schedules step after each batch, others after each epoch. "
                "Set the attribute by_batch of those that are to count otherwise."
            )
        super().__init__(optimizer)

    def rate(self, base: float, epoch: int) -> float:
        schedule, since = self._current(epoch)
        return schedule.rate(base, since)

    def _apply(self, epoch: int) -> None:
        schedule, since = self._current(epoch)
        schedule.load_state_dict({"last_epoch": since})  # it may do more than set the rate

    def _current(self, epoch: int) -> tuple[Schedule, int]:
        """Find the schedule that is on, and how many steps it has made."""
        i = bisect_right(self.starts, epoch) - 1
        return self.schedules[i], epoch - self.starts[i]
