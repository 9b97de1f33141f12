"""Networks that are known by name."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from types import FunctionType
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from autograd import Op

from .layers import (
    Conv2d,
    Dropout,
    Flatten,
    Linear,
    MaxPool2d,
    ReLU,
    Sequential,
    Tanh,
    activation_layer,
)
from .module import Module
from .randomness import Rng, generator


class LeNet5(Sequential):
    """The network that read the digits on cheques, for images of 32 x 32, in its modern form.

    Two convolutions, each followed by pooling, find features; three linear layers decide. It has
    61,706 parameters: all maps of the second convolution see all of the first, which in the
    original was thinned out to save time, and ReLU and max pooling stand where tanh and trained
    averages stood.

    Parameters
    ----------
    classes, channels : int
        How many scores it gives for an image, and how many colors that has.
    dtype : float64 or float32
    rng : numpy.random.Generator or int, optional

    References
    ----------
    LeCun et al. 1998, Gradient-based learning applied to document recognition.

    Examples
    --------
    >>> LeNet5(rng=0)(np.zeros((2, 1, 32, 32))).shape
    (2, 10)
    """

    def __init__(
        self,
        classes: int = 10,
        channels: int = 1,
        *,
        dtype: DTypeLike = np.float64,
        rng: Rng = None,
    ) -> None:
        how: Any = {"dtype": dtype, "rng": generator(rng)}
        super().__init__(
            *(Conv2d(channels, 6, 5, **how), ReLU(), MaxPool2d(2)),
            *(Conv2d(6, 16, 5, **how), ReLU(), MaxPool2d(2)),
            *(Flatten(), Linear(400, 120, **how), ReLU()),
            *(Linear(120, 84, **how), ReLU(), Linear(84, classes, **how)),
        )

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """Shape of one image."""
        first: Any = self[0]
        return first.weight.shape[1], 32, 32


class AlexNet(Sequential):
    """The network that won ImageNet in 2012, for images of 227 x 227, in one tower.

    It has 62,378,344 parameters: the original was cut in two, for two graphics cards, and
    normalized across channels, which is left out.

    Parameters
    ----------
    classes, channels : int
        How many scores it gives for an image, and how many colors that has.
    dtype : float64 or float32
    rng : numpy.random.Generator or int, optional

    References
    ----------
    Krizhevsky, Sutskever & Hinton 2012, ImageNet classification with deep convolutional neural
    networks.
    """

    def __init__(
        self,
        classes: int = 1000,
        channels: int = 3,
        *,
        dtype: DTypeLike = np.float32,
        rng: Rng = None,
    ) -> None:
        rng = generator(rng)
        how: Any = {"dtype": dtype, "rng": rng}
        super().__init__(
            *(Conv2d(channels, 96, 11, stride=4, **how), ReLU(), MaxPool2d(3, 2)),
            *(Conv2d(96, 256, 5, padding=2, **how), ReLU(), MaxPool2d(3, 2)),
            *(Conv2d(256, 384, 3, padding=1, **how), ReLU()),
            *(Conv2d(384, 384, 3, padding=1, **how), ReLU()),
            *(Conv2d(384, 256, 3, padding=1, **how), ReLU(), MaxPool2d(3, 2), Flatten()),
            *(Dropout(rng=rng), Linear(9216, 4096, **how), ReLU()),
            *(Dropout(rng=rng), Linear(4096, 4096, **how), ReLU()),
            Linear(4096, classes, **how),
        )

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """Shape of one image."""
        first: Any = self[0]
        return first.weight.shape[1], 227, 227


class Autoencoder(Module):
    """A network that learns to give back what it gets, through a narrow middle: the code.

    Parameters
    ----------
    sizes : sequence of int
        Of the input, of the layers behind it, and last of the code; the decoder mirrors them.
    activation : str, Op, Module, callable or None
        Between two layers, such as ``"tanh"``, or a function that makes it, such as `Tanh`; None
        for a linear autoencoder, whose best code spans the plane of the principal components.
    dtype : float64 or float32
    rng : numpy.random.Generator or int, optional

    Attributes
    ----------
    encoder, decoder : Sequential

    References
    ----------
    Baldi & Hornik 1989, Neural networks and principal component analysis.

    Examples
    --------
    >>> model = Autoencoder([64, 32, 2], rng=0)
    >>> x = np.zeros((5, 64))
    >>> model.encoder(x).shape, model(x).shape
    ((5, 2), (5, 64))
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activation: str | Op | Module | Callable[[], Module] | None = Tanh,
        *,
        dtype: DTypeLike = np.float64,
        rng: Rng = None,
    ) -> None:
        rng = generator(rng)

        def stack(sizes: Sequence[int]) -> Sequential:
            layers: list[Module] = []
            for shape in pairwise(sizes):
                if layers and activation is not None:
                    given = activation() if isinstance(activation, FunctionType) else activation
                    layers.append(activation_layer("Autoencoder: got activation", given))
                layers.append(Linear(*shape, dtype=dtype, rng=rng))
            return Sequential(*layers)

        self.encoder = stack(sizes)
        self.decoder = stack(sizes[::-1])

    def forward(self, x: Any) -> Any:
        """Give Tensor, shape (batch, sizes[0]), near to x."""
        return self.decoder(self.encoder(x))
