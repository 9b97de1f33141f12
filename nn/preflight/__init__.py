"""Looks at a model, data and a loss before training, and says what does not fit together."""

from .check import check
from .report import Preflight

__all__ = ["Preflight", "check"]
