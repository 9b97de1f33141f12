"""Runs the rows of a graph once more, on other numbers than those it was built from."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from ..engine import FIELDS, Node, Step, Value, backprop, trace
from ..errors import DomainError, GradientError
from ..ops import Op, Operand, Params, Rule, astype
from .reference import Array

_TRIALS = 4


def rerun(order: list[Node], moved: Mapping[Node, Any]) -> dict[Node, Any]:
    """Compute again what depends on some leaves, in double precision.

    Parameters
    ----------
    order : list of Node
        The graph, in order of creation.
    moved : mapping from Node to float or array
        Other numbers for some leaves: also arrays of them in the place of floats, and complex
        ones, whose real parts are those of the leaves, for a complex step.

    Returns
    -------
    dict
        What these leaves and the nodes that depend on them hold now.
    """
    found = dict(moved)
    for node in order:
        if node.op is None or found.keys().isdisjoint(node.inputs):
            continue
        numbers = [found.get(x, arg) for x, arg in zip(node.inputs, node.args, strict=True)]
        y = numbers[0] if node.op is astype else node.op.forward(*numbers, **node.params)
        if any(map(np.iscomplexobj, numbers)):
            if not np.iscomplexobj(y):
                raise TypeError(f"{node.op.name}: its forward function drops imaginary parts.")
            # The real part is known already, and complex functions round it more.
            y = np.asarray(node._held, complex) + 1j * y.imag
        found[node] = y
    return found


def epsilon(x: Any) -> float:
    """Spacing of numbers near 1 in the type of `x`."""
    if x.__class__ is float:
        return 2.0**-52
    return float(np.finfo(np.asarray(x).dtype).eps)


def noise(steps: Iterable[Step], *, doubled: bool) -> float:
    """Bound how far rounding puts the end of a graph off, by a pass back from there.

    Parameters
    ----------
    steps : iterable of Step
    doubled : bool
        Whether it runs in double precision, whatever it was built in.
    """
    total = 0.0
    for node, grad, contributions in steps:
        for x, way in ((node._held, grad), *zip(node.args, contributions, strict=True)):
            if way is not None:
                size = abs(x * way) if x.__class__ is float else np.abs(x * way).sum()
                total += 4 * epsilon(1.0 if doubled else x) * float(size)
    return total


def doubts(order: list[Node], leaves: Sequence[Node], usual: Sequence[Array]) -> list[Array]:
    """Say how far off the gradients of leaves may be because of rounding.

    Every number that a rule works with, and every number that it gives, trembles in its last
    places, and it is seen how far apart that puts the gradients. What cancels is computed again
    from numbers that tremble, for nothing but rounding may be left of it. Rows with kinks are given
    what they had: a tie would not be one any more. The gradients as they are take no part: a rule
    that is wrong at one point only would else excuse itself. A row that is computed in several
    steps rounds in each of them, so its composition stands in for it.
    """
    order = _in_smaller_rows(order)
    dice = np.random.default_rng(0)
    highest = [np.full(x.shape, -np.inf) for x in usual]
    lowest = [np.full(x.shape, np.inf) for x in usual]
    exact = rerun(order, {x: np.asarray(x._held, float) for x in leaves})
    for trial in range(_TRIALS + 1):
        if trial:
            copies = copied(order, partial(_shaking, dice), _trembling(order, dice), {})
        else:  # what it would be in double precision
            copies = copied(order, _unchanged, exact, exact)
        try:
            grads = {step.node: step.grad for step in backprop(copies[order[-1]])}
        except (DomainError, GradientError):  # a number trembled out of the domain
            return [np.full(x.shape, np.inf) for x in usual]
        for high, low, x in zip(highest, lowest, leaves, strict=True):
            found = grads.get(copies.get(x, x), 0.0)
            np.fmax(high, found, out=high)
            np.fmin(low, found, out=low)
    # Sums of many numbers round more often than they were shaken.
    longest = max(np.size(x._held) for x in order)
    return [
        (2 + np.sqrt(longest)) * np.maximum(high - low, 0.0) + 8 * epsilon(x._held) * np.abs(u)
        for high, low, u, x in zip(highest, lowest, usual, leaves, strict=True)
    ]


def _in_smaller_rows(order: list[Node]) -> list[Node]:
    if not any(node.op and node.op.composition for node in order):
        return order
    found: dict[Node, Any] = {}
    for node in order:
        op, inputs = node.op, tuple(found[x] for x in node.inputs)
        if op is None:
            found[node] = node
        elif op.composition:
            found[node] = op.composition(*inputs, **node.params)
        else:
            found[node] = inputs[0].__apply_op__(op, inputs, node.params)
    return trace(found[order[-1]])


def _trembling(order: list[Node], dice: "np.random.Generator") -> dict[Node, Any]:
    """Run a graph once more as if each result had been rounded in another way."""
    found: dict[Node, Any] = {}
    with np.errstate(all="ignore"):
        for node in order:
            op, x = node.op, node._held
            if node.constant:
                continue
            if op is not None and not op.kinks:
                numbers = (
                    found[i] if i.op and i in found else arg
                    for i, arg in zip(node.inputs, node.args, strict=True)
                )
                again = op.forward(*numbers, **node.params)
                x = np.where(np.isfinite(again), again, x)  # it may have left the domain
                x = float(x) if isinstance(node, Value) else np.asarray(x, node._held.dtype)
            found[node] = _shaken(x, dice)
    return found


def _shaken(x: Any, dice: "np.random.Generator", spacing: float | None = None) -> Any:
    most = 4 * (spacing or epsilon(x))
    if isinstance(x, float):
        return x * (1 + most * (2 * dice.random() - 1))
    return np.asarray(x * (1 + most * dice.uniform(-1, 1, np.shape(x))), x.dtype)


def copied(
    order: list[Node],
    wrap: Callable[[Rule | None], Rule | None],
    smooth: Mapping[Node, Any],
    torn: Mapping[Node, Any],
) -> dict[Node, Node]:
    """Copy a graph, with each rule wrapped.

    Parameters
    ----------
    order : list of Node
    wrap : callable
    smooth, torn : mapping from Node to float or array
        Other numbers that are in it: for rows without kinks, and for the rest.
    """
    copies: dict[Node, Node] = {}
    for node in order:
        op = node.op
        numbers = torn if op is not None and op.kinks else smooth
        copy = copies[node] = object.__new__(type(node))
        for name in FIELDS:
            if hasattr(node, name):
                setattr(copy, name, getattr(node, name))
        as_held = float if isinstance(node, Value) else np.asarray
        copy._held = as_held(numbers.get(node, node._held))
        copy.inputs = tuple(copies[x] for x in node.inputs)
        copy.args = tuple(
            as_held(numbers.get(x, arg)) for x, arg in zip(node.inputs, node.args, strict=True)
        )
        if op is not None and wrap is not _unchanged:
            copy.op = object.__new__(Op)
            rules = [wrap(op.vjps[i]) for i in range(len(node.inputs))]
            copy.op.__dict__.update(vars(op), vjps=rules)
    return copies


def reading_only(rule: Rule | None) -> Rule | None:
    """Give a rule a `g` that cannot be written to: other rules need it, too."""

    def reading(g: Any, *args: Any, **params: Any) -> Any:
        if isinstance(g, np.ndarray):
            g = g.view()
            g.flags.writeable = False
        return rule(g, *args, **params)  # type: ignore[misc]

    return rule and reading


def _unchanged(rule: Rule | None) -> Rule | None:
    return rule


def _shaking(dice: "np.random.Generator", rule: Rule | None) -> Rule:
    """Make what a rule computes on its way tremble, and what it gives."""

    def shaking(*args: Any, **params: Any) -> Any:
        if rule is None:
            return None
        try:
            passed = rule(*(_Trembling.of(x, dice) for x in args), **params)
            passed = passed.number if isinstance(passed, _Trembling) else passed
        except Exception:  # one that is not written in ops knows numbers only
            passed = rule(*args, **params)
        return passed if passed is None else _shaken(passed, dice)

    return shaking


class _Trembling(Operand):
    """A number in a rule: what ops make of it trembles in the last places of what came in."""

    __slots__ = ("dice", "number", "spacing")

    def __init__(self, number: Any, dice: "np.random.Generator", spacing: float) -> None:
        self.number, self.dice, self.spacing = number, dice, spacing

    @classmethod
    def of(cls, x: Any, dice: "np.random.Generator", spacing: float | None = None) -> Any:
        is_real = isinstance(x, float) or (isinstance(x, np.ndarray) and x.dtype.kind == "f")
        return cls(x, dice, spacing or epsilon(x)) if is_real else x

    def __apply_op__(self, op: Op, operands: tuple[Any, ...], params: Params) -> Any:
        if op.composition:
            return op.composition(*operands, **params)
        numbers = (x.number if isinstance(x, _Trembling) else x for x in operands)
        y = op.forward(*numbers, **params)
        y = y if op.kinks else _shaken(y, self.dice, self.spacing)
        return self.of(y, self.dice, self.spacing)

    @property
    def shape(self) -> Any:
        return np.shape(self.number)

    @property
    def ndim(self) -> int:
        return np.ndim(self.number)

    @property
    def size(self) -> int:
        return np.size(self.number)

    @property
    def dtype(self) -> Any:
        return np.asarray(self.number).dtype
