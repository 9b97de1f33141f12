"""How each single number of an array was computed, from which numbers of which other arrays.

An array is taken apart into Values, as `unroll` does it, and all that is said is read off their
graphs. So there is nothing in here about any op.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from autograd import OPS, GraphNode, Node, Tensor, Value, sum_to, trace
from autograd.formulas import Formula, Symbol, applied, number, written
from autograd.functional import unrolled

from .forms import Entry, Form, Place, Reader, slopes
from .passes import Flow, Pass

MOST = 20_000  # Values that an array is taken apart into
_SAME = 1e-9  # relative: of two rules that are one


class Source(NamedTuple):
    """An array whose elements stand in formulas: the value of a node, or its gradient."""

    label: str
    node: int | None  # None of an array that only these formulas need
    is_grad: bool
    data: Any

    def plain(self) -> Any:
        """Give what stands for it in plain data: a node, or the numbers themselves."""
        if self.node is not None:
            return [str(self.node), self.is_grad]
        return {"label": self.label, "shape": [*self.data.shape], "values": texts_of(self.data)}


@dataclass(frozen=True)
class Formulas:
    """How the elements of an array were computed.

    Attributes
    ----------
    sources : list of Source
    forms : list of Form
    entries : list of Entry
        One for each element.
    cells : list of Value
        The graph of each. Its leaves are elements of sources.
    size : int
        How many Values there are in these graphs, each counted by itself.
    """

    sources: list[Source]
    forms: list[Form]
    entries: list[Entry]
    cells: list[Value]
    size: int

    def used(self, k: int) -> Iterator[tuple[Source, tuple[int, ...]]]:
        """Yield the elements that an element was computed from, as places in each source."""
        entry = self.entries[k]
        used = self.forms[entry.form].used
        for source, shift, places in zip(self.sources, entry.shifts, used, strict=True):
            if places:
                yield source, tuple(place + shift for place in places)

    def plain(self) -> dict[str, Any]:
        """Give all but the graphs as plain data."""
        return {
            "sources": [source.plain() for source in self.sources],
            "forms": [form.plain() for form in self.forms],
            "entries": [[form, [*by], texts_of(values)] for form, by, values in self.entries],
        }


def texts_of(numbers: Any) -> str:
    """Write many numbers in a line.

    Examples
    --------
    >>> texts_of(np.array([[0.5, -1.0], [1 / 3, 0.0]]))
    '0.5 -1 0.33333 0'
    """
    return " ".join(map(number, np.ravel(numbers).tolist()))


def value_formulas(
    run: Pass, i: int, most: int = MOST, places: Sequence[int] | None = None
) -> Formulas:
    """Say how each element of a result was computed.

    Raises
    ------
    GraphError, DomainError
        If `unroll` cannot take the result apart, or into no more than so many Values.

    Examples
    --------
    >>> x, W = Tensor([1.0, 2.0], name="x"), Tensor([[3.0, 4.0], [5.0, 6.0]], name="W")
    >>> found = value_formulas(Pass((W @ x).sum(), {}), 2)
    >>> [(source.label, places) for source, places in found.used(1)]
    [('W', (2, 3)), ('x', (0, 1))]
    >>> found.entries[1].values
    (5.0, 12.0)
    """
    node, leaves = run.graph.nodes[i], _Leaves(run)
    op, operands = OPS[str(node.op)], leaves.operands(node)
    if op.composition and not op.elementwise:
        made = op.composition(*operands, **node.params)
    else:
        made = operands[0].__apply_op__(op, operands, node.params)
    return leaves.formulas(made, op.name, None, most, places)


def flow_formulas(
    run: Pass, flow: Flow, most: int = MOST, places: Sequence[int] | None = None
) -> Formulas:
    """Say how each element of what flows along an edge was computed: by the rule of the op."""
    leaves = _Leaves(run)
    upstream, made = leaves.flow(flow)
    name = f"{run.graph.nodes[flow.node].op} of "
    return leaves.formulas(made, name, upstream, most, places)


def local_derivatives(run: Pass, flow: Flow, most: int) -> Iterator[tuple[int, int, float]]:
    """Yield the derivatives of the elements of a result by the elements of an operand.

    An element has derivatives by those that it was computed from. Each comes with the places of
    both elements, counted in one row.

    Examples
    --------
    >>> x = Tensor([[1.0, 2.0]], name="x")
    >>> run = Pass((x * x).sum(), {})
    >>> [[*local_derivatives(run, flow, 100)] for flow in run.flows[:2]]
    [[(0, 0, 1.0), (0, 1, 1.0)], [(0, 0, 1.0), (1, 1, 2.0)]]
    """
    upstream, made = _Leaves(run).flow(flow)
    cells = unrolled(made, most=most)
    element = {cell: k for k, cell in enumerate(cells[upstream].flat)}
    for place, cell in enumerate(cells[made].flat):
        yield from ((element[x], place, slope) for x, slope in slopes(cell).items() if x in element)


class _Leaves:
    """The arrays that formulas are written in, as leaves of a graph made for the purpose."""

    def __init__(self, run: Pass) -> None:
        self._run = run
        self._made: dict[tuple[int, bool], Tensor] = {}
        self._sources: dict[Node, Source] = {}

    def operands(self, node: GraphNode) -> tuple[Tensor, ...]:
        return tuple(self.value(x, arg) for x, arg in zip(node.inputs, node.args, strict=True))

    def value(self, i: int, data: Any) -> Tensor:
        node, labels = self._run.graph.nodes[i], self._run.notation.labels
        is_literal = self._run.notation.is_literal(i)
        return self._leaf(i, False, data, None if is_literal else labels[i], node.constant)

    def grad(self, i: int, data: Any) -> Tensor:
        return self._leaf(i, True, data, f"{self._run.notation.labels[i]}.grad", False)

    def flow(self, flow: Flow) -> tuple[Tensor, Tensor]:
        """Give the gradient of a result, as a leaf, and what a rule makes of it for an operand."""
        node = self._run.graph.nodes[flow.node]
        op, operands = OPS[str(node.op)], self.operands(node)
        result, upstream = self.value(flow.node, node.data), self.grad(flow.node, flow.upstream)
        shape = np.shape(node.args[flow.operand])
        for rules in (op.written or op.vjps, op.vjps):
            made: Any = rules[flow.operand](  # type: ignore[misc]  # no gradient flows where there is none
                upstream, result, *operands, **node.params
            )
            made = made if made.shape == shape else sum_to(made, shape)
            if np.allclose(made.data, flow.passed, _SAME, 0.0):
                break  # the lecture's formula, if it keeps as many digits
        return upstream, made

    def _leaf(self, i: int, is_grad: bool, data: Any, label: str | None, constant: bool) -> Tensor:
        if (i, is_grad) not in self._made:
            leaf = self._made[i, is_grad] = Tensor(data, name=label, constant=constant)
            if label is not None:
                self._sources[leaf] = Source(label, i, is_grad, leaf.data)
        return self._made[i, is_grad]

    def formulas(
        self,
        made: Tensor,
        name: str,
        linear: Tensor | None,
        most: int,
        places: Sequence[int] | None,
    ) -> Formulas:
        """Read the formulas of a result, which may be linear in one of the leaves."""
        cells = unrolled(made, most=most)
        sources = dict(self._sources)
        inside: dict[int, set[Place]] = {}  # what an element of a result kept whole stands for
        if whole := _kept_whole(made, cells):
            known = _places(sources, cells)
            below = {x: [_places_below(cell, known) for cell in cells[x].flat] for x in whole}
            cells = unrolled(made, whole, most)
            for x, label in whole.items():
                sources[x] = Source(label, None, False, x.data)
                pairs = zip(cells[x].flat, below[x], strict=True)
                inside |= {id(cell): found for cell, found in pairs}
        place = None if linear is None else [*sources].index(linear)
        reader = Reader(name, place, _places(sources, cells), inside, len(sources))
        flat = cells[made].ravel()
        shown = [*(flat if places is None else flat[list(places)])]
        entries = [*map(reader.entry, shown)]
        return Formulas([*sources.values()], reader.forms, entries, shown, reader.size)


def _places(sources: Collection[Node], cells: dict[Node, Any]) -> dict[int, Place]:
    """Say for the leaves of graphs of Values which elements of which sources they are."""
    return {
        id(cell): (k, place)
        for k, source in enumerate(sources)
        for place, cell in enumerate(cells.get(source, np.empty(0)).flat)
    }


def _places_below(cell: Value, places: dict[int, Place]) -> set[Place]:
    return {places[id(x)] for x in trace(cell) if id(x) in places}


def _kept_whole(made: Tensor, cells: dict[Node, Any]) -> dict[Node, str]:
    """Find inner results, such as a softmax, whose own formula would take several rows."""
    formulas: dict[Node, Formula] = {}
    whole = {}
    for node in trace(made):
        if node.op is None:
            formulas[node] = Symbol(node.name or number(node.data))
            continue
        operands = tuple(map(formulas.__getitem__, node.inputs))
        formulas[node] = applied(node.op, operands, node.params)
        if node is not made and not node.op.elementwise and node.data.size:
            given = {id(cell) for x in node.inputs for cell in cells[x].flat}
            uses = Counter(x for y in _inside(cells[node].flat[0], given) for x in y.inputs)
            if any(count > 1 and x.op and id(x) not in given for x, count in uses.items()):
                whole[node] = written(formulas[node])
    return whole


def _inside(cell: Value, given: Collection[int]) -> list[Node]:
    """List what a cell was computed from, back to what was given."""
    found: list[Node] = [cell] if id(cell) not in given else []
    for node in found:
        found += [x for x in node.inputs if id(x) not in given and x not in found]
    return found
