"""Layers that bring numbers to mean 0 and spread 1, and from there to those that training finds."""

from math import prod
from typing import Any, ClassVar

import numpy as np
from numpy.typing import DTypeLike

from autograd import ShapeError, Tensor, batch_norm, layer_norm, mean, reshape, sqrt, var
from autograd.engine import numbers_of

from ..module import Module


class _BatchNorm(Module):
    """What the layers for batches share."""

    buffer_names = ("running_mean", "running_var", "num_batches_tracked")
    layouts: ClassVar[dict[int, str]]  # by the number of axes

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        *,
        dtype: DTypeLike = np.float64,
    ) -> None:
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.weight = Tensor(np.ones(num_features, dtype)) if affine else None
        self.bias = Tensor(np.zeros(num_features, dtype)) if affine else None
        self.running_mean = Tensor(np.zeros(num_features, dtype), constant=True)
        self.running_var = Tensor(np.ones(num_features, dtype), constant=True)
        self.num_batches_tracked = Tensor(0.0, constant=True)

    def forward(self, x: Any) -> Any:
        """Give Tensor, of the shape of `x`.

        Raises
        ------
        ShapeError
            If features do not lie along axis 1, or if training gets a single number of each.
        """
        shape = np.shape(x)
        self._check(shape)
        if self.training:
            axes = (0, *range(2, len(shape)))
            self._track(numbers_of(mean(x, axes)), numbers_of(var(x, axes, ddof=1)))
            weight, bias = _affine(self)
            return batch_norm(x, weight, bias, self.eps)
        along = (-1, *[1] * (len(shape) - 2))
        scale = 1.0 / sqrt(self.running_var + self.eps)
        if self.weight is not None:
            scale = scale * self.weight
        y = (x - reshape(self.running_mean, along)) * reshape(scale, along)
        return y if self.bias is None else y + reshape(self.bias, along)

    def _check(self, shape: tuple[int, ...]) -> None:
        if len(shape) not in self.layouts or shape[1] != self.num_features:
            layouts = " or ".join(self.layouts.values()).format(self.num_features)
            raise ShapeError(f"{self!r}: got shape {shape}. Give {layouts}.")
        if self.training and prod(shape) < 2 * self.num_features:
            raise ShapeError(
                f"{self!r}: got shape {shape}, which has no spread in a feature. Train on larger "
                "batches, or call eval() first."
            )

    def _track(self, center: Any, spread: Any) -> None:
        """Move running statistics towards those of a batch."""
        batches = self.num_batches_tracked.data + 1
        share = 1 / batches if self.momentum is None else self.momentum
        for running, found in ((self.running_mean, center), (self.running_var, spread)):
            running.data = (1 - share) * running.data + share * found
        self.num_batches_tracked.data = batches

    def extra_repr(self) -> str:
        words = [f"{self.num_features}"]
        words += [f"eps={self.eps}"] if self.eps != 1e-5 else []
        words += [f"momentum={self.momentum}"] if self.momentum != 0.1 else []
        words += ["affine=False"] if self.weight is None else []
        return ", ".join(words)


