"""Writes a recorded program as a function of C."""

import re
from collections.abc import Iterable, Sequence
from textwrap import fill

from ...engine import Tensor
from ...errors import GraphError
from ...texts import shown
from ..program import Code
from .c_functions import Functions
from .c_terms import KEYWORDS, Term, Untranslatable, number
from .identifiers import identifiers

_WORD = re.compile(r"\w+")
_TEXT = """\
/* A program recorded by stepgrad, for one sample at a time: {outputs} of
 *
{lists}
 *
 * Compile it with cc -O3 -std=c99 -c, and link with -lm. Where Python would raise an error, as for
 * log(-1), results are nan or inf.
 */

#include <math.h>
{parts}
void program(const double *inputs, const double *params, double *outputs)
{{
{body}
}}
"""


def to_c(code: Code) -> str:
    """Write a program of Values as C99.

    Raises
    ------
    GraphError
        If the program is one of arrays, or an op of it cannot be written in C.
    """
    if code.kind is Tensor:
        raise GraphError(
            "to_c: got a tape of Tensors; C computes one number at a time. Record the Values that "
            "unroll(tensor) gives."
        )
    functions = Functions()
    taken = {*KEYWORDS, *(op.name for op, _, _ in code.lines), *_results(code)}
    names = identifiers(code.names, taken, ascii=True)
    slots = [*map(Term, names), *map(number, code.constants), *map(Term, _results(code))]
    lines = []
    for slot, (op, operands, params) in enumerate(code.lines, start=code.first_line):
        try:
            options = {name: number(value) for name, value in params.items()}
            made = functions.call(op, [slots[x] for x in operands], options)
        except Untranslatable as reason:
            raise GraphError(
                f"to_c: {op.name} cannot be written in C: {reason}. Give the op a function "
                "scalar= of floats, made of operators and of functions of math."
            ) from None
        lines.append(f"    const double {slots[slot].text} = {made.text};")
    found = [f"    outputs[{k}] = {slots[x].text};" for k, x in enumerate(code.outputs)]
    lines, needed = _needed(lines, found)
    sources = [f"inputs[{k}]" for k in range(len(code.inputs))]
    sources += [f"params[{k}]" for k in range(len(code.leaves))]
    read = [
        f"    const double {word} = {source};{_remark(word, name)}"
        for word, source, name in zip(names, sources, code.names, strict=True)
        if word in needed
    ]
    unread = [name for name in ("inputs", "params") if not any(f" {name}[" in x for x in read)]
    body = [[f"    (void){name};" for name in unread], read, lines, found]
    return _TEXT.format(
        outputs=_count(len(code.outputs), "output"),
        lists="\n".join(_lists(code)),
        parts="\n".join(["", *_parameters(code), *(f"{x}\n" for x in functions.definitions)]),
        body="\n\n".join("\n".join(part) for part in body if part),
    )


def _needed(lines: Sequence[str], found: Sequence[str]) -> tuple[list[str], set[str]]:
    """Leave out results that no function reads, for a function of C takes only what it reads."""
    needed = set(_WORD.findall("\n".join(found)))
    kept = []
    for line in reversed(lines):
        name, formula = line.split(" = ")
        if name.split()[-1] in needed:
            kept.append(line)
            needed.update(_WORD.findall(formula))
    return kept[::-1], needed


def _results(code: Code) -> list[str]:
    return [f"v{k}" for k in range(1, len(code.lines) + 1)]


def _lists(code: Code) -> Iterable[str]:
    """List what inputs and params hold, in order."""
    given, count = code.given, len(code.inputs)
    yield _list("inputs", code.names[:given])
    if code.noise:
        random = f", random numbers drawn anew for each call, from inputs[{given}] on"
        yield _list("then", code.names[given:count], random)
    yield _list("params", code.names[count:])


def _list(title: str, names: Sequence[str], more: str = "") -> str:
    words = ", ".join(map(_plain, names)) or "none"
    return fill(f"{title}: {words}{more}", 98, initial_indent=" *   ", subsequent_indent=" *     ")


def _parameters(code: Code) -> Iterable[str]:
    if code.leaves:
        numbers = ", ".join(number(x._held).text for x in code.leaves)
        yield "/* What the parameters held when this was written. */"
        yield f"const double program_params[{len(code.leaves)}] = {{"
        yield fill(numbers, 98, initial_indent="    ", subsequent_indent="    ")
        yield "};\n"


def _remark(word: str, name: str) -> str:
    return "" if word == name else f"  /* {_plain(name)} */"


def _plain(name: str) -> str:
    """Write a name so that it cannot end a comment."""
    plain = shown(name.encode("unicode_escape").decode())
    return plain.replace("*/", "* /").replace("/*", "/ *")


def _count(n: int, word: str) -> str:
    return f"{n} {word}{'s' * (n != 1)}"
