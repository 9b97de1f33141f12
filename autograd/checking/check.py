"""The gradient check: it says whether a gradient is the derivative, and if not, which rule errs."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from inspect import signature
from math import isfinite
from traceback import walk_tb
from typing import Any

import numpy as np

from ..engine import Node, trace
from ..errors import GradientError
from ..formulas import number, rule
from ..ops import Op, brief
from ..texts import some
from .compare import ask, examine, same_for_all
from .foreign import Foreign, ForeignSubject
from .subject import NO_VALUE, Opaque, Pair, Subject
from .verdict import ORDINALS, Report, Verdict, told_apart

_ADVICE = {
    "kink": "Choose a slope between those on both sides.",
    "ill-conditioned": "Rounding in f outweighs this slope, so nothing can be told. Move the "
    "input, scale f, or check its parts.",
    "non-deterministic": "f gives different values for the same input. Seed its random numbers "
    "inside of it, or switch dropout off.",
    "outside domain": "Move the input to where f and its slope are finite.",
}
_NO_NODE = (
    "Each rule is right on its own operands, so f is not what its graph says: look for .data, "
    ".item(), detach() or constant=True on the way, and keep it a node."
)


def check_gradients(f: Any, *inputs: Any, order: int = 1, **keywords: Any) -> Report:
    """Check the gradients that the engine computes against slopes found without its rules.

    Parameters
    ----------
    f : callable, module or pair of callables
        A function of nodes that returns nodes of any shape; a module, whose parameters are
        checked, too; a function of numbers and arrays that returns one number, with the
        function that is said to be its gradient, which gives one array for each input; or what
        `from_torch`, `from_jax`, `from_hips` or `from_mygrad` give, whose vjp and jvp are checked.
    *inputs : numbers, arrays or nodes, also in dicts
        Where to check. Numbers become Values; beside an array or in a list, Tensors. Constants and
        what is no number are handed over as they are.
    order : int
        Up to which derivative to check, 1 to 3: the second is the first derivative of the first,
        multiplied with a fixed random vector.
    **keywords
        What `f` takes by keyword. Whole numbers, such as ``axis=1``, are handed over as they are.

    Returns
    -------
    Report
        What was found for each input and order; print it to see a table.

    Raises
    ------
    GradientError
        If a gradient is not the derivative, or if that cannot be decided, or if an op on the way
        fails. At a kink, each slope between those on both sides will do, provided that the slopes
        of inputs that tie add up.
    GraphError
        If an op on the way has no gradient, or there is nothing to differentiate by.

    Notes
    -----
    The reference is the complex step, exact to rounding, where every op on the way is analytic,
    and extrapolated differences elsewhere. There is no tolerance to choose: numbers may differ by
    the error of the reference and by what rounding can do to the gradient, both of which are
    measured, but no more is forgiven than would let a wrong slope be seen: docs/checking.md says
    how. All random choices are the same each time, and no `grad` is touched.

    References
    ----------
    Squire & Trapp 1998; Ridders 1982.

    Examples
    --------
    >>> from autograd import tanh
    >>> report = check_gradients(lambda x, y: tanh(x) / y, 0.5, 2.0, order=2)
    >>> [(verdict.input, verdict.order, verdict.verdict) for verdict in report]
    [('x', 1, 'pass'), ('y', 1, 'pass'), ('x', 2, 'pass'), ('y', 2, 'pass')]
    """
    report = examined(f, inputs, keywords, order)
    if report.failure:
        raise GradientError(report.complaint) from report.failure.cause
    return report


def examined(f: Any, inputs: tuple[Any, ...], keywords: Mapping[str, Any], order: int) -> Report:
    """Do what `check_gradients` does, but raise no GradientError."""
    highest = highest_order(f)
    if order not in range(1, highest + 1):
        raise ValueError(
            f"check_gradients: got order={order}. Give 1, 2 or 3; for a pair of functions, and for "
            "MyGrad, 1."
        )
    pair = isinstance(f, tuple) and not callable(f)
    kind = Pair if pair else ForeignSubject if isinstance(f, Foreign) else Subject
    subject: Subject = kind(f, inputs, keywords)
    try:
        return _judged(subject, order)
    except Exception as error:
        op = _broken(error)
        if op is None:
            raise
        cause = error.__cause__ or error
        what = str(cause).removeprefix(f"{op.name}: ").rstrip(".")
        raise GradientError(
            f"{op.name}: its forward function ended in {type(cause).__name__}: {what}. "
            "Correct it: it takes floats and arrays, changes none of them, and gives new ones."
        ) from cause


def highest_order(f: Any) -> int:
    """Say up to which derivative a function can be checked."""
    if isinstance(f, Foreign):
        return f.library.highest
    return 1 if isinstance(f, tuple) and not callable(f) else 3


def _judged(subject: Subject, order: int) -> Report:
    verdicts: list[Verdict] = []
    with np.errstate(all="ignore"):
        for k in range(1, order + 1):
            verdicts += _undone(subject, k, examine(subject, k))
            if not all(verdict.ok for verdict in verdicts):
                return _explained(subject, verdicts, k)
    return Report(tuple(verdicts))


def _broken(error: Exception) -> Op | None:
    """Find the op whose forward function an error came from; mistakes in calls are the caller's."""
    for frame, _ in walk_tb(error.__traceback__):
        here, seen = frame.f_code.co_name, frame.f_locals
        if here in ("rerun", "_trembling") and "node" in seen:
            return seen["node"].op  # type: ignore[no-any-return]
        op = seen.get("op")
        if here == "__apply_op__" and isinstance(op, Op):
            return op if op.__module__.partition(".")[0] != __package__.partition(".")[0] else None
    return None


