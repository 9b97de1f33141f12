"""Counts, sums and ranks the paths of a pass, of which there may be more than anyone can list."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import heappush, heappushpop
from itertools import count, groupby
from math import inf, isfinite
from operator import attrgetter
from typing import NamedTuple

from .passes import Flow, Pass
from .path import Path


class Ranking:
    """The largest paths from the output of a pass of Values to its nodes, and the sum of the rest.

    Each node keeps the largest paths that lead to it, and adds up the others: how many there are,
    their products and their sizes. A factor keeps the order of what it multiplies, so the largest
    paths to a node extend the largest to its users. No path is listed that is not among them.

    Parameters
    ----------
    run : Pass
    most : int
        How many paths to keep at a node.
    ends : iterable of int, optional
        Indices of the nodes that matter; all of them without it.

    References
    ----------
    Jiménez & Marzal, Computing the K shortest paths, 1999: the case of a graph without cycles.

    Examples
    --------
    >>> from autograd import Value
    >>> x = y = Value(1.0, name="x")
    >>> for _ in range(40):
    ...     y = y + y
    >>> for path in Ranking(Pass(y, {}), most=1).paths(0):
    ...     print(path.count, path.product, path.share == path.count / 2**40)
    1 1.0 True
    1099511627775 1099511627775.0 True
    """

    def __init__(self, run: Pass, most: int, ends: Iterable[int] | None = None) -> None:
        self._run = run
        self._found = found = {run.graph.output: _Ways([_Way(1.0, 0, 1.0, 1.0, None, None)])}
        kept = run.adjoints.keys() if ends is None else set(ends)
        ages = count(-1, -1)  # of equal ways the first stays
        for i, flows in groupby(run.towards(kept), attrgetter("node")):
            here = found[i] if i in kept else found.pop(i)
            for flow in flows:
                found.setdefault(flow.target, _Ways([])).extend(here, flow, ages, most)

    def paths(self, end: int) -> list[Path]:
        """List the largest paths to a node, largest first, and one that stands for all others.

        There are none if no gradient comes there. Those with a product that is not finite are
        larger than all others.
        """
        return list(_finished(self._run, self._found[end])) if end in self._found else []


class _Way(NamedTuple):
    """A path from the output to some node; the first two fields order them."""

    size: float
    age: int
    product: float
    local: float  # of the last edge
    flow: Flow | None
    before: "_Way | None"


@dataclass(slots=True)
class _Ways:
    """All paths from the output to one node."""

    largest: list[_Way]  # a heap: the smallest is the first
    count: int = 0  # of all others
    product: float = 0.0
    size: float = 0.0

    def extend(self, before: "_Ways", flow: Flow, ages: Iterator[int], most: int) -> None:
        local = flow.local
        assert local is not None
        for way in sorted(before.largest, reverse=True):
            product = way.product * local
            longer = _Way(_size(product), next(ages), product, local, flow, way)
            if len(self.largest) < most:
                heappush(self.largest, longer)
            else:
                least = heappushpop(self.largest, longer)
                self._add(1, least.product, least.size)
        if before.count:
            self._add(before.count, before.product * local, _size(before.size * local))

    def _add(self, count: int, product: float, size: float) -> None:
        self.count += count
        self.product += product
        self.size += size


def _size(product: float) -> float:
    """Give the size by which products are ordered; once one is not finite it stays so."""
    return abs(product) if isfinite(product) else inf


def _finished(run: Pass, ways: _Ways) -> Iterator[Path]:
    size = sum(way.size for way in ways.largest) + ways.size
    is_divided = 0 < size < inf
    for way in sorted(ways.largest, reverse=True):
        targets: list[int] = []
        factors: list[float] = []
        at: _Way | None = way
        while at is not None and at.flow is not None:
            targets.append(at.flow.target)
            factors.append(at.local)
            at = at.before
        places = [run.graph.output, *reversed(targets)]
        yield Path(
            nodes=tuple(run.order[i] for i in places),
            factors=tuple(reversed(factors)),
            product=way.product,
            share=way.size / size if is_divided else None,
            labels=tuple(run.notation.labels[i] for i in places),
        )
    if ways.count:
        share = ways.size / size if is_divided else None
        yield Path((), (), ways.product, share, ways.count)
