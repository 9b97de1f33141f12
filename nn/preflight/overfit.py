"""Tries a copy of a model on a few samples: one pass back, and learning them by heart."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import AutogradError, Tensor
from autograd.engine import Integers
from autograd.texts import listed

from ..health import Examination, symptoms_of_layers
from ..inspection import batch_of, is_of_values, nodes_of, numbers_in, type_of
from ..losses import total
from ..optim import Adam
from ..training import about_pairing, fit

Array = NDArray[Any]

RISES = 30.0  # times the loss of a constant guess, at the start
LEARNED = 0.1  # of the loss of a constant guess
FEW = 4  # samples, which even a small model should learn by heart
_RATES = (1e-2, 1e-3, 1e-1)
_STEPS = 300  # with each


class Trial:
    """A few samples, their outputs and their loss.

    Parameters
    ----------
    model : Module
        A copy: it is trained.
    X, y : array
        Rows for one batch.
    """

    def __init__(self, model: Any, X: Array, y: Array) -> None:
        self.model, self.X, self.y = model, X, y
        self._of_values = is_of_values(model)
        for _, part in model.named_modules():  # without Dropout, and running statistics as they are
            part.training = bool(part.buffer_names)
        self._batch = None if self._of_values else batch_of(X, type_of(model))
        self.prediction = self._predicted()

    def sorted_out(self, about_inputs: list[str]) -> list[str]:
        """Leave out what is no fault in whole numbers that only serve as indices: their sizes."""
        is_index = isinstance(self._batch, Integers) and not self._batch.is_computed_with
        return [] if is_index and np.ptp(self.X, axis=0).any() else about_inputs

    def numbers(self) -> Array:
        """Give the outputs, row by row."""
        return np.array(numbers_in(self.prediction))

    def last(self) -> Any:
        """Give a node of the output."""
        return nodes_of(self.prediction)[0]

    def cost(self, loss: Callable[[Any, Any], Any], constant: float | None = None) -> Any:
        """Compute the loss, of the outputs or of a constant in their place."""
        prediction = self.prediction
        if constant is not None:
            prediction = _filled(prediction, constant)
        if not self._of_values:
            return loss(prediction, self.y)
        costs = [loss(*pair) for pair in zip(prediction, self.y.tolist(), strict=True)]
        return total(costs) / len(costs)

    def about_pairing(self, loss: Callable[[Any, Any], Any]) -> Iterator[str]:
        """Yield that a loss compares each output with all targets, if it does."""
        words = None if self._of_values else about_pairing(loss, self.numbers().shape, self.y)
        if words:
            yield f"the loss: {words}"

    def about_start(self, cost: Any, guess: float) -> Iterator[str]:
        """Yield what a pass back shows: gradients that do not arrive, layers that hardly learn."""
        try:
            cost.backward()
        except AutogradError as error:
            yield f"there is no way back from the loss: {error}"
            return
        missing = [path for path, p in self.model.named_parameters() if not p.reached]
        if missing:
            yield (
                f"no gradient reaches {listed(missing, 3)}, "
                f"{len(missing)} of {len(self.model.parameters())} parameters. Does forward use "
                "them, and only by ops of autograd? freeze() those that are to stay."
            )
            return
        seen = Examination(self.model).measured(self.X, {})
        found = [symptom.words for symptom in symptoms_of_layers(seen)]
        yield from found
        start = float(cost.data)
        if not found and start > RISES * guess:
            yield (
                f"the loss starts at {start:.3g}, and a constant guess has {guess:.3g}; more than "
                f"{RISES:g} times that takes long to unlearn. Draw smaller weights for the last "
                "layer, or scale inputs and targets."
            )

    def guess(self, loss: Callable[[Any, Any], Any]) -> float:
        """Give the loss of the best of a few constant guesses; inf if it takes none."""
        found = [np.inf]
        for constant in (0.0, 0.5, float(np.mean(self.y))):
            try:
                found.append(float(self.cost(loss, constant).data))
            except (AutogradError, ValueError, TypeError):
                continue
        return min(x for x in found if x > 0)

    def learned(
        self, loss: Callable[[Any, Any], Any], goal: float, late: float
    ) -> tuple[float, str]:
        """Train on the samples until `late`, and say which loss that came to, and how."""
        best, how = np.inf, ""
        state = self.model.state_dict()

        def enough(history: Any) -> bool:
            return history["val_loss"][-1] < goal or time.monotonic() > late

        for rate in _RATES:
            self.model.load_state_dict(state)
            try:
                history = fit(
                    self.model,
                    (self.X, self.y),
                    loss=loss,
                    optimizer=Adam(self.model.parameters(), rate),
                    epochs=_STEPS,
                    batch_size=None,
                    validation=(self.X, self.y),
                    callbacks=[enough],
                    seed=0,
                    progress=False,
                )
            except AutogradError:  # the rate is too large
                continue
            if min(history["val_loss"]) < best:
                best = min(history["val_loss"])
                how = f"{history.updates} steps of Adam(lr={rate:g})"
            if best < goal or time.monotonic() > late:
                break
        return best, how

    def _predicted(self) -> Any:
        if self._of_values:
            return [self.model(row) for row in self.X.tolist()]
        prediction = self.model(self._batch)
        if isinstance(prediction, Integers):
            prediction = prediction.floats
        if not isinstance(prediction, Tensor):
            raise TypeError(f"it gives a {type(prediction).__name__}. Let it give a Tensor.")
        return prediction


def _filled(prediction: Any, constant: float) -> Any:
    """Put a number in place of all outputs."""
    if isinstance(prediction, list | tuple):
        return [_filled(part, constant) for part in prediction]
    return type(prediction)(np.full_like(prediction.data, constant))
