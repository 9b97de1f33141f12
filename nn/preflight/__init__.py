"""Looks at a model, data and a loss before training, and says what does not fit together."""

from autograd.pickles import publish as _publish

from .check import check
from .report import Preflight

__all__ = [
    "Preflight",
    "check",
]

_publish(__name__, globals(), __all__)
