"""Knows whether random numbers were drawn, by the states of what can draw them."""

import pickle
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from typing import Any

import numpy as np


def is_generator(x: Any) -> bool:
    """Whether something draws random numbers from a state that can be looked at."""
    kinds, stateless = _kinds()
    return isinstance(x, kinds) and not isinstance(x, stateless)


def random_states(generators: Iterable[Any]) -> list[bytes]:
    """Give what changes when a random number is drawn, from these or from those of all programs."""
    import random

    states = [np.random.get_state(), random.getstate()]  # noqa: NPY002, others may use it
    for x in generators:
        if isinstance(x, np.random.Generator):
            states.append(x.bit_generator.state)
        elif isinstance(x, np.random.RandomState):
            states.append(x.get_state())
        else:
            states.append(x.getstate())
    return [pickle.dumps(state) for state in states]


@contextmanager
def kept(generators: Iterable[Any]) -> Iterator[None]:
    """Set generators back, afterwards, to what they were; those of all programs, too."""
    back = way_back(generators)
    try:
        yield
    finally:
        back()


def way_back(generators: Iterable[Any]) -> Callable[[], None]:
    """Give what sets generators back to what they are now; those of all programs, too."""
    import random

    backs = [_way_back(x) for x in generators]
    backs += [partial(np.random.set_state, np.random.get_state()), _way_back(random)]  # noqa: NPY002

    def back() -> None:
        for each in backs:
            each()

    return back


def _way_back(x: Any) -> Callable[[], None]:
    if isinstance(x, np.random.Generator):
        bits = x.bit_generator
        return partial(setattr, bits, "state", bits.state)
    if isinstance(x, np.random.RandomState):
        return partial(x.set_state, x.get_state())
    return partial(x.setstate, x.getstate())


@cache
def _kinds() -> tuple[Any, type]:
    import random  # here, for with NumPy's it takes a quarter of the time to import autograd

    return (np.random.Generator, np.random.RandomState, random.Random), random.SystemRandom
