"""Windows that slide over images: what convolution and pooling have in common."""

from typing import Any

import numpy as np

from autograd import ShapeError, Tensor

from ..module import Module

Pair = tuple[int, int]


class Windows(Module):
    """A layer that looks at windows of images, which lie in (samples, channels, height, width)."""

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

    def images(self, x: Any, channels: int | None = None) -> Tensor:
        """Give what was given as a Tensor; refuse what is no batch of images that windows fit."""
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
        return x if isinstance(x, Tensor) else Tensor(x, constant=True)

    def described(self, usual_stride: Pair) -> str:
        """Write the sizes as arguments; those that are as usual are left out."""
        sizes = {"kernel_size": self.kernel_size}
        sizes |= {"stride": self.stride} if self.stride != usual_stride else {}
        sizes |= {"padding": self.padding} if any(self.padding) else {}
        return ", ".join(f"{name}={short(size)}" for name, size in sizes.items())


def short(size: Pair) -> int | Pair:
    """Give one number for two that are equal: so it is written, and rows show it so."""
    return size[0] if size[0] == size[1] else size
