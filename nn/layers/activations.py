"""Activations as layers, under PyTorch's names."""

from typing import Any

from autograd import Op, elu, leaky_relu, relu, sigmoid, softmax, softplus, tanh

from ..module import Module


class Activation(Module):
    """An op as a layer.

    Parameters
    ----------
    op : Op or callable
    **params
        Options of the op.

    Examples
    --------
    >>> from autograd import Tensor, sin
    >>> Activation(sin)(Tensor([0.0])).data
    array([0.])
    """

    def __init__(self, op: Op | Any, **params: Any) -> None:
        self.op = op
        self.params = params

    def forward(self, x: Any) -> Any:
        return self.op(x, **self.params)

    def extra_repr(self) -> str:
        usual = getattr(self.op, "defaults", {})
        given = [f"{k}={v}" for k, v in self.params.items() if usual.get(k) != v]
        named = [getattr(self.op, "__name__", getattr(self.op, "name", ""))]
        return ", ".join((named if type(self) is Activation else []) + given)


class ReLU(Activation):
    """``max(0, x)``; `at_zero` is its slope at 0."""

    def __init__(self, at_zero: float = 0.0) -> None:
        super().__init__(relu, at_zero=at_zero)


class LeakyReLU(Activation):
    """x where it is positive, else ``negative_slope * x``."""

    def __init__(self, negative_slope: float = 0.01) -> None:
        super().__init__(leaky_relu, slope=negative_slope)


class ELU(Activation):
    """x where it is positive, else ``alpha * (exp(x) - 1)``."""

    def __init__(self, alpha: float = 1.0) -> None:
        super().__init__(elu, alpha=alpha)


class Sigmoid(Activation):
    """Squashes numbers into (0, 1), for probabilities."""

    def __init__(self) -> None:
        super().__init__(sigmoid)


class Tanh(Activation):
    """Squashes numbers into (-1, 1)."""

    def __init__(self) -> None:
        super().__init__(tanh)


class Softplus(Activation):
    """``log(1 + exp(x))``, a smooth ReLU."""

    def __init__(self) -> None:
        super().__init__(softplus)


class Softmax(Activation):
    """Makes probabilities of scores, along the last axis. Losses on logits contain it."""

    def __init__(self, dim: int = -1) -> None:
        super().__init__(softmax, axis=dim)
