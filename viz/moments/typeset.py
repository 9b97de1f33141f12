"""Formulas of symbols, written in LaTeX and in MathML."""

import re
from functools import cache
from html import escape

import numpy as np
from latex2mathml.converter import convert

from autograd import OPS, Op
from autograd.formulas import Formula, Symbol, applied, loose, options
from autograd.texts import shown

from .arrays import Line, Numbers
from .live import Live, number, parted, where_nearly, where_negative

_LONGEST = 200  # of a name that is made of several
_SIGNS = (" = ", " + ")  # by themselves in a line
_SLOTS = "\ue000\ue001\ue002"
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_LATEX_SIGNS = {sign: rf"\{sign}" for sign in "{}$&#_%"} | {
    "\\": r"\backslash ",
    "^": r"\wedge ",
    "~": r"\sim ",
    " ": r"\ ",
    **dict.fromkeys("\u2068\u2069", ""),  # the parts of a formula stand by themselves
}
_DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


class Derivative(Symbol):
    """d(name)/d(by), written as a fraction."""

    __slots__ = ("by", "of")

    fraction = True

    def __init__(self, name: str, by: str, shape: tuple[int, ...] | None = None) -> None:
        super().__init__(f"∂{name}/∂{by}", shape=shape)
        self.of = name
        self.by = by


class Nearly(Symbol):
    """A live number by itself; where it only looks whole, by what it lacks, as in 1 - 2e-12."""

    __slots__ = ("live",)

    whole = True

    def __init__(self, x: Live) -> None:
        near, by = parted(x)
        self.live = x
        below, above = (f"{number(near)} {sign} {number(by)}" for sign in "-+")
        super().__init__(where_nearly(x, below, above, number(x)), operands=(near, by), shape=())


def subscript(k: int) -> str:
    """Write a whole number as a subscript."""
    return str(k).translate(_SUBSCRIPTS)


def latex(formula: Formula) -> str:
    r"""Write a formula in LaTeX; names are escaped.

    Examples
    --------
    >>> print(latex(Symbol("a_b") * Symbol("v₁") ** 2))
    \mathrm{a\_b} \cdot v_{1}^{2}
    """
    if not isinstance(formula, Symbol):
        return rf"\text{{{number(formula)}}}" if np.ndim(formula) else number(formula)
    op = formula.op
    if isinstance(formula, Derivative):
        above, below = _latex_name(formula.of), _latex_name(formula.by)
        return rf"\frac{{\partial {above}}}{{\partial {below}}}"
    if isinstance(formula, Numbers):
        return _latex_matrix(formula)
    if op is None:
        return _latex_name(formula.name)
    if options(formula):
        words = [*map(latex, formula.operands), *map(_latex_name, options(formula))]
        return rf"{_latex_name(op.name)}\left({', '.join(words)}\right)"
    words = [
        rf"\left({latex(x)}\right)" if loose(formula, i) and not _fenced(op, i) else latex(x)
        for i, x in enumerate(formula.operands)
    ]
    return op.latex.format(*words) if op.arity else op.latex.format(", ".join(words))


def mathml(*formulas: Formula) -> str:
    """Write formulas in MathML, with an equals sign between them; names are escaped."""
    terms = "<mo>=</mo>".join(map(_mathml, formulas))
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML"><mrow>{terms}</mrow></math>'


def line_mathml(line: Line) -> str:
    """Write a line that holds arrays in MathML, each equation by itself; "" for only words."""
    if all(isinstance(part, str) for part in line):
        return ""
    written = "".join(map(_mathml_part, line)).split("\n")
    return "".join(f"<math><mrow>{equation}</mrow></math>" for equation in written)


def _mathml_part(part: str | Symbol) -> str:
    if not isinstance(part, str):
        return _mathml(part)
    if part in _SIGNS:
        return f"<mo>{part.strip()}</mo>"
    words = escape(shown(part, _LONGEST)).replace(" ", "&#160;")
    return part if part == "\n" else f"<mtext>{words}</mtext>"


