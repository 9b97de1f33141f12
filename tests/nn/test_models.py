"""Networks that are known by name have the shapes and the counts they are known for."""

import json
from pathlib import Path

import numpy as np
import pytest

import nn
from autograd import Tensor, check_gradients

SHAPES = json.loads(Path(__file__).parents[1].joinpath("data", "known_networks.json").read_text())


def layers_with_parameters(model):
    """Count the parameters of each layer that has any, of weights and biases together."""
    counts = {}
    for path, leaf in model.named_parameters():
        name = path.rpartition(".")[0]
        counts[name] = counts.get(name, 0) + leaf.size
    return list(counts.values())


def test_lenet_has_the_layers_it_is_known_for():
    model = nn.LeNet5(rng=0)
    assert layers_with_parameters(model) == [156, 2416, 48120, 10164, 850]
    assert sum(p.size for p in model.parameters()) == SHAPES["LeNet5"]["parameters"] == 61_706
    shapes = [y.shape[1:] for y in model.activations(np.zeros((2, 1, 32, 32))).values()]
    assert [list(shape) for shape in dict.fromkeys(shapes)] == SHAPES["LeNet5"]["shapes"]


@pytest.mark.slow
def test_alexnet_has_the_layers_it_is_known_for():
    model = nn.AlexNet(rng=0).eval()
    assert layers_with_parameters(model) == SHAPES["AlexNet"]["layers"]
    assert sum(p.size for p in model.parameters()) == SHAPES["AlexNet"]["parameters"] == 62_378_344
    x = Tensor(np.zeros((1, 3, 227, 227), np.float32), constant=True)
    shapes = [y.shape[1:] for y in model.activations(x).values()]
    assert [list(shape) for shape in dict.fromkeys(shapes)] == SHAPES["AlexNet"]["shapes"]


@pytest.mark.slow
def test_their_layers_stand_in_the_known_order():
    kinds = [type(layer).__name__ for layer in nn.AlexNet(rng=0)]
    assert kinds == [
        *("Conv2d", "ReLU", "MaxPool2d", "Conv2d", "ReLU", "MaxPool2d"),
        *("Conv2d", "ReLU", "Conv2d", "ReLU", "Conv2d", "ReLU", "MaxPool2d", "Flatten"),
        *("Dropout", "Linear", "ReLU", "Dropout", "Linear", "ReLU", "Linear"),
    ]
    kinds = [type(layer).__name__ for layer in nn.LeNet5(rng=0)]
    assert kinds == [
        *("Conv2d", "ReLU", "MaxPool2d", "Conv2d", "ReLU", "MaxPool2d", "Flatten"),
        *("Linear", "ReLU", "Linear", "ReLU", "Linear"),
    ]
    kinds = [type(layer).__name__ for layer in nn.Autoencoder([4, 3, 2]).encoder]
    assert kinds == ["Linear", "Tanh", "Linear"]


def test_lenet_learns_what_its_gradients_say():
    model = nn.LeNet5(classes=3, rng=0)
    images = np.random.default_rng(0).normal(size=(2, 1, 32, 32))
    loss = nn.cross_entropy(model(images), [0, 2])
    loss.backward()
    before = loss.item()
    for p in model.parameters():
        p.data -= 0.01 * p.grad
    assert nn.cross_entropy(model(images), [0, 2]).item() < before


def test_both_start_from_their_seed():
    for kind in (nn.LeNet5, lambda rng: nn.Autoencoder([5, 3, 2], rng=rng)):
        one, same, other = (kind(rng=seed).state_dict() for seed in (1, 1, 2))
        assert all((one[name] == same[name]).all() for name in one)
        assert any((one[name] != other[name]).any() for name in one)


@pytest.mark.parametrize("activation", [nn.Tanh, nn.ELU, None])
def test_an_autoencoder_is_a_mirror(activation):
    model = nn.Autoencoder([6, 4, 2], activation, rng=0)
    x = np.random.default_rng(0).normal(size=(5, 6))
    assert model.encoder(x).shape == (5, 2)
    np.testing.assert_array_equal(model(x).data, model.decoder(model.encoder(x)).data)
    sizes = [leaf.shape for path, leaf in model.named_parameters() if path.endswith("weight")]
    assert sizes == [(4, 6), (2, 4), (4, 2), (6, 4)]
    check_gradients(model, x)


def test_its_first_weights_can_be_drawn_in_single_precision():
    model = nn.Autoencoder([6, 2], dtype=np.float32, rng=0)
    assert model(Tensor(np.zeros((1, 6), np.float32))).dtype == np.float32
