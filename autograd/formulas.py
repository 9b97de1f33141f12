"""Symbols: names that ops can be applied to, so that rules give formulas."""

from collections.abc import Mapping
from inspect import Parameter, signature
from math import prod
from typing import Any

import numpy as np

from .ops import ATOM, Op, Operand, Params, brief, transpose
from .pickles import publish as _publish
from .texts import shown

Formula = Any  # a Symbol, or a number where the formula has come down to one

_LONGEST = 200  # of a name that is made of several
_POWERS = {"pow", "square", "transpose"}  # their base binds tighter than themselves
_FEW = 4  # elements of an array that are written out
_ORDERED = {"sub", "div", "logistic_error", "softmax_error"}  # a - (b - c) is not (a - b) - c
# How tightly the signs around each operand bind, where a formula has several.
_INSIDE = {
    "linear": (2, 5, 1),
    "conv2d": (2, 3, 1),
    "layer_norm": (1, 2, 1),
    "batch_norm": (1, 2, 1),
}
_WHOLE = 1e5  # beyond, whole numbers are rounded, too
_RAISED = range(-99, 100)  # exponents that are written high
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")

# How a terminal shows the rows that are not simply called by name.
_WRITTEN: Mapping[str, str] = {
    "add": "{0} + {1}",
    "sub": "{0} - {1}",
    "mul": "{0}·{1}",
    "div": "{0}/{1}",
    "pow": "{0}^{1}",
    "neg": "-{0}",
    "square": "{0}²",
    "abs": "|{0}|",
    "heaviside": "[{0} > 0]",
    "xlogy": "{0}·log({1})",
    "matmul": "{0} @ {1}",
    "transpose": "{0}ᵀ",
    "logistic_error": "sigmoid({0}) - {1}",
    "linear": "{0} @ {1}ᵀ + {2}",
    "conv2d": "{0} ⋆ {1} + {2}",
    "correlate2d": "{0} ⋆ {1}",
}


class Symbol(Operand):
    r"""A name, or an op applied to other formulas.

    Operators and ops work on it, so any rule of the table can be applied to it. It may stand for
    an array. A shape that is not given is taken to be what is needed; a matrix, where it matters.

    Examples
    --------
    >>> from autograd import tanh
    >>> x = Symbol("x")
    >>> 1 - tanh(2 * x) ** 2
    1 - tanh(2·x)²
    """

    __slots__ = ("_shape", "name", "op", "operands", "params")
    fraction = False  # whether the name has a bar of its own, as ∂y/∂x has
    whole = False  # whether it is written out however long it is

    def __init__(
        self,
        name: str,
        op: Op | None = None,
        operands: tuple[Formula, ...] = (),
        params: Params | None = None,
        shape: tuple[int, ...] | None = None,
    ) -> None:
        self.name = name
        self.op = op
        self.operands = operands
        self.params = params or {}
        self._shape = shape

    def __apply_op__(self, op: Op, operands: tuple[Formula, ...], params: Params) -> Any:
        simpler = _simplified(op, operands)
        return applied(op, operands, params) if simpler is None else simpler

    @property
    def shape(self) -> Any:
        return _Unknown(f"shape({self})") if self._shape is None else self._shape

    @property
    def dtype(self) -> "_Unknown":
        return _Unknown(f"dtype({self})")

    @property
    def size(self) -> Any:
        return Symbol(f"size({self})") if self._shape is None else prod(self._shape)

    @property
    def ndim(self) -> int:
        return 2 if self._shape is None else len(self._shape)

    @property
    def mT(self) -> "Symbol":
        return transpose(self)  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        return written(self)


