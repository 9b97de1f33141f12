"""Files of models and of training: safetensors, written whole or not at all."""

from autograd.pickles import publish as _publish

from .checkpoint import load_checkpoint, said_in, save_checkpoint
from .model import load, save
from .safetensors_file import check_ending

__all__ = [
    "check_ending",
    "load",
    "load_checkpoint",
    "said_in",
    "save",
    "save_checkpoint",
]

_publish(__name__, globals(), __all__)
