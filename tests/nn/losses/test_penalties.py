"""Penalties add up weights of all kinds, and draw them to 0."""

import numpy as np
import pytest
from losses import loss_and_slopes

import nn
from autograd import Tensor, Value, check_gradients


def test_penalties_serve_values_and_tensors_of_several_shapes():
    w = np.array([[1.0, -2.0], [0.5, 0.0]])
    tensors = [Tensor(w), Tensor(w[0])]
    values = [Value(x) for x in (*w.ravel(), *w[0])]
    for penalty, expected in ((nn.l1_penalty, 6.5), (nn.l2_penalty, (5.25 + 5) / 2)):
        assert penalty(tensors, 0.1).item() == pytest.approx(0.1 * expected)
        assert penalty(values, 0.1).data == pytest.approx(0.1 * expected)
        assert penalty(tensors[0], 2.0).item() == penalty([tensors[0]], 2.0).item()
        assert penalty([], 0.1) == 0.0


def test_penalties_draw_weights_to_zero():
    w = Tensor([1.0, -2.0, 0.5])
    check_gradients(lambda w: nn.l2_penalty([w], 0.3), w)
    check_gradients(lambda w: nn.l1_penalty([w], 0.3), w)
    with_penalty = nn.mse_loss(w, [1, 1, 1]) + nn.l2_penalty([w], 0.3)
    with_penalty.backward()
    _, without = loss_and_slopes(nn.mse_loss, w.data, [1, 1, 1])
    assert w.grad - without == pytest.approx(0.3 * w.data)
