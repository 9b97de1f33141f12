"""Gradients of all layers on Tensors are right, and single precision stays."""

from functools import partial

import numpy as np
import pytest
from activations import ACTIVATIONS

import nn
from autograd import Tensor, check_gradients

X = np.random.default_rng(5).normal(size=(4, 3))


def layers(dtype=np.float64):
    linear = partial(nn.Linear, dtype=dtype, rng=0)
    return {
        **{name: module for name, (module, _) in ACTIVATIONS.items()},
        "Linear": linear(3, 2),
        "Linear without bias": linear(3, 2, bias=False),
        "Flatten": nn.Flatten(),
        "Sequential": nn.Sequential(linear(3, 5), nn.Tanh(), linear(5, 2)),
        "Dropout evaluated": nn.Dropout(0.3, inverted=False).eval(),
    }


each_layer = pytest.mark.parametrize("name", layers())


@pytest.mark.slow
@each_layer
def test_its_gradients_are_right(name):
    check_gradients(layers()[name], X, order=2)


@each_layer
def test_single_precision_stays(name):
    layer, x = layers(np.float32)[name], Tensor(X.astype(np.float32))
    y = layer(x)
    y.sum().backward()
    found = [y.dtype, x.grad.dtype, *(p.grad.dtype for p in layer.parameters())]
    assert {dtype.name for dtype in found} == {"float32"}
