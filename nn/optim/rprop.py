"""Rprop follows the signs of gradients, with a step of its own for each number."""

import numpy as np

from .optimizer import Optimizer, Parameters
from .parameter_blocks import Array, State
from .state_dict import Group


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
