"""The demo micrograd is known for, as each contestant would write it; a process for one of them."""

import json
import sys
from functools import partial
from importlib import import_module
from time import perf_counter

from peers import Contestants

STEPS = 100
DECAY = 1e-4
SHAPES = ((16, 3), (16, 17), (1, 17))  # a row is a neuron: its weights, then its bias

contestants = Contestants()


def rate(k):
    """Give the learning rate of step `k`."""
    return 1 - 0.9 * k / STEPS


def eager(values, networks, X, y, weights):
    """Write the demo as micrograd does: the graph of the whole batch is built at each step."""
    Value = import_module(values).Value
    model = import_module(networks).MLP(2, [16, 16, 1])
    for p, weight in zip(model.parameters(), weights, strict=True):
        p.data = weight

    def step(k):
        scores = [model([Value(number) for number in row]) for row in X]
        losses = [(1 + -yi * score).relu() for yi, score in zip(y, scores, strict=True)]
        loss = sum(losses) * (1 / len(losses)) + DECAY * sum(p * p for p in model.parameters())
        model.zero_grad()
        loss.backward()
        for p in model.parameters():
            p.data -= rate(k) * p.grad
        return loss.data

    return step


contestants("micrograd", needs=["micrograd"])(partial(eager, "micrograd.engine", "micrograd.nn"))
contestants("stepgrad eager", needs=["autograd"])(partial(eager, "autograd", "nn"))


@contestants("casadi VM", needs=["casadi"])
def casadi(X, y, weights):
    """Build the expression of one sample, and map its function over the batch."""
    import casadi
    import numpy as np

    w, sample, label = casadi.SX.sym("w", len(weights)), casadi.SX.sym("x", 2), casadi.SX.sym("y")
    layers = [casadi.reshape(part, m, n).T for part, (n, m) in _blocks(w)]
    h = sample
    for i, layer in enumerate(layers):
        h = layer[:, :-1] @ h + layer[:, -1]
        h = casadi.fmax(h, 0) if i < 2 else h
    loss = casadi.fmax(1 - label * h, 0)
    one = casadi.Function("one", [w, sample, label], [loss, casadi.gradient(loss, w)])
    every = one.map("every", "serial", len(X), [0], [0, 1])  # weights are shared, results summed
    X, y, w = np.array(X).T, np.array(y)[None], np.array(weights)

    def step(k):
        nonlocal w
        loss, slopes = every(w, X, y)
        found = float(loss) / len(y[0]) + DECAY * float(w @ w)
        w = w - rate(k) * (np.asarray(slopes)[:, 0] / len(y[0]) + 2 * DECAY * w)
        return found

    return step


def tape(executor, X, y, weights):
    """Record the loss of one sample and its gradients, and replay them on the batch."""
    import numpy as np

    from autograd import Tape, Value, gradients
    from nn import MLP

    model = MLP(2, [16, 16, 1])
    parameters = model.parameters()
    for p, weight in zip(parameters, weights, strict=True):
        p.data = weight
    x0, x1, label = (Value(number, constant=True) for number in (*X[0], y[0]))
    loss = (1 + -label * model([x0, x1])).relu()
    outputs = [loss, *gradients(loss, parameters)]
    tape = Tape(outputs, inputs=[x0, x1, label], executor=executor)
    columns = *np.array(X).T, np.array(y)
    w = np.array(tape.params)  # in the order of parameters, for so they were made

    def step(k):
        loss, *slopes = tape(*columns, reduce="mean", params=w)
        found = loss + DECAY * float(w @ w)
        w[:] -= rate(k) * (np.array(slopes) + 2 * DECAY * w)
        return found

    return step


contestants("tape, auto", needs=["autograd"])(partial(tape, "auto"))
contestants("tape, numpy", needs=["autograd"])(partial(tape, "numpy"))
contestants("tape, numba", needs=["autograd", "numba"])(partial(tape, "numba"))


