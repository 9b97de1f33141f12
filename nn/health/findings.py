"""What training has shown of the layers of a model: curves, and what is wrong."""

from collections.abc import Mapping
from math import nan

from autograd.showing import bundle
from autograd.texts import columns, shown

_MEASURES = {"gradient_norm": ".1e", "update_ratio": ".1e", "dead": ".0%", "saturated": ".0%"}
_HEADS = ("gradient", "update/weight", "dead", "saturated")


class HealthWarning(UserWarning):
    """Something in a model keeps it from learning; the message says where, and what helps."""


class Health(dict[str, dict[str, list[float]]]):
    """What was seen in the layers of a model, ready to be plotted: curves by layer.

    It holds numbers and words alone; an `Examination` looks at the model, and writes them down.

    A layer is a module with parameters of its own, by its path; the neurons of an `nn.Layer` are
    one layer. Frozen layers are left out, and those that no gradient reaches.

    - ``gradient_norm``: root of the mean square of its gradients, so that layers of different
      sizes compare;
    - ``update_ratio``: norm of what an update changed over norm of the weights before;
    - ``dead``: share of units whose activation has slope 0 on every sample, as relu below 0; on all
      of the last 10, where batches are smaller;
    - ``saturated``: share of units whose activation is nearly flat, as tanh far from 0, in the mean
      over samples. The output of the model is left out: one that is sure is saturated.

    The last two are nan for a layer without such an activation. A unit is a feature or a channel.

    Attributes
    ----------
    updates : list of int
        When the looks were taken.
    findings : list of str
        What was wrong, and at which update: seen at two looks in a row, on 10 samples or more, or
        once if it is beyond doubt. It may have changed since then; the curves say.

    Examples
    --------
    >>> health = Health()
    >>> health.add(1, {"0": {"gradient_norm": 0.5, "update_ratio": 0.01, "dead": 0.25}})
    >>> health
    after update 1
    layer  gradient  update/weight  dead  saturated
    0       5.0e-01        1.0e-02   25%          -
    no findings
    """

    def __init__(self) -> None:
        super().__init__()
        self.updates: list[int] = []
        self.findings: list[str] = []

    def add(self, update: int, seen: Mapping[str, Mapping[str, float]]) -> None:
        """Write down what a look has measured of each layer."""
        self.updates.append(update)
        for layer in seen:
            self.setdefault(layer, {name: [nan] * (len(self.updates) - 1) for name in _MEASURES})
        for layer, curves in self.items():
            for name, curve in curves.items():
                curve.append(seen.get(layer, {}).get(name, nan))

    _repr_mimebundle_ = bundle

    def __repr__(self) -> str:
        if not self.updates:
            return "Health: no look was taken yet"
        rows: list[tuple[str, ...]] = [("layer", *_HEADS)]
        for layer, curves in self.items():
            numbers = (f"{curves[name][-1]:{how}}" for name, how in _MEASURES.items())
            cells = (x.replace("nan%", "-").replace("nan", "-") for x in numbers)
            rows.append((shown(layer), *cells))
        table = columns(rows, right=range(1, 1 + len(_HEADS)))
        findings = self.findings or ["no findings"]
        return "\n".join([f"after update {self.updates[-1]:,}", table, *findings])
