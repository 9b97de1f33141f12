"""Momentum adds up gradients, and Rprop heeds their signs only."""

import numpy as np
import pytest
from steps import fed, noise, values

import nn
from nn.optim.arithmetic import moving_average


def test_dampening_by_the_momentum_is_an_average_that_starts_at_the_first_gradient():
    params, gradients = values([0.0]), noise(10, 1)
    optimizer = nn.SGD(params, lr=1.0, momentum=0.9, dampening=0.9)
    average = position = None
    for g in gradients[:, 0]:
        average = g if average is None else moving_average(average, g, 0.9)
        position = (position or 0.0) - average
    np.testing.assert_allclose(fed(optimizer, params, gradients), position, rtol=1e-12)


@pytest.mark.parametrize("size", [1.0, 1e-200])
def test_rprop_waits_where_the_sign_flips(size):
    params = values([0.0])
    optimizer = nn.Rprop(params, lr=0.1)
    signs = (1.0, 1.0, -1.0, -1.0)
    path = [fed(optimizer, params, [np.array([sign * size])])[0] for sign in signs]
    np.testing.assert_allclose(path, [-0.1, -0.22, -0.22, -0.16])
