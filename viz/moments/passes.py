"""What flows through a graph in one backward pass: the numbers that all steps of it show."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from autograd import Graph, Node, Value, backprop, trace
from autograd.engine import all_finite
from autograd.formulas import slope

from .notation import Notation


class Flow(NamedTuple):
    """The numbers of one edge: what flows from a node to one of its operands."""

    node: int
    operand: int
    target: int
    local: float | None  # an array has no single local derivative
    upstream: Any
    passed: Any
    before: Any
    total: Any


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

    places: Mapping[Value, int] = MappingProxyType({})  # of numbers that are live

    @cached_property
    def leaves(self) -> list[int]:
        """List the indices of the leaves that have boxes."""
        is_literal = self.notation.is_literal
        return [x.index for x in self.graph.nodes if not x.op and not is_literal(x.index)]

    @cached_property
    def first_not_finite(self) -> int | None:
        """The index of the first node whose numbers are not all finite."""
        return next((x.index for x in self.graph.nodes if not all_finite(x.data)), None)

    @cached_property
    def first_flow_not_finite(self) -> Flow | None:
        """The first edge along which flows what is not finite."""
        return next((flow for flow in self.flows if not all_finite(flow.passed)), None)

    def at(self, index: int) -> tuple[Any, tuple[Any, ...]]:
        """Give the result of a node and what it was computed from."""
        node = self.graph.nodes[index]
        return node.data, node.args

    def told(self, x: Any) -> Any:
        """Give a number that was computed from those of `at` as texts take it."""
        return x

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
            assert node.op is not None
            on_floats = isinstance(node.data, float)
            local = slope(node.op, i, node.data, node.args, node.params) if on_floats else None
            before = sums.get(x)
            sums[x] = passed if before is None else before + passed
            yield Flow(index[node], i, index[x], local, grad, passed, before, sums[x])
