"""RMSprop lets numbers of different scale move alike, and may be centered."""

import numpy as np
from steps import fed, trained, values

import nn


def test_numbers_of_different_scale_move_alike():
    params = values([1.0, 1.0])
    path = trained(nn.RMSprop(params, lr=0.01), params, steps=10)
    np.testing.assert_allclose(path[:, 0], path[:, 1], rtol=1e-5)
    params = values([1.0, 1.0])
    path = trained(nn.SGD(params, lr=0.01), params, steps=10)
    assert path[-1, 1] < path[-1, 0] / 5


def test_gradients_without_spread_have_a_centered_average():
    params = values([0.0])
    optimizer = nn.RMSprop(params, alpha=0.5, centered=True)
    assert np.isfinite(fed(optimizer, params, np.full((200, 1), 0.7)))
