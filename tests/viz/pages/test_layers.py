"""Layers that stand in a row are found, with the places of their weights."""

import numpy as np
import pytest

import nn
from autograd import Tensor, Value
from viz.pages.layers import layers


def found_in(model, inputs):
    params = model.parameters()
    starts = np.cumsum([0, *(np.size(p.data) for p in params)]).tolist()
    outputs = model.example(inputs)
    inputs = inputs if isinstance(inputs, list) else [inputs]
    return layers(model, inputs, outputs, dict(zip(params, starts, strict=False)))[0]


def test_neurons_of_values_have_places_in_the_order_of_parameters():
    first, second = found_in(
        nn.MLP(2, [2, 1]), [Value(0.1, constant=True), Value(0.2, constant=True)]
    )
    assert (first["weights"], first["biases"]) == ([[0, 1], [3, 4]], [2, 5])
    assert (second["weights"], second["biases"]) == ([[6, 7]], [8])


def test_linear_layers_have_them_too_and_give_what_comes_after_their_activation():
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1, bias=False), nn.Sigmoid())
    first, second = found_in(model, Tensor([[0.1, 0.2]], constant=True))
    assert (first["weights"], first["biases"]) == ([[0, 1], [2, 3], [4, 5]], [6, 7, 8])
    assert (second["weights"], second["biases"]) == ([[9, 10, 11]], [-1])
    assert (first["units"].op.name, second["units"].op.name) == ("tanh", "sigmoid")
    assert (first["name"], second["name"]) == ("tanh", "sigmoid")


def test_frozen_weights_have_no_place():
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
    model[0].freeze()
    first, second = found_in(model, Tensor([[0.1, 0.2]], constant=True))
    assert first["weights"] == [[-1, -1], [-1, -1]]
    assert second["weights"] == [[0, 1]]


class Parallel(nn.Module):
    def __init__(self):
        self.left, self.right = nn.Linear(2, 3), nn.Linear(2, 3)

    def forward(self, x):
        return self.left(x) + self.right(x)


@pytest.mark.parametrize("model", [Parallel(), nn.Sequential(nn.Tanh())])
def test_what_stands_in_no_row_has_no_layers(model):
    assert found_in(model, Tensor([[0.1, 0.2]], constant=True)) == []


class Turned(nn.Module):
    """Weights as in lectures: a column for each unit."""

    def __init__(self):
        self.w = Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])

    input_shape = (2,)

    def forward(self, x):
        return x @ self.w


def test_weights_that_stand_the_other_way_round_keep_their_places():
    (only,) = found_in(Turned(), Tensor([[0.1, 0.2]], constant=True))
    assert only["weights"] == [[0, 3], [1, 4], [2, 5]]
    assert only["biases"] == [-1, -1, -1]
    assert only["name"] == "linear"
