"""What is read off a graph are the layers of the model, or the model is refused."""

from itertools import pairwise

import numpy as np
import pytest

import nn
from autograd import GraphError, ShapeError, Tensor, Value, relu, sigmoid, sin, step, tanh
from viz.pictures.layers import layers_of_model, layers_of_sizes

MODELS = {
    "MLP": lambda: nn.MLP(2, [5, 3, 1], tanh, rng=0),
    "one layer": lambda: nn.MLP(3, [1], rng=0),
    "Layer": lambda: nn.Layer(3, 2, sigmoid, rng=0),
    "Neuron": lambda: nn.Neuron(3, sin, rng=0),
    "Perceptron": lambda: nn.Perceptron([6, 2, 3], threshold=7),
    "Values in a row": lambda: nn.Sequential(nn.Layer(2, 3, rng=0), nn.Layer(3, 2, rng=1)),
    "Linear": lambda: nn.Linear(3, 2, rng=0),
    "no bias": lambda: nn.Linear(3, 2, bias=False, rng=0),
    "Sequential": lambda: nn.Sequential(nn.Linear(6, 4, rng=0), nn.LeakyReLU(0.1), nn.Linear(4, 3)),
    "nested": lambda: nn.Sequential(nn.Sequential(nn.Linear(3, 2, rng=0)), nn.Tanh()),
    "Softmax": lambda: nn.Sequential(nn.Linear(4, 3, rng=0), nn.Softmax()),
    "Dropout": lambda: nn.Sequential(nn.Dropout(0.5), nn.Linear(4, 3), nn.Dropout(0.2)),
    "scaled": lambda: nn.Sequential(nn.Linear(4, 3), nn.Dropout(0.2, inverted=False)),
    "Flatten": lambda: nn.Sequential(nn.Flatten(), nn.Linear(4, 3, rng=0)),
    "Autoencoder": lambda: nn.Autoencoder([6, 4, 2], rng=0),
    "float32": lambda: nn.Linear(3, 2, dtype=np.float32, rng=0),
    "to_tensors": lambda: nn.MLP(2, [5, 3, 1], tanh, rng=0).to_tensors(),
}


@pytest.fixture(params=MODELS)
def model(request):
    return MODELS[request.param]()


def sample(model):
    return np.random.default_rng(0).normal(size=model.input_shape)


def given(model, x):
    """What a model gives when it is used."""
    model.eval()
    of_values = any(isinstance(leaf, Value) for _, leaf in model.named_leaves())
    y = model(list(x)) if of_values else model(x[None])
    return np.array([p.data for p in y]) if isinstance(y, list) else np.reshape(y.data, -1)


def test_layers_compute_what_the_model_computes(model):
    layers, row = layers_of_model(model, sample(model))
    assert row.shape == model.input_shape
    for layer in layers[1:]:
        row = layer(row)
    np.testing.assert_allclose(row, given(model, sample(model)), rtol=1e-6)


def test_layers_hold_all_numbers_of_the_model_each_once(model):
    layers, _ = layers_of_model(model, None)
    arrays = [array for x in layers for array in (x.weight, x.bias) if array is not None]
    held = np.concatenate([array.reshape(-1) for array in arrays])
    numbers = np.concatenate([np.reshape(p.data, -1) for p in model.parameters()])
    np.testing.assert_array_equal(np.sort(held), np.sort(numbers))
    for below, layer in pairwise(layers):
        assert layer.weight.shape == (layer.size, below.size)


def test_frozen_models_have_the_same_layers(model):
    before, _ = layers_of_model(model, None)
    model.freeze()
    after, _ = layers_of_model(model, None)
    assert [(x.title, x.size, x.activation) for x in after] == [
        (x.title, x.size, x.activation) for x in before
    ]


def test_a_model_is_as_it_was(model):
    model.train()
    state = model.state_dict()
    layers_of_model(model, sample(model))
    assert model.training
    assert all(np.array_equal(state[path], x) for path, x in model.state_dict().items())


