"""Before training, each fault is found and said with a way out; good models are left in peace."""

import pickle
import re
import sys
import threading
from functools import partial

import numpy as np
import pytest

import nn
from autograd import Tensor, log, mean, relu, tanh
from nn import Linear, ReLU, Sequential, Sigmoid, Softmax, Tanh, check
from nn.preflight.inputs import about_inputs

RNG = np.random.default_rng(0)
X = RNG.normal(size=(200, 4))
CLASSES = (X[:, 0] + X[:, 1] ** 2 > 0.5).astype(int) + (X[:, 2] > 0.5)
YES = (X[:, :1] * X[:, 1:2] > 0).astype(int)
Y = np.tanh(X[:, :1] + X[:, 1:2] * X[:, 2:3])


def net(outputs=1, *ends, activation=ReLU, inputs=4, std=None):
    rng = np.random.default_rng(1)
    model = Sequential(
        Linear(inputs, 32, rng=rng), activation(), Linear(32, outputs, rng=rng), *ends
    )
    if std:
        nn.init.normal_(model[0].weight, std=std, rng=rng)
        nn.init.normal_(model[2].weight, std=std, rng=rng)
    return model


def values(activation=tanh, outputs=1):
    return nn.MLP(4, [8, outputs], activation, np.random.default_rng(0))


def with_one(array, place, number):
    array = np.array(array, dtype=object if isinstance(number, str) else float)
    array[place] = number
    return array


def with_column(number):
    table = X.copy()
    table[:, 2] = number
    return table


class Blind(nn.Module):
    """One layer is not used, and one is cut off."""

    def __init__(self):
        self.used, self.lost = Linear(4, 1, rng=0), Linear(4, 1, rng=1)
        self.cut = Linear(4, 4, rng=2)

    def forward(self, x):
        return self.used(Tensor(self.cut(x).data, constant=True))


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


class Deaf(nn.Module):
    """It gives for a sample what has nothing to do with it."""

    def __init__(self):
        self.layer = Linear(4, 1, rng=0)

    def forward(self, x):
        return mean(self.layer(x), axis=0, keepdims=True) + x[:, :1] * 0.0


def biased():
    model = net()
    model[0].bias.data = np.full(32, -100.0)
    return model


def sunk():
    layers = []
    rng = np.random.default_rng(0)
    for _ in range(11):
        layers += [Linear(32 if layers else 4, 32, rng=rng), Sigmoid()]
    return Sequential(*layers, Linear(32, 1, rng=rng))


def loud():
    model = net(3)
    model[2].weight.data = model[2].weight.data * 1e3
    return model


def steep():
    model = net()
    model[0].weight.data = model[0].weight.data * 1e-4
    model[2].weight.data = model[2].weight.data * 1e5
    return model


class Flat(nn.Module):
    """It gives numbers, rather than rows of one."""

    def forward(self, x):
        return x.reshape((-1,))


def constant(model, number):
    for p in model.parameters():
        p.data = p.data * 0 + number
    return model


def alike(number, activation=ReLU, outputs=1):
    return constant(net(outputs, activation=activation), number)


def locked():
    model = net()
    model.lock = threading.Lock()
    return model


