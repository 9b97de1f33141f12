"""Writes autograd/engine/rows.h, the formulas of the table in C; run by `make rows`."""

from itertools import product
from pathlib import Path

from autograd import OPS, flat
from autograd.engine.core import table_sum
from autograd.ops import detach, elementwise
from autograd.tape.export.dialects import C
from autograd.tape.export.scalar_functions import Functions
from autograd.tape.export.terms import Term, Untranslatable

FILE = Path(__file__).resolve().parents[2] / "autograd" / "engine" / "rows.h"

_TEXT = """\
/* What the rows of one or two operands compute, with the params that they have by default. Written
   by `make rows` from autograd/ops/elementwise.py, of which TABLE is a check sum: do not edit. */
#define TABLE "{table}"

{definitions}

{functions}

static Row ROWS[] = {{
    {{NULL, 0, 0, NULL, {{NULL, NULL}}, NULL, NULL, NULL}}, /* of what Python computes */
{rows}
}};
enum {{ OF_PYTHON, {words} }};
"""
_VALUE = "static double {name}(double a, double b)\n{{\n{unused}    return {term};\n}}"
_SLOPE = (
    "static double {name}(double g, double y, double a, double b)\n{{\n{unused}"
    "    return {term};\n}}"
)


def text():
    """Write the file."""
    functions = Functions(C, ["a", "b", "g", "y"])
    made, rows, words = [], [], []
    for op in OPS.values():
        if op.__module__ != elementwise.__name__ or op.arity > 2 or op is detach:
            continue  # what is detached is a constant, which no other result is by itself
        operands = [Term("a"), Term("b")][: op.arity]
        rules = []
        try:
            params = {name: C.number(value) for name, value in op.defaults.items()}
            value = functions.call(op, operands, params).text
            for letter, rule in zip("ab", op.vjps, strict=False):
                name = f"slope_{letter}_of_{op.name}"
                if rule in (None, flat):
                    rules.append(("NULL" if rule is None else "nothing", ""))
                else:
                    given = [Term("g"), Term("y"), *operands]
                    rules.append((name, functions.call(rule, given, params, f"d_{op.name}").text))
        except Untranslatable:
            continue
        name = f"value_of_{op.name}"
        made.append(_VALUE.format(name=name, term=value, unused=_unused("ab", value)))
        for rule, term in rules:
            if term:
                made.append(_SLOPE.format(name=rule, term=term, unused=_unused("gyab", term)))
        slopes = ", ".join([rule for rule, _ in rules] + ["NULL"] * (2 - op.arity))
        hands_on = int(_hands_on(op))
        rows.append(
            f'    {{"{op.name}", {op.arity}, {hands_on}, {name}, {{{slopes}}}, NULL, NULL, NULL}},'
        )
        words.append(f"ROW_{op.name}")
    return _TEXT.format(
        table=table_sum(),
        definitions="\n".join(functions.definitions),
        functions="\n".join(made),
        rows="\n".join(rows),
        words=", ".join(words),
    )


def _unused(names, term):
    """Say that a function does not read some of its parameters, or compilers would."""
    words = {c for c in "".join(x if x.isalnum() or x == "_" else " " for x in term).split()}
    missing = [name for name in names if name not in words]
    return "".join(f"    (void){name};\n" for name in missing)


def _hands_on(op):
    """Whether its function of floats may give an object that was there before, as max(a, b) does."""
    for operands in product([0.25, -0.25], repeat=op.arity):
        try:
            results = [op.scalar(*operands, **op.defaults) for _ in range(2)]
        except (ArithmeticError, ValueError):
            continue
        if results[0] is results[1]:
            return True
    return False


if __name__ == "__main__":
    FILE.write_text(text(), encoding="ascii")
