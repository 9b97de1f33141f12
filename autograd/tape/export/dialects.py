"""What C and JavaScript write in different ways, or do not know, of what Python computes."""

import ast
import builtins
import math
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .terms import (
    EQUAL,
    LESS,
    PRODUCT,
    SIGN,
    SUM,
    Term,
    Untranslatable,
    called,
    choice,
    infix,
    negative,
)

INFIX: Mapping[Any, tuple[str, int]] = {
    **dict.fromkeys([ast.Add, operator.add], ("+", SUM)),
    **dict.fromkeys([ast.Sub, operator.sub], ("-", SUM)),
    **dict.fromkeys([ast.Mult, operator.mul], ("*", PRODUCT)),
    **dict.fromkeys([ast.Div, operator.truediv], ("/", PRODUCT)),
}
_COMPARED: Mapping[type[ast.cmpop], tuple[str, int]] = {
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
_FUNCTIONS: Mapping[Any, tuple[str, int]] = {
    **{getattr(math, name): (name, 1) for name in _OF_ONE},
    **{getattr(math, name): (name, 2) for name in _OF_TWO},
    **dict.fromkeys([builtins.abs, operator.abs], ("fabs", 1)),
    **dict.fromkeys([builtins.pow, operator.pow], ("pow", 2)),
    math.gamma: ("tgamma", 1),
}


@dataclass(frozen=True)
class Dialect:
    """A language that computes with doubles.

    Attributes
    ----------
    name : str
    library : str
        Where its functions are from.
    head : str
        How the definition of a function opens.
    parameter, nothing, constant, variable : str
        How a parameter, the lack of any, a name that is bound once, and one that is bound again
        are declared.
    infinity, nan : str
    equal, unequal : str
        Signs.
    as_number : str
        The sign that makes 1 of what is true, and 0 of what is not.
    functions : mapping
        For functions of Python, their names and how many operands they take.
    questions : mapping
        The same for functions of one number that are true or false; they have names only.
    helpers : mapping
        What is missing in the library: names, and definitions of functions.
    reserved : str
        Words that mean something else.
    """

    name: str
    library: str
    head: str
    parameter: str
    nothing: str
    constant: str
    variable: str
    infinity: str
    nan: str
    equal: str
    unequal: str
    as_number: str
    functions: Mapping[Any, tuple[str, int]]
    questions: Mapping[Any, str]
    reserved: str
    helpers: Mapping[str, str] = field(default_factory=dict)

    @property
    def taken(self) -> set[str]:
        """The words that are no names for what a program holds."""
        known = {name for name, _ in self.functions.values()}
        return {*self.reserved.split(), *known, *self.questions.values(), *self.helpers}

    def number(self, x: Any) -> Term:
        """Write a number that is known, to its last digit.

        Examples
        --------
        >>> C.number(0.1).text, C.number(-float("inf")).text
        ('0.1', '-INFINITY')
        """
        if isinstance(x, str) or not hasattr(x, "__float__"):
            raise Untranslatable(f"{x!r:.60} is no real number")
        size = repr(math.fabs(x)).replace("inf", self.infinity).replace("nan", self.nan)
        return Term(size) if math.copysign(1.0, x) > 0 or x != x else Term(f"-{size}", SIGN)

    def compared(self, op: ast.cmpop, a: Term, b: Term) -> Term:
        """Write a comparison."""
        if type(op) not in _COMPARED:
            raise Untranslatable(f"{type(op).__name__} compares no numbers")
        sign, level = _COMPARED[type(op)]
        sign = {"==": self.equal, "!=": self.unequal}.get(sign, sign)
        return Term(f"{a.within(SUM)} {sign} {b.within(SUM)}", level, condition=True)

    def builtin(self, function: Any, operands: Sequence[Term]) -> Term | None:
        """Write a call of a function that Python itself has; None if the language has it not."""
        name, count = self.functions.get(function, ("", 0))
        if count == len(operands):
            return called(name, operands)
        match operands:
            case [x] if function in (float, operator.pos):
                return x
            case [x] if function is operator.neg:
                return negative(x)
            case [_] if function in self.questions:
                return called(self.questions[function], operands)._replace(condition=True)
            case [a, b] if function in INFIX:
                return infix(*INFIX[function], a, b)
            case [a, b] if function is math.log:
                return infix("/", PRODUCT, *(called(name, [x]) for x in operands))
            case [a, b] if function is builtins.max:
                return choice(Term(f"{b.within(SUM)} > {a.within(SUM)}", LESS), b, a)
            case [a, b] if function is builtins.min:
                return choice(Term(f"{b.within(SUM)} < {a.within(SUM)}", LESS), b, a)
        return None


C = Dialect(
    name="C",
    library="math.h",
    head="static inline double {name}({parameters})\n{{",
    parameter="double {name}",
    nothing="void",
    constant="const double",
    variable="double",
    infinity="INFINITY",
    nan="NAN",
    equal="==",
    unequal="!=",
    as_number="(double)",
    functions=_FUNCTIONS,
    questions={math.isnan: "isnan", math.isinf: "isinf", math.isfinite: "isfinite"},
    reserved="""
        auto break case char const continue default do double else enum extern float for goto if
        inline int long register restrict return short signed sizeof static struct switch typedef
        union unsigned void volatile while asm typeof main unix linux
        NAN INFINITY HUGE_VAL M_PI M_E signgam abs labs div exit abort index printf puts
        j0 j1 jn y0 y1 yn gamma round rint nearbyint fma fmin fmax fdim logb ilogb ldexp frexp modf
        scalbn nextafter exp10 pow10 sincos drem finite significand isnormal signbit
        inputs params outputs program
    """,
)

_HELPERS = {
    # In JavaScript 1 to the power of NaN or Infinity is NaN.
    "pow": """\
function pow(x, y) {
    return x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : Math.pow(x, y);
}""",
    "exp2": """\
function exp2(x) {
    return Math.pow(2, x);
}""",
    "copysign": """\
function copysign(x, y) {
    return y < 0 || Object.is(y, -0) ? -Math.abs(x) : Math.abs(x);
}""",
    "fmod": """\
function fmod(x, y) {
    return x % y;
}""",
    "isinf": """\
function isinf(x) {
    return Math.abs(x) === Infinity;
}""",
}
_MISSING = {"erf", "erfc", "lgamma", "tgamma", "remainder"}
_NAMED = {"fabs": "Math.abs", **{name: name for name in _HELPERS}}

JAVASCRIPT = Dialect(
    name="JavaScript",
    library="Math",
    head="function {name}({parameters}) {{",
    parameter="{name}",
    nothing="",
    constant="const",
    variable="let",
    infinity="Infinity",
    nan="NaN",
    equal="===",
    unequal="!==",
    as_number="+",
    functions={
        function: (_NAMED.get(name, f"Math.{name}"), count)
        for function, (name, count) in _FUNCTIONS.items()
        if name not in _MISSING
    },
    questions={
        math.isnan: "Number.isNaN",
        math.isinf: "isinf",
        math.isfinite: "Number.isFinite",
    },
    helpers=_HELPERS,
    reserved="""
        arguments async await break case catch class const continue debugger default delete do else
        enum eval export extends false finally for function get if implements import in instanceof
        interface let new null of package private protected public return set static super switch
        this throw true try typeof undefined var void while with yield
        Float64Array Infinity Math NaN Number Object inputs params outputs program programParams
    """,
)
