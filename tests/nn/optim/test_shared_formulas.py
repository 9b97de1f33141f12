"""Formulas that optimizers share do what they say."""

import numpy as np
import pytest
from optimizers import OPTIMIZERS, WHOLE, each
from steps import fed, flat, noise, values

from nn.optim.shared_formulas import moving_average, penalized


def test_an_average_of_a_constant():
    average = 0.0
    for k in range(1, 20):
        average = moving_average(average, 3.0, 0.9)
        assert average == pytest.approx(3.0 * (1 - 0.9**k), rel=1e-12)


@each({name: OPTIMIZERS[name] for name in ("SGD", "RMSprop", "Adagrad", "Adam")} | WHOLE)
def test_weight_decay_is_the_gradient_of_a_penalty(make):
    start, gradients = noise(3), noise(1, 3)
    penalized, plain = values(start), values(start)
    fed(make(penalized, lr=0.1, weight_decay=0.2), penalized, gradients)
    fed(make(plain, lr=0.1), plain, gradients + 0.2 * start)
    np.testing.assert_allclose(flat(penalized), flat(plain), rtol=1e-14)


def test_without_decay_a_gradient_is_taken_as_it_is():
    grad = np.array([1.0, 2.0])
    assert penalized(grad, np.array([np.inf, 1.0]), 0.0) is grad
    assert penalized(grad, np.array([3.0, -1.0]), 0.5).tolist() == [2.5, 1.5]
    assert grad.tolist() == [1.0, 2.0]
