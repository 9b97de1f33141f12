"""Schedules in a row take over from each other, and each begins anew."""

import numpy as np
import pytest
from optimizers import SCHEDULES
from rates import optimizer, rates

import nn


def test_schedules_in_a_row_step_at_the_same_times():
    adam = optimizer(0.5)
    linear, cycle = nn.LinearLR(adam), nn.OneCycleLR(adam, max_lr=1.0, total_steps=9)
    with pytest.raises(ValueError, match="some schedules step after each batch, others after"):
        nn.SequentialLR(adam, [linear, cycle], [3])
    linear.by_batch = True
    assert nn.SequentialLR(adam, [linear, cycle], [3]).by_batch


def test_each_schedule_begins_anew_at_its_milestone():
    found = rates(SCHEDULES["SequentialLR"](optimizer(0.5, 0.2)), 15)
    linear, step, exponential = (
        rates(make(optimizer(0.5, 0.2)), 15)
        for make in (
            nn.LinearLR,
            lambda o: nn.StepLR(o, step_size=2),
            lambda o: nn.ExponentialLR(o, gamma=0.9),
        )
    )
    np.testing.assert_array_equal(found, [*linear[:4], *step[:5], *exponential[:7]])


def test_a_schedule_in_a_sequence_turns_momentum_around():
    adam = optimizer(0.5)
    cycle = nn.OneCycleLR(adam, max_lr=1.0, total_steps=10)
    steps = nn.StepLR(adam, step_size=1)
    steps.by_batch = True
    schedule = nn.SequentialLR(adam, [steps, cycle], [3])
    rates(schedule, 5)
    assert (schedule.last_epoch, cycle.last_epoch) == (5, 2)
    assert adam.param_groups[0]["betas"][0] == pytest.approx(0.85)
    assert schedule.get_last_lr() == [1.0] == [schedule.rate(0.5, 5)]


@pytest.mark.parametrize(
    ("owners", "milestones", "message"),
    [
        ("ab", [3], "a schedule of another optimizer"),
        ("aa", [3, 5], "2 schedules and 2 milestones. Give one for each"),
        ("aaa", [5, 3], r"milestones=\[5, 3\]. Give rising numbers from 1"),
        ("aaa", [3, 3], r"milestones=\[3, 3\]. Give rising numbers from 1"),
        ("aa", [0], r"milestones=\[0\]. Give rising numbers from 1"),
        ("aa", [-1], r"milestones=\[-1\]. Give rising numbers from 1"),
        ("", [], "0 schedules and 0 milestones"),
    ],
)
def test_a_sequence_that_does_not_fit_is_refused(owners, milestones, message):
    a, b = optimizer(0.5), optimizer(0.5)
    schedules = [nn.LinearLR({"a": a, "b": b}[owner]) for owner in owners]
    with pytest.raises(ValueError, match=message):
        nn.SequentialLR(a, schedules, milestones)
