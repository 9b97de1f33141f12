"""Counts, sums and ranks the paths of a pass, of which there may be more than anyone can list."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappush, heappushpop
from itertools import count, groupby
from math import inf, isfinite
from operator import attrgetter
from typing import Any, NamedTuple, Protocol

from autograd import Node

from .passes import Edge
from .path import Path


class Edges(Protocol):
    """What paths lead through: the nodes of a pass of Values, or the elements of Tensors."""

    @property
    def order(self) -> Sequence[Node]:
        """The nodes by their indices."""

    @property
    def output(self) -> int:
        """Where all paths begin."""

    def towards(self, ends: Iterable[int]) -> Sequence[Edge]:
        """List the edges that lead to some nodes: all into a node before those that leave it."""

    def label(self, index: int) -> str:
        """Give the name of a node in texts."""

    def use(self, flow: Any) -> str:
        """Say which of several uses of an operand an edge leads to."""


class Ranking:
    """The largest paths from the output of a pass to some nodes, and the sum of the rest.

    Each node keeps the largest paths that lead to it, and adds up the others: how many there are,
    their products and their sizes. A factor keeps the order of what it multiplies, so the largest
    paths to a node extend the largest to its users. No path is listed that is not among them.

    Parameters
    ----------
    run : Edges
    most : int
        How many paths to keep at a node.
    ends : collection of int
        Indices of the nodes that matter.

    References
    ----------
    Jiménez & Marzal, Computing the K shortest paths, 1999: the case of a graph without cycles.

    Examples
    --------
    >>> from autograd import Value
    >>> from viz.moments import Pass
    >>> x = y = Value(1.0, name="x")
    >>> for _ in range(40):
    ...     y = y + y
    >>> for path in Ranking(Pass(y, {}), 1, [0]).paths(0):
    ...     print(path.count, path.product, path.share == path.count / 2**40)
    1 1.0 True
    1099511627775 1099511627775.0 True
    """

    def __init__(self, run: Edges, most: int, ends: Collection[int]) -> None:
        self._run = run
        self._found = found = {run.output: _Ways([_Way(1.0, 0, 1.0, 1.0, None, None)])}
        ages = count(-1, -1)  # of equal ways the first stays
        for i, flows in groupby(run.towards(ends), attrgetter("node")):
            here = found[i] if i in ends else found.pop(i)
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
    flow: Edge | None
    before: "_Way | None"


@dataclass(slots=True)
class _Ways:
    """All paths from the output to one node."""

    largest: list[_Way]  # a heap: the smallest is the first
    count: int = 0  # of all others
    product: float = 0.0
    size: float = 0.0

    def extend(self, before: "_Ways", flow: Edge, ages: Iterator[int], most: int) -> None:
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


def _finished(run: Edges, ways: _Ways) -> Iterator[Path]:
    size = sum(way.size for way in ways.largest) + ways.size
    is_divided = 0 < size < inf
    for way in sorted(ways.largest, reverse=True):
        edges: list[Edge] = []
        factors: list[float] = []
        at: _Way | None = way
        while at is not None and at.flow is not None:
            edges.append(at.flow)
            factors.append(at.local)
            at = at.before
        edges.reverse()
        places = [run.output, *(edge.target for edge in edges)]
        uses = ["", *map(run.use, edges)]
        yield Path(
            nodes=tuple(run.order[i] for i in places),
            factors=tuple(reversed(factors)),
            product=way.product,
            share=way.size / size if is_divided else None,
            labels=tuple(use + run.label(i) for use, i in zip(uses, places, strict=True)),
        )
    if ways.count:
        share = ways.size / size if is_divided else None
        yield Path((), (), ways.product, share, ways.count)
