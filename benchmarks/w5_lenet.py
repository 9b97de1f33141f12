"""What forward and backward pass of LeNet-5 cost, beside the same in NumPy by hand."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from peers import Contestants, use_one_thread
from timing import race, show

from autograd import Tape, Tensor, gradients
from nn import Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential, cross_entropy

BATCH, ROUNDS, KERNEL, PADDING = 32, 21, 5, 2
SHAPES = ((6, 1, 5, 5), (6,), (16, 6, 5, 5), (16,), (120, 400), (120,), (84, 120), (84,))
SHAPES += ((10, 84), (10,))

contestants = Contestants()


def weights():
    """Draw the same 61,706 weights and biases for every contestant, in float32."""
    rng = np.random.default_rng(0)
    scales = [np.sqrt(2 / np.prod(s[1:])) if len(s) > 1 else 0.1 for s in SHAPES]
    return [
        (rng.standard_normal(shape) * scale).astype(np.float32)
        for shape, scale in zip(SHAPES, scales, strict=True)
    ]


def convolve_samples(x, w, b):
    """Convolve (samples, height, width, channels); give also the way back."""
    channels = x.shape[3]
    windows = sliding_window_view(x, (KERNEL, KERNEL), axis=(1, 2))
    columns = windows.reshape(-1, channels * KERNEL**2)
    matrix = w.reshape(len(w), -1)
    y = (columns @ matrix.T + b).reshape(*windows.shape[:3], len(w))

    def back(g, further):
        g = g.reshape(-1, len(w))
        slopes = (g.T @ columns).reshape(w.shape), g.sum(0)
        if not further:
            return None, *slopes
        spread, found = (g @ matrix).reshape(windows.shape), np.zeros_like(x)
        for i, j in np.ndindex(KERNEL, KERNEL):
            found[:, i : i + y.shape[1], j : j + y.shape[2]] += spread[..., i, j]
        return found, *slopes

    return y, back


def convolve_channels(x, w, b):
    """Convolve (channels, height, width, samples); give also the way back."""
    height, width = x.shape[1] - KERNEL + 1, x.shape[2] - KERNEL + 1
    columns = np.empty((len(x), KERNEL, KERNEL, height, width, x.shape[3]), x.dtype)
    for i, j in np.ndindex(KERNEL, KERNEL):
        columns[:, i, j] = x[:, i : i + height, j : j + width]
    matrix, flat = w.reshape(len(w), -1), columns.reshape(len(x) * KERNEL**2, -1)
    y = (matrix @ flat + b[:, None]).reshape(len(w), height, width, -1)

    def back(g, further):
        g = g.reshape(len(w), -1)
        slopes = (g @ flat.T).reshape(w.shape), g.sum(1)
        if not further:
            return None, *slopes
        spread, found = (matrix.T @ g).reshape(columns.shape), np.zeros_like(x)
        for i, j in np.ndindex(KERNEL, KERNEL):
            found[:, i : i + height, j : j + width] += spread[:, i, j]
        return found, *slopes

    return y, back


def pool(x):
    """Take the largest of 2 by 2 in axes 1 and 2; give also the way back."""
    first, height, width, last = x.shape
    corners = x.reshape(first, height // 2, 2, width // 2, 2, last)
    a, b, c, d = (corners[:, :, i, :, j] for i, j in np.ndindex(2, 2))
    y = np.maximum(np.maximum(a, b), np.maximum(c, d))
    return y, lambda g: ((corners == y[:, :, None, :, None]) * g[:, :, None, :, None]).reshape(
        x.shape
    )


def by_hand(convolve, order):
    """Give the passes in NumPy; images lie in `order`, of the axes of (samples, channels, h, w)."""
    parameters = weights()
    inside = [0 if axis < 2 else PADDING for axis in order]
    to_samples = np.argsort(order)

    def step(x, target):
        w1, b1, w2, b2, w3, b3, w4, b4, w5, b5 = parameters
        x = np.pad(x.transpose(order), [(n, n) for n in inside])
        a1, conv1 = convolve(x, w1, b1)
        p1, pool1 = pool(np.maximum(a1, 0))
        a2, conv2 = convolve(p1, w2, b2)
        p2, pool2 = pool(np.maximum(a2, 0))
        h2 = p2.transpose(to_samples).reshape(BATCH, -1)
        h3 = np.maximum(h2 @ w3.T + b3, 0)
        h4 = np.maximum(h3 @ w4.T + b4, 0)
        scores = h4 @ w5.T + b5
        scores -= scores.max(axis=1, keepdims=True)
        logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        d5 = (np.exp(logs) - target) / np.float32(BATCH)
        d4 = (d5 @ w5) * (h4 > 0)
        d3 = (d4 @ w4) * (h3 > 0)
        d2 = (d3 @ w3).reshape(np.array(p2.shape)[to_samples]).transpose(order)
        d1, *slopes2 = conv2(pool2(d2) * (a2 > 0), True)
        _, *slopes1 = conv1(pool1(d1) * (a1 > 0), False)
        dense = [y for d, h in ((d3, h2), (d4, h3), (d5, h4)) for y in (d.T @ h, d.sum(0))]
        return -(target * logs).sum() / BATCH, [*slopes1, *slopes2, *dense]

    return step


@contestants("NumPy im2col")
def im2col():
    return by_hand(convolve_samples, (0, 2, 3, 1))


@contestants("NumPy, samples last")
def samples_last():
    return by_hand(convolve_channels, (1, 2, 3, 0))


def lenet():
    """Make the net of layers, with the weights of all."""
    net = Sequential(
        *(Conv2d(1, 6, KERNEL, padding=PADDING, dtype=np.float32), ReLU(), MaxPool2d(2)),
        *(Conv2d(6, 16, KERNEL, dtype=np.float32), ReLU(), MaxPool2d(2), Flatten()),
        *(Linear(400, 120, dtype=np.float32), ReLU(), Linear(120, 84, dtype=np.float32), ReLU()),
        Linear(84, 10, dtype=np.float32),
    )
    for parameter, start in zip(net.parameters(), weights(), strict=True):
        parameter.data = start
    return net


@contestants("eager")
def eager():
    net = lenet()
    parameters = net.parameters()

    def step(x, target):
        loss = cross_entropy(net(Tensor(x, constant=True)), target)
        for p in parameters:
            p.grad = None
        loss.backward()
        return loss.item(), [p.grad for p in parameters]

    return step


@contestants("tape")
def tape():
    net = lenet()
    x, target = (Tensor(example, constant=True) for example in next(batches()))
    loss = cross_entropy(net(x), target)
    tape = Tape([loss, *gradients(loss, net.parameters())], inputs=[x, target])

    def step(x, target):
        loss, *slopes = tape(x, target)
        return float(loss), slopes

    return step


@contestants("torch", needs=["torch"])
def torch():
    import torch
    from torch.nn.functional import conv2d, cross_entropy, max_pool2d

    torch.set_num_threads(1)
    parameters = [torch.tensor(p, requires_grad=True) for p in weights()]

    def step(x, target):
        w1, b1, w2, b2, w3, b3, w4, b4, w5, b5 = parameters
        h1 = max_pool2d(torch.relu(conv2d(torch.from_numpy(x), w1, b1, padding=PADDING)), 2)
        h2 = max_pool2d(torch.relu(conv2d(h1, w2, b2)), 2).flatten(1)
        h3 = torch.relu(h2 @ w3.T + b3)
        h4 = torch.relu(h3 @ w4.T + b4)
        loss = cross_entropy(h4 @ w5.T + b5, torch.from_numpy(target))
        return loss.item(), [y.numpy() for y in torch.autograd.grad(loss, parameters)]

    return step


@contestants("mygrad", needs=["mygrad"])
def mygrad():
    import mygrad
    from mygrad.nnet import conv_nd, logsoftmax, max_pool, relu

    parameters = [mygrad.tensor(p) for p in weights()]

    def step(x, target):
        w1, b1, w2, b2, w3, b3, w4, b4, w5, b5 = parameters
        y1 = conv_nd(x, w1, stride=1, padding=PADDING) + b1.reshape(-1, 1, 1)
        h1 = max_pool(relu(y1), (2, 2), 2)
        y2 = conv_nd(h1, w2, stride=1) + b2.reshape(-1, 1, 1)
        h2 = max_pool(relu(y2), (2, 2), 2).reshape(BATCH, -1)
        h3 = relu(h2 @ w3.T + b3)
        h4 = relu(h3 @ w4.T + b4)
        loss = -(logsoftmax(h4 @ w5.T + b5) * target).sum() / BATCH
        loss.backward()
        return loss.item(), [p.grad for p in parameters]

    return step


@contestants("jax jit", needs=["jax"])
def jax():
    import jax
    import jax.numpy as jnp
    from jax.lax import conv, reduce_window
    from jax.lax import max as larger

    def pooled(x):
        return reduce_window(x, -np.inf, larger, (1, 1, 2, 2), (1, 1, 2, 2), "VALID")

    def loss(parameters, x, target):
        w1, b1, w2, b2, w3, b3, w4, b4, w5, b5 = parameters
        h1 = pooled(jax.nn.relu(conv(x, w1, (1, 1), "SAME") + b1[:, None, None]))
        h2 = pooled(jax.nn.relu(conv(h1, w2, (1, 1), "VALID") + b2[:, None, None]))
        h3 = jax.nn.relu(h2.reshape(BATCH, -1) @ w3.T + b3)
        h4 = jax.nn.relu(h3 @ w4.T + b4)
        return -jnp.sum(jax.nn.log_softmax(h4 @ w5.T + b5) * target) / BATCH

    both, parameters = jax.jit(jax.value_and_grad(loss)), [jnp.array(p) for p in weights()]

    def step(x, target):
        found, slopes = jax.block_until_ready(both(parameters, x, target))
        return float(found), [np.asarray(y) for y in slopes]

    return step


def batches():
    """Yield random images and one-hot labels."""
    rng = np.random.default_rng(1)
    for _ in range(ROUNDS):
        x = rng.standard_normal((BATCH, 1, 28, 28)).astype(np.float32)
        yield x, np.eye(10, dtype=np.float32)[rng.integers(0, 10, BATCH)]


def same(found, first):
    """Compare losses and gradients."""
    np.testing.assert_allclose(found[0], first[0], rtol=1e-4)
    for slope, expected in zip(found[1], first[1], strict=True):
        # Rounding decides now and then which number of a window is the largest.
        assert np.linalg.norm(slope - expected) < 0.02 * np.linalg.norm(expected)


if __name__ == "__main__":
    use_one_thread()
    print(f"W5: LeNet-5, images of 28 by 28, batch {BATCH}, forward and backward, float32")
    contestants.say_who_is_absent()
    seconds = race({name: prepare() for name, prepare in contestants.items()}, batches(), same)
    shares = show(seconds, "NumPy im2col", "ms")
    print(f"ratio {shares['eager']:.2f}x eager, {shares['tape']:.2f}x tape, of NumPy im2col")
