"""Writes docs/ops.md from the table, so that it says what the code does; run by `make docs`."""

import math
import re
from inspect import Parameter, signature
from itertools import groupby
from pathlib import Path

import numpy as np
from exact import TABLE, errors, params

import autograd
from autograd import Domain, detach, flat
from autograd.formulas import Symbol, applied, composition, number, rule
from autograd.ops.help import MEANINGS
from viz.moments.typeset import latex

PAGE = Path(__file__).resolve().parents[2] / "docs" / "ops.md"

# Rows stand in the order of the table: a group goes on until the first row of the next.
GROUPS = {
    "add": "Arithmetic",
    "exp": "Exponentials and logarithms",
    "sin": "Trigonometric and hyperbolic functions",
    "sigmoid": "Activations",
    "step": "Steps and choices",
    "sum": "Sums, and what else makes one number of many",
    "logsumexp": "Exponentials that are added up",
    "linear": "Layers",
    "one_hot": "Losses of classes",
    "reshape": "Shapes",
    "getitem": "Elements",
    "matmul": "Products",
    "conv2d": "Convolution of images",
    "max_pool2d": "Pooling of images",
    "unfold": "Windows, of which convolution and pooling are made",
}

# Shapes of operands in which two numbers tie; usually two numbers do.
TIED = {
    "max_pool2d": [(1, 1, 1, 2)],
    "min_pool2d": [(1, 1, 1, 2)],
    "max_scatter2d": [(1, 1, 1, 1), (1, 1, 1, 2)],
    "max_gather2d": [(1, 1, 1, 2), (1, 1, 1, 2)],
}

OPENING = """\
# Ops

What is the slope of `relu` at 0, where it jumps from 0 to 1? A backward pass has to take some slope
there, and the first table says which. The tables after it say what every op computes, what it sends
back everywhere else, and how exact that is.

*Written by `make docs` from the rows of [elementwise.py](../autograd/ops/elementwise.py),
[shapes.py](../autograd/ops/shapes.py), [reductions.py](../autograd/ops/reductions.py),
[products.py](../autograd/ops/products.py), [layers.py](../autograd/ops/layers.py),
[losses.py](../autograd/ops/losses.py), [convolution.py](../autograd/ops/convolution.py) and
[pooling.py](../autograd/ops/pooling.py); a test keeps it true.*

## Slopes at kinks

| op | kink | slope taken |
|---|---|---|
"""

READING = """
## All ops

In these tables `y` is the result, `g` the gradient that arrives at it, and *flows back* what
each operand receives. *In smaller ops* is what a layer or a loss would be without an op of its own:
`unroll` and other libraries compute that, and a test says that it is the same. A domain is given
where it is not all real numbers: inside it, an op has a value and a finite slope. *ulp* are the
largest errors found, of the value and of the slope; [what they mean](#how-errors-are-measured)
stands at the end.
"""

PARAMS = """
## Params

| param | of | type | meaning |
|---|---|---|---|
"""

CLOSING = """
## How errors are measured

Against [mpmath](https://mpmath.org) with fifty digits, on fixed operands: for ops on numbers a
hundred, of all sizes from 1e-8 to 16 and close to the ends of a domain; for ops on arrays many
small arrays of such numbers. Exact slopes are complex steps in 150 digits, which know nothing of
the rules.

Errors are in ulp, units in the last place of the right answer: what is merely rounded is off by up
to 0.5, and *exact* is not off at all. Arrays are measured by their largest element, because digits
that cancel in a sum were lost by its terms, not by the op.

The slope of `pow` raises to b - 1: rounding that exponent costs log(a) times as much. The slopes of
`tanh`, `sigmoid`, `elu` and `bce_with_logits` are computed from their operands in another form than
the one shown, which is the same but would lose digits where it cancels. That of `cross_entropy` is
shown for shares that add up to 1; others are computed rightly, too, by `softmax_error`.

## How rules are tested

- **Ops on numbers**: by differences that know their own error, away from kinks; where there are
  none, by the complex step too; the slopes of rules likewise. Operands are drawn by
  [Hypothesis](https://hypothesis.readthedocs.io).
- **Ops on arrays**: first and second derivatives by every element of every operand, by the complex
  step, on fixed arrays of many shapes, empty ones among them; and by the same computation on
  single numbers. `astype`, and `max` and `min` at a tie, have tests of their own.
- **All**: the errors above are bounded by a test, and no op without figures passes it.
"""


