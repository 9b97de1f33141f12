"""Formulas: ops and rules applied to symbols instead of numbers, and written down."""

import re
from collections.abc import Mapping
from functools import cache
from html import escape
from typing import Any

from latex2mathml.converter import convert

from autograd import ATOM, Op, Operand, Params

Formula = Any  # a Symbol, or a float where the formula has come down to a number

_POWERS = {"pow", "square"}  # their base binds tighter than themselves
_ORDERED = {"sub", "div"}  # a - (b - c) is not (a - b) - c
_SLOTS = "\ue000\ue001\ue002"
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_LATEX_SIGNS = {sign: rf"\{sign}" for sign in "{}$&#_%"} | {
    "\\": r"\backslash ",
    "^": r"\wedge ",
    "~": r"\sim ",
    " ": r"\ ",
}
_DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")

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
}


class Symbol(Operand):
    r"""A name, or an op applied to other formulas.

    Operators and ops work on it, so any rule of the table can be applied to it.

    Examples
    --------
    >>> from autograd import tanh
    >>> x = Symbol("x")
    >>> text(1 - tanh(2 * x) ** 2)
    '1 - tanh(2·x)²'
    >>> latex(1 / x)
    '\\frac{1}{x}'
    """

    __slots__ = ("name", "op", "operands", "params")

    def __init__(
        self,
        name: str,
        op: Op | None = None,
        operands: tuple[Formula, ...] = (),
        params: Params | None = None,
    ) -> None:
        self.name = name
        self.op = op
        self.operands = operands
        self.params = params or {}

    def __apply_op__(self, op: Op, operands: tuple[Formula, ...], params: Params) -> Any:
        simpler = _simplified(op, operands)
        return Symbol("", op, operands, params) if simpler is None else simpler

    def __repr__(self) -> str:
        return text(self)


class Derivative(Symbol):
    """d(name)/d(by), written as a fraction."""

    __slots__ = ("by",)

    def __init__(self, name: str, by: str) -> None:
        super().__init__(name)
        self.by = by


def applied(op: Op, operands: tuple[Formula, ...], params: Params) -> Symbol:
    """Write an op applied to operands, as it was called: nothing is simplified or computed."""
    return Symbol("", op, operands, params)


def slope(
    op: Op, i: int, result: Formula, operands: tuple[Formula, ...], params: Params
) -> Formula:
    """Give the formula of d(result)/d(operand i): the rule of the row, applied to symbols.

    Examples
    --------
    >>> from autograd import OPS
    >>> y, x = Symbol("y"), Symbol("x")
    >>> text(slope(OPS["tanh"], 0, y, (x,), {}))
    '1 - y²'
    """
    rule = op.vjps[i]
    formula = rule(1.0, result, *operands, **params) if rule else None
    return 0.0 if formula is None else formula


def number(x: float, digits: int = 5) -> str:
    """Write a number with so many significant digits."""
    return f"{x + 0.0:.{digits}g}"  # + 0.0 turns -0 into 0


def subscript(k: int) -> str:
    """Write a whole number as a subscript."""
    return str(k).translate(_SUBSCRIPTS)


def text(formula: Formula) -> str:
    """Write a formula for a terminal."""
    if not isinstance(formula, Symbol):
        return number(formula)
    op, operands = formula.op, formula.operands
    if isinstance(formula, Derivative):
        return f"∂{formula.name}/∂{formula.by}"
    if op is None:
        return formula.name
    if op.name not in _WRITTEN:
        options = [f"{k}={v!r}" for k, v in formula.params.items() if v != op.defaults.get(k)]
        return f"{op.name}({', '.join([*map(text, operands), *options])})"
    written = [
        f"({text(x)})" if not _called(x) and _loose(op, i, x) else text(x)
        for i, x in enumerate(operands)
    ]
    if op.name == "pow" and not isinstance(operands[1], Symbol) and float(operands[1]).is_integer():
        return written[0] + number(operands[1]).translate(_SUPERSCRIPTS)
    return _WRITTEN[op.name].format(*written)


def latex(formula: Formula) -> str:
    r"""Write a formula in LaTeX; names are escaped.

    Examples
    --------
    >>> print(latex(Symbol("a_b") * Symbol("v₁") ** 2))
    \mathrm{a\_b} \cdot v_{1}^{2}
    """
    if not isinstance(formula, Symbol):
        return number(formula)
    op = formula.op
    if isinstance(formula, Derivative):
        above, below = _latex_name(formula.name), _latex_name(formula.by)
        return rf"\frac{{\partial {above}}}{{\partial {below}}}"
    if op is None:
        return _latex_name(formula.name)
    return op.latex.format(
        *(
            rf"\left({latex(x)}\right)" if _loose(op, i, x) and not _fenced(op, i) else latex(x)
            for i, x in enumerate(formula.operands)
        )
    )


def mathml(*formulas: Formula) -> str:
    """Write formulas in MathML, with an equals sign between them; names are escaped."""
    terms = "<mo>=</mo>".join(map(_mathml, formulas))
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML"><mrow>{terms}</mrow></math>'


def _mathml(formula: Formula) -> str:
    if not isinstance(formula, Symbol):
        return f"<mn>{number(formula)}</mn>"
    op = formula.op
    if isinstance(formula, Derivative):
        rows = (f"<mrow><mo>∂</mo><mi>{escape(x)}</mi></mrow>" for x in (formula.name, formula.by))
        return f"<mfrac>{''.join(rows)}</mfrac>"
    if op is None:
        return f"<mi>{escape(formula.name)}</mi>"
    pieces = _mathml_template(op.latex)
    for i, x in enumerate(formula.operands):
        inner = _mathml(x)
        if _loose(op, i, x) and not _fenced(op, i):
            inner = f"<mo>(</mo>{inner}<mo>)</mo>"
        pieces = pieces.replace(f"<mi>{_SLOTS[i]}</mi>", f"<mrow>{inner}</mrow>")
    return pieces


@cache
def _mathml_template(template: str) -> str:
    """Convert a row's LaTeX once, with private characters where the operands go."""
    whole: str = convert(template.format(*_SLOTS))
    return whole[whole.index(">") + 1 : whole.rindex("<")]


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


def _called(formula: Formula) -> bool:
    """Whether text writes this as a call, which holds together by itself."""
    op = formula.op if isinstance(formula, Symbol) else None
    return op is not None and op.name not in _WRITTEN


def _loose(op: Op, i: int, operand: Formula) -> bool:
    """Whether operand `i` needs parentheses when it is written next to the sign of `op`."""
    if op.precedence == ATOM:
        return False
    if not isinstance(operand, Symbol):
        return operand < 0 and (i > 0 or op.name in _POWERS)
    if operand.op is None:
        return False
    inner = operand.op.precedence
    if inner == op.precedence:
        return (i > 0 and op.name in _ORDERED) or (i == 0 and op.name in _POWERS)
    return inner < op.precedence or (i > 0 and operand.op.name == "neg")


def _fenced(op: Op, i: int) -> bool:
    """Whether the LaTeX of `op` itself says where operand `i` begins and ends."""
    return f"{{{{{{{i}}}}}}}" in op.latex


def _latex_name(name: str) -> str:
    letter = re.fullmatch("([A-Za-z])([0-9₀-₉]*)", name)
    if letter:
        base, digits = letter.groups()
        return f"{base}_{{{digits.translate(_DIGITS)}}}" if digits else base
    return rf"\mathrm{{{''.join(_LATEX_SIGNS.get(sign, sign) for sign in name)}}}"
