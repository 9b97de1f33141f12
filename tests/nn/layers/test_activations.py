"""An activation is a layer that computes its op."""

import numpy as np
import pytest
from activations import ACTIVATIONS

import nn
from autograd import Tensor, add, alias, clip, mean, sin, tanh
from nn.layers import activation_layer
from nn.layers.activations import ACTIVATIONS as WORDS
from nn.layers.activations import activation_function

X = np.random.default_rng(5).normal(size=(4, 3))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_is_its_op(name):
    module, op = ACTIVATIONS[name]
    assert repr(module) == name
    np.testing.assert_array_equal(module(Tensor(X)).data, op(Tensor(X)).data)
    assert module.parameters() == []


@pytest.mark.parametrize("form", ["tanh", tanh, nn.Tanh, nn.Tanh(), nn.Activation(tanh)])
def test_all_forms_are_one(form):
    layer = activation_layer("got activation", form)
    assert activation_function(layer) is tanh
    np.testing.assert_array_equal(layer(Tensor(X)).data, np.tanh(X))
    assert nn.Activation(form).op is tanh


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_a_layer(word):
    assert isinstance(activation_layer("got activation", word), WORDS[word])


def test_nothing_is_an_activation_too():
    for form in (None, "linear", "identity", nn.Identity, nn.Identity()):
        assert activation_function(activation_layer("got activation", form)) is None
    assert nn.Activation("linear").op is alias


def test_options_are_kept():
    layer = activation_layer("got activation", nn.LeakyReLU(0.2))
    assert activation_function(layer) is layer
    assert nn.Activation(nn.LeakyReLU(0.2)).params == {"slope": 0.2}
    assert nn.Activation("leaky_relu", slope=0.3).params == {"slope": 0.3}


def test_modules_and_functions_of_ones_own_are_activations():
    class Swish(nn.Module):
        def forward(self, x):
            return x * tanh(x)

    for form in (Swish, Swish(), lambda x: x * tanh(x)):
        layer = activation_layer("got activation", form)
        np.testing.assert_allclose(layer(Tensor(X)).data, X * np.tanh(X), rtol=1e-15)
        np.testing.assert_allclose(nn.Activation(form)(Tensor(X)).data, X * np.tanh(X), rtol=1e-15)
    assert activation_layer("got activation", sin).op is sin


WRONG = ["relo", "", add, clip, mean, nn.Linear, int, 3, ["tanh"]]
MAKERS = {
    "MLP: got activation": lambda x: nn.MLP(2, [2, 1], x),
    "MLP: got output_activation": lambda x: nn.MLP(2, [2, 1], output_activation=x),
    "Layer: got activation": lambda x: nn.Layer(2, 2, x),
    "Neuron: got activation": lambda x: nn.Neuron(2, x),
    "Autoencoder: got activation": lambda x: nn.Autoencoder([4, 3, 2], x),
}


@pytest.mark.parametrize("place", MAKERS)
@pytest.mark.parametrize("wrong", WRONG, ids=repr)
def test_what_is_no_activation_is_refused_when_the_model_is_made(place, wrong):
    with pytest.raises(ValueError, match=r"=.*\. Give one of elu, identity, .*tanh, an op") as told:
        MAKERS[place](wrong)
    assert str(told.value).startswith(place)


def test_an_activation_that_is_none_is_refused():
    with pytest.raises(ValueError, match=r"^Activation: got op='relo'\. Give one of elu"):
        nn.Activation("relo")
