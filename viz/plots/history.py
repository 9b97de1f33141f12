"""What training has reached is drawn over its epochs, beside what is reached on data kept apart."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograd.texts import listed, quoted, shown

from .axes import BLUE, ORANGE, QUIET, axes


def history(history: Mapping[str, Sequence[float]], curve: str = "loss", ax: Any = None) -> Any:
    """Draw a curve of training and of validation, the best epoch, and the rate if it changes.

    Parameters
    ----------
    history : History
        What `nn.fit` gives; or a mapping from names to numbers, one for each epoch.
    curve : str
        Which: ``loss``, or the name of a metric. That of validation has ``val_`` before it.
    ax : matplotlib Axes, optional
        A new one if it is not given. The rate has an axis of its own on the right.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ImportError
        If matplotlib is missing.
    ValueError
        If there is no such curve, or no epoch yet.

    Examples
    --------
    >>> import viz
    >>> ax = viz.history({"loss": [2.0, 1.0, 0.5], "val_loss": [2.0, 1.2, 1.3]})
    >>> ax.get_legend_handles_labels()[1]
    ['loss', 'val_loss', 'lowest val_loss: 1.2 in epoch 2']
    """
    found = {name: history[name] for name in (curve, f"val_{curve}") if name in history}
    if not found or not all(map(len, found.values())):
        names = [name for name in history if not name.startswith("val_") and name != "lr"]
        raise ValueError(f"history: no epoch has a {quoted(curve)}. There is {listed(names)}.")
    ax = axes("history", ax)
    for (name, line), color, style in zip(found.items(), (BLUE, ORANGE), ("-", "--"), strict=False):
        epochs = np.arange(1, len(line) + 1)
        ax.plot(epochs, line, style, color=color, label=shown(name, 30))
    if curve == "loss":
        name = list(found)[-1]
        best = int(np.argmin(np.nan_to_num(found[name], nan=np.inf)))
        label = f"lowest {name}: {found[name][best]:.4g} in epoch {best + 1}"
        ax.plot(best + 1, found[name][best], "*", color=QUIET, markersize=12, label=label)
    ax.set(xlabel="epoch", ylabel=shown(curve, 30))
    ax.locator_params(axis="x", integer=True, min_n_ticks=1)
    if len(set(history.get("lr", ()))) > 1:
        rate = ax.twinx()
        rate.plot(np.arange(1, len(history["lr"]) + 1), history["lr"], ":", color=QUIET)
        rate.set(ylabel="lr (dotted)", yscale="log")
    ax.legend()
    return ax
