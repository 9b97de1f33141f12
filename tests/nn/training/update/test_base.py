"""Steps run on a tape where that is right, and what does not fit is found before the first."""

import numpy as np
import pytest
from faulty_trainings import CLASSES, X, Y, refused_and_unchanged
from trainings import CASES, every_case

import nn
from autograd import GraphError, ShapeError, Tensor
from nn.training.update.tensors import OnTensors
from nn.training.update.values import OnValues


@every_case
def test_it_uses_a_tape_where_that_is_right_and_says_so_where_not(name, monkeypatch):
    make, data, loss, is_recorded = CASES[name]
    model, steps = make(), []
    for kind in (OnTensors, OnValues):
        eager = kind._eager_step
        monkeypatch.setattr(
            kind, "_eager_step", lambda self, *xs, eager=eager: steps.append(1) or eager(self, *xs)
        )
    history = nn.fit(
        model,
        data,
        loss=loss,
        optimizer=nn.SGD(model.parameters(), lr=0.01),
        epochs=2,
        batch_size=8,
    )
    assert len(steps) == (0 if is_recorded else history.updates)
    assert len(history.notes) == (not is_recorded)


FAULTS = {
    "columns": ((X[:, :2], Y), {}, ShapeError, ["2", "3"]),
    "target shape": ((X, Y.ravel()), {}, ShapeError, ["(20, 1)", "(20,)", "reshape"]),
    "class": ((X, CLASSES + 1), {"loss": nn.cross_entropy}, ValueError, ["3", "0 to 2"]),
    "no number": ((X, Y), {"loss": lambda p, t: p - t}, ShapeError, ["single number", "mean"]),
    "no node": ((X, Y), {"loss": lambda p, t: 1.0}, ShapeError, ["node"]),
    "a loss cut off": (
        (X, Y),
        {"loss": lambda p, t: Tensor(float(np.mean((p.data - t) ** 2)))},
        GraphError,
        ["depend"],
    ),
    "validation columns": ((X, Y), {"validation": (X[:, :2], Y)}, ShapeError, ["2", "3"]),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_does_not_fit_is_refused_before_anything_is_changed(name):
    refused_and_unchanged(*FAULTS[name])


@pytest.mark.filterwarnings("ignore::nn.HealthWarning")  # a rate of 0
def test_gradients_do_not_pile_up_where_nobody_steps():
    model = nn.Sequential(nn.Linear(3, 4, rng=0), nn.BatchNorm1d(4), nn.Linear(4, 1, rng=1))
    optimizer = nn.SGD(model[2].parameters(), lr=0.0)
    how = {"loss": nn.mse_loss, "optimizer": optimizer, "batch_size": None}
    nn.fit(model, (X, Y), epochs=1, **how)
    once = model[0].weight.grad.copy()
    nn.fit(model, (X, Y), epochs=5, **how)
    np.testing.assert_allclose(model[0].weight.grad, once)
