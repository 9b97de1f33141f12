"""The one source of random numbers for all that is given no ``rng``."""

from typing import Any

import numpy as np

Rng = np.random.Generator | int | None

_source = np.random.SeedSequence()


def seed(number: int) -> None:
    """Let all that draws from now on, and is given no ``rng`` or ``seed``, draw the same again.

    That is first weights, dropout, the order of samples in `fit`. Each takes a generator of its own
    when it is made, so it is the order in which they are made that has to be the same.

    Parameters
    ----------
    number : int
        From 0 on.

    Raises
    ------
    ValueError
        If it is no such number.

    Examples
    --------
    >>> import nn
    >>> nn.seed(0)
    >>> first = nn.MLP(2, [3, 1])([0.5, -1.0]).data
    >>> nn.seed(0)
    >>> first == nn.MLP(2, [3, 1])([0.5, -1.0]).data != nn.MLP(2, [3, 1])([0.5, -1.0]).data
    True
    """
    global _source
    is_whole = isinstance(number, int | np.integer) and not isinstance(number, bool)
    if not is_whole or number < 0:
        raise ValueError(f"seed: got {number!r}. Give a whole number from 0 on.")
    _source = np.random.SeedSequence(int(number))


def generator(rng: Any) -> np.random.Generator:
    """Give the generator that was given, or one of a seed; or a new one of the source."""
    return np.random.default_rng(_source.spawn(1)[0] if rng is None else rng)
