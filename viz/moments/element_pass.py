"""A pass between the elements of arrays: what leads from number to number, and by how much."""

from bisect import bisect
from collections.abc import Iterable, Iterator
from itertools import accumulate, groupby
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from .element import named
from .elements import MOST, local_derivatives
from .passes import Flow, Pass, towards


class ElementFlow(NamedTuple):
    """From an element of a result to one of an operand, by their indices in an `ElementPass`."""

    node: int
    target: int
    local: float
    flow: Flow  # of the arrays that they are in


class ElementPass:
    """The part of a pass that leads to some arrays, taken apart into elements.

    Elements are counted through all arrays, in the order of the graph and in each array row by row.

    Parameters
    ----------
    run : Pass
        Of Tensors.
    ends : iterable of int
        Indices of the arrays.
    most : int, optional
        How many Values a rule may be taken apart into.

    Attributes
    ----------
    order : list of Node
        For each element the array that it is in.
    starts : list of int
        For each array the index of its first element.
    flows : list of ElementFlow
        In the order of the pass.

    Raises
    ------
    GraphError, DomainError
        If `unroll` cannot take a rule apart, or into no more than so many Values.

    Examples
    --------
    >>> from autograd import Tensor
    >>> x = Tensor([1.0, 2.0], name="x")
    >>> elements = ElementPass(Pass((x * x).sum(), {}), [0])
    >>> for edge in elements.towards([1]):
    ...     target = elements.use(edge) + elements.label(edge.target)
    ...     print(elements.label(edge.node), target, edge.local)
    v₂ v₁[1] 1.0
    v₁[1] 1st x[1] 2.0
    v₁[1] 2nd x[1] 2.0
    """

    def __init__(self, run: Pass, ends: Iterable[int], most: int = MOST) -> None:
        self._run = run
        sizes = [np.size(x.data) for x in run.order]
        self.order = [x for x, size in zip(run.order, sizes, strict=True) for _ in range(size)]
        self.starts = [*accumulate(sizes, initial=0)]
        self.flows = [*self._taken_apart(ends, most)]

    @property
    def output(self) -> int:
        """The index of the output, which is one number."""
        return self.starts[self._run.output]

    def towards(self, ends: Iterable[int]) -> list[ElementFlow]:
        """List the flows on the way from the output to some elements."""
        return towards(self.flows, ends)

    def label(self, index: int) -> str:
        """Name an element as Python does."""
        array = bisect(self.starts, index) - 1  # the last that starts there: no empty one
        shape = np.shape(self.order[index].data)
        return named(self._run.label(array), shape, index - self.starts[array])

    def use(self, flow: ElementFlow) -> str:
        """Say which of several uses of an operand a flow goes to."""
        return self._run.use(flow.flow)

    def _taken_apart(self, ends: Iterable[int], most: int) -> Iterator[ElementFlow]:
        reached = {self.output}
        for node, flows in groupby(self._run.towards(ends), attrgetter("node")):
            found = [
                ElementFlow(self.starts[node] + i, self.starts[flow.target] + k, slope, flow)
                for flow in flows
                for i, k, slope in local_derivatives(self._run, flow, most)
                if self.starts[node] + i in reached
            ]
            reached.update(edge.target for edge in found)
            yield from sorted(found, key=attrgetter("node"))
