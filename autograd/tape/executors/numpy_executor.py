"""Chooses how NumPy runs a code of Values: wide programs by levels, long ones by lines."""

from collections.abc import Sequence

from ..program import Code
from .levels import Levels
from .line_by_line import Lines

_LONG = 1 << 14  # lines of which the results of a block would not all have room


def planned(code: Code, batched: Sequence[bool], reduce: str | None) -> Levels | Lines:
    """Prepare a code for batches in which these inputs differ between samples."""
    if len(code.lines) < _LONG:
        levels = Levels(code, batched, reduce)
        if levels.is_wide:
            return levels
    return Lines(code, batched, reduce)
