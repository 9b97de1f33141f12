"""A linear layer is a weighted sum of its inputs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import ShapeError

X = np.random.default_rng(5).normal(size=(4, 3))


@given(st.integers(1, 4), st.integers(1, 4), st.lists(st.integers(1, 3), max_size=2))
def test_linear_is_a_weighted_sum(inputs, outputs, batch):
    layer = nn.Linear(inputs, outputs, rng=0)
    x = np.random.default_rng(0).normal(size=(*batch, inputs))
    layer.bias.data = np.arange(outputs)
    y = layer(x)
    expected = np.einsum("...i,oi->...o", x, layer.weight.data) + np.arange(outputs)
    np.testing.assert_allclose(y.data, expected, rtol=1e-13, atol=1e-15)


def test_a_fresh_linear_layer_starts_small_and_without_bias():
    layer = nn.Linear(100, 400, rng=0)
    assert layer.weight.shape == (400, 100)
    assert np.abs(layer.weight.data).max() <= 0.1
    assert np.abs(layer.weight.data).mean() == pytest.approx(0.05, rel=0.02)
    assert not layer.bias.data.any()
    np.testing.assert_array_equal(layer.weight.data, nn.Linear(100, 400, rng=0).weight.data)
    assert (layer.weight.data != nn.Linear(100, 400, rng=1).weight.data).all()
    assert nn.Linear(2, 3, bias=False)(np.zeros((1, 2))).data.tolist() == [[0, 0, 0]]


def test_both_layouts_of_the_lectures_are_one_network():
    layer = nn.Linear(3, 2, rng=0)
    columns = layer.weight.data @ X.T + layer.bias.data[:, None]
    np.testing.assert_allclose(layer(X).data, columns.T, rtol=1e-14)


def test_a_sample_of_another_length_is_refused():
    with pytest.raises(ShapeError, match=r"^Linear\(3, 2\): got shape \(5, 4\)\. The last axis"):
        nn.Linear(3, 2)(np.zeros((5, 4)))


def test_a_layer_without_inputs_or_outputs_is_none():
    with pytest.raises(ValueError, match=r"^Linear: got 0, 3\. Give 1 or more of each\."):
        nn.Linear(0, 3)
