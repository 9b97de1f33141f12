"""Pictures of graphs and gradients, and a stepper through the backward pass."""

from autograd import __version__ as __version__
from autograd.pickles import publish as _publish

from . import jupyter
from .moments import Derivative as _Derivative  # noqa: F401, pickles of frames name it
from .moments import Flow as _Flow  # noqa: F401, pickles of steppers this and the next
from .moments import Frame
from .moments import Notation as _Notation  # noqa: F401
from .moments import Part as _Part  # noqa: F401
from .moments import Pass as _Pass  # noqa: F401
from .moments import Room as _Room  # noqa: F401
from .pages import Playground, Stepper, playground, step
from .pictures import Box as _Box  # noqa: F401, pickles of pictures this and the next
from .pictures import Diagram, Picture, RenderError, draw
from .pictures import Edge as _Edge  # noqa: F401

__all__ = [
    "Diagram",
    "Frame",
    "Picture",
    "Playground",
    "RenderError",
    "Stepper",
    "draw",
    "playground",
    "step",
]

_INSIDE = ["_Box", "_Derivative", "_Edge", "_Flow", "_Notation", "_Part", "_Pass", "_Room"]
_publish(__name__, globals(), [*__all__, *_INSIDE])

jupyter.register()
