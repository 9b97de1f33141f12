"""Knows whether random numbers were drawn, by the states of what can draw them."""

import pickle
import random
from collections.abc import Iterable
from typing import Any

import numpy as np

GENERATORS = (np.random.Generator, np.random.RandomState, random.Random)


def random_states(generators: Iterable[Any]) -> list[bytes]:
    """Give what changes when a random number is drawn, from these or from those of all programs."""
    states = [np.random.get_state(), random.getstate()]  # noqa: NPY002, others may use it
    for x in generators:
        if isinstance(x, np.random.Generator):
            states.append(x.bit_generator.state)
        elif isinstance(x, np.random.RandomState):
            states.append(x.get_state())
        elif not isinstance(x, random.SystemRandom):
            states.append(x.getstate())
    return [pickle.dumps(state) for state in states]
