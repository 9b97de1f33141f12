"""What a model gives for data, and how good that is."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd import ShapeError

from ..inspection import evaluating
from .data import numbers
from .kinds import runner_of, type_of


def predict(model: Any, X: ArrayLike) -> NDArray[Any]:
    """Give what a model gives for each sample, in ``eval()``.

    Parameters
    ----------
    model : Module
        Of Tensors, or of Values, which take one sample at a time: they are run on a `Tape`.
    X : array_like, shape (samples, ...)

    Returns
    -------
    array, shape (samples, ...)

    Raises
    ------
    TypeError, ShapeError, ValueError
        If X holds anything but finite numbers, or no samples.

    Examples
    --------
    >>> import nn
    >>> model = nn.MLP(2, [3, 1], rng=0)
    >>> scores = predict(model, [[0.5, -1.0], [1.0, 2.0]])
    >>> scores.shape, bool(scores[0] == model([0.5, -1.0]).data)
    ((2,), True)
    """
    rows = numbers("predict: X", X, type_of(model))
    with evaluating(model), np.errstate(all="ignore"):
        return runner_of(model).predict(rows)


def accuracy(prediction: ArrayLike, target: ArrayLike) -> float:
    """Give the share of samples whose class is right.

    Parameters
    ----------
    prediction : array_like, shape (samples, classes), or (samples,) or (samples, 1)
        One score for each class, of which the largest counts; or a single one, such as a logit,
        which stands for the second of two classes where it is above 0.
    target : array_like, shape (samples,), (samples, 1) or (samples, classes)
        Class indices, or one row of shares for each sample; beside single scores, 0 or 1, or -1
        or 1.

    Raises
    ------
    ShapeError
        If there is not one target for each prediction.

    Examples
    --------
    >>> accuracy([[0.1, 2.0], [3.0, 1.0]], [1, 1])
    0.5
    >>> accuracy([-0.3, 4.0], [-1, 1])
    1.0
    """
    scores, classes = np.asarray(prediction), np.asarray(target)
    if scores.ndim == 2 and scores.shape[1] > 1:
        scores = scores.argmax(axis=1)
        classes = classes.argmax(axis=1) if classes.ndim == 2 and classes.shape[1] > 1 else classes
    else:
        scores, classes = scores > 0, classes > 0
    if scores.size != classes.size:
        raise ShapeError(
            f"accuracy: got predictions of shape {np.shape(prediction)} and targets of shape "
            f"{np.shape(target)}. Give one target for each prediction."
        )
    return float(np.mean(scores.ravel() == classes.ravel()))
