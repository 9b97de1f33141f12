"""What flows through a graph in one backward pass: the numbers that all steps of it show."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from autograd import Graph, Node, backprop, trace
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
