"""Looks at the layers of a model while it is trained, and says so if one does not learn."""

import sys
import warnings
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import isclose, nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import Node

from ..frozen_layers import around
from ..layers import Layer
from .dead_units import Idle, Units
from .findings import Health, HealthWarning
from .limits import symptoms_of_layers, symptoms_of_updates

Array = NDArray[Any]

_OURS = __name__.partition(".")[0]
_LOOKS = 2  # in a row, before something is said
_ALIKE = 1e-6  # of the largest weight: updates round
_QUICK = ("size", "gradient_norm")  # differ, where weights or gradients do
_SAMPLES = 10  # in these looks: of a single sample, half of all units of relu are off


class Examination:
    """Looks at a model during training, and writes what it sees into a `Health`.

    Parameters
    ----------
    model : Module

    Attributes
    ----------
    health : Health
        It does not know the model, and may outlive it.

    Examples
    --------
    >>> import nn
    >>> model = nn.Sequential(nn.Linear(2, 8, rng=0), nn.ReLU(), nn.Linear(8, 1, rng=1))
    >>> optimizer = nn.SGD(model.parameters(), lr=0.1)
    >>> examination = Examination(model)
    >>> X, y = np.random.default_rng(0).normal(size=(2, 32, 2))
    >>> for update in range(1, 9):
    ...     model.zero_grad()
    ...     nn.mse_loss(model(X), y[:, :1]).backward()
    ...     before = {p: p.data for p in model.parameters()}
    ...     optimizer.step()
    ...     if examination.is_due(update):
    ...         examination.look(update, X, before)
    >>> health = examination.health
    >>> health.updates, list(health), health["0"]["dead"][-1], health.findings
    ([1, 2, 4, 8], ['0', '2'], 0.0, [])
    """

    def __init__(self, model: Any) -> None:
        self.health = Health()
        leaves = _leaves_by_layer(model)
        self._layers = {
            layer: [leaf for leaf in found if not leaf.constant] for layer, found in leaves.items()
        }
        self._units = Units(model, {leaf: layer for layer in leaves for leaf in leaves[layer]})
        self._neurons = {
            path: [neuron.w for neuron in part.neurons]
            for path, part in model.named_modules()
            if isinstance(part, Layer)
        }
        self._dead_for: dict[int, Array] = {}  # so many samples, of each unit of an activation
        self._lasting: dict[str, tuple[int, int]] = {}  # looks and samples
        self._samples = 0
        self._known: set[str] = set()

    def is_due(self, update: int) -> bool:
        """Whether to look after this update, counted from 1: it is a power of two."""
        return update > 0 and update & (update - 1) == 0

    def look(self, update: int, X: Array, before: Mapping[Node, Any]) -> None:
        """Look at a model after an update, and warn if something is wrong for the first time.

        The model is as before: buffers, random numbers and modes too. A look fails for no model and
        no numbers: units are left out where the model does not run, and training goes on.

        Parameters
        ----------
        update : int
            Count of updates, from 1.
        X : array, shape (batch, ...)
            Samples of the update.
        before : mapping from Node to array or float
            Data of the parameters before the update; their gradients are still in ``grad``. If it
            is empty, nothing is said about the update.

        Warns
        -----
        HealthWarning
            Once, with all findings so far.
        """
        seen = self.measured(X, before)
        self.health.add(update, seen)
        self._judge(update, seen, len(X))

    def measured(self, X: Array, before: Mapping[Node, Any]) -> dict[str, dict[str, float]]:
        """Measure all that a look needs, and judge nothing."""
        try:
            found = self._units.look(X)
        except Exception:  # training runs the model in its own way, and says itself what fails
            found = []
        shares = self._shares(found, len(X))
        seen = {}
        with np.errstate(all="ignore"):
            for layer, parameters in self._layers.items():
                reached = [p for p in parameters if p.reached]
                if reached:
                    idle = shares.get(layer, {})
                    idle = {name: idle.get(name, nan) for name in ("dead", "saturated")}
                    unlike = {"unlike": _unlike(reached, self._neurons.get(layer, []))}
                    seen[layer] = _sizes(reached, before) | idle | unlike
            self._find_twins(seen)
        return seen

    def _find_twins(self, seen: dict[str, dict[str, float]]) -> None:
        """Add the place of an earlier layer whose weights and gradients are the same."""
        found: list[str] = []
        for layer, numbers in seen.items():
            places = (i for i, other in enumerate(found) if self._are_twins(layer, other, seen))
            numbers["twin"] = float(next(places, nan))
            found.append(layer)

    def _are_twins(self, layer: str, other: str, seen: Mapping[str, Mapping[str, float]]) -> bool:
        if not all(isclose(seen[layer][x], seen[other][x], rel_tol=_ALIKE) for x in _QUICK):
            return False
        pairs = [self._layers[name] for name in (layer, other)]
        shapes = [[np.shape(p.data) for p in leaves] for leaves in pairs]
        if shapes[0] != shapes[1] or not all(p.reached for leaves in pairs for p in leaves):
            return False
        data = [_row(p.data for p in leaves) for leaves in pairs]
        grads = [_row(p.grad for p in leaves) for leaves in pairs]
        is_random = np.ptp(data[0]) > 0 and np.any(grads[0])
        return bool(is_random) and _are_equal(*data) and _are_equal(*grads)

    def _shares(self, found: list[Idle], samples: int) -> dict[str, dict[str, float]]:
        """Say which share of the units of each layer is dead, and saturated."""
        self._samples += samples
        before, self._dead_for = self._dead_for, {}
        idle: dict[str, dict[str, list[Array]]] = defaultdict(lambda: defaultdict(list))
        for site, (layer, dies, share) in enumerate(found):
            if dies:
                known = before.get(site, np.zeros(1))
                known = known if known.shape == share.shape else np.zeros(1)
                count = self._dead_for[site] = np.where(share == 1, known + samples, 0)
                idle[layer]["dead"].append(count >= min(self._samples, _SAMPLES))
            else:
                idle[layer]["saturated"].append(share)
        return {
            layer: {name: float(np.mean(np.concatenate(shares))) for name, shares in kinds.items()}
            for layer, kinds in idle.items()
        }

    def _judge(self, update: int, seen: Mapping[str, Mapping[str, float]], samples: int) -> None:
        """Keep what was seen at two looks in a row, and warn the first time there is such a thing.

        The rest of a fit is silent: more findings are in the list.
        """
        before, self._lasting = self._lasting, {}
        found = []
        for symptom in (*symptoms_of_layers(seen), *symptoms_of_updates(update, seen)):
            looks, count = before.get(symptom.kind, (0, 0))
            looks, count = self._lasting[symptom.kind] = looks + 1, count + samples
            lasts = looks >= _LOOKS and count >= _SAMPLES
            if symptom.kind not in self._known and (lasts or symptom.is_beyond_doubt):
                self._known.add(symptom.kind)
                found.append(f"seen at update {update:,}: {symptom.words}")
        is_first = not self.health.findings
        self.health.findings += found
        if found and is_first:
            warnings.warn("\n".join(found), HealthWarning, stacklevel=outside())


