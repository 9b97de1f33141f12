"""Training: a model, data, a loss and an optimizer go in; a history comes out."""

from autograd.pickles import publish as _publish

from .data import Data, checked
from .fit import fit
from .history import History
from .metrics import accuracy
from .options import whole
from .predict import predict

__all__ = [
    "Data",
    "History",
    "accuracy",
    "checked",
    "fit",
    "predict",
    "whole",
]

_publish(__name__, globals(), __all__)
