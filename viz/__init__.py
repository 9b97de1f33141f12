"""Pictures of graphs and gradients, and a stepper through the backward pass."""

from autograd import __version__ as __version__
from autograd.pickles import publish as _publish

from . import jupyter
from .diagram import Box as _Box  # noqa: F401, pickles of pictures name it
from .diagram import Diagram
from .diagram import Edge as _Edge  # noqa: F401, and this
from .frame import Frame
from .notation import Notation as _Notation  # noqa: F401, pickles of steppers this
from .passes import Flow as _Flow  # noqa: F401, and this
from .passes import Pass as _Pass  # noqa: F401, and this
from .picture import Picture, draw
from .render import RenderError
from .rooms import Part as _Part  # noqa: F401, and this
from .rooms import Room as _Room  # noqa: F401, and this
from .stepper import Stepper, step
from .typeset import Derivative as _Derivative  # noqa: F401, and pickles of frames this

__all__ = ["Diagram", "Frame", "Picture", "RenderError", "Stepper", "draw", "step"]

_INSIDE = ["_Box", "_Derivative", "_Edge", "_Flow", "_Notation", "_Part", "_Pass", "_Room"]
_publish(__name__, globals(), [*__all__, *_INSIDE])

jupyter.register()
