"""Refuses, or tells of, what takes a number out of its graph while gradients should reach it."""

import sys
import warnings
from dis import opmap
from typing import Any

from ..ops import brief
from .differentiated import is_differentiated
from .hooks import is_recorded

Node = Any  # node.py imports this file

_told = False


def leaving(node: Node, call: str) -> None:
    """Refuse that a node becomes a number where that falsifies a gradient; else tell of it once.

    Raises
    ------
    TypeError
        If a running function is differentiated by something that the node depends on, or if the
        number becomes an element of an array.

    Warns
    -----
    UserWarning
        Once in a process, if gradients reach the node.
    """
    if is_differentiated(node):
        raise cut(call, node)
    if node.constant or is_recorded(node, call):
        return
    if _is_stored():
        raise TypeError(
            f"array[i] = x: got {brief(node)}, which gradients reach; none flows into an array of "
            "numbers. Join nodes with stack or concatenate; where no gradient is to flow, write "
            "x.item()."
        )
    global _told
    if not _told:
        _told = True
        warnings.warn(
            f"{call}: got {brief(node)}, and no gradient flows through the plain number it gives. "
            f"{_WAYS_ON} This is said once.",
            stacklevel=4,
        )


def cut(call: str, node: Node) -> TypeError:
    """Say that a function that is differentiated loses the way from its result to its arguments."""
    return TypeError(
        f"{call}: got {brief(node)} in a function that is being differentiated, and no gradient "
        f"would flow through the {'copy' if call == 'copy' else 'plain number'}. {_WAYS_ON}"
    )


def _is_stored() -> bool:
    """Whether an assignment ``array[i] = x`` asks for the number: NumPy asks as float(x) does."""
    caller = sys._getframe(4)
    return caller.f_code.co_code[caller.f_lasti] == opmap["STORE_SUBSCR"]


_WAYS_ON = (
    "Compute with ops, autograd.exp(x) for math.exp(x); where no gradient is to flow, write "
    "x.item() for the number or x.detach() for a node."
)
