"""Undoes broadcasting and promotion, once, on the way back to each operand."""

from typing import Any

import numpy as np

from ..errors import ShapeError
from ..ops import Op, astype, sum_to
from .node import Node


def fitted(op: Op, passed: Any, operand: Any) -> Any:
    """Undo broadcasting and promotion: what flows to an operand has its shape and its type."""
    if passed.__class__ is not np.ndarray and not isinstance(passed, Node):
        passed = np.asarray(passed)
    if passed.shape != operand.shape:
        if not op.elementwise or passed.ndim < operand.ndim:
            raise ShapeError(
                f"{op.name}: its rule gave {passed.shape} for an operand of shape {operand.shape}. "
                "A rule gives the shape of its operand, or of the result if the op is elementwise."
            )
        passed = sum_to(passed, operand.shape)
    return passed if passed.dtype == operand.dtype else astype(passed, operand.dtype)
