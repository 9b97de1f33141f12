"""Losses of probabilities and of the logits they are made from: what likelihood asks for."""

from typing import Any
from warnings import warn

from autograd import (
    Node,
    Op,
    ShapeError,
    log,
    maximum,
    sigmoid,
    softmax,
    where,
)
from autograd import bce_with_logits as bce_of_each
from autograd import cross_entropy as cross_entropy_of_each

from .class_targets import check_shares, classes, cost_of_shares, shares
from .probabilities import check_logarithms, check_probabilities
from .reduction import flat, loss, pair, reduced

_LOWEST_LOG = -100.0
_BELOW = 1e-44  # its logarithm is lower still, and float32 holds it


def binary_cross_entropy(prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """Log loss of probabilities: -(target ln p + (1 - target) ln(1 - p)).

    A model that ends in a sigmoid is better trained on its logits, by `bce_with_logits`.

    Parameters
    ----------
    prediction : Tensor of any shape, Value, or list of Values
        Probabilities from 0 to 1, both included.
    target : array_like or Tensor, shape of the prediction
        0 or 1, or a probability between them.
    reduction : {"mean", "sum", "none"}

    Returns
    -------
    Tensor or Value

    Raises
    ------
    ShapeError
        If the shapes differ.
    ValueError
        If a target lies outside of 0 to 1 by more than rounding, 1e-6; not looked at in a node. If
        a prediction lies outside of 0 to 1; not looked at while a function is recorded.

    Notes
    -----
    Logarithms are at least -100, as in PyTorch. So a prediction of exactly 0 or 1 costs 0 where it
    is right and 100 where it is wrong; infinity would drown all other samples, and 0 * infinity is
    no number. Where a logarithm is cut off its slope is 0, as it is for any function that stays the
    same: a wrong prediction of exactly 0 or 1 does not learn. (PyTorch takes 1e12 there, and 0
    instead of -1 where the prediction is exactly right.) `bce_with_logits` has no such places.

    Examples
    --------
    >>> binary_cross_entropy([0.9, 0.2], [1, 0], reduction="none").data.round(5).tolist()
    [0.10536, 0.22314]
    >>> binary_cross_entropy([0.0, 1.0, 0.0], [0, 1, 1], reduction="none").data.tolist()
    [0.0, 0.0, 100.0]
    """
    check_shares("binary_cross_entropy", target)
    return loss("binary_cross_entropy", _binary_log_loss, prediction, target, reduction)


bce = binary_cross_entropy


def multilabel_log_loss(prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """Log losses of independent yes-or-no classes: summed over classes, averaged over samples.

    Probabilities need not add up to 1. With K classes it is K times `binary_cross_entropy`.

    Parameters
    ----------
    prediction : Tensor, shape (samples, classes)
        Probabilities. For logits z, ``bce_with_logits(z, target, "sum") / len(z)`` is the same.
    target : array_like or Tensor, shape (samples, classes)
        0 or 1 for each class.
    reduction : {"mean", "sum", "none"}
        Over samples.

    Returns
    -------
    Tensor

    Raises
    ------
    ShapeError
        If the shapes differ, or are not (samples, classes).
    ValueError
        As in `binary_cross_entropy`.

    Examples
    --------
    >>> p = [[0.9, 0.2], [0.5, 0.5]]
    >>> multilabel_log_loss(p, [[1, 0], [1, 1]], reduction="none").data.round(5).tolist()
    [0.3285, 1.38629]
    """
    check_shares("multilabel_log_loss", target)
    y, t = pair("multilabel_log_loss", prediction, target)
    if y.ndim != 2:
        raise ShapeError(
            f"multilabel_log_loss: got predictions of shape {y.shape}. Give them in the shape "
            "(samples, classes), one sample as a row: p.reshape(1, -1)."
        )
    check_probabilities("multilabel_log_loss", y)
    return reduced("multilabel_log_loss", _log_loss(y, t).sum(axis=1), reduction)


def bce_with_logits(prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """Log loss of sigmoid(prediction), computed without overflow: softplus(z) - target * z.

    Its slope is ``sigmoid(z) - target`` for every logit z, however large.

    Parameters
    ----------
    prediction : Tensor of any shape, Value, or list of Values
        Logits: any numbers. The output of a sigmoid is warned about.
    target : array_like or Tensor, shape of the prediction
        0 or 1, or a probability between them.
    reduction : {"mean", "sum", "none"}

    Returns
    -------
    Tensor or Value

    Raises
    ------
    ShapeError
        If the shapes differ.
    ValueError
        If a target lies outside of 0 to 1 by more than rounding, 1e-6; not looked at in a node.

    Examples
    --------
    >>> from autograd import Tensor
    >>> z = Tensor([-1000.0, 0.0, 1000.0])
    >>> loss = bce_with_logits(z, [1, 1, 1], reduction="sum")
    >>> loss.backward()
    >>> loss.item().__round__(5), z.grad.tolist()
    (1000.69315, [-1.0, -0.5, 0.0])
    """
    _warn_of_output("bce_with_logits", prediction, sigmoid)
    check_shares("bce_with_logits", target)
    return loss("bce_with_logits", bce_of_each, prediction, target, reduction)


def cross_entropy(
    prediction: Any, target: Any, reduction: str = "mean", label_smoothing: float = 0.0
) -> Any:
    """Log loss of softmax(prediction): minus the logarithm of the right class's probability.

    Its slope is ``softmax(logits) - one_hot(target)``, divided by the number of samples.

    Parameters
    ----------
    prediction : Tensor, shape (samples, classes), (samples, classes, ...) or (classes,)
        Logits: any numbers. The output of a softmax is warned about. Lists of Values, too.
    target : array_like or Tensor
        Either class indices from 0, in the shape of the prediction without its axis of classes;
        or probabilities of classes, such as one-hot rows, in the shape of the prediction.
    reduction : {"mean", "sum", "none"}
        Over samples.
    label_smoothing : float
        Between 0 and 1: how much of each target is spread evenly over all classes.

    Returns
    -------
    Tensor or Value

    Raises
    ------
    ShapeError
        If the shapes do not fit.
    ValueError
        If there is no such class, or `label_smoothing` is no probability. Classes in a Tensor are
        not looked at; one that does not exist costs nothing.

    References
    ----------
    Szegedy et al. 2016, Rethinking the Inception architecture for computer vision (smoothing).

    Examples
    --------
    >>> from autograd import Tensor
    >>> scores = Tensor([[1.0, 2.0, 3.0], [2.0, 0.0, -1.0]])
    >>> cross_entropy(scores, [2, 0], reduction="none").data.round(5).tolist()
    [0.40761, 0.16985]
    >>> cross_entropy(scores, [[0, 0, 1], [1, 0, 0]]).item().__round__(5)
    0.28873
    """
    if not 0 <= label_smoothing <= 1:
        raise ValueError(f"cross_entropy: got label_smoothing={label_smoothing}. Give 0 to 1.")
    _warn_of_output("cross_entropy", prediction, softmax)
    logits, t, axis = classes("cross_entropy", prediction, target, values=True)
    if label_smoothing:
        even = label_smoothing / logits.shape[axis]
        t = shares(logits, t, axis) * (1 - label_smoothing) + even
    return reduced("cross_entropy", cross_entropy_of_each(logits, t, axis), reduction)


def nll_loss(prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """Negative log-likelihood: minus the right class's entry of log-probabilities.

    Parameters
    ----------
    prediction : Tensor, shape (samples, classes), (samples, classes, ...) or (classes,)
        Logarithms of probabilities, as `log_softmax` gives.
    target : array_like or Tensor
        Class indices or probabilities of classes, as in `cross_entropy`.
    reduction : {"mean", "sum", "none"}
        Over samples.

    Returns
    -------
    Tensor

    Raises
    ------
    ShapeError
        If the shapes do not fit.
    ValueError
        If there is no such class; not looked at in a Tensor. If a prediction is above 0, or the
        exponentials of a sample do not add up to 1 (from 0.95 to 1.05); not looked at while a
        function is recorded.

    Examples
    --------
    >>> from autograd import Tensor, log
    >>> nll_loss(log(Tensor([[0.25, 0.75], [0.5, 0.5]])), [1, 0], "sum").item().__round__(5)
    0.98083
    """
    logarithms, t, axis = classes("nll_loss", prediction, target)
    check_logarithms("nll_loss", logarithms, axis)
    terms = cost_of_shares(shares(logarithms, t, axis), logarithms, axis)
    return reduced("nll_loss", terms, reduction)


def _binary_log_loss(p: Any, t: Any) -> Any:
    check_probabilities("binary_cross_entropy", p)
    return _log_loss(p, t)


def _log_loss(p: Any, t: Any) -> Any:
    return -t * _bounded_log(p) - (1 - t) * _bounded_log(1 - p)


def _bounded_log(p: Any) -> Any:
    return maximum(log(where(p, p, _BELOW)), _LOWEST_LOG)


def _warn_of_output(name: str, prediction: Any, op: Op) -> None:
    if any(isinstance(x, Node) and x.op is op for x in flat(prediction)):
        warn(
            f"{name}: got the output of {op.name}. It takes logits and does this itself: leave it "
            "out of the model.",
            stacklevel=3,
        )
