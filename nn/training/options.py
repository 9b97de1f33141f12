"""Options of training are looked at before anything begins."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.ops import brief
from autograd.texts import quoted

from ..optim import Optimizer, Schedule
from ..randomness import generator
from .history import History

Metric = Callable[[Any, Any], float]
Callback = Callable[[History], Any]


@dataclass
class Options:
    """How to train; `fit` describes what each is.

    Raises
    ------
    TypeError
        If one is of the wrong kind.
    ValueError
        If a number is out of range, a metric has the name of another curve, or the schedule is of
        another optimizer.
    """

    loss: Callable[[Any, Any], Any]
    optimizer: Optimizer
    epochs: int
    batch_size: int | None
    metrics: Mapping[str, Metric] | None
    schedule: Schedule | None
    patience: int | None
    callbacks: Iterable[Callback]
    seed: int | np.random.Generator | None

    def __post_init__(self) -> None:
        self.curves: dict[str, Metric] = _metrics(self.metrics)
        self.called: list[Callback] = _callbacks(self.callbacks)
        self.epochs = whole("epochs", self.epochs, least=0)
        if self.batch_size is not None:
            self.batch_size = whole("batch_size", self.batch_size, least=1)
        if self.patience is not None:
            self.patience = whole("patience", self.patience, least=1)
        try:
            self.rng = generator(self.seed)
        except (TypeError, ValueError):
            raise ValueError(
                f"fit: got seed={self.seed!r}. Give a whole number from 0 on, or a Generator."
            ) from None
        if not callable(self.loss):
            raise TypeError(f"fit: got loss={self.loss!r}. Give a function, such as nn.mse_loss.")
        if not isinstance(self.optimizer, Optimizer):
            raise TypeError(
                f"fit: got optimizer={brief(self.optimizer)}. "
                "Make one: nn.Adam(model.parameters())."
            )
        if self.schedule is not None and not isinstance(self.schedule, Schedule):
            raise TypeError(
                f"fit: got schedule={brief(self.schedule)}. Make one: nn.StepLR(optimizer, 10)."
            )
        if self.schedule is not None and self.schedule.optimizer is not self.optimizer:
            raise ValueError("fit: the schedule is of another optimizer. Make it of this one.")


def whole(name: str, given: Any, least: int) -> int:
    """Refuse what is no whole number from `least` on."""
    if not isinstance(given, int | np.integer) or isinstance(given, bool) or given < least:
        raise ValueError(f"fit: got {name}={brief(given)}. Give a whole number from {least} on.")
    return int(given)


def _metrics(given: Any) -> dict[str, Metric]:
    if given is None:
        return {}
    if not isinstance(given, Mapping) or not all(map(callable, given.values())):
        raise TypeError(
            f"fit: got metrics={brief(given)}. Give functions by name: {{'accuracy': nn.accuracy}}."
        )
    for name in given:
        if name in ("loss", "lr") or str(name).startswith("val_"):
            raise ValueError(f"fit: {quoted(name)} is a curve of the history. Give another name.")
    return dict(given)


def _callbacks(given: Any) -> list[Callback]:
    found: list[Any] = list(given) if isinstance(given, Iterable) else [None]
    if not all(map(callable, found)):
        raise TypeError(f"fit: got callbacks={brief(given)}. Give a list of functions.")
    return found
