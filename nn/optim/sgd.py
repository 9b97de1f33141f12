"""Gradient descent with one rate for all numbers, plain or with momentum."""

from .optimizer import Optimizer, Parameters
from .parameter_blocks import Array, State
from .rprop import Rprop as Rprop  # pickles of version 0.1 look for it here
from .shared_formulas import penalized
from .state_dict import Group


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
