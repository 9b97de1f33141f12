"""What nn.fit costs beside the loops that one would write without it, and whether memory stays."""

import gc
import tracemalloc
from functools import partial
from unittest.mock import patch

import numpy as np
from peers import Contestants, use_one_thread
from sklearn.datasets import load_digits, make_moons
from timing import race, show

import nn
from autograd import Tape, Tensor, Value, gradients
from autograd.engine import set_grads

SIZES = (64, 128, 64, 10)
BATCH, EPOCHS, TURNS = 64, 50, 11
STEPS, FEW, MANY = 2000, 3, 10_000

on_tensors, on_values = Contestants(), Contestants()


def digits():
    """Give 22 batches of images and their digits, in float32."""
    X, y = load_digits(return_X_y=True)
    return (X / 16).astype(np.float32)[: 22 * BATCH], y[: 22 * BATCH]


def perceptron():
    """Give the MLP of W4 and its optimizer."""
    how = {"dtype": np.float32, "rng": np.random.default_rng(0)}
    model = nn.Sequential(
        nn.Linear(64, 128, **how), nn.ReLU(),
        nn.Linear(128, 64, **how), nn.ReLU(),
        nn.Linear(64, 10, **how),
    )  # fmt: skip
    return model, nn.Adam(model.parameters(), lr=1e-3)


def epochs_of(step, X, y):
    """Take a step for each batch, in the order of `nn.fit`; give the mean loss of each epoch."""
    rng, found = np.random.default_rng(0), []
    for _ in range(EPOCHS):
        order, total = rng.permutation(len(X)), 0.0
        for start in range(0, len(X), BATCH):
            rows = order[start : start + BATCH]
            total += step(X[rows], y[rows]) * len(rows)
        found.append(total / len(X))
    return found


@on_tensors("fit")
def fit(X, y):
    model, optimizer = perceptron()
    how = {"epochs": EPOCHS, "batch_size": BATCH, "seed": 0}
    return nn.fit(model, (X, y), loss=nn.cross_entropy, optimizer=optimizer, **how)["loss"]


@on_tensors("tape")
def tape(X, y):
    """Record a step, and replay it."""
    model, optimizer = perceptron()
    params = model.parameters()
    leaves = [Tensor(x[:BATCH], constant=True) for x in (X, y.astype(np.float32))]
    loss = nn.cross_entropy(model(leaves[0]), leaves[1])
    replay = Tape([loss, *gradients(loss, params)], inputs=leaves)

    def step(*batch):
        loss, *slopes = replay(*batch)
        for p, slope in zip(params, slopes, strict=True):
            p.grad = slope
        optimizer.step()
        return float(loss)

    return epochs_of(step, X, y)


@on_tensors("eager")
def eager(X, y):
    """Build the graph of each step."""
    model, optimizer = perceptron()

    def step(x, target):
        optimizer.zero_grad()
        loss = nn.cross_entropy(model(x), target)
        loss.backward()
        optimizer.step()
        return loss.item()

    return epochs_of(step, X, y)


@on_tensors("torch", needs=["torch"])
def torch(X, y):
    import torch

    torch.set_num_threads(1)
    ours, _ = perceptron()
    model = torch.nn.Sequential(
        torch.nn.Linear(64, 128), torch.nn.ReLU(),
        torch.nn.Linear(128, 64), torch.nn.ReLU(),
        torch.nn.Linear(64, 10),
    )  # fmt: skip
    model.load_state_dict({name: torch.tensor(x) for name, x in ours.state_dict().items()})
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

    def step(x, target):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(torch.from_numpy(x)), torch.tensor(target))
        loss.backward()
        optimizer.step()
        return loss.item()

    return epochs_of(step, X, y)


def same(losses, first):
    """Compare losses as far as both go; they drift apart as numbers are rounded."""
    both = min(len(losses), len(first))
    np.testing.assert_allclose(losses[:both], first[:both], rtol=1e-2, atol=1e-3)


def moons():
    """Give the samples and the sides of W2."""
    X, y = make_moons(n_samples=100, noise=0.1, random_state=1)
    return X, 2.0 * y - 1.0


def network():
    """Give the 337 Values of W2 and their optimizer."""
    model = nn.MLP(2, [16, 16, 1], rng=1)
    return model, nn.SGD(model.parameters(), lr=0.1)


