"""`playground`: a page in which one's own small network is trained, looked into and taken apart."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from autograd import Node, ShapeError, Value
from autograd.engine import all_finite
from autograd.ops import real_numbers

from ..names import is_module
from .cell import FOLLOW, framed
from .page import playground_page, save_page
from .programs import Programs, programs
from .targets import LABELS, targets

_HEIGHT = 900  # px of a cell, until the page tells its own
_ENOUGH = 20  # samples, of which a fifth is kept for validation
_ADAM = {
    "name": "Adam",
    "lr": 0.03,
    "betas": [0.9, 0.999],
    "eps": 1e-8,
    "weight_decay": 0.0,
    "bias_correction": True,
}
_KNOWN = {
    "SGD": ("lr", "momentum", "dampening", "weight_decay", "nesterov"),
    "Adam": ("lr", "betas", "eps", "weight_decay", "bias_correction"),
    "RMSprop": ("lr", "alpha", "eps", "weight_decay", "momentum", "centered"),
}


def playground(
    model: Any,
    X: Any,
    y: Any,
    loss: Callable[[Any, Any], Any] | None = None,
    optimizer: Any = None,
) -> "Playground":
    """Make a page in which a small network trains on points, without a kernel behind it.

    Its numbers are those of `nn.fit` with the same loss, optimizer, batch size and seed.

    Parameters
    ----------
    model : Module
        Of Values, or of Tensors; one sample, taken apart into single numbers, may take 5,000 lines
        of a program.
    X : array_like, shape (samples,) or (samples, inputs)
        With one or two inputs the page shows what the model says of every point.
    y : array_like, shape (samples,) or (samples, outputs)
        Signs, 0 and 1, classes counted from 0, or any numbers.
    loss : callable, optional
        From predictions and targets to one number. Without it, `hinge_loss` for -1 and 1,
        `bce_with_logits` for 0 and 1, `cross_entropy` for classes, `mse_loss` for other numbers.
    optimizer : Optimizer, optional
        SGD, Adam or RMSprop, whose options are taken; what it remembers is not. Adam without it.

    Returns
    -------
    Playground
        A notebook shows it, ``save`` writes it as one HTML file.

    Raises
    ------
    GraphError
        If the model is too large for a page, decides by numbers, draws random ones, or looks at
        a whole batch: train it by `nn.fit`.
    ShapeError, ValueError, TypeError
        If model, data, loss or optimizer do not fit.

    Examples
    --------
    >>> import nn
    >>> X, y = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [-1, 1, 1, -1]
    >>> play = playground(nn.MLP(2, [4, 1]), X, y)
    >>> play
    Playground(17 weights, 4 samples, hinge_loss, Adam)
    >>> play.state()["settings"]["optimizer"]["lr"]
    0.03
    """
    if not is_module(model):
        raise TypeError(f"playground: got {model!r:.80}. Give a module, such as nn.MLP.")
    if not model.parameters():
        raise ValueError("playground: the model has no parameter that may change. Unfreeze some.")
    X, y = _data("X", X), _data("y", y)
    if len(X) != len(y) or not len(X):
        raise ShapeError(f"playground: got {len(X)} samples and {len(y)} targets. Give one each.")
    if X.ndim > 2 or y.ndim > 2:
        raise ShapeError(
            f"playground: got X of shape {X.shape} and y of shape {y.shape}. A sample is one row "
            "of numbers."
        )
    return Playground(model, X, y, programs(model, X, y, loss), _options(model, optimizer))


class Playground:
    """What `playground` returns: a model on its data, and ways to show how it trains.

    Attributes
    ----------
    model : Module
        Its parameters follow what happens in a `widget`.
    X, y : array
        Samples and targets, which follow, too.
    """

    def __init__(
        self, model: Any, X: Any, y: Any, recorded: Programs, optimizer: Mapping[str, Any]
    ) -> None:
        self.model, self.X, self.y = model, X, y
        self._recorded = recorded
        self._settings: dict[str, Any] = {
            "optimizer": dict(optimizer),
            "batch_size": None,
            "validation": 0.2 if len(X) >= _ENOUGH else 0.0,
            "noise": 0.0,
            "seed": 0,
            "speed": 10,
        }

    def save(self, path: str | Path) -> Path:
        """Write one HTML file that works by itself, without a network; it contains the data.

        Returns
        -------
        Path
            Where it is.

        Raises
        ------
        RenderError
            If the name does not end in .html.
        """
        return save_page("playground", path, self._page)

    def widget(self) -> Any:
        """Make a live widget; needs anywidget.

        What happens in it changes the model, ``X`` and ``y``. Its ``weights``, ``points`` and
        ``settings`` can be read and set; ``read_model()`` shows what the model holds now.

        Returns
        -------
        anywidget.AnyWidget
        """
        from .widget import PlaygroundWidget  # anywidget is an extra

        return PlaygroundWidget(self, self._recorded.script)

    def state(self) -> dict[str, Any]:
        """Give all that the script of the page needs, as plain data."""
        recorded, meant = self._recorded, self._recorded.targets
        rows = self.X.reshape(len(self.X), -1)
        shown = targets(self.y, meant.rows.shape[1]).shown
        return {
            "title": f"{type(self.model).__name__} on {len(rows)} samples",
            "weights": self.weights(),
            "points": {"X": rows.astype(float).tolist(), "y": shown},
            "settings": self._settings,
            "about": {
                "inputs": rows.shape[1],
                "targets": meant.rows.shape[1],
                "kind": meant.kind,
                "threshold": recorded.threshold,
                "loss": recorded.loss,
                "reduce": recorded.reduce,
                "measured": recorded.measured,
                "layers": recorded.layers,
                "picture": recorded.picture,
                "names": [[path, np.shape(p.data)] for path, p in self.model.named_parameters()],
                "on_values": isinstance(self.model.parameters()[0], Value),
                "custom": recorded.custom,
                "flat": self.X.ndim == 1,
            },
        }

    def weights(self) -> list[float]:
        """List all numbers that are trained, in the order of the model's parameters."""
        return [float(w) for p in self.model.parameters() for w in np.ravel(p.data)]

    def take(self, weights: Any) -> None:
        """Put numbers into the model's parameters, in the order of `weights`.

        Raises
        ------
        ValueError
            If they are not as many finite numbers as there are; nothing is changed then.
        """
        params: list[Node] = self.model.parameters()
        numbers = np.asarray(weights, float)
        ends = np.cumsum([np.size(p.data) for p in params])
        if numbers.shape != (ends[-1],) or not all_finite(numbers):
            raise ValueError(
                f"playground: got weights of shape {numbers.shape}. Give {ends[-1]} finite numbers."
            )
        for p, part in zip(params, np.split(numbers, ends[:-1]), strict=True):
            shape = np.shape(p.data)
            p.data = part.reshape(shape).astype(p.data.dtype) if shape else float(part[0])

    def take_points(self, points: Mapping[str, Any]) -> None:
        """Put other samples into ``X`` and ``y``: lists under these names, as `state` gives them.

        Raises
        ------
        ShapeError, ValueError
            If they are not like those that were given; nothing is changed then.
        """
        X, y = _data("X", points["X"]).astype(float), _data("y", points["y"])
        inputs = self.X.reshape(len(self.X), -1).shape[1]
        if X.shape != (len(y), inputs):
            raise ShapeError(
                f"playground: got X of shape {X.shape} for {len(y)} targets. Give a row of "
                f"{inputs} numbers for each."
            )
        known = self._recorded.targets
        targets(y, known.rows.shape[1])
        labels = LABELS.get(known.kind)
        if labels is not None and not labels.issuperset(y.ravel().tolist()):
            raise ValueError(f"playground: labels are {labels}; got {y.ravel().tolist()!r:.80}.")
        self.X = X.reshape(len(X), *self.X.shape[1:])
        self.y = y.reshape(len(y), *self.y.shape[1:])

    def take_settings(self, settings: Mapping[str, Any]) -> None:
        """Keep settings as `state` gives them.

        Raises
        ------
        ValueError
            If some are missing or unknown.
        """
        name = settings.get("optimizer", {}).get("name")
        wanted = {"name", *_KNOWN.get(name, ())}
        if settings.keys() != self._settings.keys() or settings["optimizer"].keys() != wanted:
            raise ValueError(
                f"playground: got the settings {dict(settings)!r:.200}. Change those that are "
                "there: {**widget.settings, 'batch_size': 10}."
            )
        self._settings = dict(settings)

    def _page(self) -> str:
        return playground_page(self.state(), self._recorded.script)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """Give notebooks a sandboxed page."""
        frame = framed("stepgrad-playground", self._page(), _HEIGHT)
        return {"text/html": frame + FOLLOW, "text/plain": repr(self)}

    def __repr__(self) -> str:
        return (
            f"Playground({len(self.weights())} weights, {len(self.X)} samples, "
            f"{self._recorded.loss.removeprefix('nn.')}, {self._settings['optimizer']['name']})"
        )


def _data(name: str, given: Any) -> Any:
    numbers = real_numbers(f"playground: {name}", given)
    if not all_finite(numbers):
        raise ValueError(f"playground: {name} holds a number that is not finite.")
    if not numbers.ndim:
        raise ShapeError(f"playground: {name} is one number. Give a row for each sample.")
    return numbers


def _options(model: Any, optimizer: Any) -> dict[str, Any]:
    """Read the options of an optimizer."""
    if optimizer is None:
        return _ADAM
    name = type(optimizer).__name__
    groups = getattr(optimizer, "param_groups", [])
    if name not in _KNOWN or len(groups) != 1:
        raise ValueError(
            f"playground: got the optimizer {optimizer!r:.80}. Give SGD, Adam or RMSprop, with one "
            "group of parameters, or none."
        )
    (group,) = groups
    if [*group["params"]] != model.parameters():
        raise ValueError("playground: the optimizer is not one of model.parameters().")
    if group.get("second_moment", "elementwise") != "elementwise":
        raise ValueError("playground: the page runs Adam with second_moment='elementwise' only.")
    return {"name": name} | {
        key: list(group[key]) if isinstance(group[key], tuple) else group[key]
        for key in _KNOWN[name]
    }
