"""Steps run on a tape where that is right, and what does not fit is found before the first."""

from collections import deque

import numpy as np
import pytest
from faulty_trainings import CLASSES, X, Y, refused_and_unchanged
from optimizers import every_optimizer
from surroundings import KINDS
from trainings import CASES, every_case

import nn
from autograd import GraphError, ShapeError, Tensor, Value, relu, sign
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


class Idle(nn.Module):
    """Parameters that a loss moves, meets with slope 0 for some or all samples, or does not meet.

    With kind=Tensor they are arrays.
    """

    def __init__(self, kind):
        names = ("moved", "sometimes", "dead", "times_0", "behind_sign", "unused")
        self.parts = {name: kind(0.5) for name in names}

    def forward(self, x):
        x = x[0] if isinstance(x, list) else x
        p = self.parts
        y = p["moved"] * x + relu(x - 1.5) * p["sometimes"] + relu(-x) * p["dead"]
        return y + 0 * p["times_0"] + sign(p["behind_sign"]) * x


def undecidable(prediction, target):
    """A tape cannot repeat that a number is read."""
    assert np.isfinite(prediction.data).all()
    return nn.mse_loss(prediction, target)


@every_optimizer
@pytest.mark.filterwarnings("ignore::nn.HealthWarning")
@pytest.mark.parametrize("kind", [Value, Tensor])
@pytest.mark.parametrize("loss", [nn.mse_loss, undecidable])
def test_slopes_of_0_and_none_move_parameters_as_a_bare_loop_does(make, kind, loss):
    X, y = np.array([[1.0], [2.0], [1.25], [0.5]]), np.array([1.0, 3.0, 2.0, 0.0])
    y = y if kind is Value else y[:, None]
    fitted, model = Idle(kind), Idle(kind)
    optimizers = [make(m.parameters(), lr=0.05) for m in (fitted, model)]
    for optimizer in optimizers:
        (group,) = optimizer.param_groups
        group.update({name: 0.5 for name in ("momentum", "weight_decay") if name in group})
    how = {"loss": loss, "epochs": 4, "batch_size": None}
    history = nn.fit(fitted, (X, y), optimizer=optimizers[0], **how)
    assert len(history.notes) == (loss is undecidable)
    for _ in range(4):
        model.zero_grad()
        if kind is Value:
            cost = sum(nn.mse_loss(model(row), t) for row, t in zip(X.tolist(), y, strict=True)) / 4
        else:
            cost = nn.mse_loss(model(X), y)
        cost.backward()
        optimizers[1].step()
    for name, p in fitted.parts.items():
        twin = model.parts[name]
        assert p.reached == twin.reached == (name not in ("behind_sign", "unused")), name
        if name in ("dead", "times_0"):
            assert p.grad == twin.grad == 0.0, name
        np.testing.assert_allclose(p.data, twin.data, rtol=1e-12, err_msg=name)
    assert fitted.parts["behind_sign"].data == fitted.parts["unused"].data == 0.5


HOW = {"epochs": 2, "batch_size": 4, "seed": 0}


class Drawing(nn.Module):
    """A model that keeps the last sums of its samples, and draws from an iterator."""

    def __init__(self):
        super().__init__()
        self.weight = Tensor([[0.5]])
        self.last = deque(maxlen=3)
        self.ready = iter(range(10_000))

    def forward(self, x):
        self.last.append(float(x.data.sum()))
        return x @ self.weight + 0.0 * next(self.ready)


@pytest.mark.filterwarnings("ignore::nn.health.findings.HealthWarning")
def test_what_cannot_be_put_back_is_not_rehearsed():
    X, y = np.arange(8.0).reshape(8, 1) / 8, np.ones((8, 1))
    model = Drawing()
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    history = nn.fit(model, (X, y), loss=nn.mse_loss, optimizer=optimizer, **HOW)
    assert next(model.ready) == 4  # four steps, and no other call
    assert len(model.last) == 3
    other = nn.Sequential(nn.Linear(1, 1, bias=False, rng=0))
    other[0].weight.data = [[0.5]]
    plain = nn.SGD(other.parameters(), lr=0.1)
    found = nn.fit(other, (X, y), loss=nn.mse_loss, optimizer=plain, **HOW)
    np.testing.assert_allclose(history["loss"], found["loss"], rtol=1e-12)


class Reading(nn.Module):
    """A model whose outputs are scaled by a number that it sees somewhere."""

    def __init__(self, seen):
        super().__init__()
        self.weight = Tensor([[0.5]])
        self.seen = seen

    def forward(self, x):
        return x @ self.weight * float(self.seen.read())


@pytest.mark.filterwarnings("ignore::nn.health.findings.HealthWarning")
@pytest.mark.parametrize("kind", KINDS)
def test_a_training_is_a_loop_whatever_a_model_sees(kind):
    X, y = np.arange(1.0, 9.0).reshape(8, 1) / 80, np.ones((8, 1))
    model, other = Reading(KINDS[kind]()), Reading(KINDS[kind]())
    optimizer, plain = (nn.SGD(one.parameters(), lr=0.1) for one in (model, other))
    how = {"loss": nn.mse_loss, "optimizer": optimizer, "epochs": 5, "batch_size": 8, "seed": 0}
    history = nn.fit(model, (X, y), **how)
    losses = []
    for _ in range(5):
        loss = nn.mse_loss(other(Tensor(X, constant=True)), y)
        plain.zero_grad()
        loss.backward()
        plain.step()
        losses.append(loss.item())
    np.testing.assert_allclose(history["loss"], losses, rtol=1e-9)
