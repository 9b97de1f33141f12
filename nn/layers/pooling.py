"""Pooling of images: one number of each window, the largest, the smallest or the mean."""

from typing import Any, ClassVar

from autograd import Op, avg_pool2d, max_pool2d, min_pool2d

from .windows import Pair, Windows, short


class _Pool2d(Windows):
    """What kinds of pooling share: all but the row that computes them."""

    op: ClassVar[Op]

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
        stride = None if self.stride == self.kernel_size else short(self.stride)
        return self.op(self.images(x), short(self.kernel_size), stride, short(self.padding))

    def extra_repr(self) -> str:
        return self.described(usual_stride=self.kernel_size)


class MaxPool2d(_Pool2d):
    """Keeps the largest number of each window.

    Of equal ones, the first in reading order gets the gradient, as in PyTorch; those of `max` share
    it.

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

    op = max_pool2d


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

    op = min_pool2d


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

    op = avg_pool2d
