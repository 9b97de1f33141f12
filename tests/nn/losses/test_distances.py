"""Huber has no kink, hinge a margin, and a model of Values learns from a distance."""

import numpy as np
import pytest
from losses import loss_and_slopes

import nn
from autograd import Tensor, Value, square


def test_huber_meets_its_lines_without_a_kink():
    for delta in (0.5, 2.0):
        d = np.array([-delta - 1, -delta, 0.0, delta, delta + 1])
        loss, slopes = loss_and_slopes(nn.huber_loss, d, np.zeros(5), "sum", delta)
        assert loss == pytest.approx(2 * delta**2 / 2 + 2 * delta * (delta + 1 - delta / 2))
        assert slopes.tolist() == [-delta, -delta, 0.0, delta, delta]
    with pytest.raises(ValueError, match=r"^huber_loss: got delta=0"):
        nn.huber_loss([1.0], [1.0], delta=0)


def test_hinge_takes_labels_of_either_sign():
    y = Tensor([2.0, 0.5, 1.0, -3.0])
    loss = nn.hinge_loss(y, [1, 1, 1, -1], "sum")
    loss.backward()
    assert (loss.item(), y.grad.tolist()) == (0.5, [0.0, -1.0, 0.0, 0.0])
    with pytest.raises(ValueError, match=r"^hinge_loss: got the label 0; .* 2 \* target - 1"):
        nn.hinge_loss([1.0, 2.0], [1, 0])


def test_the_hinge_of_micrograd():
    model = nn.MLP(2, [4, 1], rng=np.random.default_rng(1))
    x, labels = [[0.5, 1.0], [-1.0, 0.3], [2.0, -2.0]], [1, -1, -1]
    scores = [model(row) for row in x]
    by_hand = sum((1 + -yi * s).relu() for yi, s in zip(labels, scores, strict=True)) * (1 / 3)
    assert nn.hinge_loss(scores, labels).data == pytest.approx(by_hand.data, rel=1e-12)


def test_losses_are_graphs_of_ops_that_a_model_of_values_learns_from():
    w = Value(0.0)
    for _ in range(50):
        w.grad = None
        nn.mse_loss([w * x for x in (1, 2, 3)], [2, 4, 6]).backward()
        w.data -= 0.05 * w.grad
    assert w.data == pytest.approx(2.0)
    assert nn.mse_loss(w, 2.0).op is square
