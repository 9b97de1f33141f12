"""What a training step of a small MLP on Tensors costs, beside the same step in NumPy by hand."""

import numpy as np
from peers import Contestants, use_one_thread
from sklearn.datasets import load_digits
from timing import race, show

from autograd import Tape, Tensor, cross_entropy, gradients, linear, mean, relu

SIZES = (64, 128, 64, 10)
BATCH, ROUNDS, RATE = 64, 600, 1e-3

contestants = Contestants()


def weights():
    """Draw the same initial weights and biases for every contestant, in float32."""
    rng = np.random.default_rng(0)
    shapes = list(zip(SIZES[1:], SIZES[:-1], strict=True))
    drawn = [rng.standard_normal((m, n)) * np.sqrt(2 / n) for m, n in shapes]
    return [x.astype(np.float32) for w in drawn for x in (w, np.zeros(len(w)))]


class Adam:
    """The published rule, on arrays: what all share who have no optimizer of their own."""

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


@contestants("NumPy by hand")
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


def loss_of(parameters, x, target):
    """Build the graph of the loss of a batch."""
    w1, b1, w2, b2, w3, b3 = parameters
    h1 = relu(linear(x, w1, b1))
    h2 = relu(linear(h1, w2, b2))
    return mean(cross_entropy(linear(h2, w3, b3), target))


@contestants("eager")
def eager():
    """Give a function that does one step on Tensors."""
    parameters = [Tensor(p) for p in weights()]
    adam = Adam(weights())

    def step(x, target):
        loss = loss_of(parameters, x, target)
        for p in parameters:
            p.grad = None
        loss.backward()
        for p, change in zip(parameters, adam.update(p.grad for p in parameters), strict=True):
            p.data -= change
        return loss.item()

    return step


@contestants("tape")
def tape():
    """Give a function that does one step by replaying a recorded one."""
    parameters = [Tensor(p) for p in weights()]
    adam = Adam(weights())
    x, target = (Tensor(np.ones((BATCH, n), np.float32), constant=True) for n in (64, 10))
    loss = loss_of(parameters, x, target)
    tape = Tape([loss, *gradients(loss, parameters)], inputs=[x, target])
    held = [p.copy() for p in tape.params]  # in the order of parameters, for so they were made

    def step(x, target):
        loss, *grads = tape(x, target, params=held)
        for p, change in zip(held, adam.update(grads), strict=True):
            p -= change
        return float(loss)

    return step


@contestants("torch", needs=["torch"])
def torch():
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


@contestants("mygrad", needs=["mygrad"])
def mygrad():
    """Give a function that does one step in mygrad."""
    import mygrad
    from mygrad.nnet import logsoftmax, relu

    parameters = [mygrad.tensor(p) for p in weights()]
    adam = Adam(weights())

    def step(x, target):
        w1, b1, w2, b2, w3, b3 = parameters
        h1 = relu(x @ w1.T + b1)
        h2 = relu(h1 @ w2.T + b2)
        loss = -(logsoftmax(h2 @ w3.T + b3) * target).sum() / len(x)
        loss.backward()
        for p, change in zip(parameters, adam.update(p.grad for p in parameters), strict=True):
            p.data -= change
        return loss.item()

    return step


@contestants("jax jit", needs=["jax"])
def jax():
    """Give a function that does one step in jax, compiled as a whole."""
    import jax
    import jax.numpy as jnp

    def loss(parameters, x, target):
        w1, b1, w2, b2, w3, b3 = parameters
        h1 = jax.nn.relu(x @ w1.T + b1)
        h2 = jax.nn.relu(h1 @ w2.T + b2)
        return -jnp.sum(jax.nn.log_softmax(h2 @ w3.T + b3) * target) / len(x)

    @jax.jit
    def update(parameters, m, v, steps, x, target):
        found, grads = jax.value_and_grad(loss)(parameters, x, target)
        m = [0.9 * a + 0.1 * g for a, g in zip(m, grads, strict=True)]
        v = [0.999 * a + 0.001 * g * g for a, g in zip(v, grads, strict=True)]
        first, second = 1 - 0.9**steps, 1 - 0.999**steps
        moved = [
            p - RATE / first * a / (jnp.sqrt(b / second) + 1e-8)
            for p, a, b in zip(parameters, m, v, strict=True)
        ]
        return found, (moved, m, v)

    zeros = [np.zeros_like(p) for p in weights()]
    state, steps = (weights(), zeros, zeros), 0

    def step(x, target):
        nonlocal state, steps
        steps += 1
        found, state = update(*state, float(steps), x, target)
        return float(found)

    return step


def batches():
    """Yield random batches of images and one-hot labels."""
    X, y = load_digits(return_X_y=True)
    X, targets = (X / 16).astype(np.float32), np.eye(10, dtype=np.float32)[y]
    rng = np.random.default_rng(1)
    for _ in range(ROUNDS):
        batch = rng.integers(0, len(X), BATCH)
        yield X[batch], targets[batch]


def same(loss, first):
    """Compare losses, which drift apart as float32 rounds."""
    np.testing.assert_allclose(loss, first, rtol=1e-2, atol=1e-3)


if __name__ == "__main__":
    use_one_thread()
    print(f"W4: digits, MLP {SIZES}, batch {BATCH}, Adam, float32")
    contestants.say_who_is_absent()
    seconds = race({name: prepare() for name, prepare in contestants.items()}, batches(), same)
    shares = show(seconds, "NumPy by hand")
    print(f"ratio {shares['eager']:.2f}x eager, {shares['tape']:.2f}x tape, of NumPy by hand")
