"""Before training, each fault is found and said with a way out; good models are left in peace."""

import pickle
import sys
import threading

import numpy as np
import pytest
from preflights import (
    CLASSES,
    YES,
    Deaf,
    X,
    Y,
    constant,
    net,
    numbers,
    only_finding,
    values,
    with_one,
)

import nn
from autograd import log, relu
from autograd.engine import set_grads
from nn import Linear, ReLU, Sequential, Sigmoid, Tanh, check


class Hidden(nn.Module):
    """Its parameters are no leaves."""

    def __init__(self):
        self.weight = np.ones((4, 1))

    def forward(self, x):
        return x @ self.weight


class Twin(nn.Module):
    """It gives two things."""

    def __init__(self):
        self.layer = Linear(4, 1, rng=0)

    def forward(self, x):
        return self.layer(x), x


def locked():
    model = net()
    model.lock = threading.Lock()
    return model


FAULTS = {
    "strings": (net, with_one(X, (3, 1), "red"), Y, None, "X holds 'red'"),
    "string targets": (
        net,
        X,
        np.array(["a", "b"] * 100),
        None,
        "Give real numbers: encode words first",
    ),
    "nan": (net, with_one(X, (3, 1), np.nan), Y, None, "X holds nan in row 3, column 1"),
    "infinite target": (
        net,
        X,
        with_one(Y, (5, 0), np.inf),
        None,
        "y holds inf in row 5, column 0",
    ),
    "lengths": (net, X, Y[:-1], None, "200 samples and targets of shape (199, 1)"),
    "empty": (net, X[:0], Y[:0], None, "Give at least one sample"),
    "features": (lambda: net(inputs=5), X, Y, None, "Linear(5, 32): got shape (32, 4)"),
    "values' features": (lambda: nn.MLP(3, [1]), X, Y[:, 0], None, "got 4 inputs for 3 weights"),
    "frozen": (lambda: net().freeze(), X, Y, None, "and 193 numbers that may not"),
    "no parameters": (Hidden, X, Y, None, "Keep leaves in attributes, not arrays"),
    "one sample": (
        lambda: Sequential(nn.BatchNorm1d(4), net()),
        X[:1],
        Y[:1],
        None,
        "which has no spread in a feature",
    ),
    "not a number": (net, X, Y, lambda y, t: log(y - y).sum() * 0, "is nan before any step"),
    "two results": (Twin, X, Y, None, "it gives a tuple. Let it give a Tensor"),
    "lock": (locked, X, Y, None, "the model cannot be copied, and a copy is what is tried: cannot"),
    "foreign loss": (
        net,
        X,
        Y,
        lambda y, t: y.nonsense,
        "<lambda> does not take what the model gives",
    ),
}


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_the_only_finding(name):
    only_finding(*FAULTS[name])


