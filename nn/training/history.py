"""A history is what is left of training beside the model: curves, and how it went."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.showing import bundle
from autograd.texts import columns, shown

from ..health import Health


class History(dict[str, list[float]]):
    """Curves over epochs, by name: ``loss``, ``val_loss``, metrics, ``lr``.

    It is a dict of lists of one length, ready for ``plt.plot(history["loss"])`` or a DataFrame.
    The loss of training data is the mean over the batches of the epoch, while the model changes and
    with dropout; everything else is measured at the end of the epoch, in ``eval()``.

    Attributes
    ----------
    reason : str
        Why training ended.
    updates : int
        How often the optimizer stepped.
    best : int or None
        Index of the epoch with the lowest ``val_loss``, or ``loss`` if there is none.
    health : Health
        Gradients, updates, dead and saturated units of each layer, at some updates.
    notes : list of str
        What else is worth to be known.

    Examples
    --------
    >>> history = History(loss=[2.0, 0.5], lr=[0.1, 0.1])
    >>> history.updates, history.reason = 20, "all 2 epochs are done"
    >>> history
    2 epochs, 20 updates: all 2 epochs are done
    loss  2 -> 0.5
    lr    0.1
    """

    def __init__(self, *args: Any, **curves: Sequence[float]) -> None:
        super().__init__(*args, **curves)
        self.reason = "not begun"
        self.updates = 0
        self.health: Health | None = None
        self.notes: list[str] = []

    @property
    def history(self) -> dict[str, list[float]]:
        """The curves as a plain dict."""
        return dict(self)

    @property
    def epochs(self) -> int:
        """How many epochs were completed."""
        return len(self.get("loss", ()))

    @property
    def monitored(self) -> str:
        """Say which curve tells epochs apart: ``val_loss``, or ``loss`` if there is none."""
        return "val_loss" if "val_loss" in self else "loss"

    @property
    def best(self) -> int | None:
        curve = self.get(self.monitored)
        return int(np.argmin(np.nan_to_num(curve, nan=np.inf))) if curve else None

    def add(self, row: dict[str, float]) -> None:
        """Append an epoch."""
        for name, number in row.items():
            self.setdefault(name, []).append(number)

    def plot(self, curve: str = "loss", ax: Any = None) -> Any:
        """Draw a curve of training and of validation, by `viz.history`.

        Raises
        ------
        ImportError
            If `viz`, or matplotlib, is missing.
        """
        from importlib.metadata import entry_points  # here, for it is slow to load

        for drawer in entry_points(group="stepgrad.plots", name="history"):
            return drawer.load()(self, curve, ax)
        raise ImportError("plot needs viz and matplotlib: pip install 'stepgrad[plots]'")

    _repr_mimebundle_ = bundle

    def __repr__(self) -> str:
        lines = [
            f"{counted(self.epochs, 'epoch')}, {counted(self.updates, 'update')}: {self.reason}"
        ]
        rows = []
        for name, curve in self.items():
            if curve:
                ends = dict.fromkeys(f"{x:.4g}" for x in (curve[0], curve[-1]))
                line = " -> ".join(ends)
                if name == self.monitored and self.best is not None and self.best + 1 < len(curve):
                    line += f", lowest {curve[self.best]:.4g} in epoch {self.best + 1}"
                rows.append((shown(name), line))
        lines += [columns(rows)] if rows else []
        return "\n".join([*lines, *self.notes, *(self.health.findings if self.health else ())])


def counted(number: int, name: str) -> str:
    """Write a number of things."""
    return f"{number:,} {name}{'s' * (number != 1)}"
