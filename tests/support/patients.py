"""Models and data that are looked at while they are trained."""

import warnings
from itertools import pairwise

import numpy as np

import nn
from autograd import Tape, Value, concatenate, gradients, relu, tanh
from autograd import max as largest
from autograd.engine import set_grads
from nn.health.findings import HealthWarning
from nn.health.monitor import Examination

RNG = np.random.default_rng(0)
X = np.clip(RNG.normal(0.3, 0.35, (256, 64)), 0, 1)  # many zeros, as in pictures of digits
Y = (X @ RNG.normal(size=(64, 10))).argmax(axis=1)


def stack(activation, *sizes, std=None):
    rng, layers = np.random.default_rng(0), []
    for i, shape in enumerate(pairwise(sizes)):
        layers += [activation()] if i else []
        layers.append(nn.Linear(*shape, rng=rng))
        if std:
            nn.init.normal_(layers[-1].weight, std=std, rng=rng)
    return nn.Sequential(*layers)


def train(model, optimizer, updates=64, X=X, y=Y, loss=nn.cross_entropy, batch=64):
    """Train as a fit does, and give what was seen and the warnings."""
    examination, rng = Examination(model), np.random.default_rng(0)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for update in range(1, updates + 1):
            rows = rng.permutation(len(X))[:batch]
            model.zero_grad()
            loss(model(X[rows]), y[rows]).backward()
            before = {p: p.data for p in model.parameters()}
            optimizer.step()
            if examination.is_due(update):
                examination.look(update, X[rows], before)
    return examination.health, [w for w in caught if issubclass(w.category, HealthWarning)]


def train_values(model, loss, lr, updates=256, batch=32):
    """Train a model of Values on moons."""
    rng, t = np.random.default_rng(0), np.linspace(0, np.pi, 50)
    X = np.r_[np.c_[np.cos(t), np.sin(t)], np.c_[1 - np.cos(t), 0.5 - np.sin(t)]]
    X, y = X + rng.normal(0, 0.1, X.shape), np.repeat([-1.0, 1.0], 50)
    inputs = [Value(0.0, constant=True) for _ in range(3)]
    cost = loss(model(inputs[:2]), inputs[2])
    parameters = model.parameters()
    tape = Tape([cost, *gradients(cost, parameters)], inputs)
    examination, optimizer = Examination(model), nn.SGD(parameters, lr)
    for update in range(1, updates + 1):
        rows = rng.permutation(100)[:batch]
        _, *grads = tape(*X[rows].T, y[rows], reduce="mean")
        before = {p: p.data for p in parameters}
        set_grads(parameters, grads)
        optimizer.step()
        if examination.is_due(update):
            examination.look(update, X[rows], before)
    return examination.health


class Pooled(nn.Module):
    """A pooling stands between a layer and its activation, and a second way passes it by."""

    def __init__(self):
        self.conv = nn.Conv2d(1, 4, 3, rng=0)
        self.norm = nn.BatchNorm1d(64)
        self.out = nn.Linear(68, 10, rng=1)

    def forward(self, x):
        x = self.norm(x)
        found = self.conv(x.reshape((-1, 1, 8, 8))).reshape((len(x), 4, -1))
        return self.out(concatenate([x, relu(largest(found, axis=2))], axis=1))


def biased(activation):
    model = stack(activation, 64, 32, 10)
    model[0].bias.data = np.full(32, -100.0)
    return model


def of_values(activation=tanh):
    return nn.MLP(2, [3, 1], activation, np.random.default_rng(0))


def of_tensors():
    return nn.Sequential(nn.Linear(2, 3, rng=0), nn.Tanh(), nn.Linear(3, 1, rng=0))


def fitted(model, lr=0.01, **how):
    X = np.random.default_rng(0).normal(size=(32, 2))
    y = X[:, 0] if isinstance(model, nn.MLP) else X[:, :1]
    optimizer = nn.SGD(model.parameters(), lr)
    return nn.fit(model, (X, y), loss=nn.mse_loss, optimizer=optimizer, **how)