GOOD = {
    "classes": (lambda: net(3), CLASSES, None, "cross_entropy (guessed)"),
    "classes as shares": (lambda: net(3), np.eye(3)[CLASSES], nn.cross_entropy, "cross_entropy"),
    "classes, one-hot": (lambda: net(3), np.eye(3)[CLASSES], None, "cross_entropy (guessed)"),
    "several yes": (
        lambda: net(2),
        np.c_[YES, 1 - YES * (X[:, :1] > 0)],
        None,
        "mse_loss (guessed)",
    ),
    "yes": (net, YES, None, "bce_with_logits (guessed)"),
    "a probability": (lambda: net(1, Sigmoid()), YES, None, "binary_cross_entropy (guessed)"),
    "hinge": (net, 2 * YES - 1, nn.hinge_loss, "hinge_loss"),
    "numbers": (lambda: net(activation=Tanh), Y, None, "mse_loss (guessed)"),
    "within tanh": (lambda: net(1, Tanh()), Y, None, "mse_loss (guessed)"),
    "from zeros": (lambda: constant(Linear(4, 3), 0.0), CLASSES, None, "cross_entropy (guessed)"),
    "a line": (lambda: Linear(4, 1, rng=0), Y, None, "mse_loss (guessed)"),
    "values": (values, Y[:, 0], None, "mse_loss (guessed)"),
    "values, yes": (values, YES[:, 0], None, "bce_with_logits (guessed)"),
    "values, hinge": (lambda: values(relu), 2 * YES[:, 0] - 1, nn.hinge_loss, "hinge_loss"),
    "values, several": (lambda: values(outputs=2), np.c_[Y, -Y], None, "mse_loss (guessed)"),
    "values, one-hot": (lambda: values(outputs=3), np.eye(3)[CLASSES], None, "mse_loss (guessed)"),
    "loss of rows": (net, Y[:, 0], lambda y, t: ((y.reshape(-1) - t) ** 2).mean(), "<lambda>"),
    "loss of columns": (
        *(net, Y[:, 0], lambda y, t: ((y - t.reshape((-1, 1))) ** 2).mean(), "<lambda>"),
    ),
    "loss of a column": (net, Y[:, 0], lambda y, t: ((y[:, 0] - t) ** 2).mean(), "<lambda>"),
    "any loss": (net, Y, lambda y, t: ((y - t) ** 2).sum(), "<lambda>"),
    "itself": (lambda: nn.Autoencoder([4, 8, 2], rng=0), X, None, "mse_loss (guessed)"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", GOOD)
def test_of_a_good_model_there_is_nothing_to_say(name):
    make, y, loss, named = GOOD[name]
    report = check(make(), X, y, loss)
    assert report, report
    assert report.facts["loss"] == named
    assert repr(report).startswith("nothing to say")
    assert list(report.facts) == ["data", "output", "loss", "start", "one batch"]


def standardized(X):
    return (X - X.mean(axis=0)) / X.std(axis=0)


def real(name):
    """Give a model and data that everybody has."""
    datasets = pytest.importorskip("sklearn.datasets")
    rng = np.random.default_rng(0)
    if name == "digits":
        X, y = datasets.load_digits(return_X_y=True)
        return nn.Sequential(Linear(64, 32, rng=rng), ReLU(), Linear(32, 10, rng=rng)), X / 16, y
    if name == "digits as images":
        X, y = datasets.load_digits(return_X_y=True)
        images = np.kron(X[:200].reshape(-1, 1, 8, 8) / 16, np.ones((4, 4)))
        return nn.LeNet5(rng=rng), images, y[:200]
    if name == "moons":
        X, y = datasets.make_moons(100, noise=0.1, random_state=0)
        return nn.MLP(2, [16, 16, 1], relu, rng), X, 2 * y - 1
    if name == "diabetes":
        X, y = datasets.load_diabetes(return_X_y=True)
        model = nn.Sequential(Linear(10, 32, rng=rng), Tanh(), Linear(32, 1, rng=rng))
        return model, standardized(X), standardized(y[:, None])
    X, y = datasets.load_breast_cancer(return_X_y=True)
    layers = (nn.BatchNorm1d(30), Linear(30, 16, rng=rng), ReLU(), nn.Dropout(0.2, rng=rng))
    return nn.Sequential(*layers, Linear(16, 1, rng=rng)), standardized(X), y[:, None]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["digits", "digits as images", "moons", "diabetes", "cancer"])
def test_nothing_to_say_on_real_data(name):
    report = check(*real(name))
    assert report, report


def test_a_trained_model_is_good_as_well():
    model = net(3)
    nn.fit(
        model,
        (X, CLASSES),
        loss=nn.cross_entropy,
        optimizer=nn.Adam(model.parameters(), 0.01),
        epochs=60,
        progress=False,
    )
    assert check(model, X, CLASSES)


STATEFUL = {
    "tensors": lambda: Sequential(
        *(nn.BatchNorm1d(4), Linear(4, 8, rng=0), ReLU(), nn.Dropout(0.5, rng=1)),
        *(nn.LayerNorm(8), Linear(8, 1, rng=2)),
    ),
    "values": values,
}


@pytest.mark.slow
@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("name", STATEFUL)
def test_nothing_is_changed(name, training):
    model, x, y = STATEFUL[name]().train(training), X.copy(), Y[:, 0].copy()
    y = y if name == "values" else y[:, None]
    for p in model.parameters():
        p.grad = p.data * 2
    before = pickle.dumps((model, x, y))
    report = check(model, x, y)
    assert "one batch" in report.facts
    assert pickle.dumps((model, x, y)) == before


@pytest.mark.parametrize("grad", [None, 2.0])
def test_a_loss_that_uses_the_model_leaves_its_gradients(grad):
    model = net()
    for p in model.parameters():
        p.grad = None if grad is None else p.data * grad
    before = pickle.dumps(model)

    def loss(y, t):
        return nn.mse_loss(y, t) + nn.l2_penalty(model.parameters(), 1e-3)

    assert check(model, X, Y, loss)
    assert pickle.dumps(model) == before


def test_a_0_that_a_pass_has_left_in_a_value_is_put_back():
    model = nn.MLP(4, [1], relu, rng=0)
    set_grads(model.parameters(), [None, 0.0, -0.0, 2.0, None])
    before = pickle.dumps(model)

    def loss(y, t):
        return nn.mse_loss(y, t) + nn.l2_penalty(model.parameters(), 1e-3)

    check(model, X[:8], Y[:8, 0], loss)
    assert pickle.dumps(model) == before


def test_sorted_data_are_drawn_from_everywhere():
    order = np.argsort(Y[:, 0])
    report = check(net(), X[order], Y[order])
    _, guess = numbers(report.facts["start"])
    assert 0.5 * Y.var() < guess < 2 * Y.var()


def test_float32_stays():
    seen = set()

    def loss(y, t):
        seen.add(y.dtype.name)
        return nn.mse_loss(y, t)

    model = Sequential(
        Linear(4, 16, dtype=np.float32, rng=0), Tanh(), Linear(16, 1, dtype=np.float32)
    )
    assert check(model, X, Y, loss)
    assert seen == {"float32"}


def test_a_model_that_takes_too_long_is_not_blamed(monkeypatch):
    monkeypatch.setattr(sys.modules["nn.preflight.check"], "_SECONDS", 0.0)
    report = check(Deaf(), X, Y, nn.mse_loss)
    assert report
    assert "after 1 steps" in report.facts["one batch"]
