"""Says why a backward pass cannot go on, or where a gradient stopped being a finite number."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from .errors import DomainError, GraphError, InfiniteGradientError
from .node import Node
from .words import brief, needs


def refusal(node: Node, upstream: Any, error: Exception) -> Exception:
    """Say why a rule of this node could not be applied to what came in."""
    op = node.op
    assert op is not None
    if isinstance(error, TypeError) and any(
        op.vjps[i] is None and not x.constant for i, x in enumerate(node.inputs)
    ):
        return GraphError(
            f"{op.name}: it has no gradient, its result jumps and is flat elsewhere, so nothing "
            "before it can learn. Use a smooth op such as sigmoid, or make its input a constant."
        )
    if isinstance(error, ArithmeticError | DomainError):
        return _no_slope(node, upstream._data if isinstance(upstream, Node) else upstream)
    error.add_note(f"This happened in a rule of the op {op.name}, during a backward pass.")
    return error


def not_finite(steps: Iterable[Any], computed: list[Node]) -> InfiniteGradientError:
    """Say where a pass, done again on numbers, first met what is not a finite number.

    Parameters
    ----------
    steps : iterable of Step
    computed : list of Node
        All nodes that the output was computed from, in order.
    """
    for node, upstream, contributions in steps:
        if not _finite(upstream):
            return InfiniteGradientError(
                f"{brief(node)}: the contributions to its gradient add up to no finite number, or "
                "the seed is none. Scale the loss down. No grad was changed."
            )
        if not all(passed is None or _finite(passed) for passed in contributions):
            if all(map(_finite, node.args)):
                return _no_slope(node, upstream)
            return _no_value(next(x for x in computed if not _finite(x._data)))
    raise AssertionError("what is added up from finite contributions was not finite")


def _no_value(node: Node) -> InfiniteGradientError:
    """Blame the first node of the forward computation that is not finite."""
    index = tuple(np.argwhere(~np.isfinite(node._data))[0].tolist())
    found = f"{np.asarray(node._data)[index]:g}"
    if node.op is None:
        named = f"{node.name}: " if node.name else ""
        return InfiniteGradientError(
            f"{named}a leaf holds {found}{_place(node, index)}, and so no gradient behind it is "
            "finite. Check your data. No grad was changed."
        )
    return InfiniteGradientError(
        f"{_call(node, index)}: the result is {found}{_place(node, index)}, and so no gradient "
        f"behind it is finite. {_cure(node)} No grad was changed."
    )


def _no_slope(node: Node, upstream: Any) -> InfiniteGradientError:
    """Blame the node that has a value but passes on no finite number."""
    op = node.op
    assert op is not None
    factors = _factors(node, upstream) if op.elementwise else None
    if factors is None:
        return InfiniteGradientError(
            f"{op.name}: it has a value here but no finite slope. {_cure(node)} "
            "No grad was changed."
        )
    index, before, local = factors
    cure = _cure(node)
    if before == 0:
        cure = (
            "A where(...) that takes the other branch sends 0 back, yet the slope is computed: put "
            f"the where inside, as in {op.name}(where(x > 0, x, 1.0))."
        )
    return InfiniteGradientError(
        f"{_call(node, index)}: it has a value here but no finite slope{_place(node, index)}: "
        f"upstream {before:g} × local {local:g} = {before * local:g}. {cure} No grad was changed."
    )


def _factors(node: Node, upstream: Any) -> tuple[tuple[int, ...], Any, Any] | None:
    """Find the element whose product of upstream and local slope is not finite."""
    op = node.op
    assert op is not None
    y, *args = (np.asarray(x) for x in (node._data, *node.args))
    upstream = np.asarray(upstream)
    for i, x in enumerate(node.inputs):
        if x.constant:
            continue
        try:
            with np.errstate(all="ignore"):
                local = op.vjps[i](np.ones_like(y), y, *args, **node.params)  # type: ignore[misc]
                product = upstream * local
        except (ArithmeticError, ValueError, TypeError):  # a rule for floats only
            return None
        if local is not None and not _finite(product):
            index = tuple(np.argwhere(~np.isfinite(product))[0].tolist())
            return index, upstream[index], np.broadcast_to(local, y.shape)[index]
    return None


def _call(node: Node, index: tuple[int, ...]) -> str:
    """Write down an elementwise op with the numbers of one element."""
    assert node.op is not None
    if not node.op.elementwise:
        return node.op.name
    shape = np.shape(node._data)
    numbers = (np.broadcast_to(x, shape)[index] for x in node.args)
    return f"{node.op.name}({', '.join(f'{x:g}' for x in numbers)})"


def _place(node: Node, index: tuple[int, ...]) -> str:
    """Say which element it is, and in which module."""
    element = f", at element {list(index)}" if index else ""
    scopes, scope = [], node.scope
    while scope is not None:
        scopes.append(scope.name)
        scope = scope.outer
    return element + (f", in {' > '.join(scopes[::-1])}" if scopes else "")


def _cure(node: Node) -> str:
    """Say what usually helps."""
    op = node.op
    assert op is not None
    if needs(op):
        return (
            f"{op.name} needs {needs(op)}. Move the input away from here, for example "
            f"sqrt(x + 1e-12) instead of sqrt(x), or {op.name}(maximum(x, 1e-12))."
        )
    return "Scale the operands down, or work with their logarithms."


def _finite(x: Any) -> bool:
    return bool(np.isfinite(x).all())
