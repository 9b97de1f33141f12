"""`why`: the paths along which one node moves another, with the factors that are multiplied."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, overload

import numpy as np

from autograd import GraphError, Node, trace
from autograd.formulas import number
from autograd.ops import brief

from ..names import caller_names, variable_names
from .element import place_of
from .element_pass import ElementPass
from .gains import BRANCH, gain_rows, gains
from .passes import Pass
from .path import SHRINKS, Path
from .paths import Edges, Ranking
from .table import Table

_MOST_APART = 50_000  # Values that the rule of one op is taken apart into


def why(
    x: Node, *, of: Node, at: Any = None, most: int = 20, names: Mapping[str, Any] | None = None
) -> "Paths":
    """Say why a gradient is what it is: by which paths `x` moves a result, and how much by each.

    Parameters
    ----------
    x : Node
        By what is differentiated: a leaf, or a result on the way.
    of : Node
        What is differentiated: one number.
    at : tuple of int, or int, optional
        Which element of a Tensor: the paths are then those of single numbers, from element to
        element of the Tensors on the way.
    most : int
        How many paths to list. One more then stands for all others: they are counted and added
        up, however many there are.
    names : mapping from str to Node, optional
        Names for nodes, instead of your variables; a container or a module names its parts.

    Returns
    -------
    Paths
        A sequence of `Path`, the largest product first, and their sum ``total``: the gradient. A
        notebook and a terminal show it as a table.

        Whole Tensors have no single factor from node to node. Their sequence has one path, which
        goes through all nodes on the way from `of` to `x`; its factors are the gains of the nodes,
        norm of what leaves over norm of what came in, which in a chain multiply to its product, the
        norm of the gradient. Where module calls are on the way, such a path by
        calls comes first. ``total`` and the shares are None.

    Raises
    ------
    GraphError
        If `of` is not one number, `x` is a constant, `backward()` refuses the pass, or the Tensors
        cannot be taken apart.
    IndexError
        If `x` has no element `at`.

    Examples
    --------
    >>> from autograd import Value, tanh
    >>> x = Value(0.5)
    >>> f = x * tanh(2 * x)
    >>> print(why(x, of=f, names={"x": x, "f": f}))
    ∂f/∂x = 1.1816, the sum of 2 paths
    path             factors             product  share
    f → x            0.76159↓            0.76159   64 %
    f → v₂ → v₁ → x  0.5 × 0.41997↓ × 2  0.41997   36 %
    ↓ marks the factor that shrinks most

    >>> from autograd import Tensor
    >>> w, a = Tensor([0.5, -1.0]), Tensor([3.0, 4.0])
    >>> print(why(w, of=tanh(w) @ a, at=1, names={"w": w, "a": a}))
    ∂v₂/∂w[1] = 1.6799, one path
    path               factors       product  share
    v₂ → v₁[1] → w[1]  4 × 0.41997↓   1.6799  100 %
    ↓ marks the factor that shrinks most
    """
    _check(x, of, most)
    known = caller_names(1) if names is None else variable_names(names)
    total = 0.0 if isinstance(of.data, float) or at is not None else None
    if x is not of and x not in trace(of, constants=False):
        named = [node.name or known.get(node) for node in (of, x)]
        return _nothing(total, named[0] or "f", named[1] or "x")
    run = Pass(of, known)
    end = next(i for i, node in enumerate(run.order) if node is x)
    if at is not None:
        return _of_element(run, end, at, most)
    if end not in run.adjoints:
        return _nothing(total, run.label(run.output), run.label(end))
    if total is None:
        return _of_tensors(run, end)
    return _of_numbers(run, end, run.adjoints[end], most)


@dataclass(frozen=True, repr=False)
class Paths(Sequence[Path]):
    """What `why` returns: paths, and ways to show them.

    Attributes
    ----------
    paths : tuple of Path
    total : float or None
        The gradient; None for Tensors.
    table : Table
        What is shown.
    """

    paths: tuple[Path, ...]
    total: float | None
    table: Table

    @overload
    def __getitem__(self, index: int) -> Path: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Path, ...]: ...
    def __getitem__(self, index: int | slice) -> Path | tuple[Path, ...]:
        return self.paths[index]

    def __len__(self) -> int:
        return len(self.paths)

    def __repr__(self) -> str:
        return str(self.table)

    def _repr_html_(self) -> str:
        return self.table.html


def _check(x: Any, of: Any, most: Any) -> None:
    for called, thing in (("x", x), ("of", of)):
        if not isinstance(thing, Node):
            raise TypeError(
                f"why: got {brief(thing)} as {called}, a {type(thing).__name__}. Give two nodes: "
                "why(x, of=loss)."
            )
    if np.size(of.data) != 1:
        raise GraphError(
            f"why: of={brief(of)} holds {np.size(of.data)} numbers, of shape {of.data.shape}. Give "
            "one number, such as of=mean(y) or of=y[0]."
        )
    if x.constant:
        raise GraphError(
            f"why: {brief(x)} is a constant, which no gradient passes to. Make it without "
            "constant=True."
        )
    if not isinstance(most, int) or isinstance(most, bool) or most < 1:
        raise ValueError(f"why: got most={most!r}. Give how many paths to list, from 1 up.")


def _nothing(total: float | None, last: str, by: str) -> Paths:
    title = f"∂{last}/∂{by} = 0: no gradient passes from {last} to {by}"
    return Paths((), total, Table(title, (), ()))


def _of_element(run: Pass, array: int, at: Any, most: int) -> Paths:
    if isinstance(run.order[array].data, float):
        raise TypeError(f"why: got at={at!r} for a Value, which is one number. Leave it out.")
    shape = np.shape(run.order[array].data)
    place = place_of("why", run.label(array), shape, at)
    elements = ElementPass(run, [array], _MOST_APART)
    end = elements.starts[array] + place
    if end != elements.output and not elements.towards([end]):
        return _nothing(0.0, elements.label(elements.output), elements.label(end))
    return _of_numbers(elements, end, float(np.ravel(run.adjoints[array])[place]), most)


def _of_numbers(run: Edges, end: int, total: float, most: int) -> Paths:
    found = Ranking(run, most, [end]).paths(end)
    count = sum(path.count for path in found)
    title = f"∂{run.label(run.output)}/∂{run.label(end)} = {number(total)}"
    notes = []
    if any(path.weakest is not None for path in found):
        notes.append(f"{SHRINKS} marks the factor that shrinks most")
    if not all(isfinite(path.product) for path in found):
        notes.append("Paths with a product that is not finite come first, and no share is defined.")
    table = Table(
        f"{title}, {'one path' if count == 1 else f'the sum of {count:,} paths'}",
        ("path", "factors", " product", " share"),
        [(path.route, path.terms, number(path.product), path.percent) for path in found],
        tuple(notes),
    )
    return Paths(tuple(found), total, table)


def _of_tensors(run: Pass, end: int) -> Paths:
    output, labels = run.graph.output, run.notation.labels
    found = gains(run, end)
    path, computed = found[0]
    rows = [row for _, row in gain_rows(path, computed)]
    notes = ["gain: the norm of what a node, or a call, passes on, over the norm of what came in"]
    if path.weakest is not None:
        notes.append(f"{SHRINKS} marks the gain that shrinks most")
    if path.branches:
        notes.append(f"{BRANCH}: other ways lead past it, so its gain is not that of the whole")
    heads = ("from the result back", "computes", " norm", " gain")
    title = f"‖∂{labels[output]}/∂{labels[end]}‖ = {number(path.product)}"
    table = Table(title, heads, rows, tuple(notes))
    return Paths(tuple(path for path, _ in found), None, table)
