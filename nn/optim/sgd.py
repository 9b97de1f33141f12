"""Optimizers that follow the gradient with one rate for all: plain, with momentum, and by sign."""

import numpy as np

from .arithmetic import penalized
from .optimizer import Optimizer, Parameters
from .parameter_blocks import Array, State
from .state import Group


class SGD(Optimizer):
    """Gradient descent: ``p = p - lr * grad``, with momentum if wanted.

    Parameters
    ----------
    params : iterable of Node, or of dict
        Leaves, or parameter groups.
    lr : float
        Learning rate.
    momentum : float
        Share of the velocity that is kept: ``v = momentum * v + (1 - dampening) * grad``, then
        ``p = p - lr * v``. The first v is the first gradient.
    dampening : float
        0 is the classical form; ``dampening=momentum`` makes v an exponential moving average.
    weight_decay : float
        Adds ``weight_decay * p`` to the gradient, as an L2 penalty does.
    nesterov : bool
        Steps by ``grad + momentum * v`` instead of v. The parameters then are the points to which
        the velocity would carry, where Nesterov's method takes its gradients.

    Raises
    ------
    ValueError
        If a number is out of range, or Nesterov's method is asked for without momentum, or with
        dampening.

    Notes
    -----
    An average that starts at 0, as in some lectures, differs from ``dampening=momentum`` in its
    first steps only, but by much: it is ``lr * (1 - momentum)`` without dampening, exactly.

    References
    ----------
    Polyak 1964, Some methods of speeding up the convergence of iteration methods; Qian 1999, On the
    momentum term in gradient descent learning algorithms; Sutskever et al. 2013, On the importance
    of initialization and momentum in deep learning.

    Examples
    --------
    >>> from autograd import Value
    >>> x = Value(1.0)
    >>> optimizer = SGD([x], lr=0.1, momentum=0.9)
    >>> for _ in range(2):
    ...     optimizer.zero_grad()
    ...     (x * x).backward()
    ...     optimizer.step()
    ...     print(f"{x.data:.3f}")
    0.800
    0.460
    """

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        *,
        nesterov: bool = False,
    ) -> None:
        super().__init__(
            params,
            lr=lr,
            momentum=momentum,
            dampening=dampening,
            weight_decay=weight_decay,
            nesterov=nesterov,
        )

    def update(
        self,
        grad: Array,
        data: Array,
        state: State,
        lr: float,
        momentum: float,
        dampening: float,
        weight_decay: float,
        nesterov: bool,
    ) -> Array:
        grad = penalized(grad, data, weight_decay)
        if not momentum:
            return lr * grad
        if "momentum_buffer" in state:
            velocity: Array = momentum * state["momentum_buffer"] + (1 - dampening) * grad
        else:
            velocity = grad.copy()
        state["momentum_buffer"] = velocity
        return lr * (grad + momentum * velocity if nesterov else velocity)

    def check(self, group: Group) -> None:
        super().check(group)
        if group["nesterov"] and (not group["momentum"] or group["dampening"]):
            raise ValueError(
                f"SGD: got nesterov=True with momentum={group['momentum']} and dampening="
                f"{group['dampening']}. Nesterov's method needs momentum and no dampening."
            )


class Rprop(Optimizer):
    """Resilient propagation: each number has a step size of its own and uses signs only.

    The step size grows while the sign of its gradient stays, and shrinks when it flips; the number
    then waits for one step.

    Parameters
    ----------
    params : iterable of Node, or of dict
        Leaves, or parameter groups.
    lr : float
        First step size.
    etas : (float, float)
        Factors that shrink and that enlarge it. ``(1, 1)`` keeps it at `lr`.
    step_sizes : (float, float)
        Its smallest and its largest value.

    Notes
    -----
    Made for gradients of all samples: the signs of batches differ by chance.

    References
    ----------
    Riedmiller & Braun 1993, A direct adaptive method for faster backpropagation learning: the
    RPROP algorithm.

    Examples
    --------
    >>> from autograd import Tensor
    >>> x = Tensor([1.0, 1.0])
    >>> optimizer = Rprop([x], lr=0.1)
    >>> (x * x * [1.0, 1000.0]).sum().backward()
    >>> optimizer.step()
    >>> x.data
    array([0.9, 0.9])
    """

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-2,
        etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50.0),
    ) -> None:
        super().__init__(params, lr=lr, etas=etas, step_sizes=step_sizes)

    def update(
        self,
        grad: Array,
        data: Array,
        state: State,
        lr: float,
        etas: tuple[float, float],
        step_sizes: tuple[float, float],
    ) -> Array:
        shrink, grow = etas
        agreement = np.sign(grad) * np.sign(state.get("prev", 0.0))
        factor = np.where(agreement > 0, grow, np.where(agreement < 0, shrink, 1.0))
        before = state.get("step_size", np.full_like(data, lr))
        size: Array = np.clip(before * factor.astype(data.dtype), *step_sizes)
        grad = np.where(agreement < 0, 0, grad)
        state.update(step_size=size, prev=grad)
        return np.sign(grad) * size

    def check(self, group: Group) -> None:
        super().check(group)
        shrink, grow = group["etas"]
        if not shrink <= 1 <= grow:
            raise ValueError(
                f"Rprop: got etas={group['etas']}. The first shrinks the step size, the second "
                "enlarges it: give 0 to 1, and 1 or more."
            )
