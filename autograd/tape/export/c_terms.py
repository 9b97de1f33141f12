"""Expressions of C, with as few parentheses as they need."""

import ast
import builtins
import math
import operator
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

CHOICE, OR, AND, EQUAL, LESS, SUM, PRODUCT, SIGN, ATOM = range(9)  # how tightly signs bind

INFIX: Mapping[Any, tuple[str, int]] = {
    **dict.fromkeys([ast.Add, operator.add], ("+", SUM)),
    **dict.fromkeys([ast.Sub, operator.sub], ("-", SUM)),
    **dict.fromkeys([ast.Mult, operator.mul], ("*", PRODUCT)),
    **dict.fromkeys([ast.Div, operator.truediv], ("/", PRODUCT)),
}
COMPARED: Mapping[type[ast.cmpop], tuple[str, int]] = {
    ast.Lt: ("<", LESS),
    ast.LtE: ("<=", LESS),
    ast.Gt: (">", LESS),
    ast.GtE: (">=", LESS),
    ast.Eq: ("==", EQUAL),
    ast.NotEq: ("!=", EQUAL),
}
_OF_ONE = (
    *("sqrt", "cbrt", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "fabs"),
    *("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh"),
    *("asinh", "acosh", "atanh", "erf", "erfc", "lgamma", "floor", "ceil", "trunc"),
)
_OF_TWO = ("pow", "atan2", "hypot", "copysign", "fmod", "remainder")
_CALLED: Mapping[Any, tuple[str, int]] = {
    **{getattr(math, name): (name, 1) for name in _OF_ONE},
    **{getattr(math, name): (name, 2) for name in _OF_TWO},
    **dict.fromkeys([builtins.abs, operator.abs], ("fabs", 1)),
    **dict.fromkeys([builtins.pow, operator.pow], ("pow", 2)),
    math.gamma: ("tgamma", 1),
}
_ASKED: Mapping[Any, str] = {
    math.isnan: "isnan",
    math.isinf: "isinf",
    math.isfinite: "isfinite",
}
_RESERVED = """
    auto break case char const continue default do double else enum extern float for goto if
    inline int long register restrict return short signed sizeof static struct switch typedef
    union unsigned void volatile while asm typeof main unix linux
    NAN INFINITY HUGE_VAL M_PI M_E signgam abs labs div exit abort index printf puts
    j0 j1 jn y0 y1 yn gamma round rint nearbyint fma fmin fmax fdim logb ilogb ldexp frexp modf
    scalbn nextafter exp10 pow10 sincos drem finite significand isnormal signbit
    inputs params outputs program
"""
KEYWORDS = frozenset(_RESERVED.split()) | {
    name for name, _ in [*_CALLED.values(), *((name, 1) for name in _ASKED.values())]
}


class Untranslatable(Exception):
    """Something of Python that has no counterpart in C."""


class Term(NamedTuple):
    """An expression, how tightly it holds together, and whether it is a condition."""

    text: str
    level: int = ATOM
    condition: bool = False

    def within(self, level: int) -> str:
        """Write it beside a sign that binds as tightly as this level."""
        return self.text if self.level >= level else f"({self.text})"


def number(x: Any) -> Term:
    """Write a number that is known, to its last digit.

    Examples
    --------
    >>> number(0.1).text, number(-float("inf")).text
    ('0.1', '-INFINITY')
    """
    if isinstance(x, str) or not hasattr(x, "__float__"):
        raise Untranslatable(f"{x!r:.60} is no real number")
    size = repr(math.fabs(x)).replace("inf", "INFINITY").replace("nan", "NAN")
    return Term(size) if math.copysign(1.0, x) > 0 or x != x else Term(f"-{size}", SIGN)


def infix(sign: str, level: int, a: Term, b: Term) -> Term:
    """Write a sign between two expressions; of equal ones, the left comes first."""
    return Term(f"{a.within(level)} {sign} {b.within(level + 1)}", level)


def negative(x: Term) -> Term:
    """Write -x; no second - may follow directly."""
    return Term(f"-{x.within(ATOM)}", SIGN)


def joined(sign: str, level: int, parts: Sequence[Term]) -> Term:
    """Write conditions with && or || between them."""
    return Term(f" {sign} ".join(x.within(EQUAL) for x in parts), level, condition=True)


def compared(op: ast.cmpop, a: Term, b: Term) -> Term:
    """Write a comparison."""
    if type(op) not in COMPARED:
        raise Untranslatable(f"{type(op).__name__} compares no numbers")
    sign, level = COMPARED[type(op)]
    return Term(f"{a.within(SUM)} {sign} {b.within(SUM)}", level, condition=True)


def choice(test: Term, a: Term, b: Term) -> Term:
    """Write a where a test holds, else b."""
    return Term(f"{test.within(OR)} ? {a.within(OR)} : {b.text}", CHOICE)


def called(name: str, operands: Sequence[Term]) -> Term:
    """Write a call."""
    return Term(f"{name}({', '.join(x.text for x in operands)})")


def builtin(function: Any, operands: Sequence[Term]) -> Term | None:
    """Write a call of a function that Python itself has; None if C does not know it."""
    name, count = _CALLED.get(function, ("", 0))
    if count == len(operands):
        return called(name, operands)
    match operands:
        case [x] if function in (float, operator.pos):
            return x
        case [x] if function is operator.neg:
            return negative(x)
        case [_] if function in _ASKED:
            return called(_ASKED[function], operands)._replace(condition=True)
        case [a, b] if function in INFIX:
            return infix(*INFIX[function], a, b)
        case [a, b] if function is math.log:
            return infix("/", PRODUCT, called("log", [a]), called("log", [b]))
        case [a, b] if function is builtins.max:
            return choice(Term(f"{b.within(SUM)} > {a.within(SUM)}", LESS), b, a)
        case [a, b] if function is builtins.min:
            return choice(Term(f"{b.within(SUM)} < {a.within(SUM)}", LESS), b, a)
    return None
