"""One cycle takes the rate up and down once, and momentum the other way."""

import math

import numpy as np
import pytest
from rates import optimizer, rates

import nn
from autograd import Value


def test_one_cycle_rises_falls_and_turns_momentum_around():
    adam = optimizer(0.5)
    schedule = nn.OneCycleLR(adam, max_lr=1.0, total_steps=21, pct_start=1 / 3)
    seen = [(schedule.get_last_lr()[0], adam.param_groups[0]["betas"])]
    for _ in range(20):
        schedule.step()
        seen.append((schedule.get_last_lr()[0], adam.param_groups[0]["betas"]))
    lr = np.array([rate for rate, _ in seen])
    momentum = np.array([betas[0] for _, betas in seen])
    assert {betas[1] for _, betas in seen} == {0.999}
    assert (lr[0], lr[6]) == pytest.approx((0.04, 1.0))
    assert lr[20] == pytest.approx(0.04 / 1e4)
    assert (momentum[0], momentum[6], momentum[20]) == pytest.approx((0.95, 0.85, 0.95))
    assert (np.sign(np.diff(lr)) == -np.sign(np.diff(momentum))).all()


def test_one_cycle_cycles_momentum_where_there_is_some():
    sgd = nn.SGD([Value(1.0)], momentum=0.9)
    nn.OneCycleLR(sgd, max_lr=1.0, total_steps=5)
    assert sgd.param_groups[0]["momentum"] == 0.95
    rprop = nn.Rprop([Value(1.0)])
    with pytest.raises(ValueError, match=r"Rprop has no momentum. Use cycle_momentum=False"):
        nn.OneCycleLR(rprop, max_lr=1.0, total_steps=5)
    rates(nn.OneCycleLR(rprop, max_lr=1.0, total_steps=5, cycle_momentum=False), 4)


def test_one_cycle_ends():
    schedule = nn.OneCycleLR(optimizer(0.5), max_lr=1.0, total_steps=3)
    rates(schedule, 3)
    last = schedule.get_last_lr()
    with pytest.raises(ValueError, match=r"step 4 of 3. Give it a larger total_steps"):
        schedule.step()
    assert (schedule.get_last_lr(), schedule.last_epoch) == (last, 3)


@pytest.mark.parametrize("pct_start", [0.01, 0.05, 0.1, 0.5, 0.95])
def test_one_cycle_peaks_wherever_it_is_told(pct_start):
    schedule = nn.OneCycleLR(optimizer(0.5), 1.0, 20, pct_start=pct_start)
    found = rates(schedule, 20)[:20, 0]
    assert found.argmax() == max(0, round(pct_start * 20 - 1))
    assert found.max() == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("pct_start", [-0.1, 0.0, 1.0, 30, math.nan])
def test_one_cycle_needs_time_to_rise_and_to_fall(pct_start):
    with pytest.raises(ValueError, match=rf"pct_start={pct_start}. Use one between 0 and 1"):
        nn.OneCycleLR(optimizer(0.5), 1.0, 20, pct_start=pct_start)