# name: (model, X, y, loss or None, words that the only finding has)
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
    "flat targets": (net, X, Y[:, 0], nn.mse_loss, "Give y.reshape(-1, 1)"),
    "flat yes": (
        net,
        X,
        YES[:, 0],
        None,
        "(n, 1) and targets of shape (n,). Give y.reshape(-1, 1)",
    ),
    "column of classes": (lambda: net(3), X, CLASSES[:, None], None, "Give y.reshape(-1)"),
    "column for values": (values, X, Y, None, "shape (n,) and targets of shape (n, 1)"),
    "more outputs": (lambda: net(3), X, Y, nn.mse_loss, "Give one target for each output"),
    "one score": (net, X, YES[:, 0], nn.cross_entropy, "Give it one output for each class"),
    "same samples": (net, np.ones((200, 4)), Y, None, "all 200 samples are the same"),
    "constant column": (net, with_column(3.0), Y, None, "column 2 of X is constant, 3 in all"),
    "unequal columns": (net, X * [1, 1, 1, 1e4], Y, None, "column 3 of X spans"),
    "large": (net, X * 1e4, Y, None, "the numbers of X are of the size 1e+04"),
    "large images": (
        lambda: Sequential(nn.Flatten(), net()),
        RNG.integers(0, 256, (200, 2, 2)),
        Y,
        None,
        "the numbers of X are of the size 14",
    ),
    "same targets": (net, X, np.full((200, 1), 3.0), None, "all 200 targets are [3.]"),
    "labels from 1": (
        lambda: net(3),
        X,
        CLASSES + 1,
        None,
        "labels run from 1 to 3; the model gives 3",
    ),
    "label too high": (
        lambda: net(2),
        X,
        CLASSES,
        None,
        "gives 2 scores, for classes 0 to 1. Give it",
    ),
    "signs as classes": (lambda: net(2), X, 2 * YES[:, 0] - 1, None, "Give (y + 1) // 2"),
    "no shares": (lambda: net(3), X, np.eye(3)[CLASSES] * 2, nn.cross_entropy, "add up to 1"),
    "double softmax": (
        lambda: net(3, Softmax()),
        X,
        CLASSES,
        None,
        "applies one itself: leave softmax",
    ),
    "double sigmoid": (lambda: net(1, Sigmoid()), X, YES, nn.bce_with_logits, "leave sigmoid out"),
    "tanh as logit": (lambda: net(3, Tanh()), X, CLASSES, None, "tanh, which gives -1 to 1"),
    "relu as logit": (lambda: net(1, ReLU()), X, YES, None, "relu, which gives 0 to inf"),
    "no probabilities": (net, X, YES, nn.binary_cross_entropy, "or end in nn.Sigmoid"),
    "no logarithms": (lambda: net(3), X, CLASSES, nn.nll_loss, "Use nn.cross_entropy"),
    "signs for bce": (net, X, 2 * YES - 1, nn.bce_with_logits, "takes 0 to 1. Give (y + 1) / 2"),
    "yes for hinge": (net, X, YES, nn.hinge_loss, "give 2 * y - 1"),
    "hinge of relu": (lambda: net(1, ReLU()), X, 2 * YES - 1, nn.hinge_loss, "leave relu out"),
    "hinge of values": (values, X, YES[:, 0], nn.hinge_loss, "a target is 0, and hinge_loss takes"),
    "far targets": (net, X, 50 + 20 * Y, None, "Standardize them: (y - y.mean()) / y.std()"),
    "narrow targets": (net, X, Y / 1e4, None, "and spread 6.67e-05"),
    "beyond tanh": (lambda: net(1, Tanh()), X, 2 * Y, None, "tanh gives -1 to 1"),
    "beyond relu": (
        lambda: net(1, ReLU()),
        X,
        Y,
        None,
        "lie beyond what the last activation gives",
    ),
    "beyond sigmoid": (lambda: net(1, Sigmoid()), X, Y, None, "sigmoid gives 0 to 1"),
    "frozen": (lambda: net().freeze(), X, Y, None, "and 193 numbers that may not"),
    "no parameters": (Hidden, X, Y, None, "Keep leaves in attributes"),
    "cut off": (
        Blind,
        X,
        Y,
        None,
        "no gradient reaches lost.weight, lost.bias, cut.weight, ..., 4 of 6",
    ),
    "perceptron": (
        lambda: nn.Perceptron([1.0] * 4),
        X,
        YES[:, 0],
        nn.mse_loss,
        "no way back from the loss: step: it has no gradient",
    ),
    "dead": (biased, X, Y, None, "100% of the units of layer 0 are dead"),
    "saturated": (
        lambda: net(activation=Tanh, std=30),
        X,
        Y,
        None,
        "units of layer 0 are saturated",
    ),
    "vanishing": (sunk, X, Y, None, "of that of layer 22; below 1e-04"),
    "exploding": (steep, X, Y, None, "times as large as its weights"),
    "loud": (loud, X, CLASSES, None, "and a constant guess has 1.1; more than 30 times"),
    "too few labels": (lambda: net(2), X, CLASSES + 1, None, "the label in row 0 is "),
    "softmax, reshaped": (
        lambda: net(3, Softmax(), nn.Flatten()),
        X,
        CLASSES,
        None,
        "leave softmax",
    ),
    "softmax, smoothed": (
        lambda: net(3, Softmax()),
        X,
        CLASSES,
        partial(nn.cross_entropy, label_smoothing=0.1),
        "leave softmax out",
    ),
    "softmax, hidden": (
        lambda: net(3, Softmax()),
        X,
        CLASSES,
        lambda y, t: nn.cross_entropy(y, t),
        "4 samples cannot be learned by heart",
    ),
    "one sample": (
        lambda: Sequential(nn.BatchNorm1d(4), net()),
        X[:1],
        Y[:1],
        None,
        "which has no spread in a feature",
    ),
    "not a number": (net, X, Y, lambda y, t: log(y - y).sum() * 0, "is nan before any step"),
    "two results": (Twin, X, Y, None, "it gives a tuple. Let it give a Tensor"),
    "deaf": (Deaf, X, Y, nn.mse_loss, "4 samples cannot be learned by heart"),
    "broadcast": (
        net,
        X,
        Y[:, 0],
        lambda y, t: ((y - t) ** 2).mean(),
        "targets (n,), and the loss compares each output with all targets: arrays of these "
        "shapes are broadcast to (n, n). Give y.reshape(-1, 1).",
    ),
    "broadcast, the other way": (
        lambda: Sequential(net(), Flat()),
        X,
        Y,
        lambda y, t: abs(y - t).sum(),
        "outputs have shape (n,) and targets (n, 1), and the loss compares each output with all "
        "targets: arrays of these shapes are broadcast to (n, n). Give y.reshape(-1).",
    ),
    "zeros": (lambda: alike(0.0), X, Y, None, "all units of layer 0 have the same weights and"),
    "zeros of tanh": (lambda: alike(0.0, Tanh), X, Y, None, "all units of layer 0 have the same"),
    "constant": (lambda: alike(0.1), X, Y, None, "all units of layer 0 have the same"),
    "constant, classes": (lambda: alike(0.1, outputs=3), X, CLASSES, None, "at random: nn.init"),
    "alike neurons": (
        lambda: constant(values(), 0.3),
        X,
        Y[:, 0],
        None,
        "all units of layer layers.0 have the same",
    ),
    "lock": (locked, X, Y, None, "the model cannot be copied, and a copy is what is tried: cannot"),
    "foreign loss": (
        net,
        X,
        Y,
        lambda y, t: y.nonsense,
        "<lambda> does not take what the model gives",
    ),
}


