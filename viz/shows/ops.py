"""An op is shown as its formula, the rule of each operand, and its curve."""

from collections.abc import Iterator
from inspect import Parameter, signature
from math import isfinite, nan
from typing import Any

from autograd import Op
from autograd.formulas import Formula, Symbol, applied, rule, slope

from ..moments import latex, mathml
from ..plots import joined, sampled, usual_range
from .charts import Curve, chart
from .html import block, equations, paragraphs, table, words

_FROM, _TO = -4.0, 4.0
_RESULT, _PASSED = Symbol("y"), Symbol("g")


def op(op: Op) -> dict[str, str]:
    """Show what an op computes, and what flows to each of its operands."""
    names = list(signature(op).parameters)
    operands = tuple(map(Symbol, names[: op.arity or 1]))
    params = {
        name: Symbol(name) if usual is Parameter.empty else usual
        for name, usual in op.defaults.items()
    }
    formula = applied(op, operands, params)
    rules = [_rule(op, i, operands, params) for i in range(len(operands))]
    domains = [domain.text for domain in op.domain] or ["any real number"] * len(operands)
    rows = [
        (words(x.name), passed if isinstance(passed, str) else mathml(passed), words(domain))
        for x, passed, domain in zip(operands, rules, domains, strict=True)
    ]
    lines = [rf"y &= {latex(formula)}"]
    lines += [
        rf"{latex(x)} &\leftarrow {latex(passed)}"
        for x, passed in zip(operands, rules, strict=True)
        if not isinstance(passed, str)
    ]
    shown = block(
        f"{op.name}({', '.join(names)})",
        paragraphs([op.doc]),
        f"<div>{mathml(_RESULT, formula)}</div>",
        table(("operand", "receives, where g comes in", "domain"), rows),
        _curve(op) if op.arity == 1 and op.elementwise and not _is_incomplete(op) else "",
    )
    return shown | equations(*lines, form="aligned")


def _rule(op: Op, i: int, operands: tuple[Symbol, ...], params: dict[str, Any]) -> Formula:
    """Give what flows to an operand as a formula; in words where there is none."""
    if op.vjps[i] is None:
        return "refused"
    try:
        return slope(op, i, _RESULT, operands, params, _PASSED)
    except Exception:  # a rule for numbers only
        return words(rule(op, i))


def _is_incomplete(op: Op) -> bool:
    return Parameter.empty in op.defaults.values()


def _curve(op: Op) -> str:
    points = sampled(op, op.name, _FROM, _TO)
    curves = {
        f"{op.name}{mark}(x)": list(_followed(op, points, part))
        for part, mark in ((1, ""), (2, "′"))
    }
    seen = [y for point in points for y in point[1:] if isfinite(y)]
    low, high = usual_range(seen) or (min(seen), max(seen))
    shown = {name: _cut(curve, low, high) for name, curve in curves.items()}
    return chart(shown, "x", colors="02", log=False)


def _followed(op: Op, points: Any, part: int) -> Iterator[tuple[float, float]]:
    return ((point.x, point[part]) for point in joined(op, op.name, points, part))


def _cut(curve: Curve, low: float, high: float) -> Curve:
    """Part a line where it leaves the picture."""
    return [(x, y if low <= y <= high else nan) for x, y in curve]