def worst(op):
    """The largest errors of value and slope; None where there is none."""
    _, *found = zip(*errors(op), strict=True) if errors(op) else ((), (), ())
    return [max((x for x in column if x is not None), default=None) for column in found]


def page(rows=TABLE, figures=worst):
    """Write the whole page, with the errors that `figures` gives for each op."""
    kinks = "".join(_kink_line(op) for op in rows if op.kinks)
    groups = (_table(*group, figures) for group in groupby(rows, _Headings()))
    meanings = map(_meaning_line, MEANINGS)
    return "".join([OPENING, kinks, READING, *groups, PARAMS, *meanings, CLOSING])


def documented(op):
    """The largest errors of value and slope that the page gives, as `worst` gives them."""
    line = re.search(
        rf"^\| \*\*`{op.name}\(.* \| (\S+) \| (\S+) \|$", PAGE.read_text("utf-8"), re.M
    )
    words = {"–": None, "exact": 0.0}
    return [words[x] if x in words else float(x) for x in line.groups()]


class _Headings:
    """Gives rows their group, in order; rows of a file that is not known here have its name."""

    heading = module = ""

    def __call__(self, op):
        unknown = self.heading if op.__module__ == self.module else op.__module__
        self.heading, self.module = GROUPS.get(op.name, unknown), op.__module__
        return self.heading


def _table(heading, ops, figures):
    lines = "".join(_line(op, figures) for op in ops)
    return f"""
### {heading}

| op | flows back | value, ulp | slope, ulp |
|---|---|--:|--:|
{lines}"""


def _line(op, figures):
    domains = zip(_operands(op), op.domain, strict=False)
    limits = [f"{name} {domain.text}" for name, domain in domains if domain != Domain(domain.text)]
    words = [op.doc.replace("*", r"\*"), *(f"Domain: {text}." for text in limits)]
    if op.composition:
        words.append(f"In smaller ops: {_shown(op, composition(op))}.")
    formula = _formula(op)
    means = "" if formula.startswith(r"\mathrm") else f" = $`{formula}`$"  # its name once more
    cells = [
        f"**`{_call(op)}`**{means}<br>{' '.join(words)}",
        _flows(op),
        *map(_figure, figures(op)),
    ]
    return f"| {' | '.join(cells)} |\n"


def _meaning_line(key):
    """Say what a param means, and in which rows it means that."""
    row, _, name = key.rpartition(".")
    others = [op for op in TABLE if name in op.defaults and f"{op.name}.{name}" not in MEANINGS]
    rows = [row] if row else [op.name for op in others]
    return f"| `{name}` | {', '.join(f'`{x}`' for x in rows)} | {' | '.join(MEANINGS[key])} |\n"


def _operands(op):
    return list(signature(op).parameters)[: op.arity] if op.arity else ["x1", "x2"]


def _call(op):
    """Write a call with its params and their defaults."""
    words = []
    for p in signature(getattr(autograd, op.name, op)).parameters.values():
        usual = p.kind is Parameter.POSITIONAL_OR_KEYWORD and p.default is not Parameter.empty
        star = "*" if p.kind is Parameter.VAR_POSITIONAL else ""
        words.append(f"{p.name}={p.default!r}" if usual else star + p.name)
    return f"{op.name}({', '.join(words)})"


