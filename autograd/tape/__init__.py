"""A graph recorded once, run again on other numbers, and handed over to other languages."""

from ..pickles import publish as _publish
from .program import Code, Line
from .tape import Tape

__all__ = ["Code", "Line", "Tape"]

_publish(__name__, globals(), __all__)
