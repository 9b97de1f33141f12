"""Learning rates follow their formulas, for each group from its own start, and can be taken up."""

import math

import numpy as np
import pytest
from optimizers import SCHEDULES, each

import nn
from autograd import Value

every = each(SCHEDULES)


def optimizer(*rates):
    return nn.Adam([{"params": [Value(1.0)], "lr": lr} for lr in rates])


def rates(schedule, steps):
    found = [schedule.get_last_lr()]
    for _ in range(steps):
        schedule.step()
        found.append(schedule.get_last_lr())
    return np.array(found)


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


@pytest.mark.parametrize("pct_start", [-0.1, 0.0, 1.0, 30, math.nan])
def test_one_cycle_needs_time_to_rise_and_to_fall(pct_start):
    with pytest.raises(ValueError, match=rf"pct_start={pct_start}. Use one between 0 and 1"):
        nn.OneCycleLR(optimizer(0.5), 1.0, 20, pct_start=pct_start)


def test_a_schedule_without_a_formula_says_so():
    with pytest.raises(NotImplementedError, match="write its rate"):
        nn.Schedule(optimizer(0.5))


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
