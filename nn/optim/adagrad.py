"""Adagrad divides by the size of all past gradients: numbers of different scale move alike."""

import numpy as np

from .optimizer import Optimizer, Parameters
from .parameter_blocks import Array, State
from .shared_formulas import penalized


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