def _formula(op):
    """Write the forward formula without what GitHub refuses, and bars, which would end a cell."""
    formula = latex(applied(op, tuple(map(Symbol, _operands(op))), {}))
    formula = formula.replace(r"\operatorname", r"\mathrm").replace(r"\right|", r"\right\vert")
    return formula.replace("|", r"\vert ")


def _flows(op):
    flows = {}
    for i, name in enumerate(_operands(op)):
        flows.setdefault(_flow(op, i), []).append(name)
    if op.arity == 1:
        return next(iter(flows))
    return "<br>".join(f"{', '.join(names)}: {flow}" for flow, names in flows.items())


def _flow(op, i):
    formula = rule(op, i)
    if op.vjps[i] is None:
        return "refused, it has no gradient"
    if op.vjps[i] is flat:
        return "nothing" if op is detach else "nothing, the slope is 0"
    return _shown(op, formula)


def _shown(op, formula):
    """Put a formula into a cell, or say where to read it."""
    if "algebraic" in formula:
        return f"[in code](../{op.__module__.replace('.', '/')}.py)"
    return f"`{formula}`".replace("|", r"\|")


def _figure(ulps):
    if ulps is None:
        return "–"
    tenths = math.ceil(round(10 * ulps, 6))
    return f"{tenths / 10:.1f}" if tenths else "exact"


# Kinks


def _kink_line(op):
    given = params(op)
    if "kernel_size" in given:
        given["kernel_size"] = (1, 2)
    slopes = _slopes(op, given)
    if "at_zero" in given:
        others = _slopes(op, {**given, "at_zero": 1.0})
        slopes += f"; {others} with `at_zero=1`" if others != slopes else ""
    return f"| `{_call(op)}` | {_kink(op)} | {slopes} |\n"


def _kink(op):
    if not op.elementwise:
        return "a tie of two"
    return _zero(op.kinks(*map(Symbol, [*_operands(op), *op.defaults])))


def _zero(formula):
    """Say where a formula is 0."""
    name = formula.op and formula.op.name
    if name == "mul":
        return " or ".join(map(_zero, formula.operands))
    return " = ".join(map(str, formula.operands if name == "sub" else (formula, 0)))


def _slopes(op, given):
    """Apply the rules at the kinks among the numbers 0 and 1, or to arrays of them."""
    found = {}
    shapes = [()] * op.arity if op.elementwise else TIED.get(op.name, [(2,)])
    for x in (0.0, 1.0):
        operands = [np.full(shape, x) if shape else x for shape in shapes]
        if not np.any(op.kinks(*operands, **given)):
            y = op(*operands, **given)
            slopes = [_slope(vjp, y, operands, given) for vjp in op.vjps]
            found[_together(op, slopes)] = None
    return ", ".join(found)


def _slope(vjp, y, operands, given):
    """Give what flows to one operand, in words, one for each of its elements."""
    if vjp is None:
        return ["none: a pass is refused"]
    slope = vjp(1.0 if isinstance(y, float) else np.ones_like(y), y, *operands, **given)
    if isinstance(slope, np.ndarray):
        return [*map(number, slope.ravel())]
    return ["0" if slope is None else _named(vjp, y, operands, given) or number(slope)]


def _named(vjp, y, operands, given):
    """Name the param that the slope is, if it is one."""
    unknown = {name: Symbol(name) for name in given.keys() - {"at_zero"}}
    formula = vjp(1.0, y, *operands, **{**given, **unknown})
    return next((f"`{name}`" for name, x in unknown.items() if formula is x), None)


def _together(op, slopes):
    words = [word for each in slopes for word in each]
    if len(words) == 1:
        return words[0]
    if len(set(words)) == 1:
        return f"{words[0]} each"
    if len(slopes) == 1:
        return ", ".join(words)
    named = zip(_operands(op), slopes, strict=True)
    return ", ".join(f"{name}: {', '.join(each)}" for name, each in named)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE}")
