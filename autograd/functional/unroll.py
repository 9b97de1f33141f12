"""unroll: the graph of Values inside a graph of Tensors, where every single number can be seen."""

import builtins
from collections.abc import Collection
from itertools import chain
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..engine import Node, Tensor, Value, entered, refuse, same_numbers, trace
from ..errors import GraphError
from ..ops import OPS, brief, flat, matmul, on_objects

_LARGEST = 1_000_000


def unroll(output: Tensor) -> Any:
    """Compute a Tensor once more, with a Value for each number on the way.

    Parameters
    ----------
    output : Tensor
        The result of a computation.

    Returns
    -------
    Value or array of Values
        In the shape of `output`. Elements of a leaf that is called W are called ``W[0,1]``; they
        hold the numbers that the computation saw.

    Raises
    ------
    GraphError
        If there would be more than a million Values; if a leaf was given new data between two of
        its uses, so that no single number is there to show; or if the forward function of an op
        made plain numbers of Values, so that a path of the gradient would be lost.
    DomainError
        If an op has no value at a single number where it gave nan or inf in an array.

    Notes
    -----
    Values and gradients equal those of the Tensors but for rounding: the order in which sums are
    added up may differ.

    Examples
    --------
    >>> W, x = Tensor([[1.0, 2.0]], name="W"), Tensor([3.0, 4.0], name="x")
    >>> (y,) = unroll(W @ x)
    >>> y.backward()
    >>> {leaf.name: leaf.grad for leaf in trace(y) if leaf.op is None}
    {'W[0,0]': 3.0, 'W[0,1]': 4.0, 'x[0]': 1.0, 'x[1]': 2.0}
    """
    return unrolled(output, most=_LARGEST)[output][()]


def unrolled(
    output: Tensor, whole: Collection[Node] = (), most: int = _LARGEST
) -> dict[Node, NDArray[Any]]:
    """Do the same, and give the Values inside each Tensor on the way.

    Parameters
    ----------
    output : Tensor
    whole : collection of Tensors
        Results that are not taken apart: their numbers stand as leaves.
    most : int
        How many Values there may be.

    Examples
    --------
    >>> x = Tensor([3.0, 4.0], name="x")
    >>> cells = unrolled((x * x).sum())
    >>> [cell.name for cell in cells[x]]
    ['x[0]', 'x[1]']
    """
    refuse("it takes a Tensor apart into numbers", "Use unroll() outside.")
    order = trace(output)
    count = sum(1 if x in whole else _count(x) for x in order)
    if count > most:
        raise GraphError(
            f"unroll: {len(order)} Tensors would take about {count:,} Values; more than "
            f"{most:,} are too many to look at. Take a smaller batch, or a part of the output."
        )
    seen = _seen(order)
    cells: dict[Node, NDArray[Any]] = {}
    for node in order:
        with entered(node.scope):
            if node.op is None or node in whole:
                cells[node] = _leaves(node, seen.get(node, node._held))
                continue
            made = on_objects(node.op, tuple(cells[x] for x in node.inputs), node.params)
            cells[node] = _cells(made, node.name)
        if not node.op.elementwise:
            _refuse_lost(node, cells)
    return cells


def _count(node: Node) -> int:
    """Estimate how many Values a Tensor takes."""
    if node.op is matmul:
        return 2 * node._held.size * node.args[0].shape[-1]  # type: ignore[no-any-return]
    if node.op and node.op.composition and not node.op.elementwise:
        inside = node.op.expanded(map(Tensor, node.args), node.params)
        return builtins.sum(_count(x) for x in trace(inside) if x.op)
    if node.op is OPS["einsum"]:
        letters = node.params["subscripts"].split("->")[0].replace(",", "")
        lengths = dict(zip(letters, chain(*(x.shape for x in node.args)), strict=True))
        return len(node.args) * prod(lengths.values())
    sizes: list[int] = [x.size for x in (node._held, *node.args)]
    return builtins.max(sizes)


def _seen(order: list[Node]) -> dict[Node, NDArray[Any]]:
    """Give the numbers that each node held when it was used."""
    seen: dict[Node, NDArray[Any]] = {}
    for node in order:
        for x, arg in zip(node.inputs, node.args, strict=True):
            if not same_numbers(seen.setdefault(x, arg), arg):
                raise GraphError(
                    f"unroll: {brief(x)} was given new data between two of its uses. "
                    "Run the forward computation again."
                )
    return seen


def _refuse_lost(node: Node, cells: dict[Node, NDArray[Any]]) -> None:
    """Refuse an op that made constants of Values: what nan would reach, gradients reach."""
    op: Any = node.op
    marked = [
        arg if op.vjps[i] in (None, flat) else np.where(_are_constant(cells[x]), arg, np.nan)
        for i, (x, arg) in enumerate(zip(node.inputs, node.args, strict=True))
    ]
    with np.errstate(all="ignore"):
        reached = np.isnan(op.forward(*marked, **node.params)) & ~np.isnan(node._held)
    if np.any(reached & _are_constant(cells[node])):
        raise GraphError(
            f"unroll: the forward function of {op.name} makes plain numbers of Values, and their "
            "gradient would be lost. Write it with operators and with functions of NumPy that take "
            "arrays of objects; float, np.asarray(x, float) and math do not."
        )


def _are_constant(cells: Any) -> NDArray[np.bool_]:
    return np.array([x.constant for x in cells.flat], np.bool_).reshape(cells.shape)


def _leaves(node: Node, numbers: NDArray[Any]) -> Any:
    leaf = np.frompyfunc(lambda x: Value(x, constant=node.constant), 1, 1)
    return _cells(leaf(numbers), node.name)


def _cells(made: Any, name: str | None) -> Any:
    """Make an array of Values out of what NumPy gave, and name those that a named Tensor made."""
    cells: Any = np.empty(np.shape(made), object)
    for index in np.ndindex(cells.shape):
        x = made[index] if isinstance(made, np.ndarray) else made
        if isinstance(x, np.ndarray):  # np.pad leaves a single object in an array of its own
            x = x[()]
        cells[index] = x if isinstance(x, Value) else Value(x, constant=True)
        if name is not None and cells[index].name is None:
            cells[index].name = name + (f"[{','.join(map(str, index))}]" if index else "")
    return cells
