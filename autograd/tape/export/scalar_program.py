"""Translates a recorded program of Values into statements of C or JavaScript."""

import re
from collections.abc import Iterable, Sequence
from textwrap import fill
from typing import NamedTuple

from ...engine import Tensor
from ...errors import GraphError
from ...texts import shown
from ..program import Code
from .dialects import Dialect
from .identifiers import identifiers
from .scalar_functions import Functions
from .terms import Term, Untranslatable

_WORD = re.compile(r"(?<![.\w])[A-Za-z_]\w*")


class Read(NamedTuple):
    """A number that is given: what it is called here, where it lies, how it was named."""

    word: str
    source: str
    name: str


class Line(NamedTuple):
    """A result, and the expression that gives it."""

    word: str
    formula: str


class Translation(NamedTuple):
    """What a program computes with, in the order in which it is written.

    Attributes
    ----------
    definitions : list of str
        Functions, each after those it calls.
    reads : list of Read
    lines : list of Line
        They and the reads are those that are needed.
    outputs : list of Line
    """

    definitions: list[str]
    reads: list[Read]
    lines: list[Line]
    outputs: list[Line]


def translate(code: Code, dialect: Dialect, caller: str) -> Translation:
    """Write a program of Values in another language.

    Parameters
    ----------
    code : Code
    dialect : Dialect
    caller : str
        Who is named in errors.

    Raises
    ------
    GraphError
        If the program is one of arrays, or an op of it cannot be written in the language.
    """
    if code.kind is Tensor:
        raise GraphError(
            f"{caller}: got a tape of Tensors; {dialect.name} computes one number at a time. "
            "Record the Values that unroll(tensor) gives."
        )
    results = [f"v{k}" for k in range(1, len(code.lines) + 1)]
    taken = {*dialect.taken, *(op.name for op, _, _ in code.lines), *results}
    names = identifiers(code.names, taken, ascii=True)
    functions = Functions(dialect, [*names, *results])
    constants = map(dialect.number, code.constants)
    slots = [*map(Term, names), *constants, *map(Term, results)]
    lines = []
    for word, (op, operands, params) in zip(results, code.lines, strict=True):
        try:
            options = {name: dialect.number(value) for name, value in params.items()}
            made = functions.call(op, [slots[x] for x in operands], options)
        except Untranslatable as reason:
            raise GraphError(
                f"{caller}: {op.name} cannot be written in {dialect.name}: {reason}. Give the op a "
                "function scalar= of floats, made of operators and of functions of math that "
                f"{dialect.name} has."
            ) from None
        lines.append(Line(word, made.text))
    outputs = [Line(f"outputs[{k}]", slots[x].text) for k, x in enumerate(code.outputs)]
    lines, needed = _needed(lines, outputs)
    sources = [f"inputs[{k}]" for k in range(len(code.inputs))]
    sources += [f"params[{k}]" for k in range(len(code.leaves))]
    reads = map(Read, names, sources, code.names)
    texts = [*functions.definitions, *(line.formula for line in lines)]
    used = {word for text in texts for word in words(text)}
    helpers = [text for name, text in dialect.helpers.items() if name in used]
    return Translation(
        [*helpers, *functions.definitions],
        [read for read in reads if read.word in needed],
        lines,
        outputs,
    )


def words(text: str) -> list[str]:
    """List the names in an expression, but for those after a point."""
    return _WORD.findall(text)


def remark(read: Read) -> str:
    """Say how a number was named, where that is no name here."""
    return "" if read.word == read.name else f"  /* {_plain(read.name)} */"


def contents(code: Code) -> str:
    """List what inputs and params hold, in order, as lines of a comment."""
    given, count = code.given, len(code.inputs)
    lists = [_list("inputs", code.names[:given])]
    if code.noise:
        random = f", random numbers drawn anew for each call, from inputs[{given}] on"
        lists.append(_list("then", code.names[given:count], random))
    return "\n".join([*lists, _list("params", code.names[count:])])


def held(code: Code, dialect: Dialect) -> str:
    """List what the parameters hold now."""
    numbers = ", ".join(dialect.number(x._held).text for x in code.leaves)
    return fill(numbers, 98, initial_indent="    ", subsequent_indent="    ")


def paragraphs(*groups: Sequence[str]) -> str:
    """Write groups of lines with a blank line between them."""
    return "\n\n".join("\n".join(group) for group in groups if group)


def count(n: int, word: str) -> str:
    """Say how many there are."""
    return f"{n} {word}{'s' * (n != 1)}"


def _needed(lines: Sequence[Line], outputs: Iterable[Line]) -> tuple[list[Line], set[str]]:
    """Leave out results that no function reads, for a function takes only what it reads."""
    needed = {word for line in outputs for word in words(line.formula)}
    kept = []
    for line in reversed(lines):
        if line.word in needed:
            kept.append(line)
            needed.update(words(line.formula))
    return kept[::-1], needed


def _list(title: str, names: Sequence[str], more: str = "") -> str:
    listed = ", ".join(map(_plain, names)) or "none"
    text = f"{title}: {listed}{more}"
    return fill(text, 98, initial_indent=" *   ", subsequent_indent=" *     ")


def _plain(name: str) -> str:
    """Write a name so that it can end neither a comment nor the script of a page."""
    plain = shown(name.encode("unicode_escape").decode()).replace("…", "...")
    for sign in ("*/", "/*", "</", "<!", "<s", "<S"):
        plain = plain.replace(sign, " ".join(sign))
    return plain
