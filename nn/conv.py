"""Convolution and pooling of images, which lie in (samples, channels, height, width)."""

from abc import abstractmethod
from functools import reduce
from math import prod, sqrt
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from autograd import Tensor, concatenate, equal, maximum, minimum, pad, reshape, transpose, unfold

from .init.fills import Rng, uniform_
from .windows import Pair, Windows


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
        outputs, inputs = self.weight.shape[:2]
        x = self.images(x, channels=inputs)
        # It is fastest with samples side by side in memory; pad puts them there, zeros or not.
        frame = [(0, 0), *((n, n) for n in self.padding), (0, 0)]
        x = transpose(pad(transpose(x, (1, 2, 3, 0)), frame), (3, 0, 1, 2))
        windows = transpose(unfold(x, self.kernel_size, self.stride), (1, 2, 3, 4, 5, 0))
        matrix = reshape(self.weight, (outputs, -1))
        y = matrix @ reshape(windows, (matrix.shape[1], -1))
        if self.bias is not None:
            y = y + reshape(self.bias, (-1, 1))
        return transpose(reshape(y, (outputs, *windows.shape[3:])), (3, 0, 1, 2))  # type: ignore[no-any-return]

    def extra_repr(self) -> str:
        outputs, inputs = self.weight.shape[:2]
        without = ", bias=False" if self.bias is None else ""
        return f"{inputs}, {outputs}, {self.described(usual_stride=(1, 1))}{without}"


class _Pool2d(Windows):
    """What kinds of pooling share: they join numbers of a window, two at a time."""

    def __init__(
        self, kernel_size: int | Pair, stride: int | Pair | None = None, padding: int | Pair = 0
    ) -> None:
        super().__init__(kernel_size, kernel_size if stride is None else stride, padding)
        if any(2 * n > size for n, size in zip(self.padding, self.kernel_size, strict=True)):
            raise ValueError(
                f"{type(self).__name__}: got padding={padding} for kernel_size={kernel_size}. Give "
                "half of it at most, or windows lie outside of the image."
            )

    def forward(self, x: Any) -> Any:
        """Give Tensor, shape (samples, channels, new height, new width).

        Raises
        ------
        ShapeError
            If `x` is not of shape (samples, channels, height, width), or has too few pixels.
        """
        x = self.images(x)
        if any(self.padding):
            x = self.framed(x)
        for axis in (3, 2):  # first what lies side by side, then what is left of each row
            size, stride = self.kernel_size[axis - 2], self.stride[axis - 2]
            reach = x.shape[axis] - size + 1
            parts = [x[_along(axis, slice(i, i + reach, stride))] for i in range(size)]
            x = reduce(self.join, parts)
        return x

    def framed(self, x: Any) -> Any:
        """Repeat the edges, which makes no number the largest or smallest that is not already."""
        for axis, n in zip((2, 3), self.padding, strict=True):
            first, last = x[_along(axis, slice(0, 1))], x[_along(axis, slice(-1, None))]
            x = concatenate([*[first] * n, x, *[last] * n], axis)
        return x

    @abstractmethod
    def join(self, a: Any, b: Any) -> Any:
        """Make one number of two, of which `a` comes first: it wins where they are equal."""

    def extra_repr(self) -> str:
        return self.described(usual_stride=self.kernel_size)


class MaxPool2d(_Pool2d):
    """Keeps the largest number of each window.

    Of equal ones, the first in reading order gets the gradient, as in PyTorch; those of `max` share
    it, and so do numbers here that are too large to be 1 apart.

    Parameters
    ----------
    kernel_size : int or (int, int)
        Height and width of a window.
    stride : int or (int, int), optional
        From one window to the next; without it they touch.
    padding : int or (int, int)
        How far windows reach over the edges, half of their size at most; what is there is never
        the largest number.

    Examples
    --------
    >>> MaxPool2d(2)(Tensor([[[[1.0, 3.0, 2.0, 0.0], [4.0, 6.0, 5.0, 1.0]]]])).data
    array([[[[6., 5.]]]])
    """

    def join(self, a: Any, b: Any) -> Any:
        return maximum(a, b - equal(a, b))


class MinPool2d(_Pool2d):
    """Keeps the smallest number of each window.

    Of equal ones, the first in reading order gets the gradient.

    Parameters
    ----------
    kernel_size, stride, padding
        As those of `MaxPool2d`; what is over the edges is never the smallest.

    Examples
    --------
    >>> MinPool2d(2)(Tensor([[[[1.0, 3.0, 2.0, 0.0], [4.0, 6.0, 5.0, 1.0]]]])).data
    array([[[[1., 0.]]]])
    """

    def join(self, a: Any, b: Any) -> Any:
        return minimum(a, b + equal(a, b))


class AvgPool2d(_Pool2d):
    """Takes the mean of each window.

    Parameters
    ----------
    kernel_size, stride, padding
        As those of `MaxPool2d`; what is over the edges counts as 0.

    Examples
    --------
    >>> AvgPool2d(2)(Tensor([[[[1.0, 3.0, 2.0, 0.0], [4.0, 6.0, 5.0, 1.0]]]])).data
    array([[[[3.5, 2. ]]]])
    """

    def forward(self, x: Any) -> Any:
        return super().forward(x) / prod(self.kernel_size)

    def framed(self, x: Any) -> Any:
        return pad(x, [(0, 0), (0, 0), *((n, n) for n in self.padding)])

    def join(self, a: Any, b: Any) -> Any:
        return a + b


def _along(axis: int, part: slice) -> tuple[slice, ...]:
    return (*[slice(None)] * axis, part)
