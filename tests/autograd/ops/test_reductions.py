"""Many numbers become one: products with zeros, ties, and exponentials that do not overflow."""

import math
import re

import mpmath
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numerics import near

import autograd as ag
from autograd import (
    ShapeError,
    Tensor,
    grad,
    gradients,
    log_softmax,
    logsumexp,
    others,
    prod,
    softmax,
    var,
)


@pytest.mark.parametrize("zeros", [[], [2], [0, 3], [1, 2, 4]], ids=len)
def test_zeros_do_no_harm_to_a_product_nor_to_its_derivatives(zeros):
    numbers = np.array([2.0, -3.0, 0.5, 4.0, -1.0])
    numbers[zeros] = 0.0
    x = Tensor(numbers)
    (first,) = gradients(prod(x), [x])
    weights = np.arange(1.0, 6.0)
    (second,) = gradients(ag.sum(weights * first), [x])
    rest = [np.delete(numbers, i).prod() for i in range(5)]
    without = [[i != j and np.delete(numbers, [i, j]).prod() for i in range(5)] for j in range(5)]
    assert first.data.tolist() == rest
    assert second.data.tolist() == (np.array(without) @ weights).tolist()


def test_a_product_along_an_axis_derives_each_line_by_itself():
    x = Tensor([[2.0, 0.0, 3.0], [4.0, 5.0, 6.0]])
    (first,) = gradients(prod(x, axis=1), [x], Tensor([1.0, 10.0]))
    assert first.data.tolist() == [[0.0, 6.0, 0.0], [300.0, 240.0, 200.0]]
    (second,) = gradients(ag.sum(first), [x])
    assert second.data.tolist() == [[3.0, 5.0, 2.0], [110.0, 100.0, 90.0]]
    (third,) = gradients(ag.sum(second[0]), [x])
    assert third.data.tolist() == [[2.0, 2.0, 2.0], [0.0, 0.0, 0.0]]
    assert others(x.data, 1).tolist() == [[0.0, 6.0, 0.0], [30.0, 24.0, 20.0]]


@pytest.mark.parametrize("op", [ag.max, ag.min])
def test_elements_that_tie_share_equally(op):
    x = Tensor([[7.0, 7.0, 7.0, 7.0], [1.0, 3.0, 3.0, 1.0]])
    op(x, axis=1).backward([1.0, 3.0])
    share = [0.0, 1.5, 1.5, 0.0] if op is ag.max else [1.5, 0.0, 0.0, 1.5]
    assert x.grad.tolist() == [[0.25] * 4, share]
    x.grad = None
    op(x).backward()
    tied = x.data == (7.0 if op is ag.max else 1.0)
    assert np.array_equal(x.grad, tied / np.sum(tied))


ROWS_OF_EXPONENTIALS = (logsumexp, softmax, log_softmax)


