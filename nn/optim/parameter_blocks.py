"""Optimizers work on arrays: a Tensor is one, and Values with the same history are one together."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from autograd import Node, ShapeError, Tensor
from autograd.engine import grads_of

Array = NDArray[Any]
State = dict[str, Any]


class Part:
    """Parameters that are updated by one piece of arithmetic.

    Attributes
    ----------
    params : list of Node
        One Tensor, or any number of Values.
    state : dict
        What the optimizer remembers: counts are ints, all else is one number for each element.
    """

    def __init__(self, params: list[Any], state: State) -> None:
        self.params = params
        self.state = state

    @property
    def reached(self) -> bool:
        """Whether there are gradients; after `divided`, all of its parameters have one or none."""
        return is_reached(self.params[0])

    def divided(self) -> Iterator["Part"]:
        """Yield parts in which all parameters have a gradient, or none has."""
        yield self

    def owner(self, i: int) -> Node:
        """Say which parameter holds the number at a place of the array."""
        raise NotImplementedError

    def data(self) -> Array:
        raise NotImplementedError

    def grad(self) -> Array:
        raise NotImplementedError

    def moved(self, data: Array, step: Array) -> Any:
        """Subtract a step from the data, and give what `bind` takes."""
        raise NotImplementedError

    def bind(self, data: Any) -> None:
        """Give the parameters new data."""
        raise NotImplementedError

    def states(self) -> list[State]:
        """List the state of each parameter; no array of it will ever be changed in place."""
        raise NotImplementedError


class _OneTensor(Part):
    def owner(self, i: int) -> Node:
        return self.params[0]  # type: ignore[no-any-return]

    def data(self) -> Array:
        return np.asarray(self.params[0].data)

    def grad(self) -> Array:
        tensor = self.params[0]
        grad = np.asarray(tensor.grad, tensor.dtype)
        if grad.shape == tensor.shape:
            return grad
        if grad.ndim == 0:  # someone resets it as in micrograd: p.grad = 0
            return np.full(tensor.shape, grad)
        raise ShapeError(
            f"step: a grad of shape {grad.shape} for a Tensor of shape {tensor.shape}. "
            "Give one number for each of its own."
        )

    def moved(self, data: Array, step: Array) -> Any:
        new = self.params[0].data
        new -= step  # it makes an array that need not be copied to be bound
        return new

    def bind(self, data: Any) -> None:
        self.params[0].data = data

    def states(self) -> list[State]:
        return [dict(self.state)]


class _Values(Part):
    """What counts is that NumPy is called once for all of them, not once for each."""

    def divided(self) -> Iterator[Part]:
        # As `is_reached`, but written out: each step asks it of every Value.
        reached = [p.reached and not p.constant for p in self.params]
        if all(reached) or not any(reached):
            yield self
        else:
            yield self._only(np.flatnonzero(reached))
            yield self._only(np.flatnonzero(np.logical_not(reached)))

    def owner(self, i: int) -> Node:
        return self.params[i]  # type: ignore[no-any-return]

    def _only(self, chosen: Array) -> Self:
        state = {k: x if isinstance(x, int) else x[chosen] for k, x in self.state.items()}
        return type(self)([self.params[i] for i in chosen], state)

    def data(self) -> Array:
        return np.array([p.data for p in self.params])

    def grad(self) -> Array:
        return np.array(grads_of(self.params))

    def moved(self, data: Array, step: Array) -> Any:
        return np.subtract(data, step, out=np.empty_like(data)).tolist()

    def bind(self, data: Any) -> None:
        for p, x in zip(self.params, data, strict=True):
            p.data = x

    def states(self) -> list[State]:
        lists = {k: x if isinstance(x, int) else x.tolist() for k, x in self.state.items()}
        return [
            {k: x if isinstance(x, int) else x[i] for k, x in lists.items()}
            for i in range(len(self.params))
        ]


def is_reached(p: Node) -> bool:
    """Whether a parameter has a gradient to follow; one that was frozen since then has not."""
    return p.reached and not p.constant


def parts(params: Iterable[Node], states: Iterable[State]) -> list[Part]:
    """Make parts of parameters and what is remembered of each.

    Raises
    ------
    ShapeError
        If a state does not have the shape of its parameter.
    ValueError
        If it does not consist of finite numbers.
    """
    found: list[Part] = []
    alike: dict[Any, list[tuple[Node, State]]] = defaultdict(list)
    for p, given in zip(params, states, strict=True):
        state = {name: _remembered(name, x, p) for name, x in given.items()}
        if isinstance(p, Tensor):
            found.append(_OneTensor([p], state))
        else:
            history = [(k, x if isinstance(x, int) else None) for k, x in state.items()]
            alike[tuple(history)].append((p, state))
    for history, members in alike.items():
        together = {
            k: n if n is not None else np.array([s[k] for _, s in members]) for k, n in history
        }
        found.append(_Values([p for p, _ in members], together))
    return found


def _remembered(name: str, x: Any, p: Node) -> Any:
    """Make an int of a count, which may come as an array, and an array of all else."""
    try:
        array = np.asarray(x)
    except ValueError:  # rows of different lengths
        array = np.asarray(None)
    if array.dtype.kind not in "fiu":
        raise ValueError(
            f"load_state_dict: {name} holds {array.dtype}, not real numbers. Give what "
            "state_dict() gave."
        )
    if array.ndim == 0 and array.dtype.kind in "iu":
        if array < 0:
            raise ValueError(f"load_state_dict: {name} is {x}. A count is at least 0.")
        return int(array)
    if array.shape != np.shape(p.data):
        raise ShapeError(
            f"load_state_dict: {name} has shape {array.shape}, the parameter "
            f"{np.shape(p.data)}. Load it into an optimizer of the same parameters."
        )
    with np.errstate(over="ignore"):
        array = np.array(array, p.dtype if isinstance(p, Tensor) else float)
    if not np.isfinite(array).all():
        raise ValueError(
            f"load_state_dict: {name} holds numbers that are infinite or none. Load the state of "
            "an earlier step."
        )
    return array
