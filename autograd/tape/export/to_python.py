"""Writes a recorded program as NumPy source text."""

import ast
from collections.abc import Iterable, Sequence
from textwrap import fill, wrap
from typing import Any

import numpy as np

from ...engine import Tensor
from ...errors import GraphError
from ...texts import quoted
from ..program import Code
from .identifiers import identifiers
from .literals import Unwritten, array, literal
from .python_functions import RESERVED, Helpers

_WHOLE = "\x00"  # a space within a name, at which no line ends


def to_python(code: Code) -> str:
    """Write a program as a module of Python.

    Raises
    ------
    GraphError
        If the source of an op cannot be read, or a param of it cannot be written.
    """
    results = [f"v{k}" for k in range(1, len(code.lines) + 1)]
    held = [f"c{k}" for k in range(1, len(code.constants) + 1)]
    names = identifiers(code.names, {*RESERVED, *results, *held})
    helpers = Helpers({*names, *results, *held})
    arrays = {
        word: x for word, x in zip(held, code.constants, strict=True) if not _is_short(x, code)
    }
    constants = [
        ast.Name(word) if word in arrays else literal(float(x))
        for word, x in zip(held, code.constants, strict=True)
    ]
    slots: list[ast.expr] = [*map(ast.Name, names), *constants, *map(ast.Name, results)]
    lines = []
    for name, (op, operands, params) in zip(results, code.lines, strict=True):
        try:
            formula = helpers.apply(op, [slots[x] for x in operands], params)
        except Unwritten as reason:
            raise GraphError(
                f"to_python: {op.name} cannot be written: {reason}. Define the op in a file, with "
                "a forward function of NumPy and params that are numbers, arrays or text."
            ) from None
        lines.append(f"{name} = {_text(formula)}")
    given = names[: len(code.inputs)]
    usual = []
    for word, x in zip(names[len(given) :], (x._held for x in code.leaves), strict=True):
        if isinstance(x, np.ndarray):
            arrays[word] = x
        usual.append(f"{word}={word if word in arrays else _text(literal(x))}")
    function = [
        _signature([*given, *usual]),
        *_docstring(code, names),
        *(f"    {line}" for line in lines),
        *_wrapped("    return [", [_text(slots[x]) for x in code.outputs], "]"),
    ]
    parts = ['"""A program recorded by stepgrad."""', "\n".join(_imports(helpers.imports))]
    if arrays:
        parts.append("\n".join(f"{word} = {array(x)}" for word, x in arrays.items()))
    functions = [*helpers.definitions, "\n".join(function)]
    return "\n\n\n".join(["\n\n".join(parts), *functions]) + "\n"


def _is_short(x: Any, code: Code) -> bool:
    """Whether a constant is one number, which beside arrays of float32 is no float of Python."""
    if not isinstance(x, np.ndarray):
        return True
    nodes = (*code.inputs, *code.leaves)
    return x.ndim == 0 and all(node._held.dtype == np.float64 for node in nodes)


def _text(node: ast.expr) -> str:
    return ast.unparse(ast.fix_missing_locations(node))


def _signature(arguments: Sequence[str]) -> str:
    return "\n".join(_wrapped("def program(", arguments, "):"))


def _wrapped(start: str, parts: Sequence[str], end: str) -> list[str]:
    """Write a list in one line, or in lines of its own."""
    line = start + ", ".join(parts) + end
    if len(line) <= 100:
        return [line]
    margin = " " * (len(start) - len(start.lstrip()))
    inner = margin + "    "
    body = wrap(", ".join(parts) + ",", 100, initial_indent=inner, subsequent_indent=inner)
    return [start, *body, margin + end]


def _docstring(code: Code, names: Sequence[str]) -> Iterable[str]:
    """Say what the function computes, and what its arguments are."""
    given, count = code.given, len(code.inputs)
    outputs = f"{len(code.outputs)} output{'s' * (len(code.outputs) != 1)}"
    parts = [", ".join(names[:given])] if given else []
    if code.leaves:
        word = "the parameters" if count + 1 < len(names) else "the parameter"
        parts.append(f"{word} {', '.join(names[count:])}")
    text = f"Compute {outputs} from {' and '.join(parts)}." if parts else f"Compute {outputs}."
    yield f'    """{text if len(text) < 90 else f"Compute {outputs}."}'
    yield ""
    if code.kind is Tensor:
        about = "Give arrays in the shapes that were recorded."
    else:
        about = "Give numbers, or arrays with one number for each sample."
    if code.noise:
        about += f" {', '.join(names[given:count])} are random numbers, drawn anew for each call."
    renamed = [
        f"{word} is {quoted(name).replace(' ', _WHOLE)}"
        for word, name in zip(names, code.names, strict=True)
        if word != name
    ]
    if renamed:
        about += f" Recorded names: {', '.join(renamed)}."
    about = about.replace("\\", "\\\\").replace('"""', r"\"\"\"")
    lines = fill(
        about, 100, initial_indent="    ", subsequent_indent="    ", break_long_words=False
    )
    yield lines.replace(_WHOLE, " ")
    yield '    """'


def _imports(statements: Iterable[str]) -> Iterable[str]:
    """Sort imports: those of the standard library come first."""
    numpy = sorted((x for x in statements if " numpy" in x), key=lambda x: (x[0] == "f", x))
    others = sorted(x for x in statements if " numpy" not in x)
    return [*others, "", *numpy] if others else numpy
