"""How good predictions are."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from warnings import warn

import numpy as np
from numpy.typing import NDArray

from autograd import Node, ShapeError

from .data import numbers

Array = NDArray[Any]

_GIVE_SCORES = ("linear", "matmul", "add", "sub", "neg")
_GIVE_PROBABILITIES = ("sigmoid", "softmax")
_ARRANGE = ("reshape", "getitem", "transpose", "astype", "alias", "concatenate", "stack")


@dataclass
class Scores:
    """What is known of the scores that a model gives, and whether a doubt of them was told.

    Attributes
    ----------
    are_probabilities : bool or None
        None if nobody knows.
    """

    are_probabilities: bool | None = None
    told: bool = False


_scores: ContextVar[Scores | None] = ContextVar("_scores", default=None)


@contextmanager
def knowing(scores: Scores) -> Iterator[None]:
    """Let metrics know for a while where their arrays come from."""
    token = _scores.set(scores)
    try:
        yield
    finally:
        _scores.reset(token)


def are_probabilities(output: Any) -> bool | None:
    """Say by the op that computed it whether an output is a probability; None if that is open."""
    while isinstance(output, Node) and output.op and output.op.name in _ARRANGE:
        output = output.inputs[0]
    name = output.op.name if isinstance(output, Node) and output.op else ""
    return name in _GIVE_PROBABILITIES if name in _GIVE_SCORES + _GIVE_PROBABILITIES else None


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
        If targets beside single scores are not of two classes, or one is a class without a score.

    Warns
    -----
    UserWarning
        If single scores are probabilities, or look so, and no threshold was given. In `fit` it is
        said once, and the op that they come from decides where it is known.

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
        if classes.shape == scores.shape:
            classes = classes.argmax(axis=1)
        _refuse_other_classes(classes, scores.shape[1])
    else:
        if not (np.isin(classes, (0, 1)).all() or np.isin(classes, (-1, 1)).all()):
            raise ValueError(
                f"accuracy: got one score a sample, and targets from {classes.min():g} to "
                f"{classes.max():g}. Give a score for each class, or targets 0 or 1, or -1 or 1."
            )
        right, classes = scores > (threshold or 0.0), classes > 0
    if right.size != classes.size:
        raise ShapeError(
            f"accuracy: got predictions of shape {scores.shape} and targets of shape "
            f"{np.shape(target)}. Give one target for each prediction."
        )
    if threshold is None and right.dtype == bool:
        _tell_of_probabilities(prediction, scores.ravel(), classes.ravel())
    return float(np.mean(right.ravel() == classes.ravel()))


def _refuse_other_classes(classes: Array, count: int) -> None:
    wrong = classes[(classes < 0) | (classes >= count) | (classes != np.floor(classes))]
    if wrong.size:
        raise ValueError(
            f"accuracy: got the class {wrong[0]:g}. There are {count} scores for each sample, of "
            f"classes 0 to {count - 1}."
        )


def _tell_of_probabilities(prediction: Any, scores: Array, classes: Array) -> None:
    """Warn of a threshold that is not meant; of numbers alone it is one that is worse than 0.5."""
    known = _scores.get() or Scores(are_probabilities(prediction))
    doubtful = known.are_probabilities
    if doubtful is None and len(scores) > 1 and scores.min() >= 0 and scores.max() <= 1:
        doubtful = bool(np.mean((scores > 0.5) == classes) > np.mean((scores > 0) == classes))
    if doubtful and not known.told:
        known.told = True
        warn(
            "accuracy: scores from 0 to 1 are probabilities, it seems, and above 0 is the second "
            "class. Of probabilities, give threshold=0.5: partial(nn.accuracy, threshold=0.5).",
            stacklevel=3,
        )
