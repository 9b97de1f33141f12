"""Functions of functions: derivatives, and a Tensor's graph taken apart into Values."""

from ..pickles import publish as _publish
from .call import is_inside
from .transforms import grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp
from .unroll import unroll, unrolled

__all__ = [
    "grad",
    "hessian",
    "hvp",
    "is_inside",
    "jacobian",
    "jvp",
    "unroll",
    "unrolled",
    "value_and_grad",
    "vjp",
]

_publish(__name__, globals(), __all__)
