"""How a model is run follows from what it is made of."""

import numpy as np
import pytest

import nn
from autograd import Tensor, Value
from nn.training.update.choose import runner_of, untrained
from nn.training.update.tensors import OnTensors
from nn.training.update.values import OnValues


class Mixed(nn.Module):
    def __init__(self):
        self.weights, self.scale = Tensor(np.ones(3)), Value(2.0)


@pytest.mark.parametrize(
    ("model", "kind"),
    [
        (nn.MLP(3, [2, 1], rng=0), OnValues),
        (nn.Sequential(nn.Linear(3, 2), nn.Tanh()), OnTensors),
        (nn.Tanh(), OnTensors),
        (nn.MLP(3, [1], rng=0).freeze(), OnValues),
        (Mixed(), OnValues),
    ],
    ids=["Values", "Tensors", "no leaves", "frozen Values", "both"],
)
def test_one_value_makes_it_a_model_of_values(model, kind):
    assert type(runner_of(model)) is kind


def test_the_runner_gets_what_else_was_given():
    model = nn.Linear(3, 1)
    runner = runner_of(model, nn.mse_loss, model.parameters(), 7)
    assert (runner.model, runner.loss, runner.calls) == (model, nn.mse_loss, 7)
    assert runner.params == model.parameters()


def test_what_is_not_trained_is_looked_for_in_the_model_itself_which_stays():
    model, copied = nn.Linear(3, 1, rng=0), nn.Linear(3, 1, rng=0)
    vars(model)["weight"] = model.weight * 2.0
    rows = np.ones((2, 3)), np.ones((2, 1))
    (words,) = untrained(model, copied, nn.mse_loss, *rows)
    assert words.startswith("weight: a result of mul")
    assert untrained(copied, copied, nn.mse_loss, *rows) == []
    assert untrained(copied, copied, lambda p, t: Tensor(1.0, constant=True), *rows) == []
