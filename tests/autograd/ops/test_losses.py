"""Classes and shares of classes cost what their logarithms say, at every edge."""

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numerics import EPSILON, near

from autograd import (
    ShapeError,
    Tape,
    Tensor,
    Value,
    bce_with_logits,
    check_gradients,
    cross_entropy,
    gradients,
    log_softmax,
    one_hot,
    softmax,
    softmax_error,
)

dice = np.random.default_rng(0)


def test_the_slope_is_softmax_less_target():
    z, labels = Tensor(dice.normal(size=(4, 3))), np.array([2, 0, 1, 1])
    for target in (labels, np.eye(3)[labels]):
        z.grad = None
        y = cross_entropy(z, target)
        y.backward(np.ones(4))
        near(y.data, -np.log(softmax(z.data))[range(4), labels])
        near(z.grad, softmax(z.data) - np.eye(3)[labels])


@given(st.floats(-700, 700), st.integers(0, 1), st.sampled_from([(1, 0), (0, 1), (0.25, 0.75)]))
def test_all_digits_are_kept_where_a_class_is_as_good_as_certain(score, label, shares):
    z = np.array([0.0, score])
    with mpmath.workdps(700):
        exact = [mpmath.exp(x) / mpmath.fsum(map(mpmath.exp, z)) for x in z]
        logs, slopes = (
            [*map(mpmath.log, exact)],
            [p - mpmath.mpf(t) for p, t in zip(exact, shares, strict=True)],
        )
    logs, slopes = ([*map(float, numbers)] for numbers in (logs, slopes))
    close = {"rtol": 8 * EPSILON, "atol": 1e-322}
    np.testing.assert_allclose(log_softmax(z), logs, **close)
    np.testing.assert_allclose(cross_entropy(z, np.array(label)), -logs[label], **close)
    if 1 in shares:
        np.testing.assert_allclose(softmax_error(z, np.array(shares.index(1))), slopes, **close)
    close["atol"] = 2 * EPSILON  # where shares are nearly those of the scores
    np.testing.assert_allclose(softmax_error(z, np.array(shares)), slopes, **close)


def test_a_tape_replays_other_classes_and_their_gradients():
    z, target = Tensor(dice.normal(size=(4, 3))), Tensor([0.0, 0.0, 0.0, 0.0], constant=True)
    total = cross_entropy(z, target).sum()
    tape = Tape([total, *gradients(total, [z])], inputs=[target])
    for labels in dice.integers(0, 3, (5, 4)):
        loss, slope = tape(labels)
        near(loss, cross_entropy(z.data, labels).sum())
        near(slope, softmax(z.data) - np.eye(3)[labels])


def test_what_has_no_share_costs_nothing_even_where_it_is_impossible():
    z = Tensor([[0.0, -np.inf, 1.0], [-np.inf, 0.0, -np.inf]])
    for target in ([2, 1], [[0.0, 0.0, 1.0], [0.0, 1.0, 0.0]]):
        y = cross_entropy(z, np.array(target))
        y.backward([1.0, 1.0])
        near(y.data, [np.log1p(np.exp(-1.0)), 0.0])
        assert np.isfinite(z.grad).all()
    assert cross_entropy(z.data, np.array([1, 1])).tolist() == [np.inf, 0.0]


def test_a_share_has_a_finite_slope_where_it_is_0():
    z = Tensor([0.0, -np.inf])
    t = Tensor([1.0, 0.0])
    cross_entropy(z, t).backward()
    assert t.grad[0] == 0.0
    assert 1e38 < t.grad[1] < np.inf


def test_scores_of_any_size_do_not_overflow():
    for size in (1e3, 1e200, 1.7e308):
        z = Tensor([[size, 0.0], [-size, 0.0]])
        y = cross_entropy(z, np.array([0, 1]))
        y.backward([1.0, 1.0])
        assert y.data.tolist() == [0.0, 0.0]
        assert z.grad.tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_shares_need_not_add_up_to_1():
    z, shares = dice.normal(size=(4, 3)), dice.uniform(0, 2, (4, 3))
    check_gradients(cross_entropy, z, shares)
    check_gradients(softmax_error, z, shares)


def test_a_class_that_does_not_exist_costs_nothing():
    z = Tensor([[1.0, 2.0], [3.0, 5.0]])
    y = cross_entropy(z, np.array([7.0, 0.5]))
    y.backward([1.0, 1.0])
    assert y.data.tolist() == [0.0, 0.0]
    assert not z.grad.any()


def test_classes_lie_along_any_axis():
    z, labels = dice.normal(size=(2, 5, 3, 4)), dice.integers(0, 5, (2, 3, 4))
    last = cross_entropy(np.moveaxis(z, 1, -1), labels)
    for axis in (1, -3):
        assert np.array_equal(cross_entropy(z, labels, axis), last)
        assert np.array_equal(cross_entropy(z, one_hot(labels, 5, axis), axis), last)


@pytest.mark.parametrize("shapes", [[(4, 3), (3,)], [(4, 3), (4, 1)], [(4, 3), ()], [(3,), (1,)]])
@pytest.mark.parametrize("op", [cross_entropy, softmax_error])
def test_what_is_neither_labels_nor_shares_is_refused(op, shapes):
    with pytest.raises(ShapeError, match=rf"^{op.name}\("):
        op(*(Tensor(np.ones(shape)) for shape in shapes))


def test_a_class_of_labels_has_one_place():
    assert one_hot(np.array([2, 0]), 3).tolist() == [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    assert one_hot(np.array([2, 0]), 3, 0).tolist() == [[0.0, 1.0], [0.0, 0.0], [1.0, 0.0]]
    assert one_hot(Tensor(np.float32([1, 1])), 2).dtype == np.float32


def test_a_certain_logit_costs_nothing_to_the_last_digit():
    assert bce_with_logits(20.0, 1.0) == np.log1p(np.exp(-20.0))
    assert bce_with_logits(-20.0, 0.0) == np.log1p(np.exp(-20.0))
    z = Value(40.0)
    bce_with_logits(z, 1.0).backward()
    assert z.grad == -np.exp(-40.0)
    assert bce_with_logits(-1e308, 1.0) == 1e308