def _undone(subject: Subject, order: int, verdicts: list[Verdict]) -> list[Verdict]:
    """Look into the ops with ties where f stands at a kink: there its slopes tell little."""
    at_kink = any(verdict.verdict == "kink" for verdict in verdicts)
    if isinstance(subject, Opaque) or not (at_kink and all(verdict.ok for verdict in verdicts)):
        return verdicts
    for node in _graph(subject, order):
        op = node.op
        if op is None or node.constant or not op.kinks or (op.elementwise and op.arity == 1):
            continue
        for verdict in examine(_alone(node, op), 1):
            if verdict.tied and not verdict.ok:
                return [
                    replace(each, verdict="wrong", ok=False) if each.verdict == "kink" else each
                    for each in verdicts
                ]
    return verdicts


def _explained(subject: Subject, verdicts: list[Verdict], order: int) -> Report:
    """Add to what failed why it did, and what to do about it."""
    words = {verdict.verdict for verdict in verdicts if not verdict.ok}
    if "outside domain" not in words and len(ask(subject, 1, times=9)) > 1:
        verdicts = [verdict for verdict in verdicts if verdict.order < order]
        verdicts += same_for_all(subject, order, "non-deterministic")
        words = set()
    blame, otherwise, output, culprit = "Correct the gradient.", "", None, None
    if not isinstance(subject, Opaque):
        blame, otherwise = "", ""
        with suppress(*NO_VALUE):
            output = subject.build(subject.points, 1)[1]
        if words & {"wrong", "kink"}:
            blame, otherwise, graph, culprit = _blame(subject, order)
            output = graph[-1] if graph else output
    advised = tuple(_advised(verdict, blame, otherwise) for verdict in verdicts)
    return Report(advised, output, culprit)


def _advised(verdict: Verdict, blame: str, otherwise: str) -> Verdict:
    """Complete the advice of a verdict that is not ok."""
    word, known = verdict.verdict, verdict.advice
    if verdict.ok:
        return verdict
    if word == "wrong" and not blame and not isfinite(verdict.engine):
        word = "outside domain"  # no rule is to blame that it is not finite
    if word == "wrong":
        advice = [known, blame or otherwise]
    elif word == "kink":
        advice = [blame, _ADVICE[word]]
    else:
        advice = [known or _ADVICE[word]]
    return replace(verdict, verdict=word, advice=" ".join(filter(None, advice)))