def _leaves_by_layer(model: Any) -> dict[str, list[Node]]:
    """Give the leaves of each layer, frozen ones and buffers too."""
    modules = dict(model.named_modules())
    layers: dict[str, list[Node]] = {}
    known = set()
    for path, leaf in model.named_leaves():
        if leaf not in known:
            known.add(leaf)
            inside = [part for part in around(path) if part in modules]
            groups = [part for part in inside if isinstance(modules[part], Layer)]
            layer = groups[0] if groups else inside[-1]
            layers.setdefault(layer or type(model).__name__, []).append(leaf)
    return layers


def _sizes(parameters: list[Node], before: Mapping[Node, Any]) -> dict[str, float]:
    """Measure the gradients of a layer, and what an update changed."""
    old = _row(before.get(p, p.data) for p in parameters)
    change = np.linalg.norm(_row(p.data for p in parameters) - old)
    weights, root = np.linalg.norm(old), np.sqrt(len(old))
    return {
        "gradient_norm": float(np.linalg.norm(_row(p.grad for p in parameters)) / root),
        "update_ratio": float(change / weights) if weights and before else nan,
        "size": float(weights / root),
    }


def _unlike(parameters: list[Node], neurons: Sequence[Sequence[Node]]) -> float:
    """Say by how much gradients of units differ whose weights are the same; nan if these differ."""
    weights = [(p.data, p.grad) for p in parameters if np.ndim(p.data) > 1]
    if neurons and all(w.reached for unit in neurons for w in unit):
        data, grads = (
            [[getattr(w, of) for w in unit] for unit in neurons] for of in ("data", "grad")
        )
        weights.append((np.array(data), np.array(grads)))
    same = [
        grad
        for data, grad in weights
        if len(data) > 1 and (np.ptp(data, axis=0) <= _ALIKE * np.abs(data).max(initial=0)).all()
    ]
    return float(max(np.ptp(grad, axis=0).max(initial=0) for grad in same)) if same else nan


def _are_equal(a: Array, b: Array) -> bool:
    """Whether numbers are the same but for rounding, which updates do."""
    return bool(np.abs(a - b).max() <= _ALIKE * np.abs(a).max())


def _row(arrays: Iterable[Any]) -> Array:
    given = list(arrays)
    if all(type(x) is float for x in given):
        return np.array(given)
    return np.concatenate([np.ravel(x) for x in given], dtype=np.float64, casting="unsafe")


def outside() -> int:
    """Count the calls up to the one that came from outside of this package, for a warning."""
    level, frame = 1, sys._getframe(1)
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] == _OURS:
        level, frame = level + 1, frame.f_back
    return level
