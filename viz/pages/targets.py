"""What targets are: two signs, 0 and 1, classes or numbers; and the loss that goes with them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import isclose
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import Node, ShapeError, bce_with_logits, exp, log, maximum, relu, square

LABELS = {"signs": {-1.0, 1.0}, "binary": {0.0, 1.0}}  # of two classes
Loss = Callable[[list[Any], list[Any]], Any]


@dataclass(frozen=True)
class Targets:
    """Targets of samples, as a page shows them and as a loss takes them.

    Attributes
    ----------
    kind : {'signs', 'binary', 'classes', 'numbers'}
    rows : array, shape (samples, outputs)
        What the loss compares with; of classes, 1 for the right one and 0 for all others.
    shown : list
        Class, sign or number of each sample; a list where it has several numbers.
    """

    kind: str
    rows: NDArray[Any]
    shown: list[Any]


def targets(y: NDArray[Any], outputs: int) -> Targets:
    """Find out what targets mean to a model with so many outputs.

    Raises
    ------
    ShapeError
        If a sample has another number of targets than of outputs.
    ValueError
        If a class is none of those that there are outputs for.
    """
    rows = y.reshape(len(y), -1).astype(float)
    if outputs > 1 and rows.shape[1] == 1:
        classes = rows[:, 0]
        wrong = classes[(classes < 0) | (classes >= outputs) | (classes != np.floor(classes))]
        if wrong.size:
            raise ValueError(
                f"playground: got the class {wrong[0]:g} for a model with {outputs} outputs. "
                f"Classes count from 0 to {outputs - 1}."
            )
        shown = classes.astype(int)
        return Targets("classes", np.eye(outputs)[shown], shown.tolist())
    if rows.shape[1] != outputs:
        raise ShapeError(
            f"playground: got {rows.shape[1]} targets a sample for a model with {outputs} outputs. "
            "Give as many, or one class."
        )
    if outputs > 1:
        return Targets("numbers", rows, rows.tolist())
    found = set(rows[:, 0].tolist())
    kind = next((kind for kind, labels in LABELS.items() if found <= labels), "numbers")
    return Targets(kind, rows, rows[:, 0].tolist())


def default_loss(kind: str) -> tuple[str, Loss]:
    """Choose a loss by what targets are; give its name in nn, and a function of lists of Values."""
    return {
        "signs": ("hinge_loss", _mean_of(lambda y, t: relu(1 - t * y))),
        "binary": ("bce_with_logits", _mean_of(bce_with_logits)),
        "classes": ("cross_entropy", _cross_entropy),
        "numbers": ("mse_loss", _mean_of(lambda y, t: square(y - t))),
    }[kind]


def threshold(cost: Callable[[float, float], float], kind: str) -> float:
    """Find the output at which both of two classes cost the same: 0 of scores, 1/2 of shares."""
    low = {"signs": -1.0, "binary": 0.0}.get(kind, 1.0)
    return 0.0 if isclose(cost(0.0, low), cost(0.0, 1.0)) else (low + 1) / 2


def flat(x: Any) -> Iterator[Any]:
    """Yield what stands in lists, or the only thing there is."""
    if isinstance(x, list | tuple):
        for part in x:
            yield from flat(part)
    else:
        yield x


def like(prediction: Any, numbers: Iterable[Any]) -> Any:
    """Put numbers into lists as those of a prediction stand."""
    left = iter(numbers)
    if isinstance(prediction, list | tuple):
        return [like(part, left) for part in prediction]
    return next(left)


def _mean_of(term: Callable[[Any, Any], Any]) -> Loss:
    def loss(prediction: list[Any], target: list[Any]) -> Any:
        terms = [term(y, t) for y, t in zip(prediction, target, strict=True)]
        total = sum(terms[1:], terms[0])
        return total / len(terms) if len(terms) > 1 else total

    return loss


def _cross_entropy(logits: list[Any], shares: list[Any]) -> Any:
    """Minus the logarithm of the right class's softmax, from Values, without overflow."""
    highest = logits[0]
    for z in logits[1:]:
        highest = maximum(highest, z)
    shift = highest.detach() if isinstance(highest, Node) else highest
    total = sum(exp(z - shift) for z in logits)
    return log(total) + shift - sum(t * z for z, t in zip(logits, shares, strict=True))
