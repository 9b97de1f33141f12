"""Gains are those of the activations, and a gain that nobody knows is refused."""

from math import sqrt

import numpy as np
import pytest

from autograd import Tensor
from nn import init
from nn.init.gain import fans


def test_gains():
    gain = init.calculate_gain
    assert [gain(name) for name in ("linear", "conv2d", "sigmoid")] == [1.0] * 3
    assert gain("tanh") == 5 / 3
    assert gain("relu") == gain("leaky_relu", 0.0) == sqrt(2)
    assert gain("leaky_relu") == gain("leaky_relu", 0.01) == sqrt(2 / 1.0001)
    with pytest.raises(ValueError, match=r"^calculate_gain: got 'swish'\. Use one of linear, "):
        gain("swish")


def test_inputs_and_outputs_of_a_kernel_are_those_of_all_its_places():
    assert fans("f", Tensor(np.zeros((2, 3)))) == (3, 2)
    assert fans("f", Tensor(np.zeros((60, 20, 5, 4)))) == (400, 1200)
