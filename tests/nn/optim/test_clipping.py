"""Clipping shortens gradients that are too long, and leaves the others as they are."""

import math

import numpy as np
import pytest

import nn
from autograd import InfiniteGradientError, Tensor, Value


def leaves(scale=1.0):
    params = [Tensor(np.zeros((2, 2))), Value(0.0), Value(0.0), Tensor([0.0])]
    params[0].grad = scale * np.array([[1.0, -2.0], [2.0, 4.0]])
    params[1].grad = scale * 12.0
    params[3].grad = scale * np.array([0.0])
    return params  # of norm 13 times the scale


def grads(params):
    return np.concatenate([np.ravel(p.grad) for p in params if p.reached])


@pytest.mark.parametrize("scale", [1e-300, 1e-3, 1.0, 1e200])
def test_the_norm_is_of_all_numbers_together(scale):
    assert nn.clip_grad_norm_(leaves(scale), 1.0) == pytest.approx(13 * scale, rel=1e-12)


def test_long_gradients_keep_their_direction():
    params = leaves()
    before = grads(params)
    nn.clip_grad_norm_(params, 2.0)
    assert np.linalg.norm(grads(params)) == pytest.approx(2.0, rel=1e-6)
    np.testing.assert_allclose(grads(params) / 2.0, before / 13, rtol=1e-6)
    assert type(params[1].grad) is float
    assert not params[2].reached


def test_short_gradients_stay():
    params = leaves()
    nn.clip_grad_norm_(params, 13.1)
    np.testing.assert_array_equal(grads(params), grads(leaves()))


def test_no_gradient_at_all():
    assert nn.clip_grad_norm_([Value(1.0)], 1.0) == 0.0
    assert nn.clip_grad_norm_([], 1.0) == 0.0
    x = Value(1.0)
    x.grad = 0.0
    assert (nn.clip_grad_norm_([x], 1.0), x.grad) == (0.0, 0.0)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("place", [0, 1])
def test_an_infinite_norm_is_refused_and_changes_nothing(bad, place):
    params = [Value(1.0), Value(1.0)]
    params[place].grad, params[1 - place].grad = bad, 30.0
    with pytest.raises(InfiniteGradientError, match=r"norm of all gradients is (nan|inf)"):
        nn.clip_grad_norm_(params, 1.0)
    assert params[1 - place].grad == 30.0


def test_each_number_is_clipped_by_value():
    params = leaves()
    nn.clip_grad_value_(params, 2.0)
    assert grads(params).tolist() == [1.0, -2.0, 2.0, 2.0, 2.0, 0.0]
    assert type(params[1].grad) is float
    assert not params[2].reached


@pytest.mark.parametrize("clip", [nn.clip_grad_norm_, nn.clip_grad_value_])
def test_single_precision_stays(clip):
    x = Tensor(np.ones(3, np.float32))
    x.grad = np.full(3, 10, np.float32)
    clip([x], 1.0)
    assert x.grad.dtype == np.float32


@pytest.mark.parametrize("clip", [nn.clip_grad_norm_, nn.clip_grad_value_])
def test_a_cliff_is_not_jumped_off(clip):
    """Near x = 0 the slope of this function explodes."""
    x = Value(1e-3)
    (1 / x).backward()
    clip([x], 0.1)
    nn.SGD([x], lr=1.0).step()
    assert x.data == pytest.approx(0.101, rel=1e-4)


@pytest.mark.parametrize("clip", [nn.clip_grad_norm_, nn.clip_grad_value_])
@pytest.mark.parametrize("limit", [-1.0, -1e-9, math.nan])
def test_a_limit_below_0_is_refused_and_changes_nothing(clip, limit):
    params = leaves()
    with pytest.raises(ValueError, match=rf"{clip.__name__}: got \w+={limit}. Give at least 0"):
        clip(params, limit)
    np.testing.assert_array_equal(grads(params), grads(leaves()))


@pytest.mark.parametrize("clip", [nn.clip_grad_norm_, nn.clip_grad_value_])
def test_a_limit_of_0_leaves_nothing(clip):
    params = leaves()
    clip(params, 0.0)
    assert not grads(params).any()


@pytest.mark.parametrize("clip", [nn.clip_grad_norm_, nn.clip_grad_value_])
@pytest.mark.parametrize("place", [0, 1])
def test_a_single_node_is_a_list_of_one(clip, place):
    single, listed = leaves()[place], leaves()[place]
    assert clip(single, 1.0) == clip([listed], 1.0)
    np.testing.assert_array_equal(single.grad, listed.grad)
    assert np.abs(single.grad).max() <= 1.0
