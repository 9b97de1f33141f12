"""How good predictions are."""

from typing import Any
from warnings import warn

import numpy as np

from autograd import ShapeError

from .data import numbers


def accuracy(prediction: Any, target: Any, threshold: float | None = None) -> float:
    """Give the share of samples whose class is right.

    Parameters
    ----------
    prediction : array_like, shape (samples, classes), or (samples,) or (samples, 1)
        One score for each class, of which the largest counts; or a single one, which stands for
        the second of two classes where it is above the threshold.
    target : array_like, shape (samples,), (samples, 1) or (samples, classes)
        Class indices, or one row of shares for each sample; beside single scores, 0 or 1, or -1
        or 1.
    threshold : float, optional
        For single scores: 0 if it is not given, as for logits; 0.5 for probabilities.

    Raises
    ------
    ShapeError
        If there is not one target for each prediction.
    ValueError
        If targets beside single scores are not of two classes.

    Warns
    -----
    UserWarning
        If single scores look like probabilities, and no threshold was given.

    Examples
    --------
    >>> accuracy([[0.1, 2.0], [3.0, 1.0]], [1, 1])
    0.5
    >>> accuracy([-0.3, 4.0], [-1, 1])
    1.0
    >>> accuracy([0.3, 0.9], [0, 1], threshold=0.5)
    1.0
    """
    scores = numbers("accuracy: prediction", prediction, float)
    classes = numbers("accuracy: target", target, float)
    if scores.ndim == 2 and scores.shape[1] > 1:
        right = scores.argmax(axis=1)
        classes = classes.argmax(axis=1) if classes.shape == scores.shape else classes
    else:
        if not (np.isin(classes, (0, 1)).all() or np.isin(classes, (-1, 1)).all()):
            raise ValueError(
                f"accuracy: got one score a sample, and targets from {classes.min():g} to "
                f"{classes.max():g}. Give a score for each class, or targets 0 or 1, or -1 or 1."
            )
        if threshold is None and scores.min() > 0 and scores.max() < 1 and len(scores) > 1:
            warn(
                f"accuracy: all scores lie between 0 and 1, from {scores.min():.3g} to "
                f"{scores.max():.3g}, and above 0 is the second class. Of probabilities, give "
                "threshold=0.5.",
                stacklevel=2,
            )
        right, classes = scores > (threshold or 0.0), classes > 0
    if right.size != classes.size:
        raise ShapeError(
            f"accuracy: got predictions of shape {scores.shape} and targets of shape "
            f"{np.shape(target)}. Give one target for each prediction."
        )
    return float(np.mean(right.ravel() == classes.ravel()))
