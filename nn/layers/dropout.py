"""Dropout: numbers dropped at random while training."""

from functools import partial
from typing import Any

from autograd import Tensor, heaviside, noise
from autograd.engine import Integers

from ..module import Module
from ..randomness import Rng, generator


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
    >>> Dropout(0.5, rng=0)(Tensor([1.0] * 8)).data
    array([2., 0., 0., 0., 2., 2., 2., 2.])
    """

    def __init__(self, p: float = 0.5, *, inverted: bool = True, rng: Rng = None) -> None:
        if not 0 <= p <= 1:
            raise ValueError(f"Dropout: got p={p}, the probability to be dropped. Give 0 to 1.")
        self.p = p
        self.inverted = inverted
        self.rng = generator(rng)

    def forward(self, x: Any) -> Tensor:
        kept = 1 - self.p
        x = x if isinstance(x, Tensor) else Tensor(x, constant=True)
        if not self.training:
            return x if self.inverted else x * kept  # type: ignore[no-any-return]
        if isinstance(x, Integers):
            x = x.floats
        draw = partial(self.rng.random, dtype=x.dtype)
        mask = heaviside(noise(draw, x.shape) - self.p, 1.0)
        y = x * mask
        return y / kept if self.inverted and kept else y  # type: ignore[no-any-return]

    def extra_repr(self) -> str:
        return f"p={self.p}" + ("" if self.inverted else ", inverted=False")
