"""Pictures of graphs and gradients, and a stepper through the backward pass."""

from autograd import __version__ as __version__
from autograd.pickles import publish as _publish

from . import jupyter
from .diagram import Box as _Box  # noqa: F401, pickles of pictures name it
from .diagram import Diagram
from .diagram import Edge as _Edge  # noqa: F401, and this
from .frame import Frame
from .picture import Picture, draw
from .render import RenderError
from .stepper import Stepper, step
from .typeset import Derivative as _Derivative  # noqa: F401, and pickles of frames this

__all__ = ["Diagram", "Frame", "Picture", "RenderError", "Stepper", "draw", "step"]

_publish(__name__, globals(), [*__all__, "_Box", "_Derivative", "_Edge"])

jupyter.register()
