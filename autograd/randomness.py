"""Knows whether random numbers were drawn, by the states of what can draw them."""

import pickle
from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np


def is_generator(x: Any) -> bool:
    """Whether something draws random numbers."""
    return isinstance(x, _kinds())


def random_states(generators: Iterable[Any]) -> list[bytes]:
    """Give what changes when a random number is drawn, from these or from those of all programs."""
    import random

    states = [np.random.get_state(), random.getstate()]  # noqa: NPY002, others may use it
    for x in generators:
        if isinstance(x, np.random.Generator):
            states.append(x.bit_generator.state)
        elif isinstance(x, np.random.RandomState):
            states.append(x.get_state())
        elif not isinstance(x, random.SystemRandom):
            states.append(x.getstate())
    return [pickle.dumps(state) for state in states]


@cache
def _kinds() -> tuple[type, ...]:
    import random  # here, for with NumPy's it takes a quarter of the time to import autograd

    return np.random.Generator, np.random.RandomState, random.Random
