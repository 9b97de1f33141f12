"""Normalized numbers have the mean and the spread that was learned, in batches and beyond them."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import GraphError, ShapeError, Tape, Tensor, check_gradients, compile, gradients, sum
from nn import BatchNorm1d, BatchNorm2d, LayerNorm

RNG = np.random.default_rng(0)
LAYERS = {
    "BatchNorm1d": (BatchNorm1d, {"num_features": 3}, (5, 3)),
    "BatchNorm1d of rows": (BatchNorm1d, {"num_features": 3, "momentum": None}, (4, 3, 2)),
    "BatchNorm1d alone": (BatchNorm1d, {"num_features": 3, "affine": False}, (5, 3)),
    "BatchNorm2d": (BatchNorm2d, {"num_features": 3}, (4, 3, 2, 3)),
    "LayerNorm": (LayerNorm, {"normalized_shape": 4}, (5, 3, 4)),
    "LayerNorm of two axes": (LayerNorm, {"normalized_shape": (3, 4), "bias": False}, (5, 3, 4)),
    "LayerNorm alone": (LayerNorm, {"normalized_shape": 4, "elementwise_affine": False}, (5, 4)),
}
BATCHES = [name for name in LAYERS if name.startswith("Batch")]
each_layer = pytest.mark.parametrize("name", LAYERS)
each_batch_layer = pytest.mark.parametrize("name", BATCHES)
each_mode = pytest.mark.parametrize("training", [True, False], ids=["train", "eval"])


def made(name, dtype=np.float64):
    """Make a layer that is not as at the start, and numbers for it."""
    layer, arguments, shape = LAYERS[name]
    layer, rng = layer(**arguments, dtype=dtype), np.random.default_rng(1)
    for _, leaf in layer.named_leaves():
        leaf.data = rng.uniform(0.5, 2, leaf.shape)
    return layer, rng.normal(3, 2, shape).astype(dtype)


def other_axes(x):
    return (0, *range(2, x.ndim))


@pytest.mark.slow
@each_mode
@each_layer
def test_gradients_are_right(name, training):
    layer, x = made(name)
    check_gradients(layer.train(training), x, order=2)


@each_mode
@each_layer
def test_single_precision_stays(name, training):
    layer, x = made(name, np.float32)
    x = Tensor(x)
    y = layer.train(training)(x)
    y.sum().backward()
    found = [y.dtype, x.grad.dtype, *(p.grad.dtype for p in layer.parameters())]
    assert {dtype.name for dtype in found} == {"float32"}


@each_batch_layer
def test_running_statistics_keep_their_precision(name):
    layer, x = made(name, np.float32)
    layer(x)
    assert {layer.running_mean.dtype.name, layer.running_var.dtype.name} == {"float32"}


@each_batch_layer
def test_a_batch_gets_the_mean_and_the_spread_that_were_learned(name):
    layer, x = made(name)
    layer.eps = 1e-14
    y = np.asarray(layer(x).data)
    bias, weight = (0, 1) if layer.weight is None else (layer.bias.data, layer.weight.data)
    np.testing.assert_allclose(y.mean(other_axes(x)), bias + np.zeros(3), atol=1e-12)
    np.testing.assert_allclose(y.std(other_axes(x)), weight + np.zeros(3), rtol=1e-12)


@given(st.floats(-5, 5), st.floats(0.1, 5))
def test_scale_and_origin_of_a_feature_do_not_matter(origin, scale):
    layer, x = made("BatchNorm1d")
    layer.eps = 1e-14
    np.testing.assert_allclose(layer(x * scale + origin).data, layer(x).data, atol=1e-9)


@pytest.mark.parametrize("axes", [1, 2])
def test_each_sample_is_normalized_by_itself(axes):
    x = RNG.normal(3, 2, (5, 3, 4))
    layer = LayerNorm(x.shape[-axes:], eps=1e-14)
    last = tuple(range(-axes, 0))
    y = layer(Tensor(x)).data
    expected = (x - x.mean(last, keepdims=True)) / x.std(last, keepdims=True)
    np.testing.assert_allclose(y, expected, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(y.mean(last), 0, atol=1e-12)
    np.testing.assert_allclose(y.std(last), 1, rtol=1e-12)
    np.testing.assert_allclose(layer(Tensor(x[1:2])).data, y[1:2], rtol=1e-12)


def test_worked_example():
    data = Path(__file__).parents[2].joinpath("data", "normalization_examples.json")
    (example,) = json.loads(data.read_text("utf-8"))
    inputs, expected = example["inputs"], example["recomputed"]
    close = np.testing.assert_allclose
    layer = BatchNorm1d(2, eps=inputs["eps"], momentum=1 - inputs["lambda"])
    layer.weight.data, layer.bias.data = inputs["C1"], inputs["C2"]
    x = Tensor(inputs["x"])
    y = layer(x)
    y.backward(inputs["upstream_gradient"])
    for found, name in [
        (y.data, "y"),
        (x.grad, "dx"),
        (layer.weight.grad, "dC1"),
        (layer.bias.grad, "dC2"),
        (layer.running_mean.data, "running_mean"),
        (layer.running_var.data, "running_var_if_unbiased"),
    ]:
        close(found, expected[name], rtol=1e-12, atol=1e-12)
    layer.running_var.data = expected["running_var_population"]
    close(layer.eval()(x).data, expected["eval_y_with_running_population"], rtol=1e-12)


@pytest.mark.slow
@each_batch_layer
def test_running_statistics_come_near_to_those_of_the_data(name):
    layer, arguments, shape = LAYERS[name]
    layer, rng = layer(**arguments), np.random.default_rng(0)
    mean, spread = np.array([-1.0, 0.0, 5.0]), np.array([0.1, 1.0, 3.0])
    for _ in range(300):
        x = rng.normal(size=(50, *shape[1:]))
        layer(np.moveaxis(np.moveaxis(x, 1, -1) * spread + mean, -1, 1))
    np.testing.assert_allclose(layer.running_mean.data, mean, atol=0.25)
    np.testing.assert_allclose(layer.running_var.data, spread**2, rtol=0.25)
    assert layer.num_batches_tracked.item() == 300


def test_without_momentum_all_batches_count_alike():
    layer, batches = BatchNorm1d(2, momentum=None), RNG.normal(size=(4, 5, 2))
    for x in batches:
        layer(x)
    np.testing.assert_allclose(layer.running_mean.data, batches.mean(1).mean(0), atol=1e-14)
    np.testing.assert_allclose(layer.running_var.data, batches.var(1, ddof=1).mean(0), rtol=1e-12)


@each_batch_layer
def test_evaluation_uses_running_statistics_and_leaves_them(name):
    layer, x = made(name)
    before = layer.state_dict()
    y = layer.eval()(x).data
    np.testing.assert_allclose(layer(x[1:2]).data, y[1:2], rtol=1e-12)
    along = (-1, *[1] * (x.ndim - 2))
    expected = (x - layer.running_mean.data.reshape(along)) / np.sqrt(
        layer.running_var.data.reshape(along) + layer.eps
    )
    if layer.weight is not None:
        expected = expected * layer.weight.data.reshape(along) + layer.bias.data.reshape(along)
    np.testing.assert_allclose(y, expected, rtol=1e-12, atol=1e-12)
    for key, numbers in layer.state_dict().items():
        np.testing.assert_array_equal(numbers, before[key])


@each_batch_layer
def test_running_statistics_are_state_and_no_parameters(name):
    layer, _ = made(name)
    learned = [] if layer.weight is None else ["weight", "bias"]
    assert [path for path, _ in layer.named_parameters()] == learned
    assert list(layer.state_dict()) == [*learned, *layer.buffer_names]
    layer.freeze().unfreeze()
    assert [path for path, _ in layer.named_parameters()] == learned


@each_batch_layer
def test_the_mean_of_a_batch_depends_on_all_its_samples(name):
    layer, x = made(name)
    x = Tensor(x)
    y = layer(x)
    y[0].sum().backward()
    assert np.abs(x.grad[1:]).max() > 1e-3


@each_mode
@each_layer
def test_a_tape_normalizes_each_batch_and_changes_nothing(name, training):
    layer, x = made(name)
    layer.train(training)
    leaf = Tensor(x)
    y = sum(layer(leaf) ** 3)
    tape = Tape([y, *gradients(y, [leaf, *layer.parameters()])], inputs=[leaf])
    before = layer.state_dict()
    found = tape(2 * x**2)
    for key, numbers in layer.state_dict().items():
        np.testing.assert_array_equal(numbers, before[key])
    leaf = Tensor(2 * x**2)
    y = sum(layer(leaf) ** 3)
    y.backward()
    expected = [y.data, leaf.grad, *(p.grad for p in layer.parameters())]
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9)


@each_batch_layer
def test_compile_refuses_to_record_training_and_nothing_is_changed(name):
    layer, x = made(name)
    before = layer.state_dict()
    with pytest.raises(GraphError, match="it sets the data of a leaf"):
        compile(layer.forward)(x)
    for key, numbers in layer.state_dict().items():
        np.testing.assert_array_equal(numbers, before[key])
    y = compile(layer.eval().forward)(x)
    np.testing.assert_allclose(y, layer(x).data, rtol=1e-12)


def test_numbers_and_tensors_give_the_same():
    layer, x = made("BatchNorm1d")
    np.testing.assert_array_equal(layer(x).data, layer(Tensor(x)).data)


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (BatchNorm1d(3), "BatchNorm1d(3)"),
        (BatchNorm2d(3, 0.1, None, False), "BatchNorm2d(3, eps=0.1, momentum=None, affine=False)"),
        (LayerNorm(3), "LayerNorm((3,))"),
        (LayerNorm((2, 3), eps=0.1, bias=False), "LayerNorm((2, 3), eps=0.1, bias=False)"),
        (LayerNorm(3, elementwise_affine=False), "LayerNorm((3,), elementwise_affine=False)"),
    ],
)
def test_repr_names_what_is_not_as_usual(layer, words):
    assert repr(layer) == words


@pytest.mark.parametrize(
    ("layer", "shape", "words"),
    [
        (BatchNorm1d(3), (5, 4), r"BatchNorm1d\(3\): got shape \(5, 4\)\. Give \(samples, "
         r"3 features\) or \(samples, 3 features, length\)\."),
        (BatchNorm1d(3), (5, 3, 2, 2), r"got shape \(5, 3, 2, 2\)"),
        (BatchNorm2d(3), (5, 3), r"Give \(samples, 3 channels, height, width\)\."),
        (BatchNorm1d(3), (1, 3), r"no spread in a feature\. Train on larger batches, or call eval"),
        (LayerNorm((3, 4)), (2, 4, 3), r"LayerNorm\(\(3, 4\)\): got shape \(2, 4, 3\)\. Give "
         r"\(\.\.\., 3, 4\)"),
    ],
)  # fmt: skip
def test_shapes_that_do_not_fit_are_refused(layer, shape, words):
    with pytest.raises(ShapeError, match=words):
        layer(np.zeros(shape))


def test_one_sample_is_enough_in_evaluation_and_of_images():
    assert BatchNorm1d(3).eval()(np.zeros((1, 3))).shape == (1, 3)
    assert BatchNorm2d(3)(np.ones((1, 3, 2, 2))).shape == (1, 3, 2, 2)
