"""Looks at outputs, targets and a loss: whether each is what the others need."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd import Node, Op, Value, softmax

from ..losses import (
    bce_with_logits,
    binary_cross_entropy,
    cross_entropy,
    half_squared_error,
    hinge_loss,
    huber_loss,
    l1_loss,
    mse_loss,
    multilabel_log_loss,
    nll_loss,
)

Array = NDArray[Any]
Loss = Callable[[Any, Any], Any]

LARGE = 10.0  # root of the mean square of targets
NARROW = 0.01  # their spread

_OF_CLASSES = (cross_entropy, nll_loss)
_OF_LOGITS = (cross_entropy, bce_with_logits)
_OF_SHARES = (bce_with_logits, binary_cross_entropy, multilabel_log_loss)
_OF_PROBABILITIES = (binary_cross_entropy, multilabel_log_loss)
_OF_DISTANCES = (mse_loss, l1_loss, huber_loss, half_squared_error)
_KNOWN = (*_OF_CLASSES, *_OF_SHARES, *_OF_DISTANCES, hinge_loss)
_ARRANGING = ("reshape", "getitem", "transpose", "astype", "alias", "concatenate", "stack")
_FAR = np.array([-1e6, -1.0, -0.1, 0.0, 0.1, 1.0, 1e6])
_ENDLESS = 1e3


class Output(NamedTuple):
    """What a model gives for a batch.

    Attributes
    ----------
    numbers : array, shape (batch, ...)
    op : Op or None
        The last that computes, rather than arranges, on the way to it.
    low, high : float
        Bounds of what `op` gives.
    is_of_values : bool
        Whether it is a list of Values.
    """

    numbers: Array
    op: Op | None
    low: float
    high: float
    is_of_values: bool


def output_of(node: Node, numbers: Array) -> Output:
    """Find out how a model ends."""
    while node.op is not None and node.op.name in _ARRANGING:
        node = node.inputs[0]
    op, low, high = node.op, -np.inf, np.inf
    if op is softmax:
        low, high = 0.0, 1.0
    elif op is not None and op.elementwise and op.arity == 1:
        with np.errstate(all="ignore"):
            given = op.forward(_FAR, **node.params)
        low = np.nanmin(given) if np.nanmin(given) > -_ENDLESS else low
        high = np.nanmax(given) if np.nanmax(given) < _ENDLESS else high
    return Output(numbers, op, float(low), float(high), isinstance(node, Value))


def guessed(output: Output, y: Array) -> Loss:
    """Choose a loss for outputs and targets."""
    shape, is_whole = output.numbers.shape, bool((y == np.floor(y)).all())
    if len(shape) == 2 and shape[1] > 1:
        is_class = is_whole and y.shape[1:] in ((), (1,))
        if is_class or (not output.is_of_values and y.shape[1:] == shape[1:] and _are_one_hot(y)):
            return cross_entropy
    if np.isin(y, (0, 1)).all() and shape[1:] in ((), (1,)):
        is_probability = (output.low, output.high) == (0.0, 1.0)
        return binary_cross_entropy if is_probability else bce_with_logits
    return mse_loss


def _are_one_hot(y: Array) -> bool:
    return bool(np.isin(y, (0, 1)).all() and (y.sum(axis=1) == 1).all())


def about_outputs(loss: Loss, output: Output, y: Array) -> Iterator[str]:
    """Yield what does not fit; of a loss that is not one of ours, little is known."""
    loss = getattr(loss, "func", loss)
    shapes = [*_shapes(loss, output.numbers.shape, y)] if loss in _KNOWN else []
    yield from shapes
    if not shapes:
        if len(y) > 1 and (y == y[0]).all():
            yield f"all {len(y)} targets are {y[0]}: there is nothing to learn."
            return
        yield from _ends(loss, output)
        yield from _targets(loss, output, y)


def _shapes(loss: Any, shape: tuple[int, ...], y: Array) -> Iterator[str]:
    batch, whole = shape[1:], y.shape[1:]
    if loss in _OF_CLASSES:
        if len(shape) == 2 and shape[1] == 1:
            yield (
                f"the model gives 1 score a sample, and {loss.__name__} compares those of several "
                "classes. Give it one output for each class, or use nn.bce_with_logits."
            )
            return
        fits = whole in (batch, batch[1:])
        batch = batch[1:]
    else:
        fits = whole == batch
    if not fits:
        cure = "Give one target for each output."
        if np.prod(whole) == np.prod(batch):
            new = f"-1, {', '.join(map(str, batch))}" if batch else "-1"
            cure = f"Give y.reshape({new})."
        yield (
            f"{loss.__name__} does not take outputs of shape {('n', *shape[1:])} and targets of "
            f"shape {('n', *whole)}. {cure}".replace("'n'", "n")
        )


def _ends(loss: Any, output: Output) -> Iterator[str]:
    name, op = loss.__name__, output.op.name if output.op else "nothing"
    low, high = output.numbers.min(), output.numbers.max()
    bounded = np.isfinite([output.low, output.high])
    if loss in _OF_LOGITS and (bounded.all() or (loss is bce_with_logits and bounded.any())):
        twice = " and applies one itself" if op in ("softmax", "sigmoid") else ""
        yield (
            f"the model ends in {op}, which gives {output.low:g} to {output.high:g}, and {name} "
            f"takes logits, any numbers,{twice}: leave {op} out.".replace(",:", ":")
        )
    elif loss is nll_loss and high > 0:
        yield (
            f"nll_loss takes logarithms of probabilities, at most 0, and the model gives up to "
            f"{high:.3g}. Use nn.cross_entropy, which takes logits, or end in log_softmax."
        )
    elif loss in _OF_PROBABILITIES and (low < 0 or high > 1):
        yield (
            f"{name} takes probabilities, 0 to 1, and the model gives {low:.3g} to {high:.3g}. Use "
            "nn.bce_with_logits, or end in nn.Sigmoid."
        )
    elif loss is hinge_loss and bounded.any() and output.low >= 0:
        yield (
            f"the model ends in {op}, which gives no number below {output.low:g}, and hinge_loss "
            f"takes scores whose sign is the class: leave {op} out."
        )


def _targets(loss: Any, output: Output, y: Array) -> Iterator[str]:
    if loss in _OF_CLASSES and y.ndim < output.numbers.ndim:
        yield from _classes(output.numbers.shape[1], y)
    elif loss in _OF_CLASSES and (y.min() < 0 or np.abs(y.sum(axis=1) - 1).max() > 1e-3):
        yield "rows of y are no probabilities: give numbers from 0 that add up to 1, or classes."
    elif loss in _OF_SHARES and (y.min() < 0 or y.max() > 1):
        cure = "(y + 1) / 2" if np.isin(y, (-1, 1)).all() else "the share of the class, 0 to 1"
        yield (
            f"targets are {y.min():g} to {y.max():g}; {loss.__name__} takes 0 to 1. Give {cure}."
        )
    elif loss is hinge_loss and not np.isin(y, (-1, 1)).all():
        wrong = y[~np.isin(y, (-1, 1))][0]
        yield f"a target is {wrong:g}, and hinge_loss takes -1 and 1. Of 0 and 1, give 2 * y - 1."
    elif loss in _OF_DISTANCES:
        yield from _numbers(output, y)


def _classes(count: int, y: Array) -> Iterator[str]:
    low, high = y.min(), y.max()
    takes = f"the model gives {count} scores, for classes 0 to {count - 1}"
    if np.isin(y, (-1, 1)).all() and low < 0:
        yield f"labels are -1 and 1; {takes}. Give (y + 1) // 2."
    elif low > 0 and high - low < count:
        yield f"labels run from {low:g} to {high:g}; {takes}. Count from 0: y - {low:g}."
    elif low < 0 or high >= count or (y != np.floor(y)).any():
        place = np.flatnonzero((y < 0) | (y >= count) | (y != np.floor(y)))[0]
        yield (
            f"the label in row {place * len(y) // y.size} is {y.flat[place]:g}; {takes}. Give it "
            "one output for each class, or count classes anew: np.unique(y, return_inverse=True)."
        )


def _numbers(output: Output, y: Array) -> Iterator[str]:
    beyond = (y < output.low) | (y > output.high)
    if beyond.any():
        op = output.op.name if output.op else ""
        yield (
            f"{beyond.mean():.0%} of the targets, which are {y.min():.3g} to {y.max():.3g}, lie "
            f"beyond what the last activation gives: {op} gives {output.low:g} to {output.high:g}. "
            f"Leave {op} out, or scale the targets into it."
        )
        return
    size, spread = float(np.sqrt(np.mean(np.square(y, dtype=float)))), float(y.std())
    if size > LARGE or spread < NARROW:
        yield (
            f"targets have mean {y.mean():.3g} and spread {spread:.3g}; the model starts around 0, "
            f"and learns best if numbers are of the size 1 ({NARROW:g} to {LARGE:g}). Standardize "
            "them: (y - y.mean()) / y.std()."
        )