def _blame(subject: Subject, order: int) -> tuple[str, str, list[Node], Node | None]:
    """Check each op on the operands it had, and name the first whose rule is wrong.

    Returns
    -------
    blame : str
        Empty if all are right.
    otherwise : str
        What it may be then.
    graph : list of Node
        Where the op was found.
    culprit : Node or None
    """
    kinks: dict[str, None] = {}
    for k in range(1, order + 1):
        graph = _graph(subject, order if k == 1 else 1)
        for node in graph:
            if node.op is None or node.constant:
                continue
            for verdict in examine(_alone(node, node.op), k):
                if verdict.verdict == "kink" and verdict.ok:
                    kinks[node.op.name] = None
                elif verdict.verdict in ("wrong", "kink"):
                    return _culprit(node, node.op, verdict), "", graph, node
    if not kinks:
        return "", _NO_NODE, [], None
    otherwise = (
        f"Each rule is right on its own operands, but {' and '.join(kinks)} stand at a kink, and "
        "there slopes cannot be chained. Move the input."
    )
    return "", otherwise, [], None


def _graph(subject: Subject, order: int) -> list[Node]:
    """List the nodes of a derivative; where it cannot be computed, those of the function."""
    try:
        return trace(subject.build(subject.points, order)[1])
    except Exception:  # raised by a rule, which is about to be found
        return trace(subject.build(subject.points, 1)[1])


def _alone(node: Node, op: Op) -> Subject:
    """Make a function of one op, on the operands that it had."""
    leaves = [
        x._kind(arg, constant=x.constant, name=name)
        for x, arg, name in zip(node.inputs, node.args, _operands(node, op), strict=True)
    ]

    def f(*operands: Node) -> Any:
        several = op.arity is None
        return op(list(operands), **node.params) if several else op(*operands, **node.params)

    return Subject(f, leaves)


def _operands(node: Node, op: Op) -> list[str]:
    """Name the operands as the formula of a rule does."""
    names = list(signature(op).parameters)
    if op.arity is None:
        return [f"{names[0]}[{i}]" for i in range(len(node.inputs))]
    return names[: op.arity]


def _culprit(node: Node, op: Op, verdict: Verdict) -> str:
    """Put a wrong rule into words."""
    names = _operands(node, op)
    what, gives = f"its rule for {verdict.input}", "gives"
    formula = rule(op, names.index(verdict.input))
    if verdict.tied:
        what, gives = f"its rules for {some(verdict.tied)}, moved together,", "give"
    elif verdict.order > 1:
        what = f"the {ORDINALS[verdict.order - 1]} derivative of its rules by {verdict.input}"
    elif formula != "not an algebraic formula":
        what += f", {formula},"
    numbers = [f"g = {1 if np.size(node._held) == 1 else 'random numbers'}"]
    for name, x in zip(names, node.args, strict=True):
        numbers.append(f"{name} of shape {x.shape}" if np.ndim(x) else f"{name} = {x:.6g}")
    numbers += [f"{name} = {brief(value)}" for name, value in node.params.items()]
    if verdict.element:
        numbers.append(f"at element {list(verdict.element)}, which is {verdict.value:.6g}")
    gave, right = told_apart(verdict.engine, verdict.reference)
    if verdict.sides:
        right = " to ".join(map(number, sorted(verdict.sides)))
    if not isfinite(verdict.reference) and not verdict.sides:
        return (
            f"{op.name}: {what} cannot be computed, with {', '.join(numbers)}. Correct this rule."
        )
    return (
        f"{op.name}: {what} {gives} {gave} where {right} is right, with {', '.join(numbers)}. "
        "Correct this rule."
    )
