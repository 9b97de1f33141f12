"""The fully connected layer: rows are samples, and the weight is (out, in) as in PyTorch."""

from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from autograd import ShapeError, Tensor, linear

from ..init import uniform_
from ..module import Module
from ..randomness import Rng


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
        if self.bias is None:
            return x @ self.weight.T  # type: ignore[no-any-return]
        return linear(x, self.weight, self.bias)  # type: ignore[no-any-return]

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of one sample."""
        return (self.weight.shape[1],)

    def extra_repr(self) -> str:
        outputs, inputs = self.weight.shape
        return f"{inputs}, {outputs}" + (", bias=False" if self.bias is None else "")