@contestants("mygrad", needs=["mygrad"])
def mygrad(X, y, weights):
    import mygrad
    import numpy as np
    from mygrad.nnet import relu

    X, y = np.array(X), np.array(y)[:, None]
    layers = [mygrad.tensor(part) for part in _matrices(np.array(weights))]

    def step(k):
        h = X
        for i, layer in enumerate(layers):
            h = h @ layer[:, :-1].T + layer[:, -1]
            h = relu(h) if i < 2 else h
        decay = sum((layer**2).sum() for layer in layers)
        loss = relu(1 - y * h).mean() + DECAY * decay
        loss.backward()
        for layer in layers:
            layer.data -= rate(k) * layer.grad
        return loss.item()

    return step


@contestants("torch", needs=["torch"])
def torch(X, y, weights):
    import torch

    torch.set_num_threads(1)
    exactly = partial(torch.tensor, dtype=torch.float64)
    X, y = exactly(X), exactly(y)[:, None]
    layers = [part.clone().requires_grad_() for part in _matrices(exactly(weights))]

    def step(k):
        h = X
        for i, layer in enumerate(layers):
            h = h @ layer[:, :-1].T + layer[:, -1]
            h = torch.relu(h) if i < 2 else h
        loss = torch.relu(1 - y * h).mean() + DECAY * sum((layer**2).sum() for layer in layers)
        slopes = torch.autograd.grad(loss, layers)
        with torch.no_grad():
            for layer, slope in zip(layers, slopes, strict=True):
                layer -= rate(k) * slope
        return loss.item()

    return step


@contestants("jax jit", needs=["jax"])
def jax(X, y, weights):
    import jax
    import jax.numpy as np

    jax.config.update("jax_enable_x64", True)
    X, y, w = np.array(X), np.array(y)[:, None], np.array(weights)

    def loss(w):
        h = X
        for i, layer in enumerate(_matrices(w)):
            h = h @ layer[:, :-1].T + layer[:, -1]
            h = jax.nn.relu(h) if i < 2 else h
        return jax.nn.relu(1 - y * h).mean() + DECAY * w @ w

    @jax.jit
    def update(w, rate):
        found, slope = jax.value_and_grad(loss)(w)
        return found, w - rate * slope

    def step(k):
        nonlocal w
        found, w = update(w, rate(k))
        return float(found)

    return step


@contestants("NumPy by hand", needs=["numpy"])
def by_hand(X, y, weights):
    """Write forward and backward pass in matrices; all weights lie in one array."""
    import numpy as np

    X, y, w = np.array(X), np.array(y)[:, None], np.array(weights)
    slope = np.empty_like(w)
    (w1, b1), (w2, b2), (w3, b3) = ((part[:, :-1], part[:, -1]) for part in _matrices(w))
    d1, d2, d3 = _matrices(slope)

    def step(k):
        h1 = np.maximum(X @ w1.T + b1, 0)
        h2 = np.maximum(h1 @ w2.T + b2, 0)
        margin = 1 - y * (h2 @ w3.T + b3)
        loss = np.maximum(margin, 0).mean() + DECAY * (w @ w)
        g3 = (margin > 0) * y / -len(y)
        g2 = (g3 @ w3) * (h2 > 0)
        g1 = (g2 @ w2) * (h1 > 0)
        for d, g, h in (d1, g1, X), (d2, g2, h1), (d3, g3, h2):
            np.matmul(g.T, h, out=d[:, :-1])
            g.sum(axis=0, out=d[:, -1])
        w[:] -= rate(k) * (slope + 2 * DECAY * w)
        return float(loss)

    return step


def _blocks(w):
    start = 0
    for rows, columns in SHAPES:
        yield w[start : start + rows * columns], (rows, columns)
        start += rows * columns


def _matrices(w):
    return [part.reshape(shape) for part, shape in _blocks(w)]


def serve(name):
    """Start anew for each line that comes in, a number of steps; answer with times and losses."""
    given = json.loads(sys.stdin.readline())
    for package in contestants.needs[name]:
        import_module(package)
    imported = perf_counter()
    for line in sys.stdin:
        step = contestants[name](*given)
        seconds, losses = [], []
        for k in range(int(line)):
            before = perf_counter()
            losses.append(step(k))
            seconds.append(perf_counter() - before)
        answer = {"seconds": seconds, "losses": losses, "after imports": perf_counter() - imported}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    serve(sys.argv[1])
