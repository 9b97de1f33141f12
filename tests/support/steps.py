"""Parameters of both kinds, steps that optimizers take with them, and where those lead."""

import numpy as np

from autograd import Tensor, Value
from autograd.engine import set_grads


def values(numbers):
    return [Value(x) for x in numbers]


def tensors(numbers):
    return [Tensor(numbers)]


def flat(params):
    return np.concatenate([np.ravel(p.data) for p in params])


def ravine(params):
    """x1^2 + 10 x2^2, of a Tensor or of Values."""
    x, y = params if len(params) == 2 else params[0]
    return x * x + 10 * (y * y)


def trained(optimizer, params, f=ravine, steps=1):
    """Take steps, and give the path."""
    path = [flat(params)]
    for _ in range(steps):
        optimizer.zero_grad()
        f(params).backward()
        optimizer.step()
        path.append(flat(params))
    return np.array(path)


def fed(optimizer, params, gradients):
    """Take one step for each row of numbers, dealt out to the parameters."""
    for row in gradients:
        dealt = np.split(row, np.cumsum([np.size(p.data) for p in params])[:-1])
        set_grads(params, [x.reshape(np.shape(p.data)) for p, x in zip(params, dealt, strict=True)])
        optimizer.step()
    return flat(params)


def noise(*shape):
    return np.random.default_rng(0).normal(size=shape)


def numbered(pairs):
    """JSON makes text of the positions."""
    return {int(key) if key.isdigit() else key: x for key, x in pairs}


KINDS = {
    "values": lambda: [Value(1.0), Value(2.0), Value(3.0, name="b"), Value(4.0)],
    "tensors": lambda: [Tensor([1.0, 2.0]), Tensor([3.0, 4.0], name="b")],
    "float32": lambda: [
        Tensor(np.array([1.0, 2.0], np.float32)),
        Tensor(np.array([3.0, 4.0], np.float32), name="b"),
    ],
}


def refusal(optimizer, params, row):
    """Take a step, and give the error if there is one."""
    try:
        fed(optimizer, params, [row])
    except ValueError as error:
        return error


def exactly(params):
    return [(np.asarray(p.data).dtype, np.asarray(p.data).tobytes()) for p in params]
