"""What flows through a graph in one backward pass: the numbers that all steps of it show."""

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from autograd import Graph, Node, Value, backprop, trace
from autograd.engine import all_finite
from autograd.formulas import slope

from .notation import Notation
from .rooms import Room


class Flow(NamedTuple):
    """The numbers of one edge: what flows from a node to one of its operands."""

    node: int
    operand: int
    target: int
    made: Node  # whose rule it is
    upstream: Any
    passed: Any
    before: Any
    total: Any

    @property
    def local(self) -> float | None:
        """The local derivative; an array has no single one."""
        y = self.made
        if not isinstance(y.data, float):
            return None
        assert y.op is not None
        return slope(y.op, self.operand, y.data, y.args, y.params)  # type: ignore[no-any-return]


class Pass:
    """A backward pass that was run once, without a change to any node.

    Parameters
    ----------
    output : Node
    names : mapping from Node to str
        Names of nodes that carry none of their own.

    Attributes
    ----------
    order : list of Node
        By index.
    graph : Graph
    notation : Notation
    flows : list of Flow
        In the order of the pass.
    adjoints : dict from int to float or array
        By index, at the end.
    flow_of : dict from (int, int) to Flow
        By node and position of the operand, in the order of the pass.
    first_not_finite : int or None
        The first node whose numbers are not all finite.
    first_flow_not_finite : Flow or None
        The first edge along which flows what is not finite.

    Raises
    ------
    GraphError
        If no gradient flows from `output`.
    """

    def __init__(self, output: Node, names: Mapping[Node, str]) -> None:
        self.order = trace(output)
        self.flows = list(_flows(output, {node: i for i, node in enumerate(self.order)}))
        self.graph = Graph(output, names)
        self.notation = Notation(self.graph)
        seed = self.graph.output, output._adjoint(1.0)
        self.adjoints = dict([seed, *((flow.target, flow.total) for flow in self.flows)])
        self._index()

    places: Mapping[Value, int] = MappingProxyType({})  # of numbers that are live

    @cached_property
    def leaves(self) -> list[int]:
        """List the indices of the leaves that have boxes."""
        is_literal = self.notation.is_literal
        return [x.index for x in self.graph.nodes if not x.op and not is_literal(x.index)]

    def _index(self) -> None:
        """Find flows by their edges, once for all rooms."""
        self.flow_of = {(flow.node, flow.operand): flow for flow in self.flows}
        not_finite = (x.index for x in self.graph.nodes if not all_finite(x.data))
        self.first_not_finite = next(not_finite, None)
        stopped = (flow for flow in self.flows if not all_finite(flow.passed))
        self.first_flow_not_finite = next(stopped, None)

    def within(self, room: Room) -> "Pass":
        """Call nodes as the boxes of a room that alone show them are called."""
        other = copy(self)
        other.notation = self.notation.within(room.titles)
        return other

    def at(self, index: int) -> tuple[Any, tuple[Any, ...]]:
        """Give the result of a node and what it was computed from."""
        node = self.graph.nodes[index]
        return node.data, node.args

    def told(self, x: Any) -> Any:
        """Give a number that was computed from those of `at` as texts take it."""
        return x

    def flows_to(self, index: int) -> list[Flow]:
        """List the flows into a node, in the order of the pass."""
        nodes = self.graph.nodes
        users = dict.fromkeys(reversed(self.notation.users[index]))  # x·x uses x twice
        edges = ((i, k) for i in users for k, x in enumerate(nodes[i].inputs) if x == index)
        return [self.flow_of[edge] for edge in edges if edge in self.flow_of]

    def towards(self, ends: Iterable[int]) -> list[Flow]:
        """List the flows on the way from the output to some nodes."""
        leading = set(ends)
        for flow in reversed(self.flows):
            if flow.target in leading:
                leading.add(flow.node)
        return [flow for flow in self.flows if flow.target in leading]


def _flows(output: Node, index: Mapping[Node, int]) -> Iterator[Flow]:
    sums: dict[Node, Any] = {}
    for node, grad, contributions in backprop(output):
        for i, (x, passed) in enumerate(zip(node.inputs, contributions, strict=False)):
            if passed is None:
                continue
            before = sums.get(x)
            sums[x] = passed if before is None else before + passed
            yield Flow(index[node], i, index[x], node, grad, passed, before, sums[x])
