"""Convolution of images, which lie in (samples, channels, height, width)."""

from math import prod, sqrt
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from autograd import Tensor, conv2d, correlate2d

from ..init import uniform_
from ..randomness import Rng
from .windows import Pair, Windows, short


class Conv2d(Windows):
    """Slides small images of weights over an image: each gives a map of where it is found.

    As in PyTorch, kernels are not flipped: this is a cross-correlation.

    Parameters
    ----------
    in_channels, out_channels : int
    kernel_size : int or (int, int)
        Height and width of what slides.
    stride : int or (int, int)
        How far it moves at a time, down and to the right.
    padding : int or (int, int)
        How many zeros are put above and below, left and right.
    bias : bool
        Whether there is one.
    dtype : float64 or float32
    rng : numpy.random.Generator or int, optional
        Where the weights come from.

    Attributes
    ----------
    weight : Tensor, shape (out_channels, in_channels, height, width)
        Drawn uniformly from ±1/sqrt(in_channels * height * width), as in PyTorch.
    bias : Tensor, shape (out_channels,), or None
        0 at the start.

    References
    ----------
    LeCun et al. 1998, Gradient-based learning applied to document recognition.

    Examples
    --------
    >>> Conv2d(3, 8, kernel_size=5, padding=2, rng=0)(np.ones((2, 3, 28, 28))).shape
    (2, 8, 28, 28)
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | Pair,
        stride: int | Pair = 1,
        padding: int | Pair = 0,
        bias: bool = True,
        *,
        dtype: DTypeLike = np.float64,
        rng: Rng = None,
    ) -> None:
        super().__init__(kernel_size, stride, padding)
        shape = (out_channels, in_channels, *self.kernel_size)
        bound = 1 / sqrt(prod(shape[1:]))
        self.weight = uniform_(Tensor(np.zeros(shape, dtype)), -bound, bound, rng)
        self.bias = Tensor(np.zeros(out_channels, dtype)) if bias else None

    def forward(self, x: Any) -> Tensor:
        """Give Tensor, shape (samples, out_channels, new height, new width).

        Raises
        ------
        ShapeError
            If `x` is not of shape (samples, in_channels, height, width), or has too few pixels.
        """
        x = self.images(x, channels=self.weight.shape[1])
        how = short(self.stride), short(self.padding)
        if self.bias is None:
            return correlate2d(x, self.weight, *how)  # type: ignore[no-any-return]
        return conv2d(x, self.weight, self.bias, *how)  # type: ignore[no-any-return]

    def extra_repr(self) -> str:
        outputs, inputs = self.weight.shape[:2]
        without = ", bias=False" if self.bias is None else ""
        return f"{inputs}, {outputs}, {self.described(usual_stride=(1, 1))}{without}"
