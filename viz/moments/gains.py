"""What becomes of the norm of an adjoint on its way through arrays, node by node, call by call."""

from collections.abc import Iterable, Iterator
from itertools import accumulate, groupby
from math import isfinite, nan
from os.path import commonprefix
from typing import Any

import numpy as np

from autograd.formulas import number, written

from .passes import Flow, Pass
from .path import SHRINKS, Path
from .table import shortened

BRANCH = "(branch)"  # beside what other ways lead past
_ROWS = 15  # of a long way that are shown at both ends


def gains(run: Pass, end: int) -> list[tuple[Path, list[str]]]:
    """Follow an adjoint from the output to a node, by module calls if there are any, and by nodes.

    The gain of a node, or of all nodes of a call, is the norm of what it passes on towards the end,
    over the norm of what comes in from outside. What comes to one place along several edges is
    added before its norm is taken. Where ways part, nodes on one of them are said to be branches.

    Parameters
    ----------
    run : Pass
    end : int
        Index of a node.

    Returns
    -------
    list of (Path, list of str)
        What each step of a path computes stands beside it. The nodes of a path by calls are those
        by which the adjoint comes in.

    Examples
    --------
    >>> from autograd import Tensor, tanh
    >>> x = Tensor([0.5, 1.0], name="x")
    >>> ((path, computed),) = gains(Pass((2 * tanh(x)).sum(), {}), 0)
    >>> print(path)
    v₃ → v₂ → v₁ → x: gains 1.4142, 2, 0.63043↓; 1.7831 in all
    >>> computed
    ['sum(v₂)', '2·v₁', 'tanh(x)', '']
    """
    nodes, labels = run.graph.nodes, run.notation.labels
    flows = run.towards([end])
    way = sorted({run.graph.output, *(flow.target for flow in flows)}, reverse=True)
    scopes = {i: nodes[i].scope for i in way if nodes[i].scope and i != end}
    shared = len(commonprefix([*scopes.values()]))  # noqa: RUF071, of tuples
    by_node = [(labels[i], [i]) for i in way]
    by_call = []
    # What was made one after the other in one call: an adjoint that has left it never comes back.
    for key, own in groupby(way, lambda i: scopes.get(i, i)):
        is_call = isinstance(key, tuple)
        label = " › ".join(key[shared:] or key[-1:]) if is_call else labels[key]
        by_call.append((label, list(own)))
    return [_followed(run, flows, steps) for steps in ([by_call] * bool(scopes) + [by_node])]


def gain_rows(path: Path, computed: list[str]) -> Iterator[tuple[int | None, tuple[str, ...]]]:
    """Write a row for each step of such a path, with its place: of a long one, what matters.

    A row has the label of a step, what it computes, the norm of what comes in there, and its gain.
    """
    for i in shortened(len(path.nodes), _ROWS, path.telling):
        if i is None:
            yield None, ("…", "", "", "")
            continue
        gain = "" if i == len(path.factors) else number(path.factors[i])
        mark = SHRINKS * (i == path.weakest)
        yield i, (path.labels[i], computed[i], number(path.norms[i]), gain + mark)


def _followed(
    run: Pass, flows: list[Flow], steps: list[tuple[str, list[int]]]
) -> tuple[Path, list[str]]:
    step_of = {i: k for k, (_, own) in enumerate(steps) for i in own}
    came: list[dict[int, Any]] = [{} for _ in steps]
    went: list[dict[int, Any]] = [{} for _ in steps]
    came[0][run.graph.output] = run.adjoints[run.graph.output]
    past = [0] * len(steps)  # how many more ways lead past a step than past the one before
    for flow in flows:
        source, target = step_of[flow.node], step_of[flow.target]
        if source != target:
            past[source + 1] += 1
            past[target] -= 1
            for sums in (went[source], came[target]):
                sums[flow.target] = sums.get(flow.target, 0.0) + flow.passed
    branches = frozenset(k for k, ways in enumerate(accumulate(past)) if ways)
    norms = [_norm(sums.values()) for sums in came]
    factors = [
        _norm(sums.values()) / norm if norm else nan
        for sums, norm in zip(went[:-1], norms, strict=False)
    ]
    path = Path(
        nodes=tuple(run.order[own[0]] for _, own in steps),
        factors=tuple(factors),
        product=norms[-1],
        share=None,
        labels=tuple(
            f"{label} {BRANCH}" if k in branches else label for k, (label, _) in enumerate(steps)
        ),
        norms=tuple(norms),
        branches=branches,
    )
    return path, [_computed(run, own) for _, own in steps]


def _norm(arrays: Iterable[Any]) -> float:
    """Give the root of the sum of squares of several arrays, which themselves may be too large."""
    numbers = np.concatenate([np.ravel(x).astype(float) for x in arrays])
    largest = float(np.max(np.abs(numbers), initial=0.0))
    if largest == 0 or not isfinite(largest):
        return largest
    return largest * float(np.linalg.norm(numbers / largest))


def _computed(run: Pass, own: list[int]) -> str:
    if len(own) > 1:
        return f"{len(own)} steps"
    (i,) = own
    return written(run.notation.formula(i)) if run.graph.nodes[i].op else ""
