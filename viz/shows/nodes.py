"""Nodes, graphs and tapes are shown as pictures, a tape beside its program, arrays as tables."""

from typing import Any

import numpy as np

from autograd import Node, Tape
from autograd.formulas import number

from ..pictures import draw
from .html import block, code, table, words
from .notebook import variables_by_name

_MOST_LINES = 60  # of a program
_MOST = 12  # rows and columns of an array


def picture(thing: Any) -> dict[str, str]:
    """Show a node or a graph as its picture, with the names of the notebook's variables."""
    return draw(thing, names=variables_by_name())._repr_mimebundle_()


def tape(tape: Tape) -> dict[str, str]:
    """Show a tape as its program, and the picture of what it computes."""
    lines = str(tape).splitlines()
    left = len(lines) - _MOST_LINES
    program = "\n".join([*lines[:_MOST_LINES], *[f"… {left:,} more lines"] * (left > 0)])
    html = draw(tape, names={})._repr_mimebundle_().get("text/html", "")
    return block(repr(tape).strip("<>"), code(program), html)


def array(array: Any) -> dict[str, str]:
    """Show an array of nodes by their numbers and, after a pass, gradients; others as usual."""
    if array.dtype != object or not 0 < array.ndim <= 2 or not array.size:
        return {}
    if not all(isinstance(x, Node) for x in array.flat):
        return {}
    rows = np.atleast_2d(array)[:_MOST, :_MOST]
    heads = ["", *(f" {k}" for k in range(rows.shape[1]))]
    cells = [[str(k) if array.ndim == 2 else "", *map(_cell, row)] for k, row in enumerate(rows)]
    shape = " × ".join(map(str, array.shape))
    names = sorted({type(x).__name__ + "s" for x in array.flat})
    title = f"{shape} {' and '.join(names)}"
    if max(array.shape) > _MOST:
        title += f", the first {' × '.join(map(str, rows.shape[-array.ndim :]))}"
    return block(title, table(heads, cells)) | {"text/plain": repr(array)}


def _cell(node: Node) -> str:
    grad = f"<br><small>grad {words(number(node.grad))}</small>" if node.reached else ""
    name = f"<small>{words(node.name)}</small> " if node.name else ""
    return f"{name}{words(number(node.data))}{grad}"
