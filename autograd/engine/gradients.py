"""The backward pass: adjoints flow from the output to the leaves, latest node first."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike

from ..errors import GraphError, ShapeError
from ..ops import brief
from .arrays import all_finite, same_numbers
from .hooks import is_finite, passes_through, refuse
from .node import Node
from .order import trace
from .scope import Scope
from .steps import Step, explained, latest_first, sweep


def backprop(output: Node, seed: ArrayLike = 1.0) -> Iterator[Step]:
    """Yield the backward pass node by node, latest first; no node is changed.

    Parameters
    ----------
    output : Node
        Where the pass starts.
    seed : float or array_like
        Adjoint of `output`; needed, in its shape, where it holds more than one number.

    Yields
    ------
    Step
        A node whose adjoint is complete, and what it passes on to each input. A leaf passes on
        nothing; a constant is not visited.

    Raises
    ------
    GraphError
        If `output` depends on constants only, or holds several numbers and there is no seed, or an
        op on the way has no gradient.
    GradientError
        If an op on floats has no finite slope; arrays pass on inf and nan as NumPy computes them.

    References
    ----------
    Griewank & Walther, Evaluating Derivatives, 2nd ed. 2008, section 3.2.

    Examples
    --------
    >>> from autograd import Value
    >>> x, y = Value(2.0, name="x"), Value(3.0, name="y")
    >>> for step in backprop(x * y + x):
    ...     print(step.node.name or step.node.op.name, step.grad, step.contributions)
    add 1.0 (1.0, 1.0)
    mul 1.0 (3.0, 2.0)
    y 2.0 ()
    x 4.0 ()
    """
    refuse("it looks at numbers of a pass", "Use gradients, which gives nodes.")
    return sweep(latest_first(output), output, output._adjoint(seed), on_nodes=False)


def gradients(output: Node, inputs: Iterable[Node], seed: Node | None = None) -> list[Node]:
    """Give d(output)/d(input) as nodes, which can be differentiated again.

    Parameters
    ----------
    output : Node
        What is differentiated: one number, unless there is a seed.
    inputs : iterable of Node
        By what: leaves or results on the way.
    seed : Node, optional
        Adjoint of `output`, in its shape; 1 if not given.

    Returns
    -------
    list of Node
        One for each input, in its shape; a constant 0 where `output` does not depend on it.

    Raises
    ------
    GraphError
        If an input is a constant, an op on the way has no gradient, or a leaf was given new data
        after the forward pass, so that the graph no longer describes one computation.
    GradientError
        If a gradient is not finite.

    Examples
    --------
    >>> from autograd import Value
    >>> x = Value(2.0)
    >>> (slope,) = gradients(x**3, [x])
    >>> (curvature,) = gradients(slope, [x])
    >>> slope.data, curvature.data
    (12.0, 12.0)
    """
    if not isinstance(output, Node):
        raise TypeError(
            f"gradients: got {brief(output)}, a {type(output).__name__}, for the output. Give one "
            "node; of several, their sum."
        )
    if isinstance(inputs, Node):
        raise TypeError("gradients: inputs is one node. Give a list: gradients(output, [x]).")
    inputs = list(inputs)
    for x in inputs:
        if not isinstance(x, Node):
            raise TypeError(f"gradients: got {brief(x)} among the inputs. Give nodes.")
        if x.constant:
            raise GraphError(f"gradients: {brief(x)} is a constant. Make it without constant=True.")
    path = _depending_on(inputs, trace(output, constants=False))[::-1]
    passes_through(path)
    for node in path:
        _refuse_if_rebound(node)
    if seed is None:
        seed = output._kind(output._adjoint(1.0), constant=True)
    elif seed._kind is not output._kind or np.shape(seed._held) != np.shape(output._held):
        raise ShapeError(
            f"gradients: got the seed {brief(seed)} for {brief(output)}. "
            "Give a node of the same kind and shape."
        )
    with Scope("gradients", gradients), np.errstate(all="ignore"):  # what is not finite, see below
        steps = sweep(path, output, seed, on_nodes=True) if path else ()
        found = {step.node: step.grad for step in steps}
    reached = [found[x] for x in inputs if x in found]
    is_finite(reached, all_finite)
    if not all(all_finite(x._held) for x in reached):
        raise explained(path, output, seed._held)
    return [
        found[x] if x in found else x._kind(np.zeros_like(x._held), constant=True) for x in inputs
    ]


def _depending_on(inputs: Sequence[Node], path: list[Node]) -> list[Node]:
    """Keep the nodes of `path` that lead to one of `inputs`."""
    leading = set(inputs)
    kept = []
    for node in path:
        if node in leading or not leading.isdisjoint(node.inputs):
            leading.add(node)
            kept.append(node)
    return kept


def _refuse_if_rebound(node: Node) -> None:
    """Refuse leaves with new data: a gradient made of nodes would mix it with the old."""
    for x, seen in zip(node.inputs, node.args, strict=True):
        if x._held is not seen and not same_numbers(x._held, seen):
            raise GraphError(
                f"gradients: {brief(x)} was {brief(seen)} when the graph was built. "
                "Run the forward computation again, or use backward(), which keeps what it saw."
            )
