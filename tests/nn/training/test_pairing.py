"""A loss or a metric that compares each output with all targets is found before training."""

import numpy as np
import pytest
from trainings import network, numbers

import nn
from autograd import ShapeError, Tensor, abs, mean, reshape, square
from nn.training.pairing import about_pairing

X = np.random.default_rng(0).normal(size=(40, 3))


class Flat(nn.Module):
    def forward(self, x):
        return reshape(x, (-1,))


FORMS = {
    "column": (network, lambda y: y, lambda y: y.reshape(-1, 1), r"y\.reshape\(-1, 1\)"),
    "row": (
        lambda: nn.Sequential(network(), Flat()),
        lambda y: y.reshape(-1, 1),
        lambda y: y,
        r"y\.reshape\(-1\)",
    ),
}
each_form = pytest.mark.parametrize("form", FORMS)
LOSSES = {
    "squares": lambda p, t: mean(square(p - t)),
    "distances": lambda p, t: mean(abs(p - t)),
    "a sum": lambda p, t: square(p - t).sum(),
}
TARGETS = {"numbers": X[:, 0], "signs": np.sign(X[:, 0]), "classes": (X[:, 0] > 0).astype(int)}


@each_form
@pytest.mark.parametrize("targets", TARGETS)
@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_of_ones_own_that_broadcasts_is_refused(name, targets, form):
    make, wrong, right, cure = FORMS[form]
    model, y, loss = make(), TARGETS[targets], LOSSES[name]
    before, optimizer = numbers(model), nn.SGD(model.parameters(), lr=1e-4)
    for data in ({"data": (X, wrong(y))}, {"data": (X, right(y)), "validation": (X, wrong(y))}):
        with pytest.raises(ShapeError, match=rf"^fit: .*the loss: outputs .*{cure}"):
            nn.fit(model, loss=loss, optimizer=optimizer, **data)
    assert numbers(model) == before
    nn.fit(model, (X, right(y)), loss=loss, optimizer=optimizer)


@each_form
def test_so_is_a_metric(form):
    make, wrong, right, cure = FORMS[form]
    model, y = make(), X[:, 0]
    how = {"optimizer": nn.SGD(model.parameters(), lr=0.01)}
    how["loss"] = lambda p, t: nn.mse_loss(p, np.reshape(t, p.shape))
    metrics = {"fine": lambda p, t: abs(p.ravel() - t.ravel()).mean(), "accuracy": nn.accuracy}
    nn.fit(model, (X, np.sign(wrong(y))), metrics=metrics, **how)
    metrics = {"error": lambda p, t: np.abs(p - t).mean()}
    with pytest.raises(ShapeError, match=rf"^fit: the metric 'error': outputs .*{cure}"):
        nn.fit(model, (X, wrong(y)), metrics=metrics, **how)
    nn.fit(model, (X, right(y)), metrics=metrics, **how)


MINDFUL = {
    "its own shape": lambda p, t: mean(square(reshape(p, (-1,)) - np.reshape(t, -1))),
    "one of ours": lambda p, t: nn.mse_loss(p, t),
    "no difference": lambda p, t: mean(p) - mean(Tensor(t)),
    "constant": lambda p, t: mean(p * 0.0),
    "an error": lambda p, t: [][1],
    "many": lambda p, t: p,
}


@pytest.mark.parametrize("name", MINDFUL)
def test_a_loss_that_brings_them_to_one_shape_or_refuses_is_left_in_peace(name):
    for shape, y in (((40, 1), X[:, 0]), ((40,), X[:, :1])):
        assert about_pairing(MINDFUL[name], shape, y) is None


@pytest.mark.parametrize(("shape", "y"), [((40, 1), X[:, :1]), ((40,), X[:, 0]), ((40, 3), X)])
def test_equal_shapes_are_not_tried(shape, y):
    assert about_pairing(lambda p, t: 1 / 0, shape, y) is None
    assert about_pairing(LOSSES["squares"], shape, y) is None
