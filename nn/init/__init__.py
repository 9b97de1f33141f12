"""First weights, all under the names of PyTorch: ``nn.init.kaiming_normal_(layer.weight, rng=0)``.

Each function fills a leaf Tensor in place and returns it. Weights are (out, in), those of a
convolution (out, in, height, width). `rng` is a `numpy.random.Generator` or a seed; without one,
numbers are others each time, unless `nn.seed` was called before.
"""

from autograd.pickles import publish as _publish

from ..randomness import Rng
from .fills import constant_, normal_, ones_, uniform_, zeros_
from .gain import calculate_gain
from .variance_scaling import (
    kaiming_normal_,
    kaiming_uniform_,
    lecun_normal_,
    lecun_uniform_,
    orthogonal_,
    xavier_normal_,
    xavier_uniform_,
)

__all__ = [
    "Rng",
    "calculate_gain",
    "constant_",
    "kaiming_normal_",
    "kaiming_uniform_",
    "lecun_normal_",
    "lecun_uniform_",
    "normal_",
    "ones_",
    "orthogonal_",
    "uniform_",
    "xavier_normal_",
    "xavier_uniform_",
    "zeros_",
]

_publish(__name__, globals(), __all__)
