"""Layers, activations and dropout, given in words and numbers, make a network."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import ShapeError

from ..init import xavier_uniform_
from ..layers import Dropout, Linear, Sequential, activation_layer
from ..module import Module
from ..training import predict, whole


def network(
    n_inputs: int,
    n_outputs: int,
    *,
    sizes: Any,
    activation: Any,
    dropout: Any,
    dtype: Any,
    rng: np.random.Generator,
) -> Sequential:
    """Build a network whose output is linear; its weights are Glorot's.

    Parameters
    ----------
    n_inputs, n_outputs : int
    sizes : int or sequence of int
        Of the hidden layers.
    activation, dropout : one, or a sequence with one for each hidden layer
    dtype : float64 or float32
    rng : numpy.random.Generator

    Raises
    ------
    ValueError
        If there are not as many activations or dropouts as layers, or a word is unknown.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> network(4, 1, sizes=8, activation="elu", dropout=0.2, dtype=np.float64, rng=rng)
    Sequential(
      (0): Linear(4, 8)
      (1): ELU()
      (2): Dropout(p=0.2)
      (3): Linear(8, 1)
    )
    """
    hidden = [whole("hidden_layer_sizes", size, least=1) for size in np.atleast_1d(sizes).tolist()]
    layers: list[Module] = []
    for size, act, p in zip(
        hidden,
        _for_each("activation", activation, len(hidden)),
        _for_each("dropout", dropout, len(hidden)),
        strict=True,
    ):
        layers += [
            Linear(n_inputs, size, dtype=dtype, rng=rng),
            activation_layer("got activation", act),
        ]
        layers += [Dropout(p, rng=rng)] if p else []
        n_inputs = size
    layers.append(Linear(n_inputs, n_outputs, dtype=dtype, rng=rng))
    for layer in layers:
        if isinstance(layer, Linear):
            xavier_uniform_(layer.weight, rng=rng)
    return Sequential(*layers)


def made_of(sizes: Any, activation: Any, dropout: Any) -> dict[str, Any]:
    """Say what `network` builds, in one form for all ways to ask for it."""
    hidden = np.atleast_1d(sizes).tolist()
    return {
        "hidden_layer_sizes": hidden,
        "activation": list(_for_each("activation", activation, len(hidden))),
        "dropout": list(_for_each("dropout", dropout, len(hidden))),
    }


def built(build: Any, X: NDArray[Any], n_outputs: int, rng: np.random.Generator) -> Module:
    """Let someone else build a network, and see that it gives so many outputs for a sample."""
    net = build(X.shape[1], n_outputs, rng)
    if not isinstance(net, Module):
        raise TypeError(f"build made {net!r}. Let it return a module.")
    shape = predict(net, X[:1]).shape
    if shape != (1, n_outputs):
        raise ShapeError(
            f"the network that build made gives shape {shape} for one sample. Let it give "
            f"(samples, n_outputs), here (1, {n_outputs})."
        )
    return net


def _for_each(name: str, given: Any, count: int) -> Sequence[Any]:
    if not isinstance(given, list | tuple):
        return [given] * count
    if len(given) != count:
        raise ValueError(
            f"got {name}={given!r} for {count} hidden layers. Give one for all, or one for each."
        )
    return given
