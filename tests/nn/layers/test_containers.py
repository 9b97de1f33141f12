"""Layers in a row are one function after another."""

import numpy as np
import pytest

import nn
from autograd import Tensor, relu, unroll

X = np.random.default_rng(5).normal(size=(4, 3))


def test_a_stack_of_linear_layers_is_one_linear_layer():
    first, second, merged = nn.Linear(3, 5, rng=0), nn.Linear(5, 2, rng=1), nn.Linear(3, 2)
    first.bias.data = np.arange(5.0)
    merged.weight.data = second.weight.data @ first.weight.data
    merged.bias.data = second.weight.data @ first.bias.data
    both = nn.Sequential(first, nn.Identity(), second)
    np.testing.assert_allclose(both(X).data, merged(X).data, rtol=1e-13)


def test_sequential_is_a_row_of_layers():
    model = nn.Sequential(nn.Linear(3, 4, rng=0), nn.Tanh(), nn.Linear(4, 2, rng=1))
    assert [type(layer).__name__ for layer in model] == ["Linear", "Tanh", "Linear"]
    assert len(model) == 3
    assert model[-1] is list(model)[2]
    assert [name for name, _ in model.named_parameters()] == [
        *("0.weight", "0.bias"),
        *("2.weight", "2.bias"),
    ]
    np.testing.assert_array_equal(model(X).data, model[2](model[:2](X)).data)
    with pytest.raises(TypeError, match=r"^Sequential: got .*relu.*\. Give modules"):
        nn.Sequential(relu)


def test_unrolled_layers_are_values_again():
    model = nn.Sequential(nn.Linear(3, 4, rng=0), nn.ELU(), nn.Linear(4, 2, rng=1), nn.Softmax())
    y = model(Tensor(X))
    cells = unroll(y)
    for index in np.ndindex(y.shape):
        assert cells[index].data == pytest.approx(y.data[index], rel=1e-13)


def test_a_row_of_layers_of_values_is_one_of_tensors():
    mine = nn.Sequential(nn.Layer(3, 4, "tanh", 0), nn.Layer(4, 3, None, 1), nn.Softmax())
    tensors = mine.to_tensors()
    assert [type(layer).__name__ for layer in tensors] == ["Linear", "Tanh", "Linear", "Softmax"]
    expected = [[y.data for y in mine(sample)] for sample in X.tolist()]
    np.testing.assert_allclose(tensors(X).data, expected, rtol=1e-13)
