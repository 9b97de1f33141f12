"""Pooling and its ways back: what smaller rows compute, at once, ties and edges too."""

import numpy as np
import pytest
from geometries import poolings, same_as_composition
from hypothesis import given
from hypothesis import strategies as st

from autograd import (
    OPS,
    ShapeError,
    Tensor,
    avg_pool2d,
    avg_unpool2d,
    check_gradients,
    max_gather2d,
    max_pool2d,
    max_scatter2d,
    min_pool2d,
)

EXTREMES = [max_pool2d, min_pool2d]
each_extreme = pytest.mark.parametrize("pool", EXTREMES, ids=lambda op: op.name)


@given(poolings())
def test_each_row_is_its_composition(calls):
    for call in calls:
        same_as_composition(call)


@given(poolings(), st.integers(0, 100), st.sampled_from([1.0, 1e300]))
def test_so_it_is_where_numbers_are_equal_and_where_they_are_huge(calls, seed, size):
    dice = np.random.default_rng(seed)
    for call in calls[:2]:
        same_as_composition(call.on([size * dice.choice([-1.0, 1.0], call.operands[0].shape)]))


@pytest.mark.slow
@given(poolings())
def test_each_rule_is_the_derivative(calls):
    """The second derivatives are those of the composition: the law above compares them."""
    for call in calls:
        if call(*call.operands).size:
            check_gradients(call, *call.operands)


@given(poolings(), st.integers(0, 100))
def test_the_first_largest_pixel_in_reading_order_is_found(calls, seed):
    pooled, *_, scattered, gathered = calls
    dice = np.random.default_rng(seed)
    x = dice.choice([-np.inf, 1.0, 1e300], pooled.operands[0].shape)
    g = dice.normal(size=pooled(x).shape)
    numbers = np.arange(1.0 * x.size).reshape(x.shape)
    expected, found = np.zeros(x.shape), np.zeros(g.shape)
    for place in np.ndindex(g.shape):
        pixel = max(pixels_of(pooled, place), key=lambda pixel: x[pixel])
        expected[pixel] += g[place]
        found[place] = numbers[pixel]
    np.testing.assert_allclose(scattered(g, x), expected, atol=1e-12)
    np.testing.assert_array_equal(gathered(numbers, x), found)


def pixels_of(call, place):
    """Give the pixels of a window in reading order."""
    (height, width), options = call.operands[0].shape[2:], call.options
    kernel, (p, q) = options["kernel_size"], options["padding"]
    down, right = options["stride"] or kernel
    sample, channel, i, j = place
    pixels = ((i * down - p + k, j * right - q + m) for k, m in np.ndindex(*kernel))
    return [(sample, channel, a, b) for a, b in pixels if 0 <= a < height and 0 <= b < width]


@each_extreme
@pytest.mark.parametrize("padding", [0, 1])
def test_a_composition_takes_what_is_not_finite(pool, padding):
    numbers = np.array([-np.inf, 0.0, np.inf, np.nan])
    for x in numbers[np.indices((4,) * 4).reshape(4, -1).T].reshape(-1, 1, 2, 2):
        found = pool.composition(Tensor(x[None]), 2, 1, padding).data
        np.testing.assert_array_equal(found, pool(x[None], 2, 1, padding))


@given(poolings(), st.integers(0, 100))
def test_there_are_kinks_where_the_extreme_is_found_twice(calls, seed):
    x = np.random.default_rng(seed).integers(0, 4, calls[0].operands[0].shape).astype(float)
    for call, extreme in zip(calls[:2], (max, min), strict=True):
        leads = call.op.kinks(x, **call.options)
        for place in np.ndindex(leads.shape):
            numbers = [x[pixel] for pixel in pixels_of(call, place)]
            assert (leads[place] == 0) == (numbers.count(extreme(numbers)) > 1)


def test_a_mean_counts_what_is_over_the_edges():
    y = avg_pool2d(np.full((1, 1, 2, 2), 4.0), 2, 1, 1)
    assert y.tolist() == [[[[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]]]]


def test_pixels_of_several_windows_receive_from_each():
    ones = np.ones((1, 1, 2, 2))
    assert avg_unpool2d(4 * ones, (3, 3), 2, 1).tolist() == [[[[1, 2, 1], [2, 4, 2], [1, 2, 1]]]]
    x = np.zeros((1, 1, 3, 3))
    x[0, 0, 1, 1] = 1.0
    assert max_scatter2d(ones, x, 2, 1)[0, 0].tolist() == [[0, 0, 0], [0, 4, 0], [0, 0, 0]]
    assert max_gather2d(-x, x, 2, 1).tolist() == (-ones).tolist()


@pytest.mark.parametrize(
    ("name", "shapes", "options", "words"),
    [
        ("max_pool2d", [(4, 4)], {"kernel_size": 2}, r"images are \(samples, channels, h"),
        ("min_pool2d", [(1, 1, 4, 2)], {"kernel_size": 3}, r"window of \(3, 3\) does not fit "
         r"into \(4, 2\), with padding"),
        ("avg_pool2d", [(1, 1, 4, 4)], {"kernel_size": (3, 2), "padding": 2}, "padding is half"),
        ("max_pool2d", [(1, 1, 4, 4)], {"kernel_size": 0}, "kernel_size is one whole number"),
        ("max_scatter2d", [(1, 1, 3, 3), (1, 1, 4, 4)], {"kernel_size": 2}, "the numbers lie "
         r"in an array of shape \(1, 1, 2, 2\)"),
        ("max_gather2d", [(1, 1, 3, 3), (1, 1, 4, 4)], {"kernel_size": 2}, r"shape \(1, 1, 4, 4\)"),
        ("avg_unpool2d", [(1, 1, 3, 3)], {"size": 4, "kernel_size": 2}, r"of shape \(1, 1, 2, 2\)"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(name, shapes, options, words):
    with pytest.raises(ShapeError, match=rf"^{name}\(\(.*{words}"):
        OPS[name](*map(Tensor, map(np.ones, shapes)), **options)
