"""How the numbers that layers give are spread, and how many stand where their function is flat."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import Node
from autograd.engine import numbers_of
from autograd.formulas import slope
from autograd.texts import shown

from .axes import BLUE, QUIET, axes

_BINS = 40
_MOST = 12  # layers in one plot
_FLAT = 0.01  # of the steepest slope, as of tanh far from 0
_AROUND = np.linspace(-3, 3, 61)  # where the steepest slope is looked for
_FAR = 50.0  # where an activation that dies away has done so


def histograms(layers: Mapping[str, Any], ax: Any = None) -> Any:
    """Draw one histogram a layer, with the share of its units that are saturated.

    Parameters
    ----------
    layers : mapping from str to node, array or list of Values
        What `Module.activations` gives; or weights, as ``dict(model.named_parameters())``; or
        gradients, ``{name: p.grad for name, p in model.named_parameters()}``.
    ax : matplotlib Axes, optional
        A new one if it is not given. Each histogram is as high as the others.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ImportError
        If matplotlib is missing.
    ValueError
        If there is no layer with a finite number.

    Examples
    --------
    >>> import nn, viz
    >>> model = nn.Sequential(nn.Linear(2, 8, rng=0), nn.Tanh())
    >>> ax = viz.histograms(model.activations([[1.0, 2.0], [-1.0, 0.5]]))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['1, 0 % saturated', '0', 'input']
    """
    once = {id(layer): name for name, layer in [*layers.items()][::-1]}
    spread = {name: _numbers(layers[name]) for name in reversed(once.values())}
    spread = {name: x for name, x in spread.items() if len(x) > 1}
    if not spread:
        raise ValueError("histograms: got no layer with two finite numbers. Give several samples.")
    if len(spread) > _MOST:
        raise ValueError(
            f"histograms: got {len(spread)} layers with several numbers; {_MOST} fit. Choose some: "
            "{name: x for name, x in layers.items() if ...}."
        )
    ax = axes("histograms", ax)
    every = np.concatenate([*spread.values()])
    bins = np.linspace(every.min(), every.max() + (np.ptp(every) == 0), _BINS + 1)
    middles, labels = (bins[1:] + bins[:-1]) / 2, []
    for place, (name, x) in enumerate(reversed(spread.items())):
        counts, _ = np.histogram(x, bins)
        heights = place + 0.85 * counts / counts.max()
        ax.fill_between(middles, place, heights, step="mid", color=BLUE)
        ax.axhline(place, color=QUIET, linewidth=0.5)
        labels.append(f"{shown(name, 30)}{_idle(layers[name])}")
    ax.set_yticks(range(len(labels)), labels)
    ax.set(xlabel="number", ylim=(0, len(labels)))
    return ax


def _numbers(layer: Any) -> NDArray[np.float64]:
    parts = layer if isinstance(layer, list | tuple) else [layer]
    flat = [np.ravel(np.asarray(numbers_of(part), float)) for part in parts if part is not None]
    numbers = np.concatenate(flat) if flat else np.empty(0)
    return numbers[np.isfinite(numbers)]


def _idle(layer: Any) -> str:
    """Say how much of a layer stands where its activation is flat, if it ends in one."""
    nodes = layer if isinstance(layer, list | tuple) else [layer]
    if not all(isinstance(node, Node) and _is_activation(node) for node in nodes):
        return ""
    flat = np.concatenate([np.ravel(_slopes(node, node.args[0]) < _limit(node)) for node in nodes])
    word = "saturated" if nodes[0].op.kinks is None else "at slope 0"
    return f", {flat.mean():.0%} {word}".replace("%", " %")


def _is_activation(node: Node) -> bool:
    """Say whether a node is a function of one node that dies away on one side or both."""
    if node.op is None or not node.op.elementwise or len(node.args) != 1:
        return False
    ends = _slopes(node, np.array([-_FAR, _FAR]))
    return bool((ends < _limit(node)).any())


def _limit(node: Node) -> float:
    return float(_FLAT * np.nanmax(_slopes(node, _AROUND)))


def _slopes(node: Node, x: Any) -> NDArray[np.float64]:
    op = node.op
    assert op is not None
    with np.errstate(all="ignore"):
        y = op.forward(x, **node.params)
        slopes: NDArray[np.float64] = np.abs(
            np.asarray(slope(op, 0, y, (x,), node.params, np.ones_like(y)), float)
        )
    return slopes
