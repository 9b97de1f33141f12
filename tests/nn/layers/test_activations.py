"""An activation is a layer that computes its op."""

import numpy as np
import pytest
from activations import ACTIVATIONS

from autograd import Tensor

X = np.random.default_rng(5).normal(size=(4, 3))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_is_its_op(name):
    module, op = ACTIVATIONS[name]
    assert repr(module) == name
    np.testing.assert_array_equal(module(Tensor(X)).data, op(Tensor(X)).data)
    assert module.parameters() == []
