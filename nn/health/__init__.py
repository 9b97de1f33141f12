"""What is wrong with a net while it trains: gradients that vanish or explode, dead units."""

from autograd.pickles import publish as _publish

from .findings import Health, HealthWarning
from .limits import symptoms_of_layers
from .monitor import Examination, outside

__all__ = [
    "Examination",
    "Health",
    "HealthWarning",
    "outside",
    "symptoms_of_layers",
]

_publish(__name__, globals(), __all__)
