"""A strict recording is the function itself, whatever comes in; what could not be is refused."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import GraphError, Tensor, Value, exp, gradients, heaviside, noise, where
from autograd.jit import recorded

numbers = st.lists(st.floats(-3, 3), min_size=1, max_size=5)


@given(numbers)
def test_a_batch_gives_what_the_function_gives_for_each_sample(xs):
    w = Value(0.7)

    def f(x):
        y = where(heaviside(x), exp(w * x), w - x)
        return [y, *gradients(y, [w])]

    tape, outputs, is_current = recorded(f, [Value(1.0, constant=True)])
    assert [y.data for y in outputs] == tape(1.0)
    for k, found in enumerate(zip(*tape(np.array(xs)), strict=True)):
        assert found == pytest.approx([y.data for y in f(Value(xs[k], constant=True))], rel=1e-14)
    w.data = -0.2
    assert is_current()
    assert tape(xs[0]) == [y.data for y in f(Value(xs[0], constant=True))]


GENERATOR = np.random.default_rng(0)
LEAF = Value(1.0)


class Counter:
    def __init__(self):
        self.count = 0

    def __call__(self, x):
        self.count += 1
        return [x * self.count]


REFUSED = {
    "data": (lambda x: [x * x.data], "number"),
    "float": (lambda x: [x * float(x)], "number"),
    "comparison": (lambda x: [x if x < 3 else -x], "<"),
    "setting": (lambda x: [setattr(LEAF, "data", 2.0) or x], "sets the data"),
    "backward": (lambda x: [(LEAF * x).backward() or x], "backward"),
    "a generator": (lambda x: [x * GENERATOR.normal()], "random"),
    "the generator of NumPy": (lambda x: [x * np.random.normal()], "random"),  # noqa: NPY002
    "the generator of Python": (lambda x: [x * random.random()], "random"),
    "counting": (Counter(), "changes"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_replay_could_not_repeat_is_refused(name):
    f, words = REFUSED[name]
    state = GENERATOR.bit_generator.state
    with pytest.raises(GraphError, match=words):
        recorded(f, [Value(2.0, constant=True)])
    assert GENERATOR.bit_generator.state == state


def test_nodes_are_true_as_in_a_loop():
    tape, _, _ = recorded(lambda x: [x * 2 if x else x], [Value(0.0, constant=True)])
    assert tape(np.array([0.0, 1.5]))[0].tolist() == [0.0, 3.0]


@pytest.mark.parametrize("make", [np.random.default_rng, random.Random, np.random.RandomState])
def test_generators_are_afterwards_as_before(make):
    rng = make(3)

    def f(x):
        return [x + noise(lambda size: np.full(size, rng.random()), (2,))]

    tape, _, _ = recorded(f, [Tensor(np.zeros(2), constant=True)])
    assert tape(np.zeros(2))[0][0] == make(3).random()


def test_it_is_not_current_once_something_but_numbers_of_leaves_has_changed():
    power = [2]

    def f(x):
        return [x ** power[0]]

    _, _, is_current = recorded(f, [Value(2.0, constant=True)])
    assert is_current()
    power[0] = 3
    assert not is_current()
    power[0] = 2
    assert is_current()


def test_a_generator_of_the_system_has_no_state_to_compare():
    rng = random.SystemRandom()
    with pytest.raises(GraphError, match="it uses something of the class SystemRandom"):
        recorded(lambda x: [x * 2 if rng else x], [Value(2.0, constant=True)])
