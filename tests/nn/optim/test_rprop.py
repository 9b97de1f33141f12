"""Rprop heeds the signs of gradients only."""

import numpy as np
import pytest
from steps import fed, values

import nn


@pytest.mark.parametrize("size", [1.0, 1e-200])
def test_rprop_waits_where_the_sign_flips(size):
    params = values([0.0])
    optimizer = nn.Rprop(params, lr=0.1)
    signs = (1.0, 1.0, -1.0, -1.0)
    path = [fed(optimizer, params, [np.array([sign * size])])[0] for sign in signs]
    np.testing.assert_allclose(path, [-0.1, -0.22, -0.22, -0.16])
