"""A Frame is all a painter needs to know about one moment of a backward pass."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from autograd import Graph, GraphError, Node, backprop, trace
from autograd.formulas import Formula, Symbol, number, slope, written

from .notation import Notation
from .typeset import Derivative, latex, mathml

_MOST = 50_000  # frames; writing their formulas takes seconds, and nobody looks at so many


@dataclass(frozen=True)
class Frame:
    """One moment of a backward pass.

    Attributes
    ----------
    index : int
        Position in the pass; 0 is the end of the forward computation.
    graph : Graph
    active : tuple of (int, int) or None
        The node whose rule is applied and the position of the operand that its adjoint flows to.
    target : int or None
        The node that receives an adjoint.
    title : str
        What happens.
    rule : tuple of formulas
        Sides of the equation in algebra.
    numbers : str
        ``local × upstream = contribution``.
    total : str
        Adjoint of the target, with the running sum where several paths meet.
    sentence : str
        The moment in words.
    """

    index: int
    graph: Graph
    active: tuple[int, int] | None
    target: int | None
    title: str
    rule: tuple[Formula, ...]
    numbers: str
    total: str
    sentence: str
    history: tuple[tuple[int, float], ...] = field(repr=False, compare=False)

    @property
    def adjoints(self) -> Mapping[int, float]:
        """Adjoints summed so far, by index of the node."""
        return dict(self.history[: self.index])

    @property
    def received(self) -> float | None:
        """Adjoint of the target, up to and with this frame; None where there is no target."""
        return None if self.target is None else self.history[self.index - 1][1]

    @property
    def text(self) -> str:
        """The moment in one line for a terminal."""
        equation = " = ".join(map(written, self.rule))
        parts = (self.title, equation, self.numbers, self.total)
        return "   ".join(part for part in parts if part)

    @property
    def latex(self) -> str:
        """The rule in LaTeX."""
        return " = ".join(map(latex, self.rule))

    @property
    def mathml(self) -> str:
        """The rule in MathML."""
        return mathml(*self.rule) if self.rule else ""


def frames(output: Node, names: Mapping[Node, str]) -> list[Frame]:
    """Run a backward pass from `output` and show each of its moments; no node is changed.

    Parameters
    ----------
    output : Node
    names : mapping from Node to str
        Names of nodes that carry none of their own.

    Returns
    -------
    list of Frame
        The finished forward computation, the seed, one for each edge that an adjoint flows along,
        and the result.

    Raises
    ------
    GraphError
        If no gradient flows from `output`, or there would be more than 50000 frames.

    Examples
    --------
    >>> from autograd import Value
    >>> x = Value(3.0, name="x")
    >>> for frame in frames(x * x, {}):
    ...     print(frame.text)
    Forward   v₁ = x·x = 9
    Start   ∂v₁/∂v₁ = 1   grad of v₁: 1
    v₁ → x   ∂v₁/∂x = x = 3   3 × 1 = 3   grad of x: 3
    v₁ → x   ∂v₁/∂x = x = 3   3 × 1 = 3   grad of x: 3 + 3 = 6
    Result   ∂v₁/∂x = 6
    """
    flows = list(_flows(output))
    if len(flows) + 3 > _MOST:
        raise GraphError(
            f"step: the pass has {len(flows) + 3} frames, more than {_MOST}. Step through a node "
            "nearer to the leaves, or loop over backprop(output), which has no limit."
        )
    graph = Graph(output, names)
    notation = Notation(graph)
    called = notation.labels
    last = called[graph.output]
    history = ((graph.output, 1.0), *((flow.target, flow.total) for flow in flows))
    shown: list[Frame] = []

    def show(
        title: str,
        *rule: Formula,
        active: tuple[int, int] | None = None,
        target: int | None = None,
        numbers: str = "",
        total: str = "",
        sentence: str = "",
    ) -> None:
        place = len(shown), graph, active, target
        shown.append(Frame(*place, title, rule, numbers, total, sentence, history))

    computed = [notation.formula(graph.output)] * (output.op is not None)
    show(
        "Forward",
        Symbol(last),
        *computed,
        output.data,
        sentence=f"The forward computation gave {last} = {number(output.data)}.",
    )
    show(
        "Start",
        Derivative(last, last),
        1.0,
        target=graph.output,
        total=f"grad of {last}: 1",
        sentence=f"The backward pass starts: {last} changes as fast as itself.",
    )
    for flow in flows:
        by = called[flow.target]
        passed, total = number(flow.passed), number(flow.total)
        addends = "" if flow.before is None else f"{number(flow.before)} + {passed} = "
        rule, numbers, why = _explained(notation, flow)
        show(
            f"{called[flow.node]} → {by}",
            *rule,
            active=(flow.node, flow.operand),
            target=flow.target,
            numbers=numbers,
            total=f"grad of {by}: {addends}{total}",
            sentence=f"{called[flow.node]} passes {passed} to {by}{why}.",
        )
    leaves = sorted((i, grad) for i, grad in dict(history).items() if graph.nodes[i].op is None)
    result = ", ".join(f"∂{last}/∂{called[i]} = {number(grad)}" for i, grad in leaves)
    count = "1 gradient" if len(leaves) == 1 else f"{len(leaves)} gradients"
    show("Result", total=result, sentence=f"The pass is complete: {count}.")
    return shown


class _Flow(NamedTuple):
    """The numbers of one edge: what flows from a node to one of its operands."""

    node: int
    operand: int
    target: int
    local: float | None  # an array has no single local derivative
    upstream: Any
    passed: Any
    before: Any
    total: Any


def _explained(notation: Notation, flow: _Flow) -> tuple[tuple[Formula, ...], str, str]:
    """Give the rule of one edge in algebra, its numbers, and a few words."""
    node, by = notation.labels[flow.node], notation.labels[flow.target]
    if flow.local is None:
        last = notation.labels[notation.graph.output]
        adjoint = Derivative(last, node, np.shape(flow.upstream))
        formula = notation.flow(flow.node, flow.operand, adjoint)
        rule = (flow.passed,) if formula is None else (formula, flow.passed)
        return rule, "", f", computed from what came in, {number(flow.upstream)}"
    formula = notation.slope(flow.node, flow.operand)
    algebra = [formula] * isinstance(formula, Symbol)
    local, upstream = number(flow.local), number(flow.upstream)
    return (
        (Derivative(node, by), *algebra, flow.local),
        f"{local} × {upstream} = {number(flow.passed)}",
        f": local derivative {local} times upstream {upstream}",
    )


def _flows(output: Node) -> Iterator[_Flow]:
    index = {node: i for i, node in enumerate(trace(output))}
    sums: dict[Node, float] = {}
    for node, grad, contributions in backprop(output):
        for i, (x, passed) in enumerate(zip(node.inputs, contributions, strict=False)):
            if passed is None:
                continue
            assert node.op is not None
            on_floats = isinstance(node.data, float)
            local = slope(node.op, i, node.data, node.args, node.params) if on_floats else None
            before = sums.get(x)
            sums[x] = passed if before is None else before + passed
            yield _Flow(index[node], i, index[x], local, grad, passed, before, sums[x])
