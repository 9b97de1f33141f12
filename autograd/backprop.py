"""The backward pass: adjoints flow from the output to the leaves, latest node first."""

from collections.abc import Iterable, Iterator, Sequence
from math import isfinite
from threading import RLock
from typing import Any, NamedTuple

from .errors import GraphError
from .explain import no_slope, refusal
from .node import Node
from .trace import trace

_one_at_a_time = RLock()  # two passes through the same nodes would mix their sums


class Step(NamedTuple):
    """One node of a backward pass.

    Attributes
    ----------
    node : Node
    grad : float or Node
        Adjoint of `node`: complete, because all its consumers came before.
    contributions : tuple of (float, Node or None)
        What flows to each of ``node.inputs``; None where nothing does.
    """

    node: Node
    grad: Any
    contributions: tuple[Any, ...]


def backprop(output: Node, seed: float = 1.0) -> Iterator[Step]:
    """Yield the backward pass node by node, latest first; no node is changed.

    Parameters
    ----------
    output : Node
        Where the pass starts.
    seed : float
        Adjoint of `output`.

    Yields
    ------
    Step
        A node whose adjoint is complete, and what it passes on to each input. A leaf passes on
        nothing; a constant is not visited.

    Raises
    ------
    GraphError
        If `output` depends on constants only, or an op on the way has no gradient.
    DomainError
        If a slope is not a finite number.

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
    return _sweep(_latest_first(output), output, float(seed), on_nodes=False)


def gradients(output: Node, inputs: Iterable[Node]) -> list[Node]:
    """Give d(output)/d(input) as nodes, which can be differentiated again.

    Parameters
    ----------
    output : Node
        What is differentiated.
    inputs : iterable of Node
        By what: leaves or results on the way.

    Returns
    -------
    list of Node
        One for each input; a constant 0 where `output` does not depend on it.

    Raises
    ------
    GraphError
        If an input is a constant, an op on the way has no gradient, or a leaf was given new data
        after the forward pass, so that the graph no longer describes one computation.

    Examples
    --------
    >>> from autograd import Value
    >>> x = Value(2.0)
    >>> (slope,) = gradients(x**3, [x])
    >>> (curvature,) = gradients(slope, [x])
    >>> slope.data, curvature.data
    (12.0, 12.0)
    """
    if isinstance(inputs, Node):
        raise TypeError("gradients: inputs is one node. Give a list: gradients(output, [x]).")
    inputs = list(inputs)
    for x in inputs:
        if not isinstance(x, Node):
            raise TypeError(f"gradients: got {x!r} among the inputs. Give nodes.")
        if x.constant:
            raise GraphError(f"gradients: {x!r} is a constant. Make it without constant=True.")
    path = _depending_on(inputs, trace(output, constants=False))[::-1]
    for node in path:
        _refuse_if_rebound(node)
    steps = _sweep(path, output, type(output)(1.0, constant=True), on_nodes=True) if path else ()
    found = {step.node: step.grad for step in steps}
    return [found[x] if x in found else type(x)(0.0, constant=True) for x in inputs]


def backward(output: Node, seed: float = 1.0) -> None:
    """Run the pass of `backprop` and keep the adjoints in `grad`; if it fails, nothing changes."""
    order = _latest_first(output)
    with _one_at_a_time:
        before = [node.grad for node in order]
        try:
            _accumulate(order, output, float(seed))
            if not all(node.op or node.grad is None or isfinite(node.grad) for node in order):
                raise _born_infinite(order, output, float(seed))
        except BaseException:
            for node, grad in zip(order, before, strict=True):
                node.grad = grad
            raise
        for node, grad in zip(order, before, strict=True):
            if node.op is None and grad is not None:
                node.grad = grad if node.grad is None else grad + node.grad


def _accumulate(order: list[Node], output: Node, seed: float) -> None:  # noqa: C901, unrolled
    """Sum adjoints in `grad` itself: the pass of `_sweep` on numbers, written out for speed."""
    for node in order:
        node.grad = None
    output.grad = seed
    for node in order:
        op, grad = node.op, node.grad
        if op is None or grad is None:
            continue
        y, inputs, args, params = node._data, node.inputs, node.args, node.params
        rules: tuple[Any, ...] = op.vjps  # calling one that is None ends in refusal
        try:
            if len(inputs) == 2 and not params:
                a, b = args
                left, right = inputs
                left_rule, right_rule = rules
                if not left.constant:
                    passed = left_rule(grad, y, a, b)
                    if passed is not None:
                        left.grad = passed if left.grad is None else left.grad + passed
                if not right.constant:
                    passed = right_rule(grad, y, a, b)
                    if passed is not None:
                        right.grad = passed if right.grad is None else right.grad + passed
            else:
                for i, x in enumerate(inputs):
                    if not x.constant:
                        passed = rules[i](grad, y, *args, **params)
                        if passed is not None:
                            x.grad = passed if x.grad is None else x.grad + passed
        except (TypeError, ArithmeticError, ValueError) as error:
            raise refusal(node, error) from None


def _sweep(path: list[Node], output: Node, seed: Any, *, on_nodes: bool) -> Iterator[Step]:
    """Step through `path`, which starts at `output`; apply the rules to numbers or to nodes."""
    wanted = set(path)
    adjoints = {output: seed}
    for node in path:
        if node not in adjoints:
            continue
        grad = adjoints.pop(node)
        y, operands = (node, node.inputs) if on_nodes else (node._data, node.args)
        rules: tuple[Any, ...] = node.op.vjps if node.op else ()
        contributions = []
        for i, x in enumerate(node.inputs):
            passed = None
            if x in wanted:
                try:
                    passed = rules[i](grad, y, *operands, **node.params)
                except (TypeError, ArithmeticError, ValueError) as error:
                    raise refusal(node, error) from None
            if passed is not None:
                adjoints[x] = adjoints[x] + passed if x in adjoints else passed
            contributions.append(passed)
        yield Step(node, grad, tuple(contributions))


def _latest_first(output: Node) -> list[Node]:
    """Order the nodes that adjoints reach from `output`."""
    if output.constant:
        raise GraphError(
            f"{output!r} depends on constants only, so there is no gradient to compute. "
            "Make a leaf without constant=True."
        )
    return trace(output, constants=False)[::-1]


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
        if x._data is not seen and x._data != seen:
            raise GraphError(
                f"gradients: {x!r} was {seen!r} when the graph was built. "
                "Run the forward computation again, or use backward(), which keeps what it saw."
            )


def _born_infinite(order: list[Node], output: Node, seed: float) -> Exception:
    """Go through a pass again to find the node that first passed on no finite number."""
    for node, _, contributions in _sweep(order, output, seed, on_nodes=False):
        if not all(passed is None or isfinite(passed) for passed in contributions):
            return no_slope(node)
    return GraphError(f"backward: the seed {seed} or a sum of adjoints is not a finite number.")
