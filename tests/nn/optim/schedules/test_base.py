"""Every schedule starts each group from its own rate, and can be taken up where it was."""

import math

import numpy as np
import pytest
from optimizers import SCHEDULES, each
from rates import optimizer, rates

import nn
from autograd import Value

every = each(SCHEDULES)


@every
def test_groups_start_from_their_own_rates(make):
    together = rates(make(optimizer(0.5, 0.2)), 15)
    alone = [rates(make(optimizer(lr)), 15)[:, 0] for lr in (0.5, 0.2)]
    np.testing.assert_array_equal(together.T, alone)


@every
def test_the_optimizer_steps_by_the_rate(make):
    x = Value(1.0)
    sgd = nn.SGD([x], lr=0.5, momentum=0.9)
    schedule = make(sgd)
    schedule.step()
    x.grad = 1.0
    sgd.step()
    assert x.data == 1.0 - schedule.get_last_lr()[0]


@every
def test_it_goes_on_from_its_state_as_if_never_stopped(make):
    expected = rates(make(optimizer(0.5, 0.2)), 15)
    first = optimizer(0.5, 0.2)
    schedule = make(first)
    rates(schedule, 6)
    saved, place = first.state_dict(), schedule.state_dict()
    second = optimizer(7.0, 7.0)
    resumed = make(second)
    second.load_state_dict(saved)
    resumed.load_state_dict(place)
    np.testing.assert_array_equal(rates(resumed, 9), expected[6:])
    assert second.param_groups[0]["betas"] != first.param_groups[0]["betas"] or (
        not isinstance(schedule, nn.OneCycleLR)
    )


@every
def test_its_state_says_the_rate(make):
    first, second = make(optimizer(0.5, 0.2)), make(optimizer(0.5, 0.2))
    rates(first, 4)
    second.load_state_dict(first.state_dict())
    assert second.get_last_lr() == first.get_last_lr()


@every
def test_a_group_that_comes_later_joins_in(make):
    adam = optimizer(0.5)
    schedule = make(adam)
    schedule.step()
    adam.add_param_group({"params": [Value(1.0)], "lr": 0.5})
    schedule.step()
    assert len(set(schedule.get_last_lr())) == 1


def test_a_second_schedule_starts_from_the_same_rate():
    adam = optimizer(0.5)
    nn.LinearLR(adam, start_factor=0.1)
    assert adam.param_groups[0]["lr"] == 0.05
    assert nn.ExponentialLR(adam, gamma=0.9).get_last_lr() == [0.5]


@every
@pytest.mark.parametrize(
    "state",
    [
        {},
        {"last_epoch": -1},
        {"last_epoch": 1.5},
        {"last_epoch": "3"},
        {"last_epoch": None},
        {"last_epoch": True},
        {"last_epoch": [2]},
    ],
)
def test_a_state_of_something_else_is_refused_and_changes_nothing(make, state):
    adam = optimizer(0.5, 0.2)
    schedule = make(adam)
    rates(schedule, 3)
    before = repr(adam.state_dict())
    with pytest.raises(ValueError, match=r"^\w+: got the state .*Give what state_dict\(\) gave"):
        schedule.load_state_dict(state)
    assert (repr(adam.state_dict()), schedule.last_epoch) == (before, 3)


@pytest.mark.parametrize("rate", [-0.1, math.nan, math.inf])
def test_a_rate_that_is_none_changes_nothing(rate):
    adam = optimizer(0.5, 0.2)
    schedule = nn.LambdaLR(adam, lambda epoch: 1.0 if epoch < 2 else rate)
    schedule.step()
    before = repr(adam.state_dict())
    with pytest.raises(ValueError, match=r"^LambdaLR: the rate of step 2 is .*Make it 0 or more"):
        schedule.step()
    with pytest.raises(ValueError, match=r"^LambdaLR: the rate of step 5 is .*Make it 0 or more"):
        schedule.load_state_dict({"last_epoch": 5})
    assert (repr(adam.state_dict()), schedule.last_epoch) == (before, 1)


def test_a_rate_beyond_all_numbers_is_refused():
    schedule = nn.ExponentialLR(optimizer(0.5), gamma=2.0)
    with pytest.raises(ValueError, match=r"^ExponentialLR: the rate of step 5000 is inf"):
        schedule.load_state_dict({"last_epoch": 5000})


@every
def test_it_says_when_it_steps(make):
    assert make(optimizer(0.5)).by_batch == (make is SCHEDULES["OneCycleLR"])


def test_a_schedule_without_a_formula_says_so():
    with pytest.raises(NotImplementedError, match="write its rate"):
        nn.Schedule(optimizer(0.5))
