"""Gradient descent stops by the rule of the lectures, and says why."""

import numpy as np
import pytest
from golden import EXAMPLES, compare
from optimizers import OPTIMIZERS

import nn
from autograd import DomainError, Value, log


def test_the_stop_rule_and_its_count():
    i = EXAMPLES["WE36"]["inputs"]
    found = nn.gradient_descent(lambda x: (x - 3) ** 2, i["theta0"], lr=i["lambda"], eps=i["eps"])
    numbers = {
        "first_iterates": list(found.path[:5]),
        "iterations_i": found.updates,
        "theta_final": found.x,
        "abs_error": abs(found.x - 3),
        "last_step": abs(found.path[-1] - found.path[-2]),
    }
    compare(numbers, EXAMPLES["WE36"]["recomputed"], "WE36")
    assert found.reason == "small step"


def test_one_step_of_a_polynomial():
    i, expected = EXAMPLES["WE03"]["inputs"], EXAMPLES["WE03"]["recomputed"]
    found = nn.gradient_descent(
        lambda p: p[0] ** 2 + p[1] ** 3, [i["x"], i["y"]], lr=i["alpha_for_step"], max_steps=1
    )
    compare(found.x, expected["one_descent_step"], "WE03")
    assert (found.updates, found.reason) == (1, "max_steps")


@pytest.mark.parametrize("kind", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_it_is_what_a_loop_with_an_optimizer_does(kind):
    def f(x):
        return (x - 1) ** 4

    found = nn.gradient_descent(f, 3.0, lr=0.01, max_steps=10, optimizer=kind)
    x = Value(3.0)
    rule = kind([x], lr=0.01)
    for expected in found.path[1:]:
        rule.zero_grad()
        f(x).backward()
        rule.step()
        assert x.data == expected
    assert found.updates == 10


def test_a_gradient_of_zero_is_one():
    found = nn.gradient_descent(lambda x: x * x, 0.0)
    assert (found.path, found.reason) == ((0.0, 0.0), "small step")


@pytest.mark.parametrize("start", [3.0, [3.0], [[3.0, 1.0], [0.0, -2.0]]])
def test_the_norm_of_a_step_is_euclidean(start):
    found = nn.gradient_descent(lambda x: (x * x).sum() if np.ndim(start) else x * x, start)
    last = [np.linalg.norm(b - a) for a, b in zip(found.path[-3:-1], found.path[-2:], strict=True)]
    assert last[1] <= 1e-6 < last[0]
    assert np.shape(found.x) == np.shape(start)


def test_one_update_is_made_before_the_rule_is_asked():
    found = nn.gradient_descent(lambda x: x * x, 0.0, eps=0.0)
    assert (found.x, found.updates, found.reason) == (0.0, 1, "small step")
    with pytest.raises(ValueError, match=r"got max_steps=0. One update is always made"):
        nn.gradient_descent(lambda x: x * x, 0.0, max_steps=0)


def test_the_start_is_not_changed():
    start = np.array([1.0, 2.0])
    found = nn.gradient_descent(lambda x: (x * x).sum(), start)
    assert start.tolist() == found.path[0].tolist() == [1.0, 2.0]


def test_too_large_a_rate_runs_away_and_is_capped():
    found = nn.gradient_descent(lambda x: x * x, 1.0, lr=1.1, max_steps=30)
    assert (found.updates, found.reason) == (30, "max_steps")
    assert (np.diff(np.abs(found.path)) > 0).all()


def test_where_there_is_no_gradient_it_says_how_it_came_there():
    with pytest.raises(DomainError, match=r"no finite gradient at -8.0 after 1 updates\. Use a sm"):
        nn.gradient_descent(lambda x: log(x) * 10, 2.0, lr=2.0)
    with pytest.raises(DomainError, match=r"at -4\.6\d+e\+87 after 5 updates"):
        nn.gradient_descent(lambda x: x**4, 1.0, lr=1.5)
