"""RMSprop divides by the size of recent gradients: numbers of different scale move alike."""

import numpy as np

from .optimizer import Optimizer, Parameters
from .parameter_blocks import Array, State
from .shared_formulas import moving_average, penalized


class RMSprop(Optimizer):
    """Divides by the root of the moving average of squared gradients.

    Parameters
    ----------
    params : iterable of Node, or of dict
        Leaves, or parameter groups.
    lr : float
        Learning rate.
    alpha : float
        Share of the average that is kept at each step.
    eps : float
        Added to the root.
    weight_decay : float
        Adds ``weight_decay * p`` to the gradient.
    momentum : float
        Share of the velocity that is kept: it sums up the quotients.
    centered : bool
        Divide by an estimate of the standard deviation of gradients instead.

    References
    ----------
    Hinton 2012, Neural Networks for Machine Learning, lecture 6e; for `centered`, Graves 2013,
    Generating sequences with recurrent neural networks.

    Examples
    --------
    >>> from autograd import Tensor
    >>> x = Tensor([1.0, 1.0])
    >>> optimizer = RMSprop([x], lr=0.1)
    >>> (x * x * [1.0, 1000.0]).sum().backward()
    >>> optimizer.step()
    >>> x.data.round(6)
    array([0., 0.])
    """

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
    ) -> None:
        super().__init__(
            params,
            lr=lr,
            alpha=alpha,
            eps=eps,
            weight_decay=weight_decay,
            momentum=momentum,
            centered=centered,
        )

    def update(
        self,
        grad: Array,
        data: Array,
        state: State,
        lr: float,
        alpha: float,
        eps: float,
        weight_decay: float,
        momentum: float,
        centered: bool,
    ) -> Array:
        grad = penalized(grad, data, weight_decay)
        size = moving_average(state.get("square_avg", 0.0), grad * grad, alpha)
        state["square_avg"] = size
        if centered:
            mean = moving_average(state.get("grad_avg", 0.0), grad, alpha)
            state["grad_avg"] = mean
            size = np.maximum(size - mean * mean, 0)
        step = grad / (np.sqrt(size) + eps)
        if momentum:
            state["momentum_buffer"] = step = momentum * state.get("momentum_buffer", 0.0) + step
        return lr * step


RMSProp = RMSprop
