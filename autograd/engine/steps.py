"""The steps of a backward pass: latest node first, each once its adjoint is complete."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from ..errors import GraphError
from ..ops import Each, Params, brief
from ..showing import bundle
from .broadcasting import fitted
from .diagnosis import not_finite, refusal
from .node import Node
from .order import trace


class Step(NamedTuple):
    """One node of a backward pass.

    Attributes
    ----------
    node : Node
    grad : float, array or Node
        Adjoint of `node`: complete, because all its consumers came before.
    contributions : tuple of (float, array, Node or None)
        What flows to each of ``node.inputs``, in its shape; None where nothing does.
    """

    node: Node
    grad: Any
    contributions: tuple[Any, ...]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return bundle(self)


def latest_first(output: Node) -> list[Node]:
    """Order the nodes that adjoints reach from `output`."""
    if output.constant:
        raise GraphError(
            f"{brief(output)} depends on constants only, so there is no gradient to compute. "
            "Make a leaf without constant=True."
        )
    return trace(output, constants=False)[::-1]


def sweep(path: list[Node], output: Node, seed: Any, *, on_nodes: bool) -> Iterator[Step]:
    """Step through `path`, which starts at `output`; apply the rules to numbers or to nodes."""
    wanted = set(path)
    adjoints = {output: seed}
    on_floats = not isinstance(output._held, np.ndarray)
    for node in path:
        if node not in adjoints:
            continue
        grad = adjoints.pop(node)
        if not (on_floats or on_nodes):
            grad = np.asarray(grad)  # a sum of arrays without axes is none
        y, operands = (node, node.inputs) if on_nodes else (node._held, node.args)
        op: Any = node.op
        contributions: list[Any] = [None] * len(node.inputs)
        places = [i for i, x in enumerate(node.inputs) if x in wanted]
        try:
            flows = _flows(op, places, grad, y, operands, node.params) if places else ()
            for i, passed in zip(places, flows, strict=True):
                if passed is not None:
                    x = node.inputs[i]
                    if not on_floats:
                        passed = fitted(op, passed, operands[i])
                    adjoints[x] = adjoints[x] + passed if x in adjoints else passed
                    contributions[i] = passed
        except Exception as error:
            raise refusal(node, grad, error) from None
        yield Step(node, grad, tuple(contributions))


def _flows(
    op: Any, places: list[int], g: Any, y: Any, operands: tuple[Any, ...], params: Params
) -> Iterable[Any]:
    """Apply the rules of some operands, one after the other."""
    rules: Any = op.vjps  # calling one that is None ends in refusal
    if isinstance(rules, Each):
        return rules.passed(places, g, y, operands, params)
    return (rules[i](g, y, *operands, **params) for i in places)


def explained(order: list[Node], output: Node, seed: Any) -> Exception:
    """Go through a pass again, on numbers, to find where it first met no finite number."""
    with np.errstate(all="ignore"):
        return not_finite(sweep(order, output, seed, on_nodes=False))
