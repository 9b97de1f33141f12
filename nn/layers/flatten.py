"""Layers without numbers of their own: Flatten gives another shape, Identity what it gets."""

from typing import Any

from autograd import Tensor, reshape

from ..module import Module


class Flatten(Module):
    """Makes a row of each sample.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Flatten()(Tensor([[[1.0, 2.0], [3.0, 4.0]]])).shape
    (1, 4)
    """

    def forward(self, x: Any) -> Tensor:
        return reshape(x, (len(x), -1))  # type: ignore[no-any-return]


class Identity(Module):
    """Gives what it gets: no activation."""

    def forward(self, x: Any) -> Any:
        return x
