"""Models and data that are checked before training, good ones and bad ones."""

import re

import numpy as np

import nn
from autograd import mean, tanh
from nn import Linear, ReLU, Sequential, check

RNG = np.random.default_rng(0)
X = RNG.normal(size=(200, 4))
CLASSES = (X[:, 0] + X[:, 1] ** 2 > 0.5).astype(int) + (X[:, 2] > 0.5)
YES = (X[:, :1] * X[:, 1:2] > 0).astype(int)
Y = np.tanh(X[:, :1] + X[:, 1:2] * X[:, 2:3])
IMAGES = RNG.integers(0, 256, (200, 2, 2))


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


class Deaf(nn.Module):
    """It gives for a sample what has nothing to do with it."""

    def __init__(self):
        self.layer = Linear(4, 1, rng=0)

    def forward(self, x):
        return mean(self.layer(x), axis=0, keepdims=True) + x[:, :1] * 0.0


def constant(model, number):
    for p in model.parameters():
        p.data = p.data * 0 + number
    return model


def alike(number, activation=ReLU, outputs=1):
    return constant(net(outputs, activation=activation), number)


def only_finding(make, X, y, loss, words):
    """See that a check says what is wrong, and nothing else."""
    report = check(make(), X, y, loss)
    assert not report
    (finding,) = report.findings
    assert words in finding
    assert finding in repr(report)


def numbers(words):
    """Give the numbers in a sentence."""
    return [float(x) for x in re.findall(r"\d+\.?\d*(?:e-?\d+)?", words)]
