"""An Element is one number of an array: how it was computed, and why its gradient is what it is."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograd import Node, Value
from autograd.formulas import number
from autograd.ops import brief
from autograd.texts import listed

from .elements import Formulas, flow_formulas, value_formulas
from .passes import Pass
from .table import Table

_MOST = 1_000_000  # Values that an array is taken apart into for one of its elements


@dataclass(frozen=True, repr=False)
class Element:
    """One number of an array, with all that it was computed from.

    Attributes
    ----------
    label : str
        As in ``h[0,1]``.
    value : float
    grad : float or None
        None if no gradient comes there.
    node : Value or None
        The graph of the number, whose leaves are elements of other arrays: draw it, or step
        through it. None of a leaf.
    used : dict from Node to list of indices
        The elements of other arrays that it depends on.
    tables : tuple of Table
        What is shown: how it was computed, and its gradient.
    """

    label: str
    value: float
    grad: float | None
    node: Value | None
    used: dict[Node, list[tuple[int, ...]]] = field(compare=False)
    tables: tuple[Table, ...]

    def __str__(self) -> str:
        return "\n\n".join(map(str, self.tables))

    def __repr__(self) -> str:
        return f"Element({self.tables[0].title!r})"

    def _repr_html_(self) -> str:
        return "".join(table.html for table in self.tables)


def element(run: Pass, x: Node | str, at: Any) -> Element:
    """Describe an element of an array, which is a node of a pass or what it is called there.

    Raises
    ------
    ValueError
        If nothing is called so.
    IndexError
        If there is no such element.
    GraphError, DomainError
        If the array cannot be taken apart into single numbers.

    Examples
    --------
    >>> from autograd import Tensor
    >>> x, W = Tensor([1.0, 2.0], name="x"), Tensor([[3.0, 4.0], [5.0, 6.0]], name="W")
    >>> h = W @ x
    >>> h.name = "h"
    >>> print(element(Pass((h * h).sum(), {}), h, 1))
    h[1] = 17, the sum of
    term         in numbers  value
    W[1,0]·x[0]  5·1             5
    W[1,1]·x[1]  6·2            12
    <BLANKLINE>
    ∂v₂/∂h[1] = 34, the sum of
    term             in numbers  value
    v₁.grad[1]·h[1]  1·17           17
    v₁.grad[1]·h[1]  1·17           17
    """
    labels = run.notation.labels
    i = next((i for i, each in enumerate(labels) if each == x or run.order[i] is x), None)
    if i is None:
        raise ValueError(f"steps.element: there is no {brief(x)} among {listed(labels)}.")
    node = run.graph.nodes[i]
    place = place_of("steps.element", labels[i], np.shape(node.data), at)
    label, value = named(labels[i], np.shape(node.data), place), float(np.ravel(node.data)[place])
    made = value_formulas(run, i, _MOST, [place]) if node.op else None
    tables = [_table(f"{label} = {number(value)}", [made] if made else [], "a leaf")]
    used: dict[Node, list[tuple[int, ...]]] = {}
    for source, places in made.used(0) if made else ():
        if source.node is not None:
            shape = np.shape(source.data)
            used[run.order[source.node]] = [index(shape, each) for each in places]
    grad = None
    if i in run.adjoints:
        grad = float(np.ravel(run.adjoints[i])[place])
        flows = [flow_formulas(run, flow, _MOST, [place]) for flow in run.flows_to(i)]
        title = f"∂{labels[run.graph.output]}/∂{label} = {number(grad)}"
        tables.append(_table(title, flows, "the pass starts here"))
    return Element(label, value, grad, made.cells[0] if made else None, used, tuple(tables))


def index(shape: tuple[int, ...], place: int) -> tuple[int, ...]:
    """Find the indices of an element that is counted in one row."""
    return tuple(int(k) for k in np.unravel_index(place, shape))


def named(label: str, shape: tuple[int, ...], place: int) -> str:
    """Write an element as Python does.

    Examples
    --------
    >>> named("h", (2, 3), 4), named("loss", (), 0)
    ('h[1,1]', 'loss')
    """
    return label + (f"[{','.join(map(str, index(shape, place)))}]" if shape else "")


def place_of(caller: str, label: str, shape: tuple[int, ...], at: Any) -> int:
    """Count an element, given by its indices as in Python, in one row.

    Raises
    ------
    IndexError
        If there is no such element; `caller` says so.

    Examples
    --------
    >>> place_of("why", "h", (2, 3), (-1, 1))
    4
    """
    given = at if isinstance(at, tuple) else (at,)
    whole = [k + n if k < 0 else k for k, n in zip(given, shape, strict=False)]
    if len(given) != len(shape) or not all(0 <= k < n for k, n in zip(whole, shape, strict=True)):
        raise IndexError(
            f"{caller}: {label} of shape {shape} has no element {at!r}. Give one index for "
            "each axis, such as (0, 1)."
        )
    return int(np.ravel_multi_index(whole, shape)) if shape else 0


def _table(title: str, made: list[Formulas], otherwise: str) -> Table:
    """Show the terms of one element, of all that comes together there."""
    rows = [row for formulas in made for row in _rows(formulas)]
    if not rows:
        return Table(f"{title}: {otherwise}", (), ())
    title += ", the sum of" if rows[1:] else ""
    return Table(title, ("term", "in numbers", " value"), rows)


def _rows(made: Formulas) -> Iterator[tuple[str, str, str]]:
    (entry,) = made.entries
    form = made.forms[entry.form]

    def label(k: int, place: int) -> str:
        if k < 0:
            return number(entry.values[place])
        source = made.sources[k]
        return named(source.label, np.shape(source.data), place + entry.shifts[k])

    def digits(k: int, place: int) -> str:
        if k < 0:
            return number(entry.values[place])
        return number(np.ravel(made.sources[k].data)[place + entry.shifts[k]])

    for row, value in enumerate(entry.values[: len(form.rows)]):
        yield form.text(row, label), form.text(row, digits), number(value)