def test_gradients_are_those_of_the_pass():
    net = nn.Sequential(nn.Linear(3, 2, rng=0), nn.Tanh(), nn.Linear(2, 1, rng=1))
    (net(np.ones((4, 3))) ** 2).mean().backward()
    layers, _ = layers_of_model(net, None)
    np.testing.assert_array_equal(layers[1].weight_grad, net[0].weight.grad)
    np.testing.assert_array_equal(layers[2].bias_grad, net[2].bias.grad)
    values = nn.MLP(3, [2, 1], tanh, rng=0)
    assert layers_of_model(values, None)[0][1].weight_grad is None
    values([1.0, 2.0, 3.0]).backward()
    layers, _ = layers_of_model(values, None)
    neurons = values.layers[0].neurons
    assert layers[1].weight_grad.tolist() == [[w.grad for w in x.w] for x in neurons]
    assert layers[1].bias_grad.tolist() == [x.b.grad for x in neurons]


def titles(model):
    return [(x.title, x.activation) for x in layers_of_model(model, None)[0][1:]]


def test_titles_are_paths_of_modules_and_activations_have_names():
    assert titles(nn.MLP(2, [4, 1])) == [("layers.0", "relu"), ("layers.1", "linear")]
    assert titles(nn.Autoencoder([8, 4, 2]))[1:3] == [
        ("encoder.2", "linear"),
        ("decoder.0", "tanh"),
    ]
    assert titles(nn.Perceptron([1, 1])) == [("Perceptron", "step")]
    assert titles(MODELS["Sequential"]()) == [("0", "leaky_relu"), ("2", "linear")]
    assert titles(MODELS["scaled"]()) == [("0", "z·0.8")]
    assert titles(MODELS["Flatten"]()) == [("1", "linear")]


def test_an_activation_may_have_several_ops_in_their_order():
    model = nn.Sequential(nn.Linear(2, 2, rng=0), nn.Tanh(), nn.Softmax())
    layers, row = layers_of_model(model, [1.0, 2.0])
    assert layers[1].activation == "tanh, softmax"
    np.testing.assert_allclose(layers[1](row), given(model, row))


class Own(nn.Module):
    """A model written by hand: its activation is no module, its weight is (in, out)."""

    def __init__(self):
        rng = np.random.default_rng(0)
        self.first = nn.Linear(3, 4, rng=rng)
        self.W, self.b = Tensor(rng.normal(size=(4, 2))), Tensor([1.0, 2.0])

    def forward(self, x):
        return relu(tanh(self.first(x)) @ self.W + self.b)


@pytest.mark.parametrize("is_frozen", [False, True])
def test_a_model_may_be_written_in_any_way(is_frozen):
    own = Own().freeze() if is_frozen else Own()
    layers, row = layers_of_model(own, [1.0, 2.0, 3.0])
    assert [x.title for x in layers] == ["inputs", "first", "W"]
    assert [x.activation for x in layers] == ["", "tanh", "relu"]
    np.testing.assert_array_equal(layers[2].weight, own.W.data.T)
    np.testing.assert_array_equal(layers[2].bias, own.b.data)
    np.testing.assert_allclose(layers[2](layers[1](row)), given(own, row))


def test_a_layer_used_twice_stands_there_twice():
    layer = nn.Linear(2, 2, rng=0)
    assert [x.title for x in layers_of_model(nn.Sequential(layer, nn.Tanh(), layer), None)[0]] == [
        "inputs",
        "0",
        "0",
    ]


def model_of(forward, **parts):
    """A model of Tensors with this forward."""

    class Model(nn.Module):
        def __init__(self):
            vars(self).update(parts)

    Model.forward = lambda self, x: forward(x)
    return Model()


linear, other = nn.Linear(3, 3, rng=0), nn.Linear(3, 3, rng=1)
REFUSED = {
    "max_pool2d in 5, MaxPool2d": nn.LeNet5(rng=0),
    "0.weight has shape": nn.Sequential(nn.Conv2d(1, 2, 3, rng=0)),
    "layer_norm in 1, LayerNorm": nn.Sequential(linear, nn.LayerNorm(3)),
    "no weights": nn.Tanh(),
    "tanh comes before the first weights": nn.Sequential(nn.Tanh(), linear),
    "has sub": model_of(lambda x: x - linear(x), linear=linear),
    "has mul": model_of(lambda x: linear(x) * other(x), linear=linear, other=other),
    "has mean": model_of(lambda x: linear(x).mean(axis=-1), linear=linear),
    "gives 2 Tensors": model_of(lambda x: [linear(x), other(x)], linear=linear, other=other),
}


