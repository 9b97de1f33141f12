"""Shows a recorded code, as text and as a graph."""

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

import numpy as np

from ..engine import Node, entered
from ..formulas import Symbol, applied, number, written
from ..texts import apart
from .program import Code


def as_text(code: Code) -> str:
    """Write a program that a person can read, one line a result."""
    names = [*apart(code.names).values()]
    given, read = names[: len(code.inputs)], names[len(code.inputs) :]
    results = [f"v{k}" for k in range(1, len(code.lines) + 1)]
    constants = [Symbol(number(x)) if np.ndim(x) else float(x) for x in code.constants]
    slots: list[Any] = [*map(Symbol, [*given, *read]), *constants, *map(Symbol, results)]
    lines = [f"{len(code.lines)} of {code.recorded} recorded results are computed"]
    lines += _listed("given", given) + _listed("read", read)
    for name, (op, operands, params) in zip(results, code.lines, strict=True):
        lines.append(f"{name} = {written(applied(op, tuple(slots[x] for x in operands), params))}")
    lines += _listed("give", [written(slots[x]) for x in code.outputs])
    return "\n".join(lines)


def _listed(word: str, names: Sequence[str]) -> list[str]:
    """Write names behind a word, in several lines if they are many."""
    text = f"{word} {', '.join(names)}" if names else ""
    return wrap(text, 100, subsequent_indent="    ", break_long_words=False)


def as_nodes(code: Code) -> list[Node]:
    """Compute the outputs of a code once more, from leaves that hold what its own hold."""
    sources: tuple[Node, ...] = (*code.inputs, *code.leaves)
    leaves = [x._kind(x._held, name=name) for x, name in zip(sources, code.names, strict=True)]
    slots = computed_from(leaves, code)
    for k, line in enumerate(slots[len(slots) - len(code.lines) :], start=1):
        line.name = f"v{k}"
    return [slots[x] for x in code.outputs]


def computed_from(sources: Sequence[Node], code: Code) -> list[Node]:
    """Compute all lines of a code on nodes that stand for its inputs and leaves.

    Returns
    -------
    list of Node
        One for each slot: the sources, constants, lines.
    """
    slots = [*sources, *(code.kind(x, constant=True) for x in code.constants)]
    for (op, operands, params), scope in zip(code.lines, code.scopes, strict=True):
        inputs = tuple(slots[x] for x in operands)
        with entered(scope):
            slots.append(inputs[0].__apply_op__(op, inputs, params))
    return slots