@pytest.fixture
def patient(monkeypatch):
    """Let a model learn for as long as it takes, on a slow machine too."""
    monkeypatch.setattr(sys.modules["nn.preflight.check"], "_SECONDS", np.inf)


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_the_only_finding(name):
    make, X, y, loss, words = FAULTS[name]
    report = check(make(), X, y, loss)
    assert not report
    (finding,) = report.findings
    assert words in finding
    assert finding in repr(report)


def test_faults_of_different_kinds_are_told_together():
    report = check(net(3, Softmax()), with_column(3.0), CLASSES)
    assert len(report.findings) == 2
    assert repr(report).startswith("2 findings\n- column 2")


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


def numbers(words):
    """Give the numbers in a sentence."""
    return [float(x) for x in re.findall(r"\d+\.?\d*(?:e-?\d+)?", words)]


def test_sorted_data_are_drawn_from_everywhere():
    order = np.argsort(Y[:, 0])
    report = check(net(), X[order], Y[order])
    _, guess = numbers(report.facts["start"])
    assert 0.5 * Y.var() < guess < 2 * Y.var()


def test_by_heart_is_far_better_than_a_guess():
    model = net()
    model[2].weight.data = 10 * model[2].weight.data
    report = check(model, X, Y)
    start, guess = numbers(report.facts["start"])
    assert start > 3 * guess
    assert numbers(report.facts["one batch"])[1] < 0.1 * guess


def test_each_rate_begins_anew(monkeypatch):
    monkeypatch.setattr(sys.modules["nn.preflight.overfit"], "_RATES", (1e3, 1e-2))
    report = check(net(), X, Y)
    assert report
    assert "Adam(lr=0.01)" in report.facts["one batch"]


def test_columns_that_hardly_vary_say_nothing_about_spans():
    rare = np.where(np.arange(200) % 100 == 0, 1e-3, 0.0)
    assert [*about_inputs(np.c_[X, rare, np.zeros(200)])] == []
    assert len([*about_inputs(np.c_[X, rare * 0 + 2, X[:, 0] * 1e-3])]) == 2


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
