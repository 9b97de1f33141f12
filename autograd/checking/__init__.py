"""The gradient check: whether a gradient is the derivative, and if not, which rule is wrong."""

from ..pickles import publish as _publish
from .check import check_gradients, examined, highest_order
from .drawn_program import Instruction, Program, numbered
from .foreign import Foreign, from_hips, from_jax, from_mygrad, from_torch
from .op_calls import BOUND, MARGIN, tame
from .op_check import OpReport, Trial, check_op
from .search import Choices, NewOperand, Search, options, turned
from .verdict import Report, Verdict

__all__ = [
    "BOUND",
    "MARGIN",
    "Choices",
    "Foreign",
    "Instruction",
    "NewOperand",
    "OpReport",
    "Program",
    "Report",
    "Search",
    "Trial",
    "Verdict",
    "check_gradients",
    "check_op",
    "examined",
    "from_hips",
    "from_jax",
    "from_mygrad",
    "from_torch",
    "highest_order",
    "numbered",
    "options",
    "tame",
    "turned",
]

_publish(__name__, globals(), __all__)
