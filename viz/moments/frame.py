"""A Frame is all a painter needs to know about one moment: of computing forward, or backward."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograd import Graph
from autograd.formulas import Formula, written
from autograd.showing import bundle

from .arrays import Line
from .typeset import latex, line_mathml, mathml


@dataclass(frozen=True)
class Frame:
    """One moment of a computation or of its backward pass.

    Attributes
    ----------
    index : int
        Position among the frames of a room.
    graph : Graph
    phase : {'forward', 'start', 'backward', 'result'}
    nodes : tuple of int
        What is computed, or applies its rules: one node, or all in one box.
    flows : tuple of (int, int)
        Edges that something flows along: a node, and the position of its operand.
    targets : tuple of int
        The nodes that receive an adjoint.
    title : str
        What happens.
    rule : tuple of formulas
        Sides of the equation in algebra.
    numbers : str
        ``local × upstream = contribution``; of arrays the shapes, and the rule in numbers.
    total : str
        Adjoint of the target, with the running sum where several paths meet.
    sentence : str
        The moment in words.
    passed : float, array or None
        What flows, where it is along one edge.
    notes : tuple of str
        What might be overlooked, a sentence each: a kink, saturation, numbers that are not finite.
    """

    index: int
    graph: Graph
    phase: str
    nodes: tuple[int, ...]
    flows: tuple[tuple[int, int], ...]
    targets: tuple[int, ...]
    title: str
    rule: tuple[Formula, ...]
    numbers: str
    total: str
    sentence: str
    passed: Any
    history: tuple[tuple[int, Any], ...] = field(repr=False, compare=False)
    past: int = field(repr=False, compare=False)  # how much of the history has happened
    notes: tuple[str, ...] = ()
    lines: tuple[Line, Line] = field(default=((), ()), repr=False, compare=False)

    _repr_mimebundle_ = bundle

    @property
    def active(self) -> tuple[int, int] | None:
        """The node whose rule is applied and the position of its operand, where it is one edge."""
        return self.flows[0] if self.phase == "backward" and len(self.flows) == 1 else None

    @property
    def target(self) -> int | None:
        """The node that receives an adjoint, where it is one."""
        return self.targets[0] if len(self.targets) == 1 else None

    @property
    def adjoints(self) -> Mapping[int, Any]:
        """Adjoints summed so far, by index of the node."""
        return dict(self.history[: self.past])

    @property
    def received(self) -> Any:
        """Adjoint of the target, up to and with this frame; None where there is no target."""
        return None if self.target is None else self.adjoints[self.target]

    @property
    def text(self) -> str:
        """The moment in one line for a terminal."""
        equation = " = ".join(map(written, self.rule))
        parts = (self.title, equation, self.numbers, self.total, *self.notes)
        return "   ".join(part for part in parts if part)

    @property
    def latex(self) -> str:
        """The rule in LaTeX."""
        return " = ".join(map(latex, self.rule))

    @property
    def mathml(self) -> str:
        """The rule in MathML."""
        return mathml(*self.rule) if self.rule else ""

    @property
    def numbers_mathml(self) -> str:
        """The numbers in MathML, where they are arrays; else nothing."""
        return line_mathml(self.lines[0])

    @property
    def total_mathml(self) -> str:
        """The adjoint of the target in MathML, where it is an array; else nothing."""
        return line_mathml(self.lines[1])
