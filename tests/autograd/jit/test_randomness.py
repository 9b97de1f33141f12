"""Noise is drawn as the function would draw it, and other randomness is refused."""

import random
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from replays import counted, eager

from autograd import GraphError, compile, noise
from autograd.jit.randomness import is_generator, kept, random_states
from autograd.strategies import values


def dropped(rng):
    def f(x):
        u = noise(rng.random)
        if x > 1:
            x = x * noise(rng.normal)
        if u < 0.3:
            return x * noise(rng.random, None)
        return x + u if x < u else x - noise(rng.normal) - noise(rng.random)

    return f


@given(st.integers(0, 1000), st.lists(values(0, 2), min_size=5, max_size=20))
def test_noise_is_drawn_as_the_function_would_draw_it(seed, points):
    compiled, calls = counted(dropped(np.random.default_rng(seed)))
    plain = dropped(np.random.default_rng(seed))
    for x in points:
        assert compiled(x) == eager(plain, x)
    assert len(calls) <= 6


def test_noise_in_arrays_is_drawn_afresh():
    rngs = np.random.default_rng(3), np.random.default_rng(3)
    compiled, calls = counted(lambda x: x * noise(rngs[0].random, (2, 3)))
    for _ in range(4):
        found = compiled(np.ones(3))
        np.testing.assert_array_equal(found, rngs[1].random((2, 3)))
    assert len(calls) == 1


def test_noise_in_threads_is_nothing_else():
    rng = np.random.default_rng(7)

    def slow(x):
        sum(range(200_000))
        return x * noise(rng.random)

    f = compile(slow)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(f, [1.0] * 12))
    assert sorted(found) == sorted(np.random.default_rng(7).random(12))
    assert f.recordings == 1


GENERATORS = {
    "generator": np.random.default_rng(0).normal,
    "old state": np.random.RandomState(0).normal,
    "random": random.Random(0).random,
    "module random": random.random,
    "numpy.random": np.random.normal,
}


class Holder:
    def __init__(self, draw):
        self.sources = {"of": [getattr(draw, "__self__", draw)]}


@pytest.mark.parametrize("draw", GENERATORS.values(), ids=GENERATORS)
def test_randomness_past_noise_is_refused(draw):
    holder, rng = Holder(draw), np.random.default_rng(0)

    def other(source):
        return getattr(source, draw.__name__, draw)()

    def f(x):
        return x * noise(rng.random) * other(holder.sources["of"][0])

    def before(x):
        return x * other(holder.sources["of"][0]) * noise(rng.random)

    for g in (f, before):
        compiled, calls = counted(g)
        for _ in range(2):
            with pytest.raises(
                GraphError, match=rf"^{g.__name__}: it draws random numbers.*noise\(rng"
            ):
                compiled(1.0)
        assert len(calls) == 2
        assert compiled.recordings == 0


DRAWS = {
    "NumPy's": lambda: np.random.random(),  # noqa: NPY002
    "Python's": random.random,
    "a generator": GENERATORS["generator"],
    "an old one": GENERATORS["old state"],
    "a Random": GENERATORS["random"],
}
OWN = [GENERATORS[name].__self__ for name in ("generator", "old state", "random")]


@pytest.mark.parametrize("name", DRAWS)
def test_each_draw_shows_in_the_states_and_can_be_undone(name):
    draw = DRAWS[name]
    before = random_states(OWN)
    assert random_states(OWN) == before
    with kept(OWN):
        first = draw()
        assert random_states(OWN) != before
    assert random_states(OWN) == before
    assert draw() == first


def test_generators_are_set_back_after_an_error_too():
    def draws_and_fails():
        OWN[0].random()
        raise KeyError

    before = random_states(OWN)
    with pytest.raises(KeyError), kept(OWN):
        draws_and_fails()
    assert random_states(OWN) == before


def test_what_draws_is_known_and_what_does_not_is_not():
    assert all(map(is_generator, OWN))
    others = [np.random, random, 0, None, np.random.PCG64(), random.SystemRandom()]
    assert not any(map(is_generator, others))
