"""Runs models of Tensors: a batch is one array."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from autograd import Node, ShapeError, Tape, Tensor

from ...inspection import ran
from ..history import counted
from ..metrics import are_probabilities
from ..pairing import about_pairing
from .base import Array, Runner

_ROWS = 256  # at a time where no gradients are needed: more would take memory, not save time


class OnTensors(Runner):
    """Runs a model that takes batches of shape (samples, ...).

    A tape computes with floats: a model that takes whole numbers of X for indices has none.
    """

    def _first(self, X: Array) -> Any:
        rows = X[: 2 if X.ndim == 1 else 1]  # one number alone could pass for a row
        node = self._output(rows)
        self.gives_probabilities = are_probabilities(node)
        outputs = np.asarray(node.data)
        if len(outputs.shape) == 0 or len(outputs) != len(rows):
            raise ShapeError(
                f"the model gives shape {outputs.shape} for {counted(len(rows), 'sample')}. Let it "
                "give one row for each: (samples, ...)."
            )
        return outputs[:1]

    def _rehearse(self, outputs: Any, y: Array, metrics: Mapping[str, Any]) -> Any:
        self._pair(outputs.shape, y, metrics)
        parts = [y[i : i + _ROWS] for i in range(0, len(y), _ROWS)]
        costs = [
            self.loss(Tensor(np.repeat(outputs, len(part), axis=0), constant=True), part)
            for part in parts
        ]
        return costs[0]

    def _pair(self, shape: tuple[int, ...], y: Array, metrics: Mapping[str, Any]) -> None:
        found = {"the loss": about_pairing(self.loss, shape, y)}
        for name, f in metrics.items():
            on_arrays = partial(_on_arrays, f)
            found[f"the metric {name!r}"] = about_pairing(on_arrays, shape, y)
        for name, words in found.items():
            if words:
                raise ShapeError(f"{name}: {words}")

    def _ends(self, *batch: Array) -> Callable[..., list[Node]]:
        model, loss = self.model, self.loss
        return lambda x, target: [loss(model(x), target)]

    def _inputs(self, *batch: Array) -> list[Node]:
        return [Tensor(x.astype(self.dtype), constant=True) for x in batch]

    def _replay(self, tape: Tape, *batch: Array, reduce: Any = None) -> list[Any]:
        return tape(*batch)

    def _cost(self, X: Array, y: Array) -> Any:
        return self.loss(ran(self.model, X, self.dtype), y)

    def predict(self, X: Array) -> Array:
        starts = range(0, len(X), _ROWS)
        return np.concatenate([self._outputs(X[i : i + _ROWS]) for i in starts])

    def measure(self, X: Array, y: Array) -> tuple[float, Array]:
        cost, parts = 0.0, []
        for i in range(0, len(X), _ROWS):
            parts.append(self._outputs(X[i : i + _ROWS]))
            part = self.loss(Tensor(parts[-1], constant=True), y[i : i + _ROWS])
            cost += float(part.data) * len(parts[-1]) / len(X)
        return cost, np.concatenate(parts)

    def _few(self, rows: Array) -> Array:
        return rows  # the shape is that of the tape

    def _outputs(self, X: Array) -> Array:
        return np.asarray(self._output(X).data)

    def _output(self, X: Array) -> Tensor:
        output = ran(self.model, X, self.dtype)
        if not isinstance(output, Tensor):
            raise TypeError(
                f"the model gives a {type(output).__name__}. Let it give one Tensor, with a row "
                "for each sample."
            )
        return output


def _on_arrays(metric: Any, prediction: Tensor, target: Array) -> Any:
    return metric(np.asarray(prediction.data), target)
