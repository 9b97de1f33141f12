"""Says why a backward pass cannot go on, or where a gradient stopped being a finite number."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..errors import DomainError, GraphError, InfiniteGradientError
from ..ops import flat, needs
from ..texts import shown, some
from .arrays import all_finite
from .node import Node
from .order import trace
from .scope import call_label, scopes_around


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
        return _no_slope(node, upstream._held if isinstance(upstream, Node) else upstream)
    error.add_note(f"This happened in a rule of the op {op.name}, during a backward pass.")
    return error


def not_finite(steps: Iterable[Any]) -> InfiniteGradientError:
    """Say where a pass, done again on numbers, met what spoiled the gradients.

    Parameters
    ----------
    steps : iterable of Step
    """
    step, sends = _culprit(list(steps))
    node, upstream = step.node, step.grad
    if not sends or not all_finite(upstream):
        named = node.op.name if node.op else shown(node.name or "a leaf")
        return InfiniteGradientError(
            f"{named}: what flows to it adds up to no finite number{_place(node, ())}, or the seed "
            "is not finite. Scale the loss down. No grad was changed."
        )
    spoiled = None if all(map(all_finite, node.args)) else _spoiled(node)
    return _no_value(spoiled) if spoiled is not None else _no_slope(node, upstream)


def _culprit(steps: list[Any]) -> tuple[Any, bool]:
    """Follow what is not finite from the ends of a pass to the step that sent it first.

    An infinite slope that a where(...) kept from going on is left alone.
    """
    broken = {step.node: step for step in steps if not all_finite(step.grad)}
    ends = {x: step for x, step in broken.items() if all(p is None for p in step.contributions)}
    reached = ends or broken
    culprit, sends = next(iter(reached.values())), False
    for step in reversed(steps):
        if any(
            x in reached and passed is not None and not all_finite(passed)
            for x, passed in zip(step.node.inputs, step.contributions, strict=True)
        ):
            culprit, sends = step, True
            if step.node in broken:
                reached[step.node] = step
    return culprit, sends


def _spoiled(node: Node) -> Node | None:
    """Find the node at or before this one where a result stopped being finite."""
    found = [x for x in trace(node) if not all_finite(x._held)]
    # An infinite constant is often meant, as where a mask hides what comes later.
    began = (x for x in found if all(map(all_finite, x.args)) and (x.op or not x.constant))
    return next(began, found[0] if found else None)


def _no_value(node: Node) -> InfiniteGradientError:
    """Blame a node of the forward computation that is not finite."""
    index = tuple(np.argwhere(~np.isfinite(node._held))[0].tolist())
    result = np.asarray(node._held)[index]
    found = f"{result:g}"
    if node.op is None:
        named = f"{shown(node.name)}: " if node.name else ""
        return InfiniteGradientError(
            f"{named}a leaf holds {found}{_place(node, index)}, and so no gradient behind it is "
            "finite. Check your data. No grad was changed."
        )
    return InfiniteGradientError(
        f"{_call(node, index)}: the result is {found}{_place(node, index)}, and so no gradient "
        f"behind it is finite. {_cure(node, index, result)} No grad was changed."
    )


def _no_slope(node: Node, upstream: Any) -> InfiniteGradientError:
    """Blame the node that passes on no finite number though it was given finite ones."""
    op = node.op
    assert op is not None
    fault = "it has a value here but no finite slope"
    factors = _factors(node, upstream) if op.elementwise else None
    if factors is None:
        return InfiniteGradientError(
            f"{op.name}: {fault}{_place(node, ())}. {_cure(node, (), np.nan)} No grad was changed."
        )
    i, index, before, local = factors
    with np.errstate(all="ignore"):
        product = before * local
    cure = _cure(node, index, product)
    result = np.asarray(node._held)[index]
    if not all_finite(result):
        fault = f"the result is {result:g}, and the slope no finite number"
    if before == 0:
        cure += (
            " If a where(...) takes the other branch here, it sends 0 back, yet the slope is "
            f"computed: put the where inside, as in {op.name}(where(x > 0, x, 1.0))."
        )
    if len(node.inputs) > 1 and node.inputs[i].op is None:
        place = ("first", "second", "third")[i]
        cure += f" Where its {place} operand is not to be learned, write a number or a constant."
    return InfiniteGradientError(
        f"{_call(node, index)}: {fault}{_place(node, index)}: "
        f"upstream {before:g} × local {local:g} = {product:g}. {cure} No grad was changed."
    )


def _factors(node: Node, upstream: Any) -> tuple[int, tuple[int, ...], Any, Any] | None:
    """Find the operand and the element whose upstream times local slope is not finite."""
    op = node.op
    assert op is not None
    y, *args = (np.asarray(x) for x in (node._held, *node.args))
    upstream = np.asarray(upstream)
    for i, x in enumerate(node.inputs):
        if x.constant or op.vjps[i] is flat:
            continue
        try:
            with np.errstate(all="ignore"):
                local = op.vjps[i](np.ones_like(y), y, *args, **node.params)  # type: ignore[misc]
                product = upstream * local
        except (ArithmeticError, ValueError, TypeError):  # a rule for floats only
            return None
        if not all_finite(product):
            index = tuple(np.argwhere(~np.isfinite(product))[0].tolist())
            return i, index, upstream[index], np.broadcast_to(local, y.shape)[index]
    return None


def _call(node: Node, index: tuple[int, ...]) -> str:
    """Write down an elementwise op with the numbers of one element."""
    assert node.op is not None
    if not node.op.elementwise:
        return node.op.name
    return f"{node.op.name}({', '.join(f'{x:g}' for x in _numbers(node, index))})"


def _numbers(node: Node, index: tuple[int, ...]) -> list[Any]:
    """Give the operands of one element."""
    return [np.broadcast_to(x, np.shape(node._held))[index] for x in node.args]


def _place(node: Node, index: tuple[int, ...]) -> str:
    """Say which element it is, and in which module."""
    element = f", at element {list(index)}" if index else ""
    labels = [shown(call_label(scope, {})) for scope in scopes_around(node.scope)]
    return element + (f", in {some(labels, between=' > ')}" if labels else "")


def _cure(node: Node, index: tuple[int, ...], found: Any) -> str:
    """Say what usually helps; what large numbers make infinite is no matter of a domain."""
    op = node.op
    assert op is not None
    if needs(op) and not (np.isinf(found) and all(abs(x) > 1 for x in _numbers(node, index))):
        return (
            f"{op.name} needs {needs(op)}. Keep it there: add 1e-12 to it, or use "
            "maximum(x, 1e-12) or clip(x, low, high)."
        )
    return "Scale the operands down, or work with their logarithms."
