"""Optimizers that divide by the size of past gradients: numbers of different scale move alike."""

import numpy as np

from .arithmetic import moving_average, penalized
from .optimizer import Optimizer, Parameters
from .parameter_blocks import Array, State


class Adagrad(Optimizer):
    """Divides by the root of the sum of all squared gradients; its steps only ever shrink.

    Parameters
    ----------
    params : iterable of Node, or of dict
        Leaves, or parameter groups.
    lr : float
        Learning rate; after n steps ``lr / (1 + n * lr_decay)``.
    lr_decay : float
    weight_decay : float
        Adds ``weight_decay * p`` to the gradient.
    initial_accumulator_value : float
        Where the sums start.
    eps : float
        Added to the root.

    References
    ----------
    Duchi, Hazan & Singer 2011, Adaptive subgradient methods for online learning and stochastic
    optimization.

    Examples
    --------
    >>> from autograd import Value
    >>> x = Value(3.0)
    >>> optimizer = Adagrad([x], lr=0.5)
    >>> for _ in range(2):
    ...     optimizer.zero_grad()
    ...     (2 * x).backward()
    ...     optimizer.step()
    ...     print(f"{x.data:.3f}")
    2.500
    2.146
    """

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-2,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
    ) -> None:
        super().__init__(
            params,
            lr=lr,
            lr_decay=lr_decay,
            weight_decay=weight_decay,
            initial_accumulator_value=initial_accumulator_value,
            eps=eps,
        )

    def update(
        self,
        grad: Array,
        data: Array,
        state: State,
        lr: float,
        lr_decay: float,
        weight_decay: float,
        initial_accumulator_value: float,
        eps: float,
    ) -> Array:
        grad = penalized(grad, data, weight_decay)
        done = state.get("step", 0)
        total: Array = state.get("sum", initial_accumulator_value) + grad * grad
        state.update(step=done + 1, sum=total)
        step: Array = lr / (1 + done * lr_decay) * grad
        return step / (np.sqrt(total) + eps)


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
