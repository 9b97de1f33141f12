"""Convolution, its ways back and theirs: what smaller rows compute, at once."""

import numpy as np
import pytest
from geometries import convolutions, same_as_composition
from hypothesis import given
from sliding import different

from autograd import (
    ShapeError,
    Tensor,
    check_gradients,
    conv2d,
    conv2d_weight,
    conv_transpose2d,
    correlate2d,
)


@given(convolutions())
def test_each_row_is_its_composition(calls):
    for call in calls:
        same_as_composition(call)


@pytest.mark.slow
@given(convolutions())
def test_each_rule_is_the_derivative(calls):
    """The second derivatives are those of the composition: the law above compares them."""
    for call in calls:
        if call(*call.operands).size:
            check_gradients(call, *call.operands)


@given(convolutions())
def test_the_three_are_one_sum_of_products(calls):
    """Of images, weight and what stands at the places: <x * w, g> = <x, w' g> = <w, x * g>."""
    correlated, _, back, to_weight = calls
    x, w = correlated.operands
    (g, _), y = back.operands, correlated(x, w)
    total = np.sum(y * g)
    assert np.sum(x * back(g, w)) == pytest.approx(total, abs=1e-12)
    assert np.sum(w * to_weight(x, g)) == pytest.approx(total, abs=1e-12)


@given(convolutions())
def test_the_order_in_memory_makes_no_difference(calls):
    for call in calls:
        turned = (np.asfortranarray(x) for x in call.operands)
        np.testing.assert_allclose(call(*turned), call(*call.operands), rtol=1e-12, atol=1e-12)


def test_the_widest_type_wins_as_in_sums_of_products():
    x, w, b = different(1, 2, 3, 3), different(1, 2, 2, 2), np.ones(1)
    for i in range(3):
        mixed = [a if i == k else a.astype(np.float32) for k, a in enumerate((x, w, b))]
        y = conv2d(*mixed)
        assert y.dtype == np.float64
        np.testing.assert_allclose(y, conv2d(x, w, b), rtol=1e-6)


def test_a_number_that_is_not_finite_stays_in_its_windows():
    x = np.ones((1, 1, 3, 5))
    x[0, 0, 1, 0] = np.nan
    y = correlate2d(x, np.ones((1, 1, 2, 2)))
    assert np.isnan(y).tolist() == [[[[True, False, False, False]] * 2]]


@pytest.mark.parametrize(
    ("row", "shapes", "options", "words"),
    [
        (correlate2d, [(3, 4, 4), (1, 3, 2, 2)], {}, r"images are \(samples, channels, h"),
        (correlate2d, [(1, 2, 4, 4), (1, 3, 2, 2)], {}, "the weight takes 3 channels"),
        (correlate2d, [(1, 1, 2, 4), (1, 1, 5, 3)], {"padding": 1}, r"window of \(5, 3\) does "
         r"not fit into \(4, 6\), with padding"),
        (correlate2d, [(1, 1, 4, 4), (1, 1, 2, 2)], {"stride": 0}, "stride is one whole num"),
        (correlate2d, [(1, 1, 4, 4), (1, 1, 2, 2)], {"padding": (1, 1.5)}, "padding is one who"),
        (correlate2d, [(1, 1, 4, 4), (2, 2)], {}, r"a weight is \(outputs, channels, he"),
        (conv2d, [(1, 1, 4, 4), (2, 1, 2, 2), (1,)], {}, "a number for each kernel"),
        (conv_transpose2d, [(1, 1, 2, 2), (1, 1, 2, 2)], {"size": 4}, "the numbers lie "
         r"in an array of shape \(1, 1, 3, 3\)"),
        (conv2d_weight, [(1, 1, 4, 4), (1, 2, 2, 2)], {"kernel_size": 2}, r"shape \(1, 2, 3, 3\)"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(row, shapes, options, words):
    with pytest.raises(ShapeError, match=rf"^{row.name}\(\(.*{words}"):
        row(*map(Tensor, map(np.ones, shapes)), **options)