def fit_values(executor, steps, X, sides):
    model, optimizer = network()
    patience = {"numpy": float("inf"), "numba": 0}[executor]  # else it depends on the steps to come
    with patch("autograd.tape.tape._PATIENCE", patience):
        how = {"epochs": steps, "batch_size": None}
        return nn.fit(model, (X, sides), loss=nn.hinge_loss, optimizer=optimizer, **how)["loss"]


def tape_of_values(executor, steps, X, sides):
    """Record a step of one sample, and replay it on all."""
    model, optimizer = network()
    params = model.parameters()
    leaves = [Value(0.0, constant=True) for _ in range(3)]
    loss = nn.hinge_loss(model(leaves[:2]), leaves[2])
    replay = Tape([loss, *gradients(loss, params)], inputs=leaves, executor=executor)
    losses = []
    for _ in range(steps):
        loss, *slopes = replay(X[:, 0], X[:, 1], sides, reduce="mean")
        set_grads(params, slopes)
        optimizer.step()
        losses.append(loss)
    return losses


def eager_values(steps, X, sides):
    """Build the graph of all samples at each step, as micrograd does."""
    model, optimizer = network()
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        costs = map(nn.hinge_loss, map(model, X.tolist()), sides.tolist())
        loss = sum(costs) / len(X)
        loss.backward()
        optimizer.step()
        losses.append(loss.data)
    return losses


for executor, needs in {"numpy": [], "numba": ["numba"]}.items():
    on_values(f"fit, {executor}", needs=needs)(partial(fit_values, executor, STEPS))
    on_values(f"tape, {executor}", needs=needs)(partial(tape_of_values, executor, STEPS))
on_values("eager")(partial(eager_values, FEW))


def growth(model, X, y):
    """Give the kB that Python holds more at the end of many steps than after a tenth of them."""
    found = {}
    optimizer = nn.SGD(model.parameters(), lr=0.01)
    how = {"loss": nn.mse_loss, "epochs": MANY // len(X), "batch_size": 1, "seed": 0}

    def look(history):
        if history.updates in (MANY // 10, MANY):
            gc.collect()
            found[history.updates], _ = tracemalloc.get_traced_memory()

    tracemalloc.start()
    nn.fit(model, (X, y), optimizer=optimizer, callbacks=[look], **how)
    tracemalloc.stop()
    return (found[MANY] - found[MANY // 10]) / 1e3


class Deciding(nn.Sequential):
    """Asks for a number, and so cannot be recorded."""

    def forward(self, x):
        y = super().forward(x)
        return y if y.data.sum() < 1e9 else 0 * y


def small(kind):
    return kind(nn.Linear(2, 8, rng=0), nn.Tanh(), nn.Linear(8, 1, rng=1))


def main():
    """Print tables of Tensors and of Values, how memory grows, and the ratios."""
    print(f"Tensors: MLP {SIZES} of W4, {EPOCHS} epochs of 22 batches of {BATCH}; an epoch")
    on_tensors.say_who_is_absent()
    seconds = race(on_tensors, [digits()] * TURNS, same)
    seconds = {name: times / EPOCHS for name, times in seconds.items()}
    epochs = {other: show(seconds, other, "ms")["fit"] for other in ("eager", "tape")}

    print(f"Values: MLP 2-16-16-1 of W2, {STEPS:,} steps of 100 samples (eager: {FEW}); a step")
    on_values.say_who_is_absent()
    seconds = race(on_values, [moons()] * 5, same)
    seconds = {name: t / (FEW if name == "eager" else STEPS) for name, t in seconds.items()}
    show(seconds, "tape, numpy")

    X, sides = moons()
    for name, (model, y) in {
        "Tensors, tape": (small(nn.Sequential), sides[:, None]),
        "Tensors, eager": (small(Deciding), sides[:, None]),
        "Values, tape": (nn.MLP(2, [4, 1], rng=0), sides),
    }.items():
        print(f"{name}: {growth(model, X, y):.0f} kB more after {MANY:,} steps, history included")
    for executor in "numpy", "numba":
        if f"fit, {executor}" in seconds:
            share = np.median(seconds[f"fit, {executor}"] / seconds[f"tape, {executor}"])
            print(f"Values: fit {share:.2f}x of a bare loop of tapes, {executor}")
    print(
        f"ratio {epochs['eager']:.2f}x: fit, of a bare eager loop; {epochs['tape']:.2f}x of tapes"
    )


if __name__ == "__main__":
    use_one_thread()
    print("W9: nn.fit beside bare loops, each from the first step")
    main()
