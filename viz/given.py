"""What may be drawn or stepped through: nodes, tapes, graphs and modules, each as nodes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograd import OPS, Graph, Node, Scope, Tape, Tensor, Value, gradients, trace
from autograd import sum as total
from autograd.engine import backprop, entered, same_numbers
from autograd.ops import brief
from autograd.tape import as_nodes, computed_from, record

from .names import is_module


def outputs_of(call: str, thing: Any, x: Any, names: dict[Any, str]) -> list[Node]:
    """Give the nodes that something computes.

    Parameters
    ----------
    call : str
        Who asks, for messages.
    thing : Node, Tape, Graph or Module
    x : array_like or list, optional
        Input of a module.
    names : dict from Node to str
        Names of nodes that carry none of their own; parameters of a module that have none get
        their path.

    Raises
    ------
    TypeError
        If it is something else, or `x` is given and it is no module.
    """
    if is_module(thing):
        for path, leaf in thing.named_leaves():
            names.setdefault(leaf, path)
        return thing.example(x)  # type: ignore[no-any-return]
    if x is not None:
        raise TypeError(f"{call}: got an input for {brief(thing)}. Only a module takes one.")
    if isinstance(thing, Node):
        return [simplified(thing, names)]
    if isinstance(thing, Tape):
        return as_nodes(thing.code)
    if isinstance(thing, Graph):
        return [_restored(thing)]
    raise TypeError(
        f"{call}: got {brief(thing)}, a {type(thing).__name__}. "
        "Give a node, a Graph, a Tape or a module."
    )


def one_output(outputs: Sequence[Node]) -> Node:
    """Give the output that a pass starts at: the sum where there are several numbers."""
    if len(outputs) == 1 and np.size(outputs[0].data) == 1:
        return outputs[0]
    sums = [total(y) if isinstance(y, Tensor) else y for y in outputs]
    output = sums[0]
    for y in sums[1:]:
        output = output + y
    return output


def simplified(output: Node, names: Mapping[Any, str]) -> Node:
    """Compute a gradient once more without what only rules brought in, such as 1·x.

    What the user wrote stays as it is, and nodes of it are the same; so are names.

    Examples
    --------
    >>> x = Value(3.0, name="x")
    >>> (slope,) = gradients(x * x, [x])
    >>> len(trace(slope)), len(trace(simplified(slope, {})))
    (5, 2)
    """
    order = trace(output)
    made = {x for x in order if x.scope is not None and x.scope.called is gradients}
    for x in order if made else ():
        if not made.isdisjoint(x.inputs):
            made.add(x)
    operands = [pair for y in order if y in made for pair in zip(y.inputs, y.args, strict=True)]
    if not made or _cannot_be_computed_again(operands):
        return output
    sources = [x for x in dict(operands) if x not in made and not _is_literal(x, names)]
    kept = [x for x in order if x in made and (x is output or x.name or x in names)]
    code = record(kept, sources)
    slots = computed_from(sources, code)
    new = slots[len(sources) :]
    for x, slot in zip(kept, code.outputs, strict=True):
        if slot >= len(sources) and slots[slot].name is None:
            slots[slot].name = x.name or names.get(x)
    found = slots[code.outputs[kept.index(output)]]
    if output.reached and not found.constant:
        for y, grad, _ in backprop(found, output.grad):
            if y in new:
                y.grad = grad
    return found


def _cannot_be_computed_again(operands: Sequence[tuple[Node, Any]]) -> bool:
    """Whether a leaf holds other numbers now, or Values and Tensors meet."""
    kinds = {isinstance(x, Tensor) for x, _ in operands}
    return len(kinds) > 1 or not all(same_numbers(x.data, seen) for x, seen in operands)


def _is_literal(x: Node, names: Mapping[Any, str]) -> bool:
    is_number = x.op is None and x.constant and not x.params and np.ndim(x.data) == 0
    return is_number and x.name is None and x not in names


def _restored(graph: Graph) -> Node:
    """Compute a snapshot once more on leaves that hold what it holds."""
    scopes: dict[tuple[str, ...], Scope | None] = {(): None}
    made: list[Node] = []
    for node in graph.nodes:
        for depth, label in enumerate(node.scope):
            path = node.scope[: depth + 1]
            if path not in scopes:
                with entered(scopes[path[:-1]]), Scope(label) as scopes[path]:
                    pass
        operands = tuple(made[x] for x in node.inputs)
        with entered(scopes[node.scope]):
            if node.op:
                made.append(operands[0].__apply_op__(OPS[node.op], operands, node.params))
            else:
                kind = Tensor if isinstance(node.data, np.ndarray) else Value
                made.append(kind(node.data, constant=node.constant))
        made[-1].name = node.name
    return made[graph.output]
