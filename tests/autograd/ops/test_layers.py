"""Layers are refused what does not fit, and bring samples and channels to mean 0."""

import numpy as np
import pytest
from numerics import near

from autograd import (
    ShapeError,
    Tensor,
    Value,
    batch_norm,
    check_gradients,
    layer_norm,
    linear,
    trace,
    unroll,
)

dice = np.random.default_rng(0)


def test_a_linear_layer_is_one_step_with_the_rules_of_the_books():
    x, weight, bias = (Tensor(dice.normal(size=shape)) for shape in [(5, 3), (2, 3), (2,)])
    y = linear(x, weight, bias)
    g = dice.normal(size=(5, 2))
    y.backward(g)
    assert y.inputs == (x, weight, bias)
    near(y.data, x.data @ weight.data.T + bias.data)
    near(x.grad, g @ weight.data)
    near(weight.grad, g.T @ x.data)
    near(bias.grad, g.sum(0))


@pytest.mark.parametrize(
    "shapes",
    [
        [(5, 3), (3, 2), (2,)],
        [(5, 3), (2, 3), (1,)],
        [(5, 3), (2, 3), ()],
        [(5, 3), (2, 3), (5, 2)],
        [(5, 3), (3,), (3,)],
        [(5, 3), (4, 2, 3), (2,)],
        [(), (2, 3), (2,)],
    ],
)
def test_a_linear_layer_does_not_broadcast(shapes):
    with pytest.raises(ShapeError, match=r"^linear\("):
        linear(*(Tensor(np.ones(shape)) for shape in shapes))


def test_samples_stand_along_any_number_of_axes():
    weight, bias = dice.normal(size=(2, 3)), dice.normal(size=2)
    for shape in [(3,), (0, 3), (1, 3), (4, 5, 3), (0, 4, 3), (2, 1, 1, 3)]:
        x = dice.normal(size=shape)
        check_gradients(linear, x, weight, bias)
        near(linear(x, weight, bias), np.einsum("...i,oi->...o", x, weight) + bias)


def test_an_unrolled_layer_shows_its_products():
    ((y,),) = unroll(linear(*map(Tensor, ([[1.0, 2.0]], [[3.0, 4.0]], [5.0]))))
    assert isinstance(y, Value)
    assert [node.op.name for node in trace(y) if node.op] == ["mul", "mul", "add", "add"]


@pytest.mark.parametrize(
    ("op", "shapes"),
    [
        (layer_norm, [(5, 3), (2,), (3,)]),
        (layer_norm, [(5, 3), (4, 5, 3), (3,)]),
        (batch_norm, [(5, 3), (5,), (3,)]),
        (batch_norm, [(5, 3), (3,), (1,)]),
        (batch_norm, [(5,), (5,), (5,)]),
        (batch_norm, [(5, 3, 2), (3, 1), (3, 1)]),
    ],
)
def test_norms_are_refused_what_would_be_broadcast(op, shapes):
    with pytest.raises(ShapeError, match=rf"^{op.name}\("):
        op(*(Tensor(np.ones(shape)) for shape in shapes))


def test_norms_give_mean_and_spread():
    x, weight, bias = dice.normal(size=(6, 4, 3)), dice.normal(size=4), dice.normal(size=4)
    y = batch_norm(x, weight, bias, 0.0)
    near(y.mean((0, 2)), bias)
    near(y.std((0, 2)), np.abs(weight))
    y = layer_norm(x, 1.0, 0.0, (1, 2), 0.0)
    near(y.mean((1, 2)), np.zeros(6))
    near(y.std((1, 2)), np.ones(6))


def test_numbers_stand_in_for_weight_and_bias():
    x = Tensor(dice.normal(size=(6, 4, 3)).astype(np.float32))
    for op, shape in [(batch_norm, 4), (layer_norm, 3)]:
        y = op(x, 1.0, 0.0)
        assert y.dtype == np.float32
        assert np.array_equal(y.data, op(x, np.ones(shape), np.zeros(shape)).data.astype("f"))
        check_gradients(lambda x, op=op: op(x, 2.0, 0.5), x.data.astype(float))
