"""Rates follow their formulas."""

import math

import numpy as np
import pytest
from optimizers import SCHEDULES
from rates import optimizer, rates

import nn
from autograd import Value


def test_formulas():
    def found(make, steps=15):
        return rates(make(optimizer(0.5)), steps)[:, 0]

    t = np.arange(16)
    np.testing.assert_allclose(found(SCHEDULES["LambdaLR"]), 0.5 / (1 + t))
    np.testing.assert_allclose(found(SCHEDULES["StepLR"]), 0.5 * 0.5 ** (t // 3))
    np.testing.assert_allclose(found(SCHEDULES["ExponentialLR"]), 0.5 * 0.9**t)
    warm = np.minimum(0.1 + 0.18 * t, 1)
    np.testing.assert_allclose(found(SCHEDULES["LinearLR"]), 0.5 * warm)
    cosine = 0.01 + 0.49 * (1 + np.cos(np.pi * t / 12)) / 2
    np.testing.assert_allclose(found(SCHEDULES["CosineAnnealingLR"]), cosine)


@pytest.mark.parametrize(
    "make",
    [
        lambda o: nn.StepLR(o, step_size=0),
        lambda o: nn.LinearLR(o, total_iters=0),
        lambda o: nn.CosineAnnealingLR(o, T_max=0),
        lambda o: nn.OneCycleLR(o, 1.0, total_steps=0),
    ],
)
def test_a_schedule_of_no_steps_is_refused(make):
    with pytest.raises(ValueError, match=r"got \w+=0. Give a whole number of at least 1"):
        make(optimizer(0.5))


def test_training_with_a_falling_rate_settles():
    """A rate that is too large for the end is fine for the start."""

    def end(schedule):
        rng = np.random.default_rng(0)
        x = Value(5.0)
        sgd = nn.SGD([x], lr=0.5)
        falling = schedule(sgd)
        for _ in range(200):
            sgd.zero_grad()
            ((x + rng.normal()) ** 2).backward()
            sgd.step()
            falling.step()
        return math.fabs(x.data)

    constant = end(lambda o: nn.LambdaLR(o, lambda epoch: 1.0))
    assert end(lambda o: nn.CosineAnnealingLR(o, T_max=200)) < constant / 2
