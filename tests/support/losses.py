"""All losses, found in their modules, with predictions and targets that suit them."""

import inspect

import numpy as np
import pytest

from autograd import Tensor, log_softmax
from nn import losses

LOSSES = {
    name: loss
    for name, loss in vars(losses).items()
    if inspect.isfunction(loss)
    and not name.startswith("_")
    and list(inspect.signature(loss).parameters)[:2] == ["prediction", "target"]
}
OF_PROBABILITIES = {"binary_cross_entropy", "bce", "multilabel_log_loss"}
OF_SHARES = OF_PROBABILITIES | {"bce_with_logits"}
OF_CLASSES = {"cross_entropy", "nll_loss"}
OF_TENSORS = OF_CLASSES | {"multilabel_log_loss"}
every_loss = pytest.mark.parametrize("name", LOSSES)
every_loss_on_values = pytest.mark.parametrize("name", sorted(LOSSES.keys() - OF_TENSORS))
every_reduction = pytest.mark.parametrize("reduction", ["mean", "sum", "none"])


def sample(name, seed=0):
    """Draw predictions and targets that suit a loss, in the shape (4, 3)."""
    rng = np.random.default_rng(seed)
    prediction = rng.normal(size=(4, 3))
    if name in OF_PROBABILITIES:
        return rng.uniform(0.05, 0.95, (4, 3)), rng.integers(0, 2, (4, 3))
    if name in OF_CLASSES:
        prediction = log_softmax(prediction) if name == "nll_loss" else prediction
        return prediction, rng.integers(0, 3, 4)
    if name == "bce_with_logits":
        return 3 * prediction, rng.integers(0, 2, (4, 3))
    if name == "hinge_loss":
        return prediction, 2 * rng.integers(0, 2, (4, 3)) - 1
    return prediction, rng.normal(size=(4, 3))


def loss_and_slopes(loss, y, *args):
    y = Tensor(y)
    result = loss(y, *args)
    result.backward()
    return result.item(), y.grad


def picked(y, t):
    return y[np.arange(len(t)), t]
