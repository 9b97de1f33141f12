"""A model that cannot learn a few samples by heart is found, and what keeps it from that."""

import sys

import numpy as np
import pytest
from preflights import CLASSES, YES, Deaf, X, Y, alike, constant, net, numbers, only_finding, values

import nn
from autograd import Tensor
from nn import Linear, Sequential, Sigmoid, Softmax, Tanh, check


class Blind(nn.Module):
    """One layer is not used, and one is cut off."""

    def __init__(self):
        self.used, self.lost = Linear(4, 1, rng=0), Linear(4, 1, rng=1)
        self.cut = Linear(4, 4, rng=2)

    def forward(self, x):
        return self.used(Tensor(self.cut(x).data, constant=True))


class Unheard(nn.Module):
    """One neuron is not used."""

    def __init__(self):
        self.used, self.lost = nn.Neuron(4, None, rng=0), nn.Neuron(1, None, rng=1)

    def forward(self, x):
        return self.used(x)


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


FAULTS = {
    "cut off": (
        Blind,
        X,
        Y,
        None,
        "no gradient reaches lost.weight, lost.bias, cut.weight and 1 more, 4 of 6",
    ),
    "cut off, values": (
        Unheard,
        X,
        Y[:, 0],
        None,
        "no gradient reaches lost.w.0, lost.b, 2 of 7 parameters",
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
    "softmax, hidden": (
        lambda: net(3, Softmax()),
        X,
        CLASSES,
        lambda y, t: nn.cross_entropy(y, t),
        "4 samples cannot be learned by heart",
    ),
    "deaf": (Deaf, X, Y, nn.mse_loss, "4 samples cannot be learned by heart"),
    "broadcast": (
        net,
        X,
        Y[:, 0],
        lambda y, t: ((y - t) ** 2).mean(),
        "targets (n,), and it compares each output with all targets: arrays of these "
        "shapes are broadcast to (n, n). Give y.reshape(-1, 1).",
    ),
    "broadcast, the other way": (
        lambda: Sequential(net(), Flat()),
        X,
        Y,
        lambda y, t: abs(y - t).sum(),
        "outputs have shape (n,) and targets (n, 1), and it compares each output with all "
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
}


@pytest.mark.slow
@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_the_only_finding(name):
    only_finding(*FAULTS[name])


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
