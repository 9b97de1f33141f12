"""Pooling of images: one number of each window, the largest, the smallest or the mean."""

from abc import abstractmethod
from functools import reduce
from math import prod
from typing import Any

from autograd import concatenate, equal, maximum, minimum, pad

from .windows import Pair, Windows


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
    >>> from autograd import Tensor
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
    >>> from autograd import Tensor
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
    >>> from autograd import Tensor
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
