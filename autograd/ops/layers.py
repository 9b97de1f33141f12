"""The rows that are layers of networks: each computes at once what would take several smaller rows.

The composition of a row says which.
"""

import math
from typing import Any

import numpy as np

from .op import Op
from .reductions import sum
from .shapes import reshape, transpose

__all__ = [
    "linear",
]


def _linear(x: Any, weight: Any, bias: Any) -> Any:
    if np.ndim(weight) != 2 or np.shape(bias) != np.shape(weight)[:1]:
        raise ValueError("the weight is a matrix (out, in), the bias a vector (out,)")
    return np.matmul(x, np.transpose(weight)) + bias


def _samples(x: Any) -> Any:
    """Make a matrix of any number of axes of samples, before that of features."""
    return x if x.ndim == 2 else reshape(x, (math.prod(x.shape[:-1]), x.shape[-1]))


linear = Op(
    name="linear",
    forward=_linear,
    vjps=(
        lambda g, y, x, weight, bias: g @ weight,
        lambda g, y, x, weight, bias: transpose(_samples(g)) @ _samples(x),
        lambda g, y, x, weight, bias: sum(_samples(g), 0),
    ),
    composition=lambda x, weight, bias: x @ transpose(weight) + bias,
    latex=r"{0} \, {1}^{{\mathsf{{T}}}} + {2}",
    precedence=1,
    elementwise=False,
    doc="Weighted sums of the features of each sample, of which the last axis holds one each.",
)