@pytest.mark.parametrize("op", ROWS_OF_EXPONENTIALS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shift", [0, -1000, 1000, 2**23, -(2**23)])
def test_exponentials_do_not_overflow_and_a_shift_loses_no_digit(op, dtype, shift):
    numbers = np.array([0.0, -2.0, 1.0, -80.0])
    exact = [mpmath.exp(x) for x in numbers]
    total = mpmath.fsum(exact)
    expected = {
        logsumexp: shift + mpmath.log(total),
        softmax: [x / total for x in exact],
        log_softmax: [mpmath.log(x / total) for x in exact],
    }[op]
    x = Tensor((numbers + shift).astype(dtype))
    y = op(x, -1)
    assert np.allclose(y.data.tolist(), np.array(expected, float), 8 * np.finfo(dtype).eps, 0.0)
    (first,) = gradients(y[..., :1] if y.ndim else y, [x])
    (second,) = gradients(first[0], [x])
    assert np.all(np.isfinite(second.data))
    share = np.array([float(x / total) for x in exact])
    if op is logsumexp:
        assert np.allclose(first.data, share, 8 * np.finfo(dtype).eps, 0.0)
    elif op is log_softmax:
        near(first.data, [1, 0, 0, 0] - share, 8 * np.finfo(dtype).eps)


def test_what_is_masked_with_minus_infinity_takes_no_part():
    for op in ROWS_OF_EXPONENTIALS:
        x, few = Tensor([1.0, -np.inf, 2.0]), Tensor([1.0, 2.0])
        y, z = op(x, -1), op(few, -1)
        if op is not logsumexp:
            assert y.data[1] == (-np.inf if op is log_softmax else 0.0)
            y = y[[0, 2]]
        assert np.array_equal(y.data, z.data)
        (first,) = gradients(y, [x], Tensor(np.cos(y.data)))
        (less,) = gradients(z, [few], Tensor(np.cos(z.data)))
        assert first.data[[0, 2]].tolist() == less.data.tolist()
        assert first.data[1] == 0.0
        (second,) = gradients(ag.sum(first * [1.0, 1.0, 3.0]), [x])
        (fewer,) = gradients(ag.sum(less * [1.0, 3.0]), [few])
        near(second.data[[0, 2]], fewer.data)
        assert second.data[1] == 0.0


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_sum_of_exponentials_of_infinities_is_none_or_infinite():
    assert logsumexp(np.array([-np.inf, -np.inf])) == -np.inf
    assert logsumexp(np.array([np.inf, 0.0])) == np.inf


@st.composite
def axes(draw):
    """A shape, and axes of it to reduce."""
    shape = tuple(draw(st.lists(st.integers(0, 3), max_size=3)))
    places = st.lists(
        st.integers(-len(shape), len(shape) - 1), unique_by=lambda i: i % len(shape)
    ).map(tuple)
    return shape, draw(st.none() | places) if shape else None


@given(axes(), st.booleans(), st.integers(0, 4))
@example(((3,), None), False, 3)
@example(((2, 0), (1,)), True, 0)
@example(((0, 2), (1,)), True, 1)
@example(((), None), False, 1)
def test_a_variance_of_no_more_numbers_than_ddof_is_refused(reduced, keepdims, ddof):
    shape, axis = reduced
    numbers = np.ones(shape)
    count = math.prod(shape if axis is None else [shape[i] for i in axis])
    if count > ddof:
        x = Tensor(numbers)
        y = var(x, axis, keepdims, ddof)
        assert y.data.tolist() == np.zeros(numbers.mean(axis, keepdims=keepdims).shape).tolist()
        y.backward(np.ones(y.shape))
        assert x.grad.tolist() == np.zeros(shape).tolist()
        return
    said = f"^var: got {count} numbers for each variance, of .* {re.escape(str(shape))}, and ddof="
    for x, error in ((numbers, ValueError), (Tensor(numbers), ShapeError)):
        with pytest.raises(error, match=said):
            var(x, axis, keepdims, ddof)
        with pytest.raises(error, match=said):
            var(x, axis=axis, ddof=ddof)
    with pytest.raises(ValueError, match=said):
        grad(lambda x: ag.sum(var(x, axis, keepdims, ddof)))(numbers)


def test_the_variance_of_samples_divides_by_one_less():
    x = Tensor([1.0, 2.0, 6.0])
    assert var(x).item() == pytest.approx(14 / 3)
    assert var(x, ddof=1).item() == 7.0
    var(x, ddof=1).backward()
    assert x.grad.tolist() == [-2.0, -1.0, 3.0]


@pytest.mark.parametrize("f", [softmax, log_softmax, lambda x: [logsumexp(x)]])
def test_on_a_tape_the_largest_number_is_looked_for_anew(f):
    """What is subtracted belongs to the numbers of the call, not to those of the recording."""
    leaves = [ag.Value(x) for x in (1.0, 0.0, 1.0)]  # two of which tie
    tape = ag.Tape(list(f(leaves)), inputs=leaves)
    for numbers in ([-2000.0, 3.0, 1000.0], [2000.0, -1000.0, 1999.0]):
        np.testing.assert_allclose(tape(*numbers), f(np.array(numbers)), rtol=1e-14)


def test_infinity_is_subtracted_from_nothing():
    values = [ag.Value(math.inf), ag.Value(1.0)]
    assert logsumexp(values).data == math.inf


def test_a_sum_of_nothing_but_zeros_has_a_logarithm():
    assert logsumexp(np.array([-np.inf, -np.inf])) == -np.inf
    assert logsumexp(Tensor([[-np.inf], [1.0]]), axis=1).data.tolist() == [-np.inf, 1.0]
    with pytest.raises(ag.InfiniteGradientError, match="a leaf holds -inf"):
        logsumexp(Tensor([-np.inf])).backward()
