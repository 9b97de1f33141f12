"""Losses of numbers that should come close to others; cross_entropy.py has those of classes.

In all losses, `prediction` is a Tensor (or an array, to look at a loss without a graph) and
`target` an array or a Tensor of the same shape, or a single number for all; it takes the type of
the prediction, so float32 stays float32. Losses that compare one number with one number also take
a Value, or a list of Values as a model of Values gives them, with a list of targets. `reduction`
is "mean", "sum", or "none" for one loss per prediction. Shapes that differ are a ShapeError: NumPy
would compare each prediction with each target.
"""

from typing import Any

import numpy as np

from autograd import clip, relu, square

from .reduction import loss, plain


def mse_loss(prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """Mean squared error: (prediction - target)^2, with its 1/n and without 1/2.

    Parameters
    ----------
    prediction : Tensor of any shape, Value, or list of Values
    target : array_like or Tensor, shape of the prediction
    reduction : {"mean", "sum", "none"}
        The mean is over all numbers, not over rows.

    Returns
    -------
    Tensor or Value

    Raises
    ------
    ShapeError
        If the shapes differ.

    See Also
    --------
    half_squared_error : the form with 1/2 and without 1/n, n / 2 times as large.

    Examples
    --------
    >>> from autograd import Value
    >>> mse_loss([1.5, 1.5, 2.0, 5.0], [1, 2, 3, 4]).item()
    0.625
    >>> mse_loss([Value(1.5), Value(1.5)], [1, 2]).data
    0.25
    """
    return loss("mse_loss", lambda y, t: square(y - t), prediction, target, reduction)


def half_squared_error(prediction: Any, target: Any, reduction: str = "sum") -> Any:
    """Half the squared error, (prediction - target)^2 / 2, summed: its slope is the difference.

    There is no 1/n unless the reduction is "mean", so the best learning rate depends on how many
    samples there are.

    Parameters
    ----------
    prediction : Tensor of any shape, Value, or list of Values
    target : array_like or Tensor, shape of the prediction
    reduction : {"sum", "mean", "none"}

    Returns
    -------
    Tensor or Value

    Raises
    ------
    ShapeError
        If the shapes differ.

    Examples
    --------
    >>> from autograd import Tensor
    >>> y = Tensor([1.5, 1.5, 2.0, 5.0])
    >>> cost = half_squared_error(y, [1, 2, 3, 4])
    >>> cost.backward()
    >>> cost.item(), y.grad.tolist()
    (1.25, [0.5, -0.5, -1.0, 1.0])
    """
    return loss("half_squared_error", lambda y, t: square(y - t) / 2, prediction, target, reduction)


def l1_loss(prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """Absolute error, |prediction - target|: outliers pull no harder than others. Slope 0 at 0.

    Parameters
    ----------
    prediction : Tensor of any shape, Value, or list of Values
    target : array_like or Tensor, shape of the prediction
    reduction : {"mean", "sum", "none"}

    Returns
    -------
    Tensor or Value

    Raises
    ------
    ShapeError
        If the shapes differ.

    Examples
    --------
    >>> l1_loss([1.0, 5.0], [2, 2]).item()
    2.0
    """
    return loss("l1_loss", lambda y, t: abs(y - t), prediction, target, reduction)


def huber_loss(prediction: Any, target: Any, reduction: str = "mean", delta: float = 1.0) -> Any:
    """Half the squared error up to a difference of `delta`, a straight line beyond it.

    Parameters
    ----------
    prediction : Tensor of any shape, Value, or list of Values
    target : array_like or Tensor, shape of the prediction
    reduction : {"mean", "sum", "none"}
    delta : float
        Above 0; the slope of the line.

    Returns
    -------
    Tensor or Value

    Raises
    ------
    ShapeError
        If the shapes differ.
    ValueError
        If `delta` is not above 0.

    References
    ----------
    Huber 1964, Robust estimation of a location parameter.

    Examples
    --------
    >>> huber_loss([0.5, 3.0], [0, 0], reduction="none").data.tolist()
    [0.125, 2.5]
    """
    if not delta > 0:
        raise ValueError(f"huber_loss: got delta={delta}. Give a number above 0.")

    def term(y: Any, t: Any) -> Any:
        near = clip(y - t, -delta, delta)
        return near * (y - t - near / 2)

    return loss("huber_loss", term, prediction, target, reduction)


def hinge_loss(prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """Maximum margin: max(0, 1 - target * score), for labels -1 and 1.

    It is 0 once a score lies on its side of 0 by 1 or more; slope 0 at the kink.

    Parameters
    ----------
    prediction : Tensor of any shape, Value, or list of Values
        Scores: any numbers, the sign is the class.
    target : array_like or Tensor, shape of the prediction
        Labels -1 and 1.
    reduction : {"mean", "sum", "none"}

    Returns
    -------
    Tensor or Value

    Raises
    ------
    ShapeError
        If the shapes differ.
    ValueError
        If labels are others than -1 and 1. Labels that are nodes are not looked at.

    References
    ----------
    Cortes & Vapnik 1995, Support-vector networks.

    Examples
    --------
    >>> from autograd import Value
    >>> scores = [Value(2.0), Value(0.25), Value(0.5)]
    >>> hinge_loss(scores, [1, 1, -1], reduction="none")[1].data
    0.75
    >>> hinge_loss(scores, [1, 1, -1]).data
    0.75
    """
    labels = plain("hinge_loss", target)
    if labels is not None and (wrong := labels[np.abs(labels) != 1]).size:
        raise ValueError(
            f"hinge_loss: got the label {wrong[0]}; labels are -1 and 1. "
            "Of 0 and 1, make them: 2 * target - 1."
        )
    return loss("hinge_loss", lambda y, t: relu(1 - t * y), prediction, target, reduction)
