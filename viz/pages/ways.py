"""Why a gradient is what it is, as a page lists it for Tensors: the gains on the way."""

from collections.abc import Mapping
from typing import Any

from autograd import Node

from ..moments import Pass, gain_rows, gains


def ways(run: Pass, i: int, box_of: Mapping[Node, str]) -> dict[str, list[dict[str, Any]]]:
    """Give the gains on the way to a node, with the boxes that it leads through.

    Examples
    --------
    >>> from autograd import Tensor, tanh
    >>> x = Tensor([0.5, 1.0], name="x")
    >>> run = Pass(tanh(x).sum(), {})
    >>> found = ways(run, 0, {node: f"n{i}" for i, node in enumerate(run.order)})
    >>> [(row["cells"], row["nodes"]) for row in found["gains"]][1]
    (('v₁', 'tanh(x)', '1.4142', '0.63043↓'), ['n2', 'n1'])
    """
    if i not in run.adjoints:
        return {}
    path, computed = gains(run, i)[0]
    found = []
    for k, row in gain_rows(path, computed):
        found.append(
            {"cells": row, "nodes": _boxes(path.nodes[: 0 if k is None else k + 1], box_of)}
        )
    return {"gains": found}


def _boxes(nodes: tuple[Node, ...], box_of: Mapping[Node, str]) -> list[str]:
    return [*dict.fromkeys(box_of[node] for node in nodes if node in box_of)]
