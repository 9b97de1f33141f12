"""Layers without numbers of their own give what they got, in rows or as it is."""

import numpy as np
import pytest

from autograd import Tensor
from nn import Flatten, Identity


@pytest.mark.parametrize("shape", [(4, 2, 3, 5), (4, 6), (4,), (1, 2, 2)])
def test_each_sample_becomes_a_row_in_reading_order(shape):
    x = Tensor(np.arange(np.prod(shape), dtype=float).reshape(shape))
    y = Flatten()(x)
    np.testing.assert_array_equal(y.data, [np.ravel(sample) for sample in x.data])
    seed = np.random.default_rng(0).normal(size=y.shape)
    y.backward(seed)
    np.testing.assert_array_equal(x.grad, seed.reshape(shape))


def test_identity_gives_the_same_node():
    x = Tensor([1.0, 2.0])
    assert Identity()(x) is x
