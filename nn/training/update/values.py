"""Runs models of Values: they take one sample at a time, and a tape takes a batch through them."""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from autograd import Node, Tape, Value

from ...inspection import nested, numbers_in
from ...losses import flat, shape_of, total
from ..metrics import are_probabilities
from .base import Array, Runner, Way


class OnValues(Runner):
    """Runs a model that takes a sample as a list of numbers; the loss is a mean over samples."""

    _shape: tuple[int, ...] | None = None  # of what the model gives for a sample

    def _first(self, X: Array) -> Any:
        outputs = self.model(X[0].tolist())
        self.gives_probabilities = are_probabilities(next(flat(outputs)))
        return outputs

    def _rehearse(self, outputs: Any, y: Array, metrics: Mapping[str, Any]) -> Any:
        extremes = {0, int(y.argmin()) * len(y) // y.size, int(y.argmax()) * len(y) // y.size}
        costs = [self.loss(outputs, y[row].tolist()) for row in sorted(extremes)]
        return costs[0]

    def _ends(self, *batch: Array) -> Callable[..., list[Node]]:
        model, loss = self.model, self.loss
        shapes = [rows.shape[1:] for rows in batch]

        def ends(*leaves: Node) -> list[Node]:
            left = iter(leaves)
            sample, *targets = [nested(left, shape) for shape in shapes]
            prediction = model(sample)
            return [*(loss(prediction, target) for target in targets), *flat(prediction)]

        return ends

    def _few(self, rows: Array) -> Array:
        return rows[:2]  # they take long one by one

    def _inputs(self, *batch: Array) -> list[Node]:
        return [Value(x, constant=True) for rows in batch for x in np.ravel(rows[0])]

    def _recorded(self, batch: Any, params: Any) -> Way:
        way = super()._recorded(batch, params)
        if way.tape.code.noise:
            raise ValueError("it draws random numbers, which a batch would take in another order.")
        way.tape.expect(self.calls, len(batch[0]))
        return way

    def _replay(self, tape: Tape, *batch: Array, reduce: Any = None) -> list[Any]:
        columns = [x for rows in batch for x in rows.reshape(len(rows), -1).T.astype(float)]
        return tape(*columns, reduce=reduce)

    def _cost(self, X: Array, y: Array) -> Any:
        return total(self._costs(map(self.model, X.tolist()), y)) / len(y)

    def _eager_step(self, X: Array, y: Array) -> float:
        with _without_collector():
            return super()._eager_step(X, y)

    def predict(self, X: Array) -> Array:
        way = self._way([X])
        if way is None:
            return np.array([numbers_in(self.model(sample)) for sample in X.tolist()])
        return self._joined(self._replay(way.tape, X), X)

    def measure(self, X: Array, y: Array) -> tuple[float, Array]:
        way = self._way([X, y])
        if way is None:
            found = [self.model(sample) for sample in X.tolist()]
            costs: Any = [cost.data for cost in self._costs(found, y)]
            return float(np.mean(costs)), np.array([numbers_in(x) for x in found])
        costs, *outputs = self._replay(way.tape, X, y)
        return float(np.mean(costs)), self._joined(outputs, X)

    def _costs(self, predictions: Any, y: Array) -> list[Any]:
        return [self.loss(x, target) for x, target in zip(predictions, y.tolist(), strict=True)]

    def _joined(self, outputs: list[Any], X: Array) -> Array:
        """Make rows of columns, each in the shape that the model gives."""
        if self._shape is None:
            self._shape = shape_of(self.model(X[0].tolist()))
        columns = [np.broadcast_to(x, len(X)) for x in outputs]
        return np.stack(columns, axis=-1).reshape(len(X), *self._shape)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Let no garbage be looked for: graphs have no cycles, and there are very many nodes."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
