"""The steps of a backward pass: latest node first, each once its adjoint is complete."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from ..errors import GraphError
from ..ops import brief
from .broadcasting import fitted
from .diagnosis import not_finite, refusal
from .node import Node
from .order import trace


class Step(NamedTuple):
    """One node of a backward pass.

    Attributes
    ----------
    node : Node
    grad : float, array or Node
        Adjoint of `node`: complete, because all its consumers came before.
    contributions : tuple of (float, array, Node or None)
        What flows to each of ``node.inputs``, in its shape; None where nothing does.
    """

    node: Node
    grad: Any
    contributions: tuple[Any, ...]


def latest_first(output: Node) -> list[Node]:
    """Order the nodes that adjoints reach from `output`."""
    if output.constant:
        raise GraphError(
            f"{brief(output)} depends on constants only, so there is no gradient to compute. "
            "Make a leaf without constant=True."
        )
    return trace(output, constants=False)[::-1]


def sweep(path: list[Node], output: Node, seed: Any, *, on_nodes: bool) -> Iterator[Step]:
    """Step through `path`, which starts at `output`; apply the rules to numbers or to nodes."""
    wanted = set(path)
    adjoints = {output: seed}
    on_floats = not isinstance(output._data, np.ndarray)
    for node in path:
        if node not in adjoints:
            continue
        grad = adjoints.pop(node)
        if not (on_floats or on_nodes):
            grad = np.asarray(grad)  # a sum of arrays without axes is none
        y, operands = (node, node.inputs) if on_nodes else (node._data, node.args)
        op: Any = node.op
        contributions = []
        for i, x in enumerate(node.inputs):
            passed = None
            if x in wanted:
                try:
                    passed = op.vjps[i](grad, y, *operands, **node.params)
                    if passed is not None and not on_floats:
                        passed = fitted(op, passed, operands[i])
                except Exception as error:
                    raise refusal(node, grad, error) from None
            if passed is not None:
                adjoints[x] = adjoints[x] + passed if x in adjoints else passed
            contributions.append(passed)
        yield Step(node, grad, tuple(contributions))


def explained(order: list[Node], output: Node, seed: Any) -> Exception:
    """Go through a pass again, on numbers, to find where it first met no finite number."""
    with np.errstate(all="ignore"):
        return not_finite(sweep(order, output, seed, on_nodes=False))
