"""Training is watched while it goes on: a picture in a notebook, lines of text in a terminal."""

import io
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from autograd.texts import columns, shown

from .boundary import boundary
from .history import history as draw_history

_PAUSE = 0.25  # seconds between two pictures
_SHARE = 0.05  # of the time that training takes
_BARS = "▁▂▃▄▅▆▇█"
_CELLS = 50  # of a terminal, for a curve


def live(model: Any = None, X: ArrayLike | None = None, y: ArrayLike | None = None) -> "Live":
    """Make a callback of `nn.fit` that draws the history, and the boundary, while training goes on.

    It draws at most four times a second, for at most 5 % of the time, and once more at the end.

    Parameters
    ----------
    model : Module, optional
    X, y : array_like, optional
        What `viz.boundary` draws beside the history: samples of one or two inputs.

    Returns
    -------
    Live
        In a notebook it shows a picture, elsewhere curves of text.

    Raises
    ------
    TypeError
        If only some of the three are given.

    Examples
    --------
    >>> import nn, viz
    >>> model = nn.Sequential(nn.Linear(1, 4, rng=0), nn.Tanh(), nn.Linear(4, 1, rng=1))
    >>> X = np.linspace(-1, 1, 20).reshape(-1, 1)
    >>> optimizer = nn.Adam(model.parameters())
    >>> how = {"loss": nn.mse_loss, "optimizer": optimizer, "epochs": 3, "seed": 0}
    >>> history = nn.fit(model, (X, X**2), **how, callbacks=[viz.live()])  # doctest: +ELLIPSIS
    loss  █...
    """
    if len({part is None for part in (model, X, y)}) > 1:
        raise TypeError("live: got some of model, X and y. Give all three, or none of them.")
    return Live() if model is None else Live(model, X, y)


class Live:
    """What `live` gives; `nn.fit` calls it after each epoch, and its `end` when all is done."""

    def __init__(self, *data: Any) -> None:
        self._data = data
        self._handle: Any = None  # of the picture in a notebook
        self._lines = 0  # of text that stand in the terminal
        self._next = perf_counter() + _PAUSE

    def __call__(self, history: Mapping[str, Sequence[float]]) -> None:
        start = perf_counter()
        if start >= self._next and (_in_notebook() or sys.stdout.isatty()):
            self._show(history)
            end = perf_counter()
            self._next = end + max(_PAUSE, (end - start) / _SHARE)

    def end(self, history: Mapping[str, Sequence[float]]) -> None:
        """Draw all that there was."""
        self._show(history)

    def _show(self, history: Mapping[str, Sequence[float]]) -> None:
        if not _in_notebook():
            self._write(as_text(history))
            return
        ipython: Any = import_module("IPython.display")

        picture = ipython.Image(as_png(history, self._data))
        if self._handle is None:
            self._handle = ipython.display(picture, display_id=True)
        else:
            self._handle.update(picture)

    def _write(self, text: str) -> None:
        from tqdm import tqdm

        up = f"\x1b[{self._lines}A\x1b[J" if self._lines and sys.stdout.isatty() else ""
        self._lines = text.count("\n") + 1
        with tqdm.external_write_mode():  # its bar stays below
            print(f"{up}{text}", flush=True)


def as_text(history: Mapping[str, Sequence[float]]) -> str:
    """Write the curves of a history as bars between their lowest and their highest number.

    Examples
    --------
    >>> print(as_text({"loss": [4.0, 2.0, 1.0, 0.5], "lr": [0.1] * 4}))
    loss  █▄▂▁  0.5
    """
    names = [name for name in ("loss", "val_loss") if history.get(name)]
    return columns(
        [(shown(name), _bars(history[name]), f"{history[name][-1]:.4g}") for name in names]
    )


def as_png(history: Mapping[str, Sequence[float]], data: tuple[Any, ...]) -> bytes:
    """Draw a history, and the boundary of a model if there is one."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5 * (1 + bool(data)), 3.5), layout="constrained")
    axes = figure.subplots(1, 1 + bool(data), squeeze=False)[0]
    draw_history(history, ax=axes[0])
    if data:
        model, X, y = data
        boundary(model, X, y, ax=axes[1])
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=90)
    return file.getvalue()


def _bars(curve: Sequence[float]) -> str:
    parts = np.array_split(np.array(curve, float), min(_CELLS, len(curve)))
    heights = np.array([part.mean() for part in parts])
    share = (heights - heights.min()) / (np.ptp(heights) or 1.0)
    return "".join(_BARS[int(x * (len(_BARS) - 1) + 0.5)] for x in share)


def _in_notebook() -> bool:
    return hasattr(getattr(sys.modules.get("IPython"), "get_ipython", dict)(), "kernel")
