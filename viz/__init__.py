"""Pictures of graphs and gradients, and a stepper through the backward pass."""

from autograd.pickles import publish as _publish

from . import jupyter
from .diagram import Diagram
from .frames import Frame
from .picture import Picture, draw
from .render import RenderError
from .stepper import Stepper, step

__all__ = ["Diagram", "Frame", "Picture", "RenderError", "Stepper", "draw", "step"]

_publish(__name__, globals(), __all__)

jupyter.register()
