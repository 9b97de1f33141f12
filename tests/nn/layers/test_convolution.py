"""Convolution does what a loop over its windows does, with weights that all places share."""

import numpy as np
import pytest
from golden import EXAMPLES
from hypothesis import given
from hypothesis import strategies as st
from sliding import different, sizes, steps, windows

from autograd import Tensor
from nn import Conv2d

counts = st.tuples(*[st.integers(1, 3)] * 3)


@given(counts, sizes, steps, st.tuples(st.integers(0, 2), st.integers(0, 2)), sizes)
def test_convolution_is_a_loop_over_windows(counts, kernel_size, stride, padding, more):
    samples, inputs, outputs = counts
    layer = Conv2d(inputs, outputs, kernel_size, stride, padding, rng=0)
    layer.bias.data = np.arange(outputs)
    height, width = (
        max(1, n - 2 * p) + m for n, p, m in zip(kernel_size, padding, more, strict=True)
    )
    x = different(samples, inputs, height, width)
    y = layer(x).data
    for i, j, window in windows(x, layer):
        for n, k in np.ndindex(samples, outputs):
            expected = np.sum(window[n] * layer.weight.data[k]) + k
            assert y[n, k, i, j] == pytest.approx(expected, abs=1e-12)
    assert y.shape == (samples, outputs, i + 1, j + 1)


def test_worked_example_of_convolution():
    inputs, expected = EXAMPLES["WE47"]["inputs"], EXAMPLES["WE47"]["recomputed"]
    layer, x = Conv2d(1, 1, 3), Tensor([[inputs["x"]]])
    layer.weight.data, layer.bias.data = [[inputs["kernel"]]], [inputs["b"]]
    y = layer(x)
    y.backward([[inputs["upstream_gradient"]]])
    close = np.testing.assert_allclose
    close(y.data[0, 0], expected["y"])
    close(x.grad[0, 0], expected["dx"])
    close(layer.weight.grad[0, 0], expected["dkernel"])
    close(layer.bias.grad, [expected["db"]])


@given(st.integers(0, 3), st.integers(0, 3))
def test_a_shifted_image_gives_a_shifted_map(down, right):
    layer = Conv2d(2, 3, 3, rng=0)
    image = np.zeros((1, 2, 12, 12))
    image[:, :, 3:7, 3:7] = different(1, 2, 4, 4)
    shifted = np.roll(image, (down, right), axis=(2, 3))
    expected = np.roll(layer(image).data, (down, right), axis=(2, 3))
    np.testing.assert_allclose(layer(shifted).data, expected, atol=1e-15)


def test_weights_are_shared_by_all_places():
    layer = Conv2d(1, 6, 5, padding=2, rng=0)
    counts = [layer.summary((1, n, n)).split()[-1] for n in (28, 64)]
    assert counts == ["156", "156"]


def test_start_is_small_and_seeded():
    layer = Conv2d(3, 8, (5, 4), rng=7)
    assert np.abs(layer.weight.data).max() <= 1 / np.sqrt(60)
    assert np.abs(layer.weight.data).max() > 0.95 / np.sqrt(60)
    assert not layer.bias.data.any()
    np.testing.assert_array_equal(layer.weight.data, Conv2d(3, 8, (5, 4), rng=7).weight.data)


def test_no_gradient_is_computed_for_constant_images():
    x = Tensor(different(1, 2, 4, 4), constant=True)
    y = Conv2d(2, 1, 3)(x)
    y.sum().backward()
    assert x.grad is None
