"""How large the gradients of each layer are, and how much its updates change it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograd import Node
from autograd.engine import grads_of
from autograd.texts import shown

from .axes import BLUE, ORANGE, QUIET, axes

_USUAL = 1e-3  # of the size of weights: what an update changes where training goes well


def flow(model: Any, history: Any = None, ax: Any = None) -> Any:
    """Draw the size of the gradients of each layer, and of its last update beside its weights.

    Parameters
    ----------
    model : Module
        After a backward pass.
    history : History, optional
        What `nn.fit` gave: the update-to-weight ratios of its last look at the layers are drawn,
        beside the 1e-3 that is usual where training goes well.
    ax : matplotlib Axes, optional
        A new one if it is not given. Its numbers are logarithmic.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ImportError
        If matplotlib is missing.
    ValueError
        If no gradient has reached the model, or the history is of other layers.

    References
    ----------
    A. Karpathy, *A Recipe for Training Neural Networks*, 2019, on the ratio of 1e-3.

    Examples
    --------
    >>> import nn, viz
    >>> model = nn.Sequential(nn.Linear(2, 8, rng=0), nn.Tanh(), nn.Linear(8, 1, rng=1))
    >>> nn.mse_loss(model([[1.0, 2.0]]), [[0.5]]).backward()
    >>> [label.get_text() for label in viz.flow(model).get_yticklabels()]
    ['2', '0']
    """
    norms = gradient_norms(model)
    if not norms:
        raise ValueError("flow: no gradient has reached the model. Call loss.backward() first.")
    health: Mapping[str, Any] = getattr(history, "health", None) or {}
    ratios = {name: seen["update_ratio"][-1] for name, seen in health.items() if name in norms}
    if history is not None and not ratios:
        raise ValueError(
            "flow: the history says nothing of these layers. Give the one of this model."
        )
    ax = axes("flow", ax)
    names = list(norms)[::-1]
    sizes = [norms[name] for name in names]
    # Points, for on a scale without a 0 the length of a bar would say nothing.
    ax.plot(sizes, range(len(names)), "o", ms=9, color=BLUE, label="gradient, root mean square")
    if ratios:
        places = [i for i, name in enumerate(names) if name in ratios]
        shares = [ratios[names[i]] for i in places]
        ax.plot(shares, places, "D", color=ORANGE, label="last update / weights")
        ax.axvline(_USUAL, color=QUIET, linestyle="--", label="1e-3: usual for updates")
    # Below, where it covers neither a point nor a title.
    ax.legend(loc="upper left", bbox_to_anchor=(0, 0), borderaxespad=2, frameon=False)
    ax.set_yticks(range(len(names)), [shown(name, 30) or "model" for name in names])
    ax.set(xscale="log", ylim=(-0.5, len(names) - 0.5), ylabel="layer")
    ax.grid(axis="y", color=QUIET, alpha=0.3)
    return ax


def gradient_norms(model: Any) -> dict[str, float]:
    """Give the root of the mean square of the gradients of each layer that one has reached."""
    layers: dict[str, list[Node]] = {}
    for path, leaf in model.named_parameters():
        if leaf.reached:
            layers.setdefault(_layer_of(path, model), []).append(leaf)
    squares = {
        name: np.concatenate([np.ravel(np.square(grad)) for grad in grads_of(leaves)])
        for name, leaves in layers.items()
    }
    return {name: float(np.sqrt(np.mean(square))) for name, square in squares.items()}


def _layer_of(path: str, model: Any) -> str:
    """Give the path of the module that holds a parameter; the neurons of a layer are one."""
    holders = [name for name, _ in model.named_modules() if path.startswith(f"{name}.")]
    return max(holders, key=len, default="").partition(".neurons.")[0]
