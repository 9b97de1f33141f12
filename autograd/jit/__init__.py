"""Functions recorded when they are called, and replayed only where a replay gives their result."""

from ..pickles import publish as _publish
from .branch_free import Recorded, recorded
from .compiled import Compiled
from .compiled import compile as compile
from .restore import can_be_undone, dry_run, untouched

__all__ = [
    "Compiled",
    "Recorded",
    "can_be_undone",
    "dry_run",
    "recorded",
    "untouched",
]

_publish(__name__, globals(), __all__)
