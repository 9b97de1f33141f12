"""Graphs whose first view, picture and page, has to be readable, quick and small."""

from functools import reduce

import numpy as np

import nn
from autograd import Tensor, Value, tanh

FIRST_VIEWS = {
    "MLP": lambda: nn.MLP(2, [16, 16, 1], rng=0)([Value(1.0, name="x"), Value(2.0, name="y")]),
    "chain": lambda: reduce(lambda y, _: tanh(y), range(3000), Value(1.0, name="x")),
    "LeNet5": lambda: nn.LeNet5(rng=0)(Tensor(np.ones((1, 1, 32, 32)), name="X")).sum(),
}
