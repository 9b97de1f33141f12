"""What a training step of a small MLP on Tensors costs, beside the same step in NumPy by hand."""

from importlib.util import find_spec
from time import perf_counter

import numpy as np
from sklearn.datasets import load_digits

from autograd import Tensor, log_softmax, relu, sum

SIZES = (64, 128, 64, 10)
BATCH, ROUNDS, RATE = 64, 600, 1e-3


def weights():
    """Draw the same initial weights and biases for every contestant, in float32."""
    rng = np.random.default_rng(0)
    shapes = list(zip(SIZES[1:], SIZES[:-1], strict=True))
    drawn = [rng.standard_normal((m, n)) * np.sqrt(2 / n) for m, n in shapes]
    return [x.astype(np.float32) for w in drawn for x in (w, np.zeros(len(w)))]


class Adam:
    """The published rule, on arrays: what stepgrad and NumPy share."""

    def __init__(self, parameters):
        self.moments = [(np.zeros_like(p), np.zeros_like(p)) for p in parameters]
        self.steps = 0

    def update(self, grads):
        """Yield what is subtracted from each parameter."""
        self.steps += 1
        first, second = 1 - 0.9**self.steps, 1 - 0.999**self.steps
        for (m, v), g in zip(self.moments, grads, strict=True):
            m *= 0.9
            m += np.float32(0.1) * g
            v *= 0.999
            v += np.float32(0.001) * g * g
            yield RATE / first * m / (np.sqrt(v / second) + 1e-8)


def by_hand():
    """Give a function that does one step in NumPy alone."""
    parameters = weights()
    adam = Adam(parameters)

    def step(x, target):
        w1, b1, w2, b2, w3, b3 = parameters
        a1 = x @ w1.T + b1
        h1 = np.maximum(a1, 0)
        a2 = h1 @ w2.T + b2
        h2 = np.maximum(a2, 0)
        scores = h2 @ w3.T + b3
        scores -= scores.max(axis=1, keepdims=True)
        logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        loss = -(target * logs).sum() / len(x)
        d3 = (np.exp(logs) - target) / np.float32(len(x))
        d2 = (d3 @ w3) * (a2 > 0)
        d1 = (d2 @ w2) * (a1 > 0)
        grads = [d1.T @ x, d1.sum(0), d2.T @ h1, d2.sum(0), d3.T @ h2, d3.sum(0)]
        for p, change in zip(parameters, adam.update(grads), strict=True):
            p -= change
        return float(loss)

    return step


def stepgrad():
    """Give a function that does one step on Tensors."""
    parameters = [Tensor(p) for p in weights()]
    adam = Adam(weights())

    def step(x, target):
        w1, b1, w2, b2, w3, b3 = parameters
        h1 = relu(x @ w1.T + b1)
        h2 = relu(h1 @ w2.T + b2)
        loss = -sum(log_softmax(h2 @ w3.T + b3) * target) / len(x)
        for p in parameters:
            p.grad = None
        loss.backward()
        for p, change in zip(parameters, adam.update(p.grad for p in parameters), strict=True):
            p.data -= change
        return loss.item()

    return step


def torch_eager():
    """Give a function that does one step in torch."""
    import torch

    torch.set_num_threads(1)
    parameters = [torch.tensor(p, requires_grad=True) for p in weights()]
    adam = torch.optim.Adam(parameters, lr=RATE)

    def step(x, target):
        w1, b1, w2, b2, w3, b3 = parameters
        x, target = torch.from_numpy(x), torch.from_numpy(target)
        h1 = torch.relu(x @ w1.T + b1)
        h2 = torch.relu(h1 @ w2.T + b2)
        loss = -(torch.log_softmax(h2 @ w3.T + b3, 1) * target).sum(1).mean()
        adam.zero_grad()
        loss.backward()
        adam.step()
        return loss.item()

    return step


def main():
    """Let the contestants take turns; all see the same batches."""
    contestants = {"NumPy by hand": by_hand(), "stepgrad": stepgrad()}
    if find_spec("torch"):
        contestants["torch"] = torch_eager()
    X, y = load_digits(return_X_y=True)
    X, targets = (X / 16).astype(np.float32), np.eye(10, dtype=np.float32)[y]
    rng = np.random.default_rng(1)
    seconds = {name: [] for name in contestants}
    for _ in range(ROUNDS):
        batch = rng.integers(0, len(X), BATCH)
        losses = []
        for name, step in contestants.items():
            start = perf_counter()
            losses.append(step(X[batch], targets[batch]))
            seconds[name].append(perf_counter() - start)
        np.testing.assert_allclose(losses, losses[0], rtol=1e-2, atol=1e-3)
    print(f"W4: digits, MLP {SIZES}, batch {BATCH}, Adam, float32; loss {losses[0]:.4f} at the end")
    hand = np.array(seconds["NumPy by hand"])
    for name, times in seconds.items():
        ratio = np.median(np.array(times) / hand)
        print(f"{name:14}{np.median(times) * 1e6:8.0f} us a step{ratio:8.2f}x")
    print(f"ratio {np.median(np.array(seconds['stepgrad']) / hand):.2f}x NumPy by hand")


if __name__ == "__main__":
    main()