def _mathml_matrix(numbers: Numbers) -> str:
    if numbers.data.size == 0 or numbers.data.ndim == 0:
        return f"<mn>{numbers.name}</mn>"
    rows = (f"<mtr>{''.join(map(_mathml_cell, row))}</mtr>" for row in numbers.rows)
    return f"<mrow><mo>[</mo><mtable>{''.join(rows)}</mtable><mo>]</mo></mrow>"


def _mathml_cell(text: str) -> str:
    return f"<mtd><mn>{text}</mn></mtd>"


def _latex_matrix(numbers: Numbers) -> str:
    if numbers.data.size == 0 or numbers.data.ndim == 0:
        return numbers.name
    rows = r" \\ ".join(" & ".join(row) for row in numbers.rows)
    return rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"


def _mathml(formula: Formula) -> str:
    if not isinstance(formula, Symbol):
        return f"<mn>{number(formula)}</mn>"
    op = formula.op
    if isinstance(formula, Derivative):
        rows = (
            f"<mrow><mo>∂</mo><mi>{escape(shown(x))}</mi></mrow>" for x in (formula.of, formula.by)
        )
        return f"<mfrac>{''.join(rows)}</mfrac>"
    if isinstance(formula, Numbers):
        return _mathml_matrix(formula)
    if isinstance(formula, Nearly):
        parts = formula.operands
        below, above = (_mathml(applied(OPS[name], parts, {})) for name in ("sub", "add"))
        return where_nearly(formula.live, below, above, _mathml(formula.live))
    if op is None:
        return f"<mi>{escape(shown(formula.name, _LONGEST))}</mi>"
    operands = [*map(_mathml, formula.operands)]
    if options(formula):
        words = [*operands, *(f"<mtext>{escape(option)}</mtext>" for option in options(formula))]
        listed = "<mo>,</mo>".join(words)
        return f"<mi>{escape(op.name)}</mi><mo>(</mo>{listed}<mo>)</mo>"
    if op.arity is None:
        operands = ["<mo>,</mo>".join(operands)]
    pieces = _mathml_template(op.latex)
    for i, inner in enumerate(operands):
        if op.arity and not _fenced(op, i):
            inner = _bracketed(formula, i, inner)
        pieces = pieces.replace(f"<mi>{_SLOTS[i]}</mi>", f"<mrow>{inner}</mrow>")
    return pieces


def _bracketed(formula: Symbol, i: int, inner: str) -> str:
    operand, (before, after) = formula.operands[i], ("<mo>(</mo>", "<mo>)</mo>")
    if isinstance(operand, Live):
        places = [*formula.operands]
        places[i] = -1.0
        assert formula.op is not None
        if not loose(applied(formula.op, tuple(places), formula.params), i):
            return inner
        before, after = (where_negative(operand, sign) for sign in (before, after))
    elif not loose(formula, i):
        return inner
    return f"{before}{inner}{after}"


@cache
def _mathml_template(template: str) -> str:
    """Convert a row's LaTeX once, with private characters where the operands go."""
    whole: str = convert(template.format(*_SLOTS))
    return whole[whole.index(">") + 1 : whole.rindex("<")]


def _fenced(op: Op, i: int) -> bool:
    """Whether the LaTeX of `op` itself says where operand `i` begins and ends."""
    return f"{{{{{{{i}}}}}}}" in op.latex


def _latex_name(name: str) -> str:
    letter = re.fullmatch("([A-Za-z])([0-9₀-₉]*)", name)
    if letter:
        base, digits = letter.groups()
        return f"{base}_{{{digits.translate(_DIGITS)}}}" if digits else base
    name = shown(name, _LONGEST)
    return rf"\mathrm{{{''.join(_LATEX_SIGNS.get(sign, sign) for sign in name)}}}"