class BatchNorm1d(_BatchNorm):
    """Gives every feature mean `bias` and spread `weight`, over each batch in training.

    ``(x - mean) / sqrt(var + eps) * weight + bias``. Evaluation takes running statistics instead of
    those of the batch, and so treats each sample by itself.

    Parameters
    ----------
    num_features : int
    eps : float
        Keeps the root away from 0.
    momentum : float or None
        Share of a batch in the running statistics; None for the mean over all batches.
    affine : bool
        Whether there are `weight` and `bias`.
    dtype : float64 or float32

    Attributes
    ----------
    weight : Tensor, shape (num_features,), or None
        1 at the start.
    bias : Tensor, shape (num_features,), or None
        0 at the start.
    running_mean, running_var : Tensor, shape (num_features,)
        0 and 1 at the start; a constant of its own, which each call of forward in training changes.
        The variance is that of a sample, which divides by one less.
    num_batches_tracked : Tensor, shape ()
        How many batches changed them.

    Notes
    -----
    A call in training changes the layer, which a replay would not repeat: `compile` refuses to
    record it, and a `Tape` takes the statistics of its batches but leaves the running ones alone.

    References
    ----------
    Ioffe and Szegedy 2015, Batch normalization: accelerating deep network training by reducing
    internal covariate shift.

    Examples
    --------
    >>> norm = BatchNorm1d(2)
    >>> norm(Tensor([[1.0, 10.0], [3.0, 30.0]])).data.round(3)
    array([[-1., -1.],
           [ 1.,  1.]])
    >>> norm.running_mean.data
    array([0.2, 2. ])
    """

    layouts: ClassVar[dict[int, str]] = {
        2: "(samples, {0} features)",
        3: "(samples, {0} features, length)",
    }

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of one sample."""
        return (self.num_features,)


class BatchNorm2d(_BatchNorm):
    """Gives every channel of images mean `bias` and spread `weight`: see `BatchNorm1d`.

    Parameters
    ----------
    num_features : int
        How many channels.
    eps, momentum, affine, dtype
        As those of `BatchNorm1d`.

    Examples
    --------
    >>> images = Tensor(np.random.default_rng(0).random((8, 3, 5, 5)))
    >>> BatchNorm2d(3)(images).mean((0, 2, 3)).data.round(6) + 0.0
    array([0., 0., 0.])
    """

    layouts: ClassVar[dict[int, str]] = {4: "(samples, {0} channels, height, width)"}


class LayerNorm(Module):
    """Gives every sample mean 0 and spread 1 by itself, then `weight` and `bias`.

    Parameters
    ----------
    normalized_shape : int or tuple of int
        The last axes, over which mean and spread are taken.
    eps : float
        Keeps the root away from 0.
    elementwise_affine : bool
        Whether there is a `weight`.
    bias : bool
        Whether there is a `bias` beside it.
    dtype : float64 or float32

    Attributes
    ----------
    weight : Tensor, shape normalized_shape, or None
        1 at the start.
    bias : Tensor, shape normalized_shape, or None
        0 at the start.

    References
    ----------
    Ba, Kiros and Hinton 2016, Layer normalization.

    Examples
    --------
    >>> LayerNorm(3)(Tensor([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])).data.round(2)
    array([[-1.22,  0.  ,  1.22],
           [-1.22,  0.  ,  1.22]])
    """

    def __init__(
        self,
        normalized_shape: int | tuple[int, ...],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        *,
        dtype: DTypeLike = np.float64,
    ) -> None:
        shape = (normalized_shape,) if isinstance(normalized_shape, int) else normalized_shape
        self.normalized_shape = tuple(shape)
        self.eps = eps
        self.weight = Tensor(np.ones(shape, dtype)) if elementwise_affine else None
        self.bias = Tensor(np.zeros(shape, dtype)) if elementwise_affine and bias else None

    def forward(self, x: Any) -> Any:
        """Give Tensor, of the shape of `x`, which ends in `normalized_shape`."""
        last = self.normalized_shape
        if np.shape(x)[-len(last) :] != last:
            raise ShapeError(
                f"{self!r}: got shape {np.shape(x)}. Give (..., {', '.join(map(str, last))}); "
                "normalized_shape says which axes are last."
            )
        axis = -1 if len(last) == 1 else tuple(range(-len(last), 0))
        weight, bias = _affine(self)
        return layer_norm(x, weight, bias, axis, self.eps)

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of one sample."""
        return self.normalized_shape

    def extra_repr(self) -> str:
        words = [f"{self.normalized_shape}"]
        words += [f"eps={self.eps}"] if self.eps != 1e-5 else []
        if self.weight is None:
            words.append("elementwise_affine=False")
        elif self.bias is None:
            words.append("bias=False")
        return ", ".join(words)


def _affine(layer: Any) -> tuple[Any, Any]:
    """Give weight and bias; for one that is not there, the number that changes nothing."""
    return (
        1.0 if layer.weight is None else layer.weight,
        0.0 if layer.bias is None else layer.bias,
    )
