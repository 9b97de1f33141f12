"""Pooling does what a loop over its windows does, and knows where gradients belong."""

import numpy as np
import pytest
from golden import EXAMPLES
from hypothesis import given
from hypothesis import strategies as st
from sliding import POOLS, different, sizes, steps, windows

from autograd import Tensor
from nn import AvgPool2d, MaxPool2d, MinPool2d

OVER_THE_EDGE = {MaxPool2d: -np.inf, MinPool2d: np.inf, AvgPool2d: 0.0}

each_pool = pytest.mark.parametrize("pool", POOLS)


@each_pool
@given(sizes, steps, st.data(), sizes)
def test_pooling_is_a_loop_over_windows(pool, kernel_size, stride, data, more):
    padding = tuple(data.draw(st.integers(0, n // 2)) for n in kernel_size)
    layer = pool(kernel_size, stride, padding)
    x = different(2, 3, *np.add(kernel_size, more))
    y = layer(x)
    for i, j, window in windows(x, layer, OVER_THE_EDGE[pool]):
        np.testing.assert_allclose(y[:, :, i, j], POOLS[pool](window, axis=(2, 3)), atol=1e-15)
    assert y.shape == (2, 3, i + 1, j + 1)


@each_pool
def test_worked_example_of_pooling(pool):
    inputs = EXAMPLES["WE46"]["inputs"]
    expected = EXAMPLES["WE46"]["recomputed"][pool.__name__[:3].lower()]
    x = Tensor([[inputs["x"]]])
    y = pool(inputs["window"], inputs["stride"])(x)
    y.sum().backward()
    np.testing.assert_array_equal(y.data[0, 0], expected["y"])
    np.testing.assert_array_equal(x.grad[0, 0], expected["grad_of_sum"])


@pytest.mark.parametrize("pool", [MaxPool2d, MinPool2d])
@given(st.integers(1, 3), st.integers(1, 3), st.integers(0, 100))
def test_the_first_of_equal_numbers_gets_the_gradient(pool, size, stride, seed):
    x = Tensor(np.random.default_rng(seed).integers(0, 2, (1, 1, 6, 5)))
    layer = pool(size, stride)
    y = layer(x)
    weights = different(*y.shape)
    y.backward(weights)
    expected = np.zeros((6, 5))
    first = np.argmax if pool is MaxPool2d else np.argmin
    for i, j, window in windows(x.data, layer):
        row, column = np.unravel_index(first(window[0, 0]), (size, size))
        expected[i * stride + row, j * stride + column] += weights[0, 0, i, j]
    np.testing.assert_allclose(x.grad[0, 0], expected, atol=1e-15)


@pytest.mark.parametrize("pool", [MaxPool2d, MinPool2d])
def test_pooling_gives_numbers_that_it_got(pool):
    x = np.random.default_rng(0).normal(size=(2, 3, 8, 8)) * 10.0 ** np.arange(-4, 4)
    assert np.isin(pool(3, 2)(x), x).all()


@pytest.mark.parametrize("pool", [MaxPool2d, MinPool2d])
def test_pooling_does_not_hide_what_is_not_a_number(pool):
    x = np.zeros((1, 1, 2, 4))
    x[0, 0, 0, 0] = x[0, 0, 1, 3] = np.nan
    assert np.isnan(pool(2)(x).data).all()


@pytest.mark.parametrize("pool", [MaxPool2d, MinPool2d])
def test_pooling_takes_infinite_numbers(pool):
    x = np.array([[-np.inf, -np.inf, np.inf, 1.0], [-np.inf, 2.0, np.inf, np.inf]])[None, None]
    extreme = x.max(axis=2) if pool is MaxPool2d else x.min(axis=2)
    np.testing.assert_array_equal(pool((2, 1))(x)[0, 0, 0], extreme[0, 0])
