"""Layers on Tensors, under PyTorch's names: rows are samples."""

from collections.abc import Iterator
from functools import partial
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from autograd import ShapeError, Tensor, heaviside, noise, reshape

from .init.fills import Rng, uniform_
from .module import Module


class Linear(Module):
    """``x @ weight.T + bias``: every output is a weighted sum of all inputs.

    Parameters
    ----------
    in_features, out_features : int
    bias : bool
        Whether there is one.
    dtype : float64 or float32
    rng : numpy.random.Generator or int, optional
        Where the weights come from.

    Attributes
    ----------
    weight : Tensor, shape (out_features, in_features)
        Drawn uniformly from ±1/sqrt(in_features), as in PyTorch.
    bias : Tensor, shape (out_features,), or None
        0 at the start.

    Examples
    --------
    >>> Linear(3, 2, rng=0)(np.ones((5, 3))).shape
    (5, 2)
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        *,
        dtype: DTypeLike = np.float64,
        rng: Rng = None,
    ) -> None:
        if in_features < 1 or out_features < 1:
            raise ValueError(f"Linear: got {in_features}, {out_features}. Give 1 or more of each.")
        bound = 1 / sqrt(in_features)
        empty = Tensor(np.zeros((out_features, in_features), dtype))
        self.weight = uniform_(empty, -bound, bound, rng)
        self.bias = Tensor(np.zeros(out_features, dtype)) if bias else None

    def forward(self, x: Any) -> Tensor:
        """Give Tensor, shape (..., out_features), for one of shape (..., in_features)."""
        features = self.weight.shape[1]
        if np.shape(x)[-1:] != (features,):
            raise ShapeError(
                f"{self!r}: got shape {np.shape(x)}. The last axis holds the {features} features "
                "of a sample."
            )
        y = x @ self.weight.T
        return y if self.bias is None else y + self.bias  # type: ignore[no-any-return]

    def extra_repr(self) -> str:
        outputs, inputs = self.weight.shape
        return f"{inputs}, {outputs}" + (", bias=False" if self.bias is None else "")


class Sequential(Module):
    """Layers in a row: each takes what the one before gives.

    Parameters
    ----------
    *layers : Module
        Their parameters are called ``0.weight``, ``0.bias``, ``1.weight``, ...

    Examples
    --------
    >>> from nn import Tanh
    >>> model = Sequential(Linear(4, 8, rng=0), Tanh(), Linear(8, 3, rng=1))
    >>> model
    Sequential(
      (0): Linear(4, 8)
      (1): Tanh()
      (2): Linear(8, 3)
    )
    >>> [name for name, _ in model[:2].named_parameters()]
    ['0.weight', '0.bias']
    """

    def __init__(self, *layers: Module) -> None:
        for i, layer in enumerate(layers):
            if not isinstance(layer, Module):
                raise TypeError(
                    f"Sequential: got {layer!r}, a {type(layer).__name__}. Give modules; "
                    "Activation(op) makes one of an op."
                )
            setattr(self, str(i), layer)

    def forward(self, x: Any) -> Any:
        for layer in self:
            x = layer(x)
        return x

    def __iter__(self) -> Iterator[Module]:
        return (part for part in vars(self).values() if isinstance(part, Module))

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __getitem__(self, index: int | slice) -> Module:
        layers = list(self)
        return Sequential(*layers[index]) if isinstance(index, slice) else layers[index]


class Flatten(Module):
    """Makes a row of each sample.

    Examples
    --------
    >>> Flatten()(Tensor(np.ones((5, 2, 3)))).shape
    (5, 6)
    """

    def forward(self, x: Any) -> Tensor:
        return reshape(x, (len(x), -1))  # type: ignore[no-any-return]


class Identity(Module):
    """Gives what it gets: no activation."""

    def forward(self, x: Any) -> Any:
        return x


class Dropout(Module):
    """Drops numbers at random while training, so that a net does not rely on single ones.

    Parameters
    ----------
    p : float
        Probability to be dropped.
    inverted : bool
        Whether the others are divided by 1 - p in training, so that evaluation changes nothing;
        without it, evaluation multiplies by 1 - p.
    rng : numpy.random.Generator or int, optional
        What decides.

    References
    ----------
    Srivastava et al. 2014, Dropout: a simple way to prevent neural networks from overfitting.

    Examples
    --------
    >>> Dropout(0.5, rng=0)(Tensor(np.ones(8))).data
    array([2., 0., 0., 0., 2., 2., 2., 2.])
    """

    def __init__(self, p: float = 0.5, *, inverted: bool = True, rng: Rng = None) -> None:
        if not 0 <= p <= 1:
            raise ValueError(f"Dropout: got p={p}, the probability to be dropped. Give 0 to 1.")
        self.p = p
        self.inverted = inverted
        self.rng = np.random.default_rng(rng)

    def forward(self, x: Any) -> Tensor:
        kept = 1 - self.p
        x = x if isinstance(x, Tensor) else Tensor(x, constant=True)
        if not self.training:
            return x if self.inverted else x * kept  # type: ignore[no-any-return]
        draw = partial(self.rng.random, dtype=x.dtype)
        mask = heaviside(noise(draw, x.shape) - self.p, 1.0)
        y = x * mask
        return y / kept if self.inverted and kept else y  # type: ignore[no-any-return]

    def extra_repr(self) -> str:
        return f"p={self.p}" + ("" if self.inverted else ", inverted=False")
