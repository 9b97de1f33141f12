"""Training: a model, data, a loss and an optimizer go in; a history comes out."""

from autograd.pickles import publish as _publish

from .data import Data, checked
from .error_place import of_rows
from .fit import fit
from .history import History
from .metrics import accuracy
from .options import whole
from .pairing import about_pairing
from .predict import predict
from .update.choose import untrained

__all__ = [
    "Data",
    "History",
    "about_pairing",
    "accuracy",
    "checked",
    "fit",
    "of_rows",
    "predict",
    "untrained",
    "whole",
]

_publish(__name__, globals(), __all__)
