"""Adam divides an average of gradients by the size of their squares; AdamW decays beside it."""

import math
from typing import Any, Literal, get_args

import numpy as np

from .clipping import norm_of
from .optimizer import Optimizer, Parameters
from .parameter_blocks import Array, State, is_reached
from .shared_formulas import moving_average, penalized
from .state_dict import Group

SecondMoment = Literal["elementwise", "norm", "squared norm"]


class Adam(Optimizer):
    """Moving averages of the gradient and of its square: the mean divided by the root of the other.

    Parameters
    ----------
    params : iterable of Node, or of dict
        Leaves, or parameter groups.
    lr : float
        Learning rate: about the length of a step, for each number.
    betas : (float, float)
        Shares of the two averages that are kept at each step.
    eps : float
        Added to the root.
    weight_decay : float
        Adds ``weight_decay * p`` to the gradient; see `AdamW`.
    second_moment : {"elementwise", "norm", "squared norm"}
        What the second average is of. Some lectures write one number for the gradients of all
        parameters together: their Euclidean norm, which then divides as it is, or its square.
    bias_correction : bool
        Whether to divide the averages, which start at 0, by what they would be of a constant 1.

    References
    ----------
    Kingma & Ba 2015, Adam: a method for stochastic optimization.

    Examples
    --------
    >>> from autograd import Tensor
    >>> x = Tensor([1.0, 1.0])
    >>> optimizer = Adam([x], lr=0.1)
    >>> (x * x * [1.0, 1000.0]).sum().backward()
    >>> optimizer.step()
    >>> x.data.round(6)
    array([0.9, 0.9])
    """

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        *,
        second_moment: SecondMoment = "elementwise",
        bias_correction: bool = True,
    ) -> None:
        super().__init__(
            params,
            lr=lr,
            betas=betas,
            eps=eps,
            weight_decay=weight_decay,
            second_moment=second_moment,
            bias_correction=bias_correction,
        )

    def update(
        self,
        grad: Array,
        data: Array,
        state: State,
        lr: float,
        betas: tuple[float, float],
        eps: float,
        weight_decay: float,
        second_moment: SecondMoment,
        bias_correction: bool,
    ) -> Array:
        grad = penalized(grad, data, weight_decay)
        count = state.get("step", 0) + 1
        mean = moving_average(state.get("exp_avg", 0.0), grad, betas[0])
        if second_moment == "elementwise":
            square = grad * grad
        else:
            length = self._norm if second_moment == "norm" else self._norm * self._norm
            if not math.isfinite(length):
                raise OverflowError(f"the {second_moment} of all gradients is {length}")
            square = np.full_like(grad, length)
        spread = moving_average(state.get("exp_avg_sq", 0.0), square, betas[1])
        state.update(step=count, exp_avg=mean, exp_avg_sq=spread)
        rooted = second_moment != "norm"
        size = np.sqrt(spread) if rooted else spread
        if bias_correction:
            lr /= 1 - betas[0] ** count
            whole = 1 - betas[1] ** count
            size = size / (math.sqrt(whole) if rooted else whole)
        step: Array = lr * mean
        step /= size + eps
        return step

    def step(self) -> None:
        """Change every parameter that has a gradient; if something fails, none is changed."""
        if any(group["second_moment"] != "elementwise" for group in self.param_groups):
            with np.errstate(all="ignore"):
                self._norm = norm_of(
                    penalized(p.grad, p.data, group["weight_decay"])
                    for group in self.param_groups
                    for p in group["params"]
                    if is_reached(p)
                )
        super().step()

    def check(self, group: Group) -> None:
        super().check(group)
        if group["second_moment"] not in get_args(SecondMoment):
            raise ValueError(
                f"Adam: got second_moment={group['second_moment']!r}. "
                f"Give one of {', '.join(get_args(SecondMoment))}."
            )


class AdamW(Adam):
    """Adam, and beside it a weight decay that the size of gradients does not divide.

    Parameters
    ----------
    params, lr, betas, eps
        As of `Adam`.
    weight_decay : float
        At each step, p also loses ``lr * weight_decay * p``.

    References
    ----------
    Loshchilov & Hutter 2019, Decoupled weight decay regularization.

    Examples
    --------
    >>> from autograd import Tensor
    >>> weight, bias = Tensor([[2.0]]), Tensor([2.0])
    >>> groups = [{"params": [weight]}, {"params": [bias], "weight_decay": 0.0}]
    >>> optimizer = AdamW(groups, lr=0.1, weight_decay=0.5)
    >>> (0 * weight + 0 * bias).backward(seed=[[1.0]])
    >>> optimizer.step()
    >>> weight.data, bias.data
    (array([[1.9]]), array([2.]))
    """

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay)

    def update(self, grad: Array, data: Array, state: State, *args: Any, **options: Any) -> Array:
        decay: Array = options["lr"] * options["weight_decay"] * data
        return decay + super().update(grad, data, state, **{**options, "weight_decay": 0.0})
