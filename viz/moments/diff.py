"""`diff`: what is different in two graphs of one shape, as before and after an update."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd import AutogradError, Graph, GraphNode, Node, backprop, trace
from autograd.engine import same_numbers
from autograd.formulas import number, written
from autograd.ops import brief

from ..names import caller_names, variable_names
from .notation import Notation
from .table import Table

_ROWS = 40  # that a table shows


@dataclass(frozen=True)
class Change:
    """A node that is another number, or has another gradient, in the second of two graphs.

    Attributes
    ----------
    label, formula : str
        How the first graph writes it; a leaf has no formula.
    before, after : float or array
    grad_before, grad_after : float, array or None
        None where it is not known.
    """

    label: str
    formula: str
    before: Any
    after: Any
    grad_before: Any
    grad_after: Any

    @property
    def is_new_value(self) -> bool:
        """Whether the number is another one, not the gradient alone."""
        return not same_numbers(self.before, self.after)

    @property
    def difference(self) -> str:
        """What was added to the number; of arrays the largest that was added, or the shapes."""
        if not self.is_new_value:
            return ""
        shapes = np.shape(self.before), np.shape(self.after)
        if shapes[0] != shapes[1]:
            return f"{shapes[0]} → {shapes[1]}"
        with np.errstate(all="ignore"):
            added = np.asarray(self.after) - self.before
        return f"up to {number(np.max(np.abs(added)))}" if added.ndim else number(added)

    @property
    def text(self) -> str:
        """The change in one line."""
        if not self.is_new_value:
            return f"{self.label}: gradient {_pair(self.grad_before, self.grad_after)}"
        before, after = number(self.before), number(self.after)
        more = f", a change of {self.difference}" * (before == after)  # that digits do not show
        return f"{self.label}: {before} → {after}{more}"


@dataclass(frozen=True, repr=False)
class GraphDiff:
    """What `diff` returns.

    Attributes
    ----------
    changes : tuple of Change
        In the order of computation.
    count : int
        How many nodes were compared.
    parting : str
        Where the structures part: the first place in the order of computation. Empty if nowhere.
    """

    changes: tuple[Change, ...]
    count: int
    parting: str

    @property
    def first(self) -> Change | None:
        """The first node, in the order of computation, whose number is another one."""
        return next((change for change in self.changes if change.is_new_value), None)

    @property
    def table(self) -> Table:
        """What is shown."""
        rows = [
            (
                *(change.label, change.formula, number(change.before), number(change.after)),
                *(change.difference, _pair(change.grad_before, change.grad_after)),
            )
            for change in self.changes[:_ROWS]
        ]
        notes = []
        if len(self.changes) > _ROWS:
            notes.append(f"... and {len(self.changes) - _ROWS:,} more in .changes")
        if self.first:
            notes.append(f"The first difference in a value is {self.first.text}.")
        elif self.changes:
            notes.append("All values are the same.")
        if self.parting:
            notes.append(f"The structures part: {self.parting}.")
        title = f"{len(self.changes):,} of {self.count:,} nodes differ"
        if not self.changes:
            title = f"no difference in {self.count:,} nodes"
        heads = ("node", "formula", " before", " after", " change", "gradient")
        return Table(title, heads, rows, tuple(notes))

    def __repr__(self) -> str:
        return str(self.table)

    def _repr_html_(self) -> str:
        return self.table.html


def diff(f: Node | Graph, g: Node | Graph, *, names: Mapping[str, Any] | None = None) -> GraphDiff:
    """Compare two graphs of one shape: before and after an update, or of two runs.

    Gradients are those that a backward pass from `f` and from `g` would give now; of a `Graph`
    those that it holds. No node is changed.

    Parameters
    ----------
    f, g : Node or Graph
    names : mapping from str to Node, optional
        Names for nodes, instead of your variables; a container or a module names its parts.

    Returns
    -------
    GraphDiff
        A notebook and a terminal show it as a table.

    Raises
    ------
    TypeError
        If one is something else.

    Examples
    --------
    >>> from autograd import Value
    >>> w, x = Value(2.0), Value(3.0)
    >>> f = w * x + 1
    >>> w.data = 1.5
    >>> print(diff(f, w * x + 1, names={"w": w, "x": x, "f": f}))
    4 of 5 nodes differ
    node  formula  before  after  change  gradient
    w                   2    1.5    -0.5  3
    x                   3      3          2 → 1.5
    v₁    w·x           6    4.5    -1.5  1
    f     v₁ + 1        7    5.5    -1.5  1
    The first difference in a value is w: 2 → 1.5.
    """
    for thing in (f, g):
        if not isinstance(thing, Node | Graph):
            raise TypeError(
                f"diff: got {brief(thing)}, a {type(thing).__name__}. Give two nodes, or two "
                "Graphs: before = Graph(loss)."
            )
    known = caller_names(1) if names is None else variable_names(names)
    first, second = (Notation(_with_gradients(each, known)) for each in (f, g))
    pairs, parting = _paired(first, second)
    compared = ((first.graph.nodes[i], second.graph.nodes[j]) for i, j in sorted(pairs.items()))
    changes = tuple(_changes(first, compared))
    return GraphDiff(changes, len(pairs), parting)


def _with_gradients(output: Node | Graph, known: Mapping[Node, str]) -> Graph:
    if isinstance(output, Graph):
        return output
    index = {node: i for i, node in enumerate(trace(output))}
    try:
        grads = {index[step.node]: step.grad for step in backprop(output)}
    except AutogradError:  # there is none, and the numbers can still be compared
        grads = {}
    return Graph(output, known).with_grads(grads)


def _paired(first: Notation, second: Notation) -> tuple[dict[int, int], str]:
    """Walk through two graphs at once, from their outputs; say where they are not the same."""
    start = first.graph.output, second.graph.output
    pairs, back = dict([start]), dict([start[::-1]])
    partings = []
    found = [start]
    for i, j in found:  # it grows while it is read
        a, b = first.graph.nodes[i], second.graph.nodes[j]
        alike = _bare(a) == _bare(b) and len(a.inputs) == len(b.inputs)
        for x, y in zip(a.inputs, b.inputs, strict=True) if alike else ():
            if x not in pairs and y not in back:
                pairs[x], back[y] = y, x
                found.append((x, y))
            alike = alike and pairs.get(x) == y
        if not alike:
            partings.append((i, j))
    for i, _ in partings:
        del pairs[i]
    if not partings:
        return pairs, ""
    i, j = min(partings)
    return pairs, f"{_line(first, i)} in the first, {_line(second, j)} in the second"


def _bare(node: GraphNode) -> GraphNode:
    """Leave of a node what it computes, and no numbers; a leaf computes nothing."""
    params = node.params if node.op else {}
    return GraphNode(0, node.op, (), (), params, 0.0, None, False, None, ())


def _line(notation: Notation, i: int) -> str:
    node = notation.graph.nodes[i]
    formula = f" = {written(notation.formula(i))}" if node.op else ", a leaf"
    return f"{notation.labels[i]}{formula}"


def _changes(
    notation: Notation, compared: Iterator[tuple[GraphNode, GraphNode]]
) -> Iterator[Change]:
    for a, b in compared:
        known = a.grad is not None and b.grad is not None
        if same_numbers(a.data, b.data) and (not known or same_numbers(a.grad, b.grad)):
            continue
        formula = written(notation.formula(a.index)) if a.op else ""
        yield Change(notation.labels[a.index], formula, a.data, b.data, a.grad, b.grad)


def _pair(before: Any, after: Any) -> str:
    """Write two gradients; once if they are one."""
    first, second = ("–" if x is None else number(x) for x in (before, after))
    same = before is not None and after is not None and same_numbers(before, after)
    return first if same or first == second == "–" else f"{first} → {second}"
