"""Writes autograd/engine/rows.h, the formulas of the table in C; run by `make rows`."""

from itertools import product
from pathlib import Path
from textwrap import fill

from autograd import OPS, flat
from autograd.engine.core import sources_sum
from autograd.ops import detach, elementwise
from autograd.tape.export.dialects import C
from autograd.tape.export.scalar_functions import Functions
from autograd.tape.export.terms import Term, Untranslatable

FILE = Path(__file__).resolve().parents[2] / "autograd" / "engine" / "rows.h"

_TEXT = """\
/* What the rows of one or two operands compute, with the params that they have by default. Written
   by `make rows` from autograd/ops/elementwise.py: do not edit. The core is used only as long as
   SOURCES is the check sum of that file and of _core.c. */
#define SOURCES "{sources}"

{definitions}

{formulas}

enum {{ OF_PYTHON, {words} }};
static Row ROWS[] = {{
    [OF_PYTHON] = {{0}},
{rows}
}};
"""


def text():
    """Write the file."""
    functions = Functions(C, ["a", "b", "g", "y"])
    formulas, rows, words = [], [], []
    for op in OPS.values():
        if op.__module__ != elementwise.__name__ or op.arity > 2 or op is detach:
            continue  # what is detached is a constant, which no other result is by itself
        try:
            value, *rules = _written(functions, op)
        except Untranslatable:
            continue
        formulas.append(f"VALUE({op.name}, {value})")
        named = ["NULL", "NULL"]
        for i, rule in enumerate(rules):
            if rule in ("NULL", "no_flow"):
                named[i] = rule
            else:
                named[i] = f"{op.name}_by_{'ab'[i]}"
                formulas.append(f"RULE({named[i]}, {rule})")
        row = ", ".join([op.name, str(op.arity), str(int(_hands_on(op))), *named])
        rows.append(f"    [ROW_{op.name}] = ROW({row}),")
        words.append(f"ROW_{op.name}")
    return _TEXT.format(
        sources=sources_sum(),
        definitions="\n".join(functions.definitions),
        formulas="\n".join(formulas),
        rows="\n".join(rows),
        words=fill(", ".join(words), 96).replace("\n", "\n    "),
    )


def _written(functions, op):
    """Give the formulas of the value and of what flows to each operand."""
    params = {name: C.number(value) for name, value in op.defaults.items()}
    operands = [Term("a"), Term("b")][: op.arity]
    yield functions.call(op, operands, params).text
    for rule in op.vjps:
        if rule in (None, flat):
            yield "NULL" if rule is None else "no_flow"
        else:
            given = [Term("g"), Term("y"), *operands]
            yield functions.call(rule, given, params, f"d_{op.name}").text


def _hands_on(op):
    """Whether its function of floats may give an object that was there, as max(a, b) does."""
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
