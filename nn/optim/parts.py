"""Optimizers work on arrays: a Tensor is one, and Values with the same history are one together."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from autograd import Node, ShapeError, Tensor

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

    def subtract(self, step: Array) -> None:
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

    def subtract(self, step: Array) -> None:
        self.params[0].data -= step

    def states(self) -> list[State]:
        return [dict(self.state)]


class _Values(Part):
    """What counts is that NumPy is called once for all of them, not once for each."""

    def divided(self) -> Iterator[Part]:
        reached = [is_reached(p) for p in self.params]
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
        return np.array([p.grad for p in self.params], float)

    def subtract(self, step: Array) -> None:
        for p, x in zip(self.params, step.tolist(), strict=True):
            p.data -= x

    def states(self) -> list[State]:
        lists = {k: x if isinstance(x, int) else x.tolist() for k, x in self.state.items()}
        return [
            {k: x if isinstance(x, int) else x[i] for k, x in lists.items()}
            for i in range(len(self.params))
        ]


def is_reached(p: Node) -> bool:
    """Whether a parameter has a gradient to follow; one that was frozen since then has not."""
    return p.grad is not None and not p.constant


def parts(params: Iterable[Node], states: Iterable[State]) -> list[Part]:
    """Make parts of parameters and what is remembered of each.

    Raises
    ------
    ShapeError
        If a state does not have the shape of its parameter.
    """
    found: list[Part] = []
    alike: dict[Any, list[tuple[Node, State]]] = defaultdict(list)
    for p, given in zip(params, states, strict=True):
        state = {name: _counted(x) for name, x in given.items()}
        for name, x in state.items():
            if not isinstance(x, int) and np.shape(x) != np.shape(p.data):
                raise ShapeError(
                    f"load_state_dict: {name} has shape {np.shape(x)}, the parameter "
                    f"{np.shape(p.data)}. Load it into an optimizer of the same parameters."
                )
        if isinstance(p, Tensor):
            cast = {k: x if isinstance(x, int) else np.array(x, p.dtype) for k, x in state.items()}
            found.append(_OneTensor([p], cast))
        else:
            history = [(k, x if isinstance(x, int) else None) for k, x in state.items()]
            alike[tuple(history)].append((p, state))
    for history, members in alike.items():
        together = {
            k: n if n is not None else np.array([s[k] for _, s in members], float)
            for k, n in history
        }
        found.append(_Values([p for p, _ in members], together))
    return found


def _counted(x: Any) -> Any:
    """Make an int of a count that comes from a file, where it may be an array."""
    array = np.asarray(x)
    return int(array) if array.ndim == 0 and array.dtype.kind in "iu" else x
