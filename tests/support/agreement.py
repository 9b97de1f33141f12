"""How far results of two programs are apart, and graphs on which they are compared."""

import numpy as np
from samples import ARRAY_CALLS, ELEMENTWISE_CALLS

from autograd import (
    Tape,
    Tensor,
    Value,
    backprop,
    concatenate,
    einsum,
    exp,
    gradients,
    log,
    log_softmax,
    logsumexp,
    max,
    mean,
    pad,
    prod,
    relu,
    reshape,
    sigmoid,
    softmax,
    softplus,
    sqrt,
    sum,
    tanh,
    unfold,
    var,
)

CALLS = ELEMENTWISE_CALLS + ARRAY_CALLS  # each row on arrays of many shapes, with all its options


def apart(found, expected):
    """Largest distance, relative to the largest number if that is above 1."""
    found, expected = np.asarray(found), np.asarray(expected)
    assert found.shape == expected.shape, (found.shape, expected.shape)
    np.testing.assert_array_equal(np.isfinite(found), np.isfinite(expected))
    finite = np.isfinite(expected)
    distance = np.abs(found[finite] - expected[finite])
    return np.max(distance, initial=0.0) / np.max(np.abs(expected[finite]), initial=1.0)


def scale_of(output):
    """The largest contribution of a pass: rounding errors are measured against it."""
    passed = [x for step in backprop(output) for x in step.contributions if x is not None]
    return float(np.max(np.abs([1.0, *passed])))


def tape_of(call):
    """A row as a program whose operands are inputs."""
    leaves = call.leaves()
    return Tape([call(*leaves)], inputs=leaves)


def _numbers(f, *numbers):
    leaves = [Value(x, name=f"x{k}") for k, x in enumerate(numbers)]
    return leaves, f(*leaves)


def _arrays(f, *shapes):
    dice = np.random.default_rng(len(shapes))
    leaves = [Tensor(dice.normal(size=shape), name=f"x{k}") for k, shape in enumerate(shapes)]
    return leaves, f(*leaves)


def _network(x, w1, b1, w2, b2):
    return -mean(log_softmax(relu(x @ w1 + b1) @ w2 + b2)[range(6), [0, 2, 1, 1, 0, 2]])


def _convolution(x, w):
    windows = reshape(unfold(pad(x, ((0, 0), (1, 1), (1, 1))), (3, 3), 2), (2, 9, -1))
    return mean(max(reshape(w, (4, 9)) @ windows, axis=-1) ** 2)


def _attention(q, k, v):
    return sum(softmax(q @ k.mT / np.sqrt(3) + np.where(np.tri(4), 0.0, -np.inf)) @ v * v)


GRAPHS = {
    "neuron": _numbers(lambda x, w, b: tanh(w * x + b), 0.3, -0.8, 0.1),
    "loss": _numbers(lambda x, y, w: (sigmoid(w * x) - y) ** 2, 1.5, 1.0, 0.4),
    "powers": _numbers(lambda x, y: x**3 - 2 * x * y + 2.0**y, 1.2, 0.7),
    "logarithm": _numbers(lambda x: log(softplus(x)) / (1 + x * x), 0.9),
    "chain": _numbers(lambda x: exp(tanh(exp(-x * x))), -0.4),
    "network": _arrays(_network, (6, 4), (4, 5), (5,), (5, 3), (3,)),
    "convolution": _arrays(_convolution, (2, 5, 5), (4, 3, 3)),
    "attention": _arrays(_attention, (2, 4, 3), (2, 4, 3), (2, 4, 3)),
    "norm": _arrays(lambda x: sum((x - mean(x, 0)) / sqrt(var(x, 0) + 1e-5) * tanh(x)), (5, 3)),
    "products": _arrays(lambda x, y: sum(prod(concatenate([x, y]), axis=0) ** 2), (2, 3), (1, 3)),
    "einsum": _arrays(lambda x, y: sum(einsum("ij,jk->ik", x, y) ** 3), (2, 3), (3, 2)),
    "logsumexp": _arrays(lambda x: logsumexp(x * x[::-1], axis=1)[0], (3, 4)),
}


def tape_with_gradients(leaves, output, inputs=None):
    return Tape([output, *gradients(output, leaves)], inputs=leaves if inputs is None else inputs)
