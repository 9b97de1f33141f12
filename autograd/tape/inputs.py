"""Checks what a tape is recorded from, and what it is given at a call."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ..engine import Node, Tensor, same_numbers
from ..errors import GraphError, ShapeError
from ..ops import brief, real_numbers
from .program import Code


def listed(given: Any) -> list[Node]:
    """List the nodes that a tape is recorded from."""
    if isinstance(given, Node) or not isinstance(given, Iterable):
        raise TypeError(f"Tape: got {brief(given)}. Give a list of nodes: Tape([loss], [x]).")
    nodes = list(given)
    for x in nodes:
        if not isinstance(x, Node):
            raise TypeError(f"Tape: got {brief(x)}, a {type(x).__name__}. Give nodes.")
    return nodes


def common_kind(outputs: Sequence[Node], inputs: Sequence[Node]) -> type[Node]:
    """Say whether a tape is to be recorded of Values or of Tensors."""
    kinds: set[type[Node]] = {x._kind for x in (*outputs, *inputs)}
    if not outputs:
        raise GraphError("Tape: got no outputs. Give what is to be computed, in a list.")
    if len(kinds) > 1:
        raise GraphError("Tape: got Values and Tensors. Record a tape of each.")
    if len(set(inputs)) < len(inputs):
        raise GraphError("Tape: an input is listed twice. List each once.")
    return kinds.pop()


def check_constants(code: Code) -> None:
    """Refuse to go on where a constant of a program holds other numbers now."""
    for x, before in code.folded:
        if not same_numbers(x._held, before):
            raise GraphError(
                f"Tape: the constant {brief(x)} was {brief(before)} when this was recorded, and is "
                "part of the program. List it among the inputs, or record the tape again."
            )


def column(x: Any) -> Any:
    """Give an input of Values as a float, or as an array of one number a sample."""
    array = np.asarray(_real(x), dtype=float)
    if array.ndim > 1:
        raise ShapeError(
            f"Tape: got an input of shape {array.shape}. Give a number, or one for each "
            "sample; of a table X, the columns: *X.T."
        )
    return array if array.ndim else float(array)


def common_length(columns: Sequence[Any]) -> int | None:
    """Count the samples of a batch; None if all inputs are single numbers."""
    lengths = {len(x) for x in columns if x.__class__ is not float}
    if len(lengths) > 1 or 0 in lengths:
        raise ShapeError(
            f"Tape: got batches of {sorted(lengths)} samples. Give as many of each, at least 1."
        )
    return lengths.pop() if lengths else None


def in_shape(x: Any, node: Node) -> Any:
    """Give an input of Tensors in the type that was recorded."""
    dtype = node._held.dtype
    array = x if type(x) is np.ndarray and x.dtype == dtype else np.asarray(_real(x), dtype)
    if array.shape != node._held.shape:
        raise ShapeError(
            f"Tape: got an input of shape {array.shape} where {node._held.shape} was recorded. "
            "Record a tape for each shape, or let compile do that."
        )
    return array


def replaced(params: Sequence[Any], leaves: Sequence[Node]) -> Any:
    """Give params in place of what the leaves hold."""
    if isinstance(params, Mapping):
        raise TypeError("Tape: got a mapping as params. Give a list, in the order of tape.params.")
    if len(params) != len(leaves):
        raise ShapeError(
            f"Tape: got {len(params)} params for {len(leaves)} leaves. Give one for each."
        )
    if leaves and isinstance(leaves[0], Tensor):
        return [in_shape(x, leaf) for x, leaf in zip(params, leaves, strict=True)]
    numbers = np.asarray(_real(params), dtype=float)
    if numbers.ndim > 1:
        raise ShapeError(
            f"Tape: got params of shape {numbers.shape}. Give one number for each leaf; what "
            "differs between samples is an input."
        )
    return numbers


def _real(x: Any) -> Any:
    """Refuse what NumPy would make numbers of, though it is none."""
    if isinstance(x, Node):
        raise TypeError(f"Tape: got {brief(x)}, from which no gradient would flow. Give x.data.")
    return real_numbers("Tape: got", x, shown=True)
