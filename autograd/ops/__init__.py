"""The table of ops: each function that can be differentiated is one row, which can be called."""

import builtins

from ..pickles import publish as _publish
from . import convolution, elementwise, layers, losses, pooling, products, reductions, shapes
from .convolution import *
from .elementwise import *
from .layers import *
from .losses import *
from .messages import (
    brief,
    companions,
    domain_error,
    needs,
    not_elementwise,
    one_number,
    shape_error,
    wrong_companion,
    wrong_param,
)
from .objects import on_objects
from .op import (
    ATOM,
    NO_PARAMS,
    OPS,
    Domain,
    Each,
    Op,
    Params,
    Rule,
    enter,
    flat,
    holds_objects,
    withdraw,
)
from .op import _row as _row  # pickles name it
from .operators import OPERATORS, Operand
from .pooling import *
from .products import *
from .real_numbers import real_number, real_numbers
from .reductions import *
from .results import written
from .shapes import *
from .shapes import Axis, Shape, surely_finite

_TABLE = (convolution, elementwise, layers, losses, pooling, products, reductions, shapes)
FUNCTIONS = frozenset(name for file in _TABLE for name in file.__all__)

__all__ = [
    "ATOM",
    "FUNCTIONS",
    "NO_PARAMS",
    "OPERATORS",
    "OPS",
    "Axis",
    "Domain",
    "Each",
    "Op",
    "Operand",
    "Params",
    "Rule",
    "Shape",
    "brief",
    "companions",
    "domain_error",
    "enter",
    "flat",
    "holds_objects",
    "needs",
    "not_elementwise",
    "on_objects",
    "one_number",
    "real_number",
    "real_numbers",
    "shape_error",
    "surely_finite",
    "withdraw",
    "written",
    "wrong_companion",
    "wrong_param",
]
__all__ += sorted(FUNCTIONS - set(vars(builtins)))  # a star import hides no builtin

_publish(__name__, globals(), __all__)
