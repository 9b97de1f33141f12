"""One call of a function, on nodes that stand for its arguments."""

from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from operator import index
from typing import Any

import numpy as np

from ..engine import Node, Tensor, Value, differentiating, trace
from ..errors import ShapeError
from ..ops import alias, brief

# What the calls further out, in which this one happens, are differentiated by.
_outer: ContextVar[tuple[Node, ...]] = ContextVar("outer", default=())


def is_inside() -> bool:
    """Whether this happens in a function while it is differentiated."""
    return bool(_outer.get())


class Run:
    """One call of a function on nodes that stand for its arguments."""

    def __init__(
        self,
        f: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        argnums: int | Sequence[int],
    ) -> None:
        name = getattr(f, "__name__", "f")
        self._several = isinstance(argnums, Iterable)
        try:
            chosen = [*map(index, argnums if isinstance(argnums, Iterable) else [argnums])]
        except TypeError:
            raise TypeError(
                f"{name}: got argnums={brief(argnums)}. Give the place of an argument, or several."
            ) from None
        for i in chosen:
            if not -len(args) <= i < len(args):
                raise TypeError(
                    f"{name}: argnums names argument {i}, but it got {len(args)} positional "
                    "arguments. Count them from 0."
                )
        arrays = any(isinstance(x, Tensor | np.ndarray | list | tuple) for x in args)
        operands = list(args)
        for i in chosen:
            operands[i] = _stand_in(args[i], Tensor if arrays else Value)
        self.nodes = [operands[i] for i in chosen]
        outer = _outer.get()
        token = _outer.set((*outer, *self.nodes))
        try:
            with differentiating(self.nodes):
                self.output = f(*operands, **kwargs)
        finally:
            _outer.reset(token)
        if not isinstance(self.output, Node):
            raise TypeError(
                f"{name}: it returned {brief(self.output)}, a {type(self.output).__name__}. "
                "Return one node: compute with ops and operators, not with float() or .data."
            )
        self._on_nodes = any(isinstance(args[i], Node) for i in chosen) or not (
            set(outer).isdisjoint(trace(self.output))
        )

    def given(self, node: Node, beside: Any = None) -> Any:
        """Give a node to a caller who gave nodes, here or `beside`; else what it holds."""
        if self._on_nodes or isinstance(beside, Node):
            return node
        return node.data if isinstance(node, Value) else np.array(node.data)[()]

    def single(self, found: list[Node], beside: Any = None) -> Any:
        """Give the result for a single argument by itself."""
        results = tuple(self.given(node, beside) for node in found)
        return results if len(results) > 1 else results[0]

    def matched(self, found: list[Node]) -> Any:
        """Give a tuple of results where argnums was a sequence."""
        results = tuple(map(self.given, found))
        return results if self._several else results[0]

    def tangents(self, tangents: Any) -> list[Node]:
        """Check directions against the arguments that they belong to."""
        given = tangents if isinstance(tangents, tuple) else (tangents,)
        if len(given) != len(self.nodes):
            raise ShapeError(
                f"tangents: got {len(given)} for {len(self.nodes)} arguments. Give one for each."
            )
        self._on_nodes = self._on_nodes or any(isinstance(v, Node) for v in given)
        return [direction(x, v) for x, v in zip(self.nodes, given, strict=True)]


def _stand_in(x: Any, kind: type[Node]) -> Node:
    """Make a node that stands for one argument and for nothing else that is the same number."""
    if not isinstance(x, Node):
        return kind(x)
    node: Node = alias(x)
    node.constant = False
    return node


def direction(like: Node, v: Any) -> Node:
    """Make a node of a direction that a node is to move in, or that flows back to it."""
    given = np.shape(v)
    if given != np.shape(like._held):
        raise ShapeError(
            f"direction: got shape {given} where the shape is {np.shape(like._held)}. "
            "Give one number for each there."
        )
    if isinstance(v, Node):
        return v
    made: Node = like._kind(like._kind._payload(v, like._held), constant=True)
    return made
