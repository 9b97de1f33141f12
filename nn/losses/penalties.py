"""What is added to a loss so that weights stay small."""

from typing import Any

from autograd import square

from .reduction import flat, total


def l1_penalty(parameters: Any, strength: float) -> Any:
    """Add up strength * |w|, which draws weights to 0 exactly; slope 0 there.

    Parameters
    ----------
    parameters : list of Tensors or of Values, or a single one
        Which weights; biases are usually left out.
    strength : float
        0 is no penalty.

    Returns
    -------
    Tensor or Value
        To be added to a loss.

    Examples
    --------
    >>> from autograd import Tensor
    >>> l1_penalty([Tensor([1.0, -2.0])], strength=0.1).item().__round__(5)
    0.3
    """
    return strength * total(abs(w) for w in flat(parameters))


def l2_penalty(parameters: Any, strength: float) -> Any:
    """Add up strength / 2 * w^2, so that strength * w is added to each gradient: weight decay.

    Parameters
    ----------
    parameters : list of Tensors or of Values, or a single one
        Which weights; biases are usually left out.
    strength : float
        0 is no penalty.

    Returns
    -------
    Tensor or Value
        To be added to a loss.

    Examples
    --------
    >>> from autograd import Tensor
    >>> w = Tensor([1.0, -2.0, 0.5])
    >>> penalty = l2_penalty([w], strength=0.1)
    >>> penalty.backward()
    >>> penalty.item(), w.grad.tolist()
    (0.2625, [0.1, -0.2, 0.05])
    """
    return strength / 2 * total(square(w) for w in flat(parameters))
