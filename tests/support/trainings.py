"""Models, data and losses to be trained with `fit`, and the loop that it is compared with."""

import numpy as np
import pytest

import nn
from autograd import Tensor, Value, relu


def table(samples=23, features=3, classes=None, seed=5):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(samples, features))
    if classes is None:
        return X, np.sin(X.sum(axis=1, keepdims=True))
    return X, rng.integers(0, classes, samples)


def images():
    rng = np.random.default_rng(6)
    return rng.normal(size=(11, 1, 6, 6)), rng.integers(0, 3, 11)


class Residual(nn.Module):
    """A forward of its own, with an op that is no layer."""

    def __init__(self):
        self.first, self.last = nn.Linear(3, 3, rng=0), nn.Linear(3, 1, rng=1)

    def forward(self, x):
        return self.last(relu(self.first(x)) + x)


class Asking(nn.Module):
    """Python decides by numbers in it, so no tape is right."""

    def __init__(self):
        self.linear = nn.Linear(3, 1, rng=0)

    def forward(self, x):
        y = self.linear(x)
        return y if y.data.sum() > 0 else 2 * y


class Counting(nn.Module):
    """It keeps count of its calls, which a replay would not."""

    def __init__(self):
        self.linear, self.calls = nn.Linear(3, 1, rng=0), 0

    def forward(self, x):
        self.calls += 1
        return self.linear(x) * (1 + 1 / self.calls)


class Pair(nn.Module):
    """Values that give two numbers for each sample."""

    def __init__(self):
        self.layer = nn.Layer(3, 2, rng=np.random.default_rng(3))

    def forward(self, x):
        return self.layer(x)


class Doubting(nn.Module):
    """Values, and Python decides."""

    def __init__(self):
        self.w = [Value(0.1 * k - 0.2) for k in range(3)]

    def forward(self, x):
        y = sum((w * xi for w, xi in zip(self.w, x, strict=True)), Value(0.0, constant=True))
        return y if y.data > 0 else 3 * y


def network(*middle, dtype=np.float64, outputs=1):
    rng = np.random.default_rng(2)
    how = {"rng": rng, "dtype": dtype}
    return nn.Sequential(nn.Linear(3, 8, **how), nn.Tanh(), *middle, nn.Linear(8, outputs, **how))


def convolutional():
    rng = np.random.default_rng(4)
    return nn.Sequential(
        nn.Conv2d(1, 2, 3, rng=rng),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(8, 3, rng=rng),
    )


def neurons():
    return nn.MLP(3, [4, 1], rng=np.random.default_rng(1))


def flat_target(data):
    return data[0], data[1].ravel()


# name: model, data, loss, whether a tape is right for it
CASES = {
    "network": (network, table(), nn.mse_loss, True),
    "float32": (lambda: network(dtype=np.float32), table(), nn.mse_loss, True),
    "classes": (lambda: network(outputs=4), table(classes=4), nn.cross_entropy, True),
    "dropout": (lambda: network(nn.Dropout(0.3, rng=9)), table(), nn.mse_loss, True),
    "layer norm": (lambda: network(nn.LayerNorm(8)), table(), nn.l1_loss, True),
    "batch norm": (lambda: network(nn.BatchNorm1d(8)), table(24), nn.mse_loss, False),
    "both": (
        lambda: network(nn.BatchNorm1d(8), nn.Dropout(0.3, rng=9)),
        table(24),
        nn.mse_loss,
        False,
    ),
    "images": (convolutional, images(), nn.cross_entropy, True),
    "residual": (Residual, table(), nn.huber_loss, True),
    "asking": (Asking, table(), nn.mse_loss, False),
    "counting": (Counting, table(), nn.mse_loss, False),
    "neurons": (neurons, flat_target(table()), nn.mse_loss, True),
    "pair": (Pair, (table()[0], table()[0][:, :2]), nn.mse_loss, True),
    "doubting": (Doubting, flat_target(table()), nn.mse_loss, False),
}
every_case = pytest.mark.parametrize("name", CASES)


def of_values(model):
    return any(isinstance(leaf, Value) for _, leaf in model.named_leaves())


def written_out(model, data, loss, optimizer, epochs, batch_size, seed, schedule=None):
    """Train as one does without fit; give the mean loss of each epoch."""
    dtype = next(
        (leaf.dtype for _, leaf in model.named_leaves() if isinstance(leaf, Tensor)), float
    )
    X, y = data[0].astype(dtype), data[1]
    y = y.astype(dtype) if y.dtype.kind == "f" else y
    rng, means = np.random.default_rng(seed), []
    model.train()
    for _ in range(epochs):
        costs = []
        order = rng.permutation(len(X)) if batch_size < len(X) else np.arange(len(X))
        for start in range(0, len(X), batch_size):
            rows = order[start : start + batch_size]
            optimizer.zero_grad()
            if of_values(model):
                pairs = zip(X[rows].tolist(), y[rows].tolist(), strict=True)
                cost = sum((loss(model(x), t) for x, t in pairs), Value(0.0)) / len(rows)
            else:
                cost = loss(model(Tensor(X[rows], constant=True)), y[rows])
            cost.backward()
            optimizer.step()
            costs += [float(cost.data)] * len(rows)
        if schedule:
            schedule.step()
        means.append(np.mean(costs))
    return means


def numbers(model):
    return {name: (x.dtype.str, x.tobytes()) for name, x in model.state_dict().items()}


def close(model, other, rtol):
    for name, x in other.state_dict().items():
        np.testing.assert_allclose(model.state_dict()[name], x, rtol=rtol, atol=rtol, err_msg=name)


def fitted(model, data=None, **how):
    options = {"loss": nn.mse_loss, "optimizer": nn.SGD(model.parameters(), lr=0.05), "seed": 1}
    return nn.fit(model, data or table(), **{**options, **how})


class Line(nn.Module):
    """A linear layer with some more in it."""

    def __init__(self, **more):
        self.linear = nn.Linear(3, 1, rng=0)
        vars(self).update(more)

    def forward(self, x):
        return self.linear(x)


class Penalized(Line):
    """Its loss is made in forward."""

    def forward(self, x):
        y = self.linear(x)
        self.penalty = (y * y).mean()
        return y


def with_penalty(model, optimizer, schedule):
    return lambda p, t: nn.mse_loss(p, t) + model.penalty


def trained(**how):
    """Train a layer for a moment."""
    model = nn.Linear(2, 1, rng=0)
    X = np.random.default_rng(0).normal(size=(12, 2))
    options = {"loss": nn.mse_loss, "optimizer": nn.SGD(model.parameters(), lr=0.1), "seed": 0}
    return nn.fit(model, (X, X[:, :1]), **{**options, **how})
