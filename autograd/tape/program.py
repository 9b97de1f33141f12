"""Straight-line code: what a tape runs."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from ..engine import Node, Scope, fingerprint
from ..ops import Op, Params


class Line(NamedTuple):
    """One call of an op; operands are numbers of slots."""

    op: Op
    operands: tuple[int, ...]
    params: Params


@dataclass(frozen=True)
class Code:
    """Straight-line code. Slots hold inputs, then leaves, then constants, then a result a line.

    Attributes
    ----------
    kind : type
        Value or Tensor: what the graph was made of.
    inputs : tuple of Node
        What is given at each call, then what is drawn at each call.
    given : int
        How many are given.
    leaves : tuple of Node
        What is read from the graph at each call: the parameters.
    constants : tuple of float or array
    lines : tuple of Line
    outputs : tuple of int
        Slots.
    scopes : tuple of Scope or None
        For each line, which module call made it first.
    folded : tuple of (Node, float or array)
        Leaves that are constants, and what they held.
    recorded : int
        How many results the graph had, before anything was left out.
    """

    kind: type[Node]
    inputs: tuple[Node, ...]
    given: int
    leaves: tuple[Node, ...]
    constants: tuple[Any, ...]
    lines: tuple[Line, ...]
    outputs: tuple[int, ...]
    scopes: tuple[Scope | None, ...]
    folded: tuple[tuple[Node, Any], ...]
    recorded: int

    @property
    def noise(self) -> tuple[Node, ...]:
        """The inputs that are drawn."""
        return self.inputs[self.given :]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of inputs and leaves in one line, each another one, and none that of a result."""
        names: dict[str, int] = {}
        for k, x in enumerate((*self.inputs, *self.leaves)):
            kind, i = ("x", k) if k < self.given else ("noise", k - self.given)
            if k >= len(self.inputs):
                kind, i = "w", k - len(self.inputs)
            name = " ".join((x.name or f"{kind}{i}").split())
            if re.fullmatch(r"v\d+", name):
                name += "_"
            while name in names:
                names[name] += 1
                name += "_" * names[name]
            names[name] = 0
        return tuple(names)

    @property
    def first_line(self) -> int:
        """Slot of the first result."""
        return len(self.inputs) + len(self.leaves) + len(self.constants)


def identity(held: Any) -> Any:
    """Tell numbers, arrays and params of ops apart: 1 from True, 0.0 from -0.0.

    A tape looks up whether it has them already, hence this is a key, not a comparison in pairs
    such as `same_numbers`.
    """
    if isinstance(held, float):
        return held, str(held)
    if isinstance(held, np.ndarray):
        return fingerprint(held)
    if isinstance(held, tuple | list):
        return type(held), tuple(map(identity, held))
    if isinstance(held, dict):
        return tuple((identity(key), identity(x)) for key, x in held.items())
    if isinstance(held, slice):
        return slice, identity((held.start, held.stop, held.step))
    if isinstance(held, int | str | np.dtype | type | type(None) | type(...)):
        return type(held), held
    return id(held)
