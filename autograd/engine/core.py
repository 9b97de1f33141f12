"""Chooses where Values are kept: in C, if it was built and knows this table, or else in Python."""

import gc
import os
from collections.abc import Callable
from importlib import import_module
from inspect import signature
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from ..ops import NO_PARAMS, OPS, elementwise
from .scope import before_first, current_scope

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


def sources_sum() -> str:
    """Sum up the table, and the core itself: one that was built from others is not used."""
    files = [Path(elementwise.__file__), Path(__file__).with_name("_core.c")]
    texts = [file.read_text("utf-8") for file in files if file.is_file()]
    return f"{crc32(''.join(texts).encode()):08x}"


def _loaded() -> tuple[Any, str]:
    """Load the core; else say why there is none."""
    if os.environ.get("STEPGRAD_PURE", "0") not in ("", "0"):
        return None, "STEPGRAD_PURE is set"
    try:
        found = import_module("autograd.engine._core")
    except ImportError as error:
        return None, f"the core in C is not there: {error}"
    if sources_sum() != found.SOURCES:
        return None, "the table, or the core in C itself, was edited since that was built"
    return found, ""


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


# Go through a whole pass on floats and keep the adjoints; or change no grad, and raise the error of
# the pass, or say that it is for Python to do.
sweep: Sweep = _no_sweep if _core is None else _core.sweep


def _before_collecting(phase: str, info: dict[str, int]) -> None:
    """Tell the garbage collector of nodes that modules may keep, when it looks at all."""
    if phase == "start" and info["generation"] == 2:
        _core.track_listed()


if _core is not None:
    gc.callbacks.append(_before_collecting)


def stand_in(value: type, init: Any, keep: Any, explain: Any) -> None:
    """Let the core take over the methods of Value that it knows; it asks them in turn."""
    if _core is not None:
        _core.serve(value, OPS, init, current_scope, keep, explain, NO_PARAMS, np.float64)
        before_first.append(_core.expect_scopes)
        seen = signature(init)  # which a class in C does not tell
        value.__signature__ = seen.replace(parameters=[*seen.parameters.values()][1:])  # type: ignore[attr-defined]
