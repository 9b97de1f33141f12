"""Why a gradient is what it is, as a page lists it: paths of Values, gains of Tensors."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from autograd import Node
from autograd.formulas import number

from ..moments import Pass, Path, Ranking, gain_rows, gains


def ways(
    run: Pass, ranking: Ranking | None, i: int, box_of: Mapping[Node, str]
) -> dict[str, list[dict[str, Any]]]:
    """Give the paths to a node, or the gains on the way, with the boxes that they lead through.

    Examples
    --------
    >>> from autograd import Tensor, tanh
    >>> x = Tensor([0.5, 1.0], name="x")
    >>> run = Pass(tanh(x).sum(), {})
    >>> found = ways(run, None, 0, {node: f"n{i}" for i, node in enumerate(run.order)})
    >>> [(row["cells"], row["nodes"]) for row in found["gains"]][1]
    (('v₁', 'tanh(x)', '1.4142', '0.63043↓'), ['n2', 'n1'])
    """
    if ranking:
        return {"paths": [_path(path, box_of) for path in ranking.paths(i)]}
    if i not in run.adjoints or isinstance(run.order[i].data, float):
        return {}
    path, computed = gains(run, i)[0]
    found = []
    for k, row in gain_rows(path, computed):
        found.append(
            {"cells": row, "nodes": _boxes(path.nodes[: 0 if k is None else k + 1], box_of)}
        )
    return {"gains": found}


def _path(path: Path, box_of: Mapping[Node, str]) -> dict[str, Any]:
    return {
        "text": path.text,
        "product": number(path.product) if isfinite(path.product) else None,
        "share": path.share,
        "nodes": _boxes(path.nodes, box_of),
    }


def _boxes(nodes: tuple[Node, ...], box_of: Mapping[Node, str]) -> list[str]:
    return [*dict.fromkeys(box_of[node] for node in nodes if node in box_of)]
