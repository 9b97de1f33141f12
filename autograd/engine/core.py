"""Chooses where Values are kept: in C, if it was built and knows this table, or else in Python."""

import gc
import os
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from ..ops import NO_PARAMS, OPS, elementwise
from .scope import current_scope

Node = Any  # node.py imports this file
Sweep = Callable[[Node, Any], bool]

# What a node holds, in slots.
FIELDS = (
    "_given",  # of leaves: the float, or the array of another node, that it was made of
    "_grad",
    "_held",
    "args",
    "constant",
    "id",
    "inputs",
    "name",
    "op",
    "params",
    "scope",
)


def table_sum() -> str:
    """Sum up the file of the table: formulas in C that were made of another one are not used."""
    text = Path(elementwise.__file__).read_text(encoding="utf-8")
    return f"{crc32(text.encode()):08x}"


def _loaded() -> tuple[Any, str]:
    """Load the core; else say why there is none."""
    if os.environ.get("STEPGRAD_PURE", "0") not in ("", "0"):
        return None, "STEPGRAD_PURE is set"
    try:
        from . import _core  # type: ignore[attr-defined]
    except ImportError as error:
        return None, f"the core in C is not there: {error}"
    try:
        is_of_this_table = _core.TABLE == table_sum()
    except OSError:
        is_of_this_table = False
    if not is_of_this_table:
        return None, "the table was edited since the core in C was built"
    return _core, ""


_core, _why_not = _loaded()
IMPLEMENTATION = f"Python, for {_why_not}" if _core is None else "C"

if TYPE_CHECKING or _core is None:

    class Fields:
        """What a Value holds, in slots of Python."""

        __slots__ = FIELDS

else:
    Fields = _core.Scalar

next_id: Callable[[], int] = count().__next__ if _core is None else _core.next_id


def _no_sweep(output: Node, seed: Any) -> bool:
    return False


# Go through a whole pass on floats and keep the adjoints, or change nothing and say that it is for
# Python to do.
sweep: Sweep = _no_sweep if _core is None else _core.sweep


def _before_collecting(phase: str, info: dict[str, int]) -> None:
    """Let the garbage collector know of nodes that modules may keep, when it looks at everything."""
    if phase == "start" and info["generation"] == 2:
        _core.hand_over_suspects()


if _core is not None:
    gc.callbacks.append(_before_collecting)


def stand_in(value: type, init: Any, flows: Callable[[Node, float], list[Any]]) -> None:
    """Let the core take over the methods of Value that it knows; it asks them in turn."""
    if _core is not None:
        _core.serve(value, OPS, init, current_scope, flows, NO_PARAMS, np.float64)
