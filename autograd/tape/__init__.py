"""A graph recorded once, run again on other numbers, and handed over to other languages."""

from ..pickles import publish as _publish
from .listing import as_nodes, computed_from
from .program import Code, Line
from .simplify import record
from .tape import Tape

__all__ = ["Code", "Line", "Tape", "as_nodes", "computed_from", "record"]

_publish(__name__, globals(), __all__)