class _Unknown(str):
    """The shape of a symbol: equal to any other, so that no rule sees a need to adapt it."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    __iter__ = None  # type: ignore[assignment]  # nobody knows how many lengths it has

    def __getitem__(self, index: Any) -> "_Unknown":
        """Give a part of the shape, which is as unknown."""
        start, stop = ("" if i is None else i for i in (index.start, index.stop))
        return _Unknown(f"{self}[{start}:{stop}]")

    def __repr__(self) -> str:
        return str(self)


def rule(op: Op, i: int) -> str:
    """Write what flows to operand `i` of an op as a formula of g, the result and the operands.

    Examples
    --------
    >>> from autograd import OPS
    >>> rule(OPS["tanh"], 0)
    'g·(1 - y²)'
    """
    operands, params = _called_with_symbols(op)
    vjp = (op.written or op.vjps)[i]
    if vjp is None:
        return "refused"
    try:
        formula = vjp(Symbol("g"), Symbol("y"), *operands, **params)
        return "0" if formula is None else written(formula)
    except Exception:  # a rule for numbers only
        return "not an algebraic formula"


def composition(op: Op) -> str | None:
    """Write what an op is in smaller rows, as a formula of its operands; None where it is one row.

    Examples
    --------
    >>> from autograd import OPS
    >>> composition(OPS["softmax_error"])
    'softmax(z)·sum(t, axis=-1, keepdims=True) - t'
    """
    if op.composition is None:
        return None
    operands, params = _called_with_symbols(op)
    try:
        return written(op.composition(*operands, **params))
    except Exception:  # it reads a shape, which no symbol has
        return "not an algebraic formula"


def _called_with_symbols(op: Op) -> tuple[list[Symbol], Params]:
    """Name the operands of an op, and what params are usually, or are called."""
    unknown = Symbol if op.elementwise else _Unknown
    params = {
        name: unknown(name) if usual is Parameter.empty else usual
        for name, usual in op.defaults.items()
    }
    return [Symbol(name) for name in list(signature(op).parameters)[: op.arity or 1]], params


def applied(op: Op, operands: tuple[Formula, ...], params: Params) -> Symbol:
    """Write an op applied to operands, as it was called: nothing is simplified or computed."""
    return Symbol("", op, operands, params)


def slope(
    op: Op,
    i: int,
    result: Formula,
    operands: tuple[Formula, ...],
    params: Params,
    upstream: Formula = 1.0,
) -> Formula:
    """Give d(result)/d(operand i), times what comes in: the formula, or of numbers the number.

    Examples
    --------
    >>> from autograd import OPS
    >>> y, x = Symbol("y"), Symbol("x")
    >>> slope(OPS["tanh"], 0, y, (x,), {})
    1 - y²
    """
    vjp = (op.written or op.vjps if isinstance(result, Symbol) else op.vjps)[i]
    formula = vjp(upstream, result, *operands, **params) if vjp else None
    return 0.0 if formula is None else formula


def number(x: Any, digits: int = 5) -> str:
    """Write a number with so many significant digits; an array in one line.

    Examples
    --------
    >>> import numpy as np
    >>> number(1 / 3), number(np.eye(2)), number(np.arange(12.0).reshape(4, 3))
    ('0.33333', '[[1, 0], [0, 1]]', '4×3: 0 … 11')
    """
    if x.__class__ is float or np.ndim(x) == 0:  # to ask the class is much faster
        return f"{float(x) + 0.0:.{digits}g}"  # + 0.0 turns -0 into 0
    if np.size(x) <= _FEW:
        return f"[{', '.join(number(part, min(digits, 3)) for part in x)}]"
    low, high = number(np.min(x), 3), number(np.max(x), 3)
    return f"{'×'.join(map(str, x.shape))}: {low if low == high else f'{low} … {high}'}"


def written(formula: Formula) -> str:
    """Write a formula for a terminal."""
    if not isinstance(formula, Symbol):
        return number(formula)
    op, operands = formula.op, formula.operands
    if op is None:
        return formula.name if formula.whole else shown(formula.name, _LONGEST)
    if called(formula):
        return f"{op.name}({', '.join([*map(_part, operands), *options(formula)])})"
    words = [
        f"({_part(x)})"
        if getattr(x, "fraction", False) or (not called(x) and loose(formula, i))
        else _part(x)
        for i, x in enumerate(operands)
    ]
    if op.name == "pow" and not isinstance(operands[1], Symbol) and operands[1] in _RAISED:
        return words[0] + number(operands[1]).translate(_SUPERSCRIPTS)
    return _WRITTEN[op.name].format(*words)


def _part(operand: Formula) -> str:
    """Write an operand; a number that only looks whole, such as 1.0000001, with all it has."""
    text = written(operand)
    if isinstance(operand, Symbol) or np.ndim(operand) > 0:
        return text
    x = float(operand)
    return f"{x:.15g}" if abs(x) < _WHOLE and x != round(x) == float(text) else text


def options(formula: Symbol) -> list[str]:
    """List the params of an op that are not what they are if not given."""
    assert formula.op is not None
    usual = formula.op.defaults
    return [f"{k}={brief(v)}" for k, v in formula.params.items() if repr(v) != repr(usual.get(k))]


def called(formula: Formula) -> bool:
    """Whether text writes this as a call, which holds together by itself."""
    op = formula.op if isinstance(formula, Symbol) else None
    return op is not None and (op.name not in _WRITTEN or bool(options(formula)))


def loose(formula: Symbol, i: int) -> bool:
    """Whether operand `i` needs parentheses when it is written next to the sign of the op."""
    op, operand = formula.op, formula.operands[i]
    assert op is not None
    if op.precedence == ATOM or options(formula):
        return False
    if not isinstance(operand, Symbol):
        return bool(operand < 0) and (i > 0 or op.name in _POWERS)
    if operand.op is None:
        return operand.fraction and i == 0 and op.name in _POWERS
    inner = ATOM if options(operand) else operand.op.precedence
    outer = _INSIDE[op.name][i] if op.name in _INSIDE else op.precedence
    if i > 0 and _begins_with_minus(operand):
        return True
    if inner == outer:
        return (i > 0 and op.name in _ORDERED) or (i == 0 and op.name in _POWERS)
    return inner < outer


def _begins_with_minus(formula: Formula) -> bool:
    """Whether a sign comes first, as in -x·y, which would meet the sign before it."""
    if not isinstance(formula, Symbol):
        return bool(formula < 0)
    if formula.op is None or called(formula):
        return False
    if formula.op.name == "neg":
        return True
    begins = _WRITTEN[formula.op.name].startswith("{0}") and not loose(formula, 0)
    return begins and _begins_with_minus(formula.operands[0])


def _simplified(op: Op, operands: tuple[Formula, ...]) -> Formula | None:
    """Give the shorter formula for x*1, x+0, x**1 and their like; None if there is none."""
    match op.name, operands:
        case ("mul", (1.0, x)) | ("mul", (x, 1.0)) | ("add", (0.0, x)) | ("add", (x, 0.0)):
            return x
        case ("sub", (x, 0.0)) | ("div", (x, 1.0)) | ("pow", (x, 1.0)):
            return x
        case ("mul", (0.0, _)) | ("mul", (_, 0.0)):
            return 0.0
        case ("mul", (-1.0, x)) | ("mul", (x, -1.0)):
            return -x
        case ("mul", (x, y)) if x is y:
            return x**2
        case ("where", (float() as condition, x, y)):
            return x if condition else y
        case ("where", (condition, x, y)) if x in (condition, y):  # what stands in for x at 0
            return x
        case ("neg", (Symbol(op=inner, operands=(x,)),)) if inner is op:
            return x
    return None


_publish(__name__, globals(), ["Symbol"])
