"""Dropout keeps what numbers are expected to be, and draws others each time."""

import numpy as np
import pytest

import nn
from autograd import Tape, Tensor, check_gradients

X = np.random.default_rng(5).normal(size=(4, 3))


def test_dropout_in_training_keeps_single_precision():
    assert nn.Dropout(0.5, rng=0)(Tensor(X.astype(np.float32))).dtype == np.float32


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
