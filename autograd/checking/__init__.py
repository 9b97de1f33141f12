"""The gradient check: whether a gradient is the derivative, and if not, which rule is wrong."""

from ..pickles import publish as _publish
from .check import check_gradients, examined
from .drawn_program import Instruction, Program
from .verdict import Report, Verdict

__all__ = [
    "Instruction",
    "Program",
    "Report",
    "Verdict",
    "check_gradients",
    "examined",
]

_publish(__name__, globals(), __all__)
