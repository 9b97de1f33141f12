"""Momentum adds up gradients."""

import numpy as np
from steps import fed, noise, values

import nn
from nn.optim.shared_formulas import moving_average


def test_dampening_by_the_momentum_is_an_average_that_starts_at_the_first_gradient():
    params, gradients = values([0.0]), noise(10, 1)
    optimizer = nn.SGD(params, lr=1.0, momentum=0.9, dampening=0.9)
    average = position = None
    for g in gradients[:, 0]:
        average = g if average is None else moving_average(average, g, 0.9)
        position = (position or 0.0) - average
    np.testing.assert_allclose(fed(optimizer, params, gradients), position, rtol=1e-12)
