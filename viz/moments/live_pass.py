"""A pass whose numbers are live: recorded once more, on nodes, so that a page can compute it."""

from typing import Any

from autograd import GraphError, Tape, Value
from autograd.formulas import Symbol, slope

from .live import Live
from .notation import Notation
from .passes import Flow, Pass

LONGEST = 5000  # lines of a program, which a page computes within a frame of the screen


class LiveFlow(Flow):
    """The numbers of one edge, with a local derivative that was recorded, too."""

    slope: Any

    @property
    def local(self) -> Any:
        return self.slope


class LivePass(Pass):
    """The same pass with live numbers; texts written from it are filled in by a page.

    Parameters
    ----------
    run : Pass
        Of Values.

    Attributes
    ----------
    places : dict from Value to int
        The outputs of the program: what texts have asked for up to now.

    Raises
    ------
    GraphError
        If a page cannot compute it: it is one of Tensors, is too long, draws random numbers, or
        has a rule that is not made of ops.
    """

    places: dict[Value, int]

    def __init__(self, run: Pass) -> None:
        if not isinstance(run.order[-1].data, float):
            raise GraphError(
                "A page lets single numbers be changed, and this graph is made of arrays: "
                "viz.step(unroll(f)) shows it as one of single numbers."
            )
        nodes = run.graph.nodes
        if len(nodes) + len(run.flows) > LONGEST:
            raise _too_long(f"{len(nodes):,} nodes")
        self.order, self.places = run.order, {}
        self._literals = {x for i, x in enumerate(run.order) if run.notation.is_literal(i)}
        self.graph = run.graph.with_data({i: self.told(x) for i, x in enumerate(self.order)})
        self.notation = Notation(self.graph)
        adjoints: dict[int, Any] = {run.graph.output: 1.0}
        self.flows = [self._recorded(flow, adjoints) for flow in run.flows]
        self.adjoints = {i: self.told(x) for i, x in adjoints.items()}
        self._index()

    def at(self, index: int) -> tuple[Any, tuple[Any, ...]]:
        return self.order[index], self.order[index].inputs

    def told(self, x: Any) -> Any:
        if not isinstance(x, Value):
            return x
        return x.data if x in self._literals else Live(x, self.places)

    def tape(self, count: int | None = None) -> Tape:
        """Record the program: from the numbers of the leaves to all that texts have asked for.

        Only to the first so many, where some texts are left out.
        """
        inputs = [self.order[i] for i in self.leaves]
        tape = Tape([*self.places][:count], inputs=inputs, executor="numpy")
        if len(tape.code.lines) > LONGEST:
            raise _too_long(f"{len(tape.code.lines):,} lines of computation")
        if tape.code.noise:
            raise GraphError("A page would draw other random numbers than this graph holds.")
        return tape

    def _recorded(self, flow: Flow, adjoints: dict[int, Any]) -> Flow:
        node, operands = self.at(flow.node)
        try:
            symbols = [Symbol(f"x{k}") for k in range(len(operands))]
            slope(node.op, flow.operand, Symbol("y"), tuple(symbols), node.params)
        except Exception:  # it would hold numbers of today
            raise GraphError(
                f"A page cannot compute the rule of {node.op.name}, which is not made of ops."
            ) from None
        rule = (node.op, flow.operand, node, operands, node.params)
        upstream, before = adjoints[flow.node], adjoints.get(flow.target)
        passed = slope(*rule, upstream)
        total = adjoints[flow.target] = passed if before is None else before + passed
        told = map(self.told, (upstream, passed, before, total))
        recorded = LiveFlow(flow.node, flow.operand, flow.target, flow.made, *told)
        recorded.slope = self.told(slope(*rule))
        return recorded


def _too_long(found: str) -> GraphError:
    return GraphError(
        f"This graph has {found}, and a page computes {LONGEST:,}: viz.step of a node nearer to "
        "the leaves has fewer."
    )
