"""Layers on Tensors compute what their formulas say, in single and in double precision."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import (
    ShapeError,
    Tape,
    Tensor,
    check_gradients,
    elu,
    leaky_relu,
    relu,
    sigmoid,
    softmax,
    softplus,
    tanh,
    unroll,
)

ACTIVATIONS = {
    "ReLU()": (nn.ReLU(), relu),
    "ReLU(at_zero=1.0)": (nn.ReLU(at_zero=1.0), lambda x: relu(x, at_zero=1.0)),
    "LeakyReLU()": (nn.LeakyReLU(), leaky_relu),
    "LeakyReLU(slope=0.2)": (nn.LeakyReLU(0.2), lambda x: leaky_relu(x, slope=0.2)),
    "ELU()": (nn.ELU(), elu),
    "ELU(alpha=0.5)": (nn.ELU(0.5), lambda x: elu(x, alpha=0.5)),
    "Sigmoid()": (nn.Sigmoid(), sigmoid),
    "Tanh()": (nn.Tanh(), tanh),
    "Softplus()": (nn.Softplus(), softplus),
    "Softmax()": (nn.Softmax(), softmax),
    "Softmax(axis=0)": (nn.Softmax(dim=0), lambda x: softmax(x, axis=0)),
    "Identity()": (nn.Identity(), lambda x: x),
    "Activation(tanh)": (nn.Activation(tanh), tanh),
}
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


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_is_its_op(name):
    module, op = ACTIVATIONS[name]
    assert repr(module) == name
    np.testing.assert_array_equal(module(Tensor(X)).data, op(Tensor(X)).data)
    assert module.parameters() == []


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


def test_dropout_in_training_keeps_single_precision():
    assert nn.Dropout(0.5, rng=0)(Tensor(X.astype(np.float32))).dtype == np.float32


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


def test_a_stack_of_linear_layers_is_one_linear_layer():
    first, second, merged = nn.Linear(3, 5, rng=0), nn.Linear(5, 2, rng=1), nn.Linear(3, 2)
    first.bias.data = np.arange(5.0)
    merged.weight.data = second.weight.data @ first.weight.data
    merged.bias.data = second.weight.data @ first.bias.data
    both = nn.Sequential(first, nn.Identity(), second)
    np.testing.assert_allclose(both(X).data, merged(X).data, rtol=1e-13)


def test_both_layouts_of_the_lectures_are_one_network():
    layer = nn.Linear(3, 2, rng=0)
    columns = layer.weight.data @ X.T + layer.bias.data[:, None]
    np.testing.assert_allclose(layer(X).data, columns.T, rtol=1e-14)


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


def test_a_sample_of_another_length_is_refused():
    with pytest.raises(ShapeError, match=r"^Linear\(3, 2\): got shape \(5, 4\)\. The last axis"):
        nn.Linear(3, 2)(np.zeros((5, 4)))


def test_a_layer_without_inputs_or_outputs_is_none():
    with pytest.raises(ValueError, match=r"^Linear: got 0, 3\. Give 1 or more of each\."):
        nn.Linear(0, 3)


# Dropout


def test_dropout_keeps_what_it_expects():
    x = Tensor(np.ones(100_000))
    for inverted in (True, False):
        layer = nn.Dropout(0.3, inverted=inverted, rng=0)
        y = layer(x).data
        kept = 1 / 0.7 if inverted else 1.0
        assert set(np.unique(y)) == {0.0, kept}
        evaluated = layer.eval()(x).data
        assert y.mean() == pytest.approx(evaluated.mean(), abs=0.01)
        assert np.unique(evaluated) == pytest.approx([1.0 if inverted else 0.7])


def test_dropped_numbers_get_no_gradient_and_others_what_they_gave():
    layer, x = nn.Dropout(0.5, rng=0), Tensor(np.ones(50))
    y = layer(x)
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, y.data)


def test_gradients_through_dropout_in_training_are_right():
    check_gradients(lambda x: nn.Dropout(0.5, rng=0)(x), X)


def test_dropout_takes_lists_and_whole_numbers():
    for inverted in (True, False):
        layer = nn.Dropout(0.5, inverted=inverted, rng=0)
        assert set(np.unique(layer([4, 4, 4, 4, 4, 4]).data)) == {0.0, 8.0 if inverted else 4.0}
        assert layer.eval()([4]).data.tolist() == [4.0 if inverted else 2.0]


@pytest.mark.parametrize(("p", "expected"), [(0.0, 1.0), (1.0, 0.0)])
def test_dropout_of_nothing_and_of_everything(p, expected):
    assert nn.Dropout(p)(Tensor(np.ones(5))).data.tolist() == [expected] * 5


def test_a_probability_is_one():
    with pytest.raises(ValueError, match=r"^Dropout: got p=1\.5"):
        nn.Dropout(1.5)


def test_a_tape_drops_others_each_time():
    layer, x = nn.Dropout(0.5, rng=0), Tensor(np.ones(20))
    tape = Tape([layer(x)], inputs=[x])
    again = nn.Dropout(0.5, rng=0)
    again(x)
    for _ in range(3):
        np.testing.assert_array_equal(tape(np.ones(20))[0], again(x).data)


# Values and Tensors


@given(st.lists(st.integers(1, 4), min_size=1, max_size=3), st.sampled_from([relu, tanh, None]))
def test_a_network_of_values_is_one_of_tensors(sizes, activation):
    values = nn.MLP(3, sizes, activation, rng=np.random.default_rng(0))
    tensors = values.to_tensors()
    sample = [0.3, -0.4, 0.8]
    outputs = values(sample)
    outputs = outputs if isinstance(outputs, list) else [outputs]
    y = tensors([sample])
    np.testing.assert_allclose(y.data[0], [v.data for v in outputs], rtol=1e-13, atol=1e-15)
    sum(v * v for v in outputs).backward()
    (y * y).sum().backward()
    for layer, linear in zip(
        values.layers, (m for m in tensors if isinstance(m, nn.Linear)), strict=True
    ):
        w = [[p.grad for p in neuron.w] for neuron in layer.neurons]
        b = [neuron.b.grad for neuron in layer.neurons]
        np.testing.assert_allclose(linear.weight.grad, np.array(w, float), rtol=1e-11, atol=1e-13)
        np.testing.assert_allclose(linear.bias.grad, np.array(b, float), rtol=1e-11, atol=1e-13)


def test_a_frozen_layer_of_values_is_one_of_tensors():
    values = nn.MLP(2, [3, 1], rng=np.random.default_rng(0))
    values.layers[0].freeze()
    assert [path for path, _ in values.to_tensors().named_parameters()] == ["2.weight", "2.bias"]


def test_unrolled_layers_are_values_again():
    model = nn.Sequential(nn.Linear(3, 4, rng=0), nn.ELU(), nn.Linear(4, 2, rng=1), nn.Softmax())
    y = model(Tensor(X))
    cells = unroll(y)
    for index in np.ndindex(y.shape):
        assert cells[index].data == pytest.approx(y.data[index], rel=1e-13)
