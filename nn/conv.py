"""Convolution and pooling of images, which lie in (samples, channels, height, width)."""

from abc import abstractmethod
from functools import reduce
from math import prod, sqrt
from typing import Any, ClassVar

import numpy as np
from numpy.typing import DTypeLike

from autograd import ShapeError, Tensor, heaviside, pad, reshape, transpose, unfold

from .layers import Rng
from .module import Module

Pair = tuple[int, int]


class _Windows(Module):
    """What convolution and pooling share: windows that slide over images."""

    def __init__(self, kernel_size: int | Pair, stride: int | Pair, padding: int | Pair) -> None:
        self.kernel_size = self._pair("kernel_size", kernel_size)
        self.stride = self._pair("stride", stride)
        self.padding = self._pair("padding", padding, least=0)

    def _pair(self, name: str, given: Any, least: int = 1) -> Pair:
        pair = tuple(given) if isinstance(given, tuple | list) else (given, given)
        if len(pair) != 2 or not all(isinstance(n, int | np.integer) and n >= least for n in pair):
            raise ValueError(
                f"{type(self).__name__}: {name}={given!r}. Give one whole number or two, (down, "
                f"right), of {least} or more."
            )
        return int(pair[0]), int(pair[1])

    def check(self, x: Any, channels: int | None = None) -> None:
        """Raise an error if these are no images on which windows fit."""
        shape = np.shape(x)
        if len(shape) != 4 or channels not in (None, shape[1]):
            wanted = "channels" if channels is None else f"{channels} channels"
            raise ShapeError(
                f"{self!r}: got shape {shape}. Give images as (samples, {wanted}, height, width); "
                "one alone is x[None]."
            )
        height, width = (n + 2 * over for n, over in zip(shape[2:], self.padding, strict=True))
        if height < self.kernel_size[0] or width < self.kernel_size[1]:
            raise ShapeError(
                f"{self!r}: got shape {shape}. A window of {self.kernel_size} does not fit into "
                f"{(height, width)}, padding included. Give larger images, or pool less before."
            )

    def described(self, usual_stride: Pair) -> str:
        """Write the sizes as arguments; those that are as usual are left out."""
        sizes = {"kernel_size": self.kernel_size}
        sizes |= {"stride": self.stride} if self.stride != usual_stride else {}
        sizes |= {"padding": self.padding} if any(self.padding) else {}
        return ", ".join(f"{k}={n if n == m else (n, m)}" for k, (n, m) in sizes.items())


class Conv2d(_Windows):
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
        start = np.random.default_rng(rng).uniform(-bound, bound, shape)
        self.weight = Tensor(start.astype(dtype))
        self.bias = Tensor(np.zeros(out_channels, dtype)) if bias else None

    def forward(self, x: Any) -> Tensor:
        """Give Tensor, shape (samples, out_channels, new height, new width).

        Raises
        ------
        ShapeError
            If `x` is not of shape (samples, in_channels, height, width), or has too few pixels.
        """
        outputs, inputs = self.weight.shape[:2]
        self.check(x, channels=inputs)
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


class _Pool2d(_Windows):
    """Makes one number of each window, joining two at a time."""

    beyond: ClassVar[float] = 0.0  # what stands around an image, in largest numbers

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
        """Give Tensor, shape (samples, channels, new height, new width)."""
        self.check(x)
        if any(self.padding):
            frame = [(0, 0), (0, 0), *((n, n) for n in self.padding)]
            x = pad(x, frame, float(self.beyond * np.finfo(x.dtype).max))
        for axis in (3, 2):  # first what lies side by side, then what is left of each row
            size, stride = self.kernel_size[axis - 2], self.stride[axis - 2]
            slices = [slice(i, x.shape[axis] - size + 1 + i, stride) for i in range(size)]
            x = reduce(self.join, [x[*[slice(None)] * axis, part] for part in slices])
        return x

    @abstractmethod
    def join(self, a: Any, b: Any) -> Any:
        """Make one number of two, of which `a` comes first in reading order."""

    def extra_repr(self) -> str:
        return self.described(usual_stride=self.kernel_size)


class MaxPool2d(_Pool2d):
    """Keeps the largest number of each window.

    Of equal ones, the first in reading order gets the gradient, as in PyTorch; those of `max` share
    it. Numbers have to be finite.

    Parameters
    ----------
    kernel_size : int or (int, int)
        Height and width of a window.
    stride : int or (int, int), optional
        From one window to the next; without it they touch.
    padding : int or (int, int)
        How far windows reach over the edges, by half at most; what is there is never the largest.

    Examples
    --------
    >>> MaxPool2d(2)(Tensor([[[[1.0, 3.0, 2.0, 0.0], [4.0, 6.0, 5.0, 1.0]]]])).data
    array([[[[6., 5.]]]])
    """

    beyond = -1.0

    def join(self, a: Any, b: Any) -> Any:
        return _second_if(b - a, a, b)


class MinPool2d(_Pool2d):
    """Keeps the smallest number of each window.

    Of equal ones, the first in reading order gets the gradient. Numbers have to be finite.

    Parameters
    ----------
    kernel_size, stride, padding
        As those of `MaxPool2d`; what is beyond the edges is never the smallest.

    Examples
    --------
    >>> MinPool2d(2)(Tensor([[[[1.0, 3.0, 2.0, 0.0], [4.0, 6.0, 5.0, 1.0]]]])).data
    array([[[[1., 0.]]]])
    """

    beyond = 1.0

    def join(self, a: Any, b: Any) -> Any:
        return _second_if(a - b, a, b)


class AvgPool2d(_Pool2d):
    """Takes the mean of each window.

    Parameters
    ----------
    kernel_size, stride, padding
        As those of `MaxPool2d`; what is beyond the edges counts as 0.

    Examples
    --------
    >>> AvgPool2d(2)(Tensor([[[[1.0, 3.0, 2.0, 0.0], [4.0, 6.0, 5.0, 1.0]]]])).data
    array([[[[3.5, 2. ]]]])
    """

    def forward(self, x: Any) -> Any:
        return super().forward(x) / prod(self.kernel_size)

    def join(self, a: Any, b: Any) -> Any:
        return a + b


def _second_if(lead: Any, a: Any, b: Any) -> Any:
    """Choose b where it leads, else a; products are much faster than `where`."""
    second = heaviside(lead)
    return b * second + a * (1.0 - second)
