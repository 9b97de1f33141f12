"""Sums of squares only ever shrink a step of Adagrad."""

import numpy as np
from steps import fed, values

import nn


def test_adagrads_steps_vanish():
    params = values([0.0])
    optimizer = nn.Adagrad(params, lr=1.0)
    path = [fed(optimizer, params, [np.ones(1)])[0] for _ in range(100)]
    np.testing.assert_allclose(np.diff([0, *path]), -1 / np.sqrt(np.arange(1, 101)), rtol=1e-6)