@pytest.mark.parametrize("met", REFUSED)
def test_what_is_no_chain_of_layers_is_refused_by_what_was_met(met):
    with pytest.raises(GraphError, match=rf"{met}.*viz\.draw\(model\)"):
        layers_of_model(REFUSED[met], None)


def test_what_does_not_tell_how_many_inputs_it_has_needs_a_sample():
    matrix, scalar = Tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), Tensor([1.0])
    product = model_of(lambda x: x @ matrix, matrix=matrix)
    with pytest.raises(ValueError, match="Give x"):
        layers_of_model(product, None)
    layers, _ = layers_of_model(product, np.ones((1, 3)))
    assert layers[1].weight.tolist() == [[1, 3, 5], [2, 4, 6]]
    with pytest.raises(GraphError, match="has add"):
        layers_of_model(
            model_of(lambda x: x @ matrix + scalar, W=matrix, c=scalar), np.ones((1, 3))
        )


def neurons(forward):
    class Model(nn.Module):
        input_shape = (2,)

        def __init__(self):
            self.w = [Value(k + 1.0) for k in range(6)]

    Model.forward = lambda self, x: forward(self.w, x)
    return Model()


@pytest.mark.parametrize(
    ("forward", "met"),
    [
        (lambda w, x: [tanh(w[0] * x[0] + w[1] * x[1]), w[2] * x[0] + w[3] * x[1]], "activations"),
        (lambda w, x: [w[0] * x[0], w[1] * x[1]], "different inputs"),
        (lambda w, x: [w[0] * x[0] + w[1] * x[1] + w[2], w[3] * x[0] + w[4] * x[1]], "some have"),
        (lambda w, x: w[0] * x[0] + w[1] * x[0] + w[2] * x[1], "two weights"),
        (lambda w, x: w[0] * x[0] + x[1], "an input has no weight"),
        (lambda w, x: w[0] * tanh(w[1] * x[0] + w[2] * x[1]) + w[3] * x[0], "skips a layer"),
        (lambda w, x: w[0] * x[0] + w[1] * x[1] + w[2] + w[3], "one more bias, w"),
        (lambda w, x: w[0] * x[0] * x[1], "has mul"),
        (lambda w, x: w[0] * x[0], "skips a layer"),
    ],
)
def test_units_that_are_no_layer_are_refused(forward, met):
    with pytest.raises(GraphError, match=met):
        layers_of_model(neurons(forward), None)


def test_units_may_be_summed_in_any_order():
    layers, _ = layers_of_model(neurons(lambda w, x: w[1] * x[1] + (w[2] + x[0] * w[0])), None)
    assert (layers[1].weight.tolist(), layers[1].bias.tolist()) == ([[1.0, 2.0]], [3.0])


@pytest.mark.parametrize("model", [nn.MLP(3, [1], rng=0), nn.Linear(3, 1, rng=0)])
@pytest.mark.parametrize("x", [[1.0], np.ones((2, 3)), np.ones(6)])
def test_anything_but_one_sample_is_refused(model, x):
    with pytest.raises(ShapeError):
        layers_of_model(model, x)


@pytest.mark.parametrize("x", [[1.0, 2.0], [Value(1.0), Value(2.0)], Tensor([1.0, 2.0]), (1, 2)])
def test_a_sample_may_be_numbers_or_nodes(x):
    for model in (nn.MLP(2, [1], step), nn.Linear(2, 1)):
        assert layers_of_model(model, x)[1].tolist() == [1.0, 2.0]


def test_sizes_are_layers_without_weights():
    assert [(x.title, x.size) for x in layers_of_sizes([3, 2])] == [("inputs", 3), ("layer 1", 2)]
    for sizes in ([], [3], [3, 0], [3, 2.5], ["3", 2]):
        with pytest.raises(ValueError, match=r"\[3, 3, 2, 1\]"):
            layers_of_sizes(sizes)
