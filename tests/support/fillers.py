"""All fillers, found in nn.init, and Tensors that they fill."""

import inspect
from math import sqrt

import numpy as np

from autograd import Tensor
from nn import init

FILLERS = {name: f for name, f in vars(init).items() if inspect.isfunction(f) and name[-1] == "_"}
RANDOM = {name: f for name, f in FILLERS.items() if "rng" in inspect.signature(f).parameters}


def filled(name, shape=(3, 4), **options):
    if name == "constant_":
        options["val"] = 0.5
    if name in RANDOM:
        options.setdefault("rng", 0)
    tensor = Tensor(np.full(shape, np.nan))
    assert FILLERS[name](tensor, **options) is tensor
    return np.array(tensor.data)


def fans(shape):
    kernel = int(np.prod(shape[2:]))
    return shape[1] * kernel, shape[0] * kernel


EXPECTED = {
    "normal_": lambda n_in, n_out: 0.01,
    "xavier_uniform_": lambda n_in, n_out: sqrt(2 / (n_in + n_out)),
    "xavier_normal_": lambda n_in, n_out: sqrt(2 / (n_in + n_out)),
    "kaiming_uniform_": lambda n_in, n_out: sqrt(2 / n_in),
    "kaiming_normal_": lambda n_in, n_out: sqrt(2 / n_in),
    "lecun_uniform_": lambda n_in, n_out: sqrt(1 / n_in),
    "lecun_normal_": lambda n_in, n_out: sqrt(1 / n_in),
}
