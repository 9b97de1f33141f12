"""Pairs predictions with targets, and adds up what each pair costs."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from autograd import Node, ShapeError, Tensor, Value, astype
from autograd.engine import Integers
from autograd.ops import real_numbers


def loss(
    name: str, term: Callable[[Any, Any], Any], prediction: Any, target: Any, reduction: str
) -> Any:
    """Add up what each prediction costs: in a Tensor at once, in Values one by one."""
    return reduced(name, _each(name, term, prediction, target), reduction)


def _each(name: str, term: Callable[[Any, Any], Any], prediction: Any, target: Any) -> Any:
    if not holds_values(prediction):
        return term(*pair(name, prediction, target))
    numbers = plain(name, target)
    target = target if numbers is None else numbers.tolist()
    _meet(name, shape_of(prediction), shape_of(target))
    return _one_by_one(term, prediction, target)


def _one_by_one(term: Callable[[Any, Any], Any], prediction: Any, target: Any) -> Any:
    if not isinstance(prediction, list | tuple):
        return term(prediction, target)
    targets = target if isinstance(target, list | tuple) else [target] * len(prediction)
    return [_one_by_one(term, y, t) for y, t in zip(prediction, targets, strict=True)]


def pair(name: str, prediction: Any, target: Any) -> tuple[Tensor, Tensor]:
    """Make Tensors that meet one by one."""
    y, t = tensors(name, prediction, target)
    _meet(name, y.shape, t.shape)
    return y, t


def tensors(name: str, prediction: Any, target: Any) -> tuple[Tensor, Tensor]:
    """Make Tensors of one type; constants of what are none."""
    if holds_values(prediction):
        raise TypeError(
            f"{name}: got Values. It takes a Tensor, as models of Tensors give it; to_tensors() "
            "makes one of an MLP."
        )
    y = _tensor(f"{name}: prediction", prediction)
    t = _tensor(f"{name}: target", target, y.dtype)
    return y, t if t.dtype == y.dtype else astype(t, y.dtype)


def cells(name: str, x: Any) -> Any:
    """Make an array of nodes of a list that holds Values, or of one; of numbers an array of them.

    Raises
    ------
    ShapeError
        If some of the lists in it are longer than others.
    """
    if not isinstance(x, Node) and not holds_values(x):
        return real_numbers(name, x)
    shape, found = shape_of(x), np.fromiter(flat(x), object)
    if found.size != np.prod(shape):
        raise ShapeError(f"{name}: got lists of different lengths. Give each sample as many.")
    return found.reshape(shape)


def _tensor(name: str, x: Any, dtype: Any = None) -> Tensor:
    """Make a constant, of a type if one is given, of what is no Tensor."""
    if isinstance(x, Integers):
        return x.floats
    if isinstance(x, Tensor):
        return x
    numbers = real_numbers(name, x)
    return Tensor(numbers if dtype is None else numbers.astype(dtype), constant=True)


def reduced(name: str, terms: Any, reduction: str) -> Any:
    """Give the mean or the sum of terms, or the terms."""
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f"{name}: got reduction={reduction!r}. Use 'mean', 'sum' or 'none'.")
    if isinstance(terms, np.ndarray):
        terms = terms.tolist()
    if reduction == "none" or isinstance(terms, Value):
        return terms
    if isinstance(terms, Tensor):
        return terms.mean() if reduction == "mean" else terms.sum()
    numbers = list(flat(terms))
    return total(numbers) / len(numbers) if reduction == "mean" else total(numbers)


def total(terms: Iterable[Any]) -> Any:
    """Add up Tensors of any shapes, or Values."""
    numbers = [x.sum() if isinstance(x, Tensor) else x for x in terms]
    return sum(numbers[1:], numbers[0]) if numbers else 0.0  # a sum from 0 would be one node more


def flat(x: Any) -> Iterator[Any]:
    """Yield what stands in a list and in the lists in it; or the only thing there is."""
    if isinstance(x, list | tuple):
        for part in x:
            yield from flat(part)
    else:
        yield x


def plain(name: str, target: Any) -> Any:
    """Give numbers that are no nodes as an array, for a look at them; None of nodes."""
    if isinstance(target, Node) or holds_values(target):
        return None
    return real_numbers(f"{name}: target", target)


def _meet(name: str, y: tuple[int, ...], t: tuple[int, ...]) -> None:
    """Refuse shapes that would be broadcast; a single target is for all."""
    if t in (y, ()):
        return
    advice = "Give one target for each prediction."
    if not y and np.prod(t) == 1:
        advice = "Give a single number; of one in each row, y.reshape(-1) makes these."
    elif np.prod(y) == np.prod(t):  # perhaps of a part of the data only
        new = ", ".join(map(str, (-1, *y[1:])))
        advice = f"Each prediction needs a target of its own: target.reshape({new})."
    raise ShapeError(
        f"{name}: got predictions of shape {y} and targets of shape {t}, which do not match one "
        f"by one. {advice}"
    )


def holds_values(x: Any) -> bool:
    """Whether it is a Value, or a list, or a list of lists, with one in it."""
    return isinstance(x, Value) or (isinstance(x, list | tuple) and any(map(holds_values, x)))


def shape_of(x: Any) -> tuple[int, ...]:
    """Give the shape of a node, of nested lists of Values, or of numbers."""
    if isinstance(x, Tensor):
        return x.shape
    if isinstance(x, Value):
        return ()
    return (len(x), *shape_of(x[0])) if holds_values(x) else np.shape(x)
