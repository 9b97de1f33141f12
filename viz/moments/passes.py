"""What flows through a graph in one backward pass: the numbers that all steps of it show."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol, TypeVar

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


class Edge(Protocol):
    """From one number to another that it was computed from, with the local derivative."""

    @property
    def node(self) -> int: ...
    @property
    def target(self) -> int: ...
    @property
    def local(self) -> float | None: ...


_Edge = TypeVar("_Edge", bound=Edge)


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

    @property
    def output(self) -> int:
        """The index of the output."""
        return self.graph.output

    def label(self, index: int) -> str:
        """Give the name of a node in texts."""
        return self.notation.labels[index]

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
        return towards(self.flows, ends)

    def use(self, flow: Flow) -> str:
        """Say which of several uses of an operand a flow goes to: of x·x the 1st or the 2nd."""
        inputs = self.graph.nodes[flow.node].inputs
        if inputs.count(flow.target) == 1:
            return ""
        return f"{_ordinal(inputs[: flow.operand + 1].count(flow.target))} "


def towards(flows: Sequence[_Edge], ends: Iterable[int]) -> list[_Edge]:
    """List those flows, which come in the order of a pass, that lead to some nodes."""
    leading = set(ends)
    for flow in reversed(flows):
        if flow.target in leading:
            leading.add(flow.node)
    return [flow for flow in flows if flow.target in leading]


def _flows(output: Node, index: Mapping[Node, int]) -> Iterator[Flow]:
    sums: dict[Node, Any] = {}
    for node, grad, contributions in backprop(output):
        for i, (x, passed) in enumerate(zip(node.inputs, contributions, strict=False)):
            if passed is None:
                continue
            before = sums.get(x)
            sums[x] = passed if before is None else before + passed
            yield Flow(index[node], i, index[x], node, grad, passed, before, sums[x])


def _ordinal(n: int) -> str:
    teens = n % 100 in (11, 12, 13)
    return f"{n}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"
