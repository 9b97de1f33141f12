"""Says why a backward pass cannot go on."""

from .errors import AutogradError, DomainError, GraphError
from .node import Node


def refusal(node: Node, error: Exception) -> Exception:
    """Say why a rule of this node could not be applied."""
    op = node.op
    assert op is not None
    blocked = any(
        rule is None and not x.constant for rule, x in zip(op.vjps, node.inputs, strict=True)
    )
    if blocked:
        return GraphError(
            f"{op.name}: it has no gradient, its result jumps and is flat elsewhere, so nothing "
            "before it can learn. Use a smooth op such as sigmoid, or make its input a constant."
        )
    if isinstance(error, TypeError | AutogradError) and not isinstance(error, DomainError):
        return error
    return no_slope(node)


def no_slope(node: Node) -> DomainError:
    """Say that a node has a value but passes on no finite number."""
    assert node.op is not None
    numbers = ", ".join(f"{x:g}" for x in node.args)
    return DomainError(
        f"{node.op.name}({numbers}): it has a value here but no finite slope. "
        "Move the input away from this point, for example sqrt(x + 1e-12) instead of sqrt(x)."
    )
