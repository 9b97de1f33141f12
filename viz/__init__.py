"""Pictures of graphs and gradients, and a stepper through the backward pass."""

from . import jupyter
from .diagram import Diagram
from .frames import Frame
from .picture import Picture, draw
from .render import RenderError
from .stepper import Stepper, step

__all__ = ["Diagram", "Frame", "Picture", "RenderError", "Stepper", "draw", "step"]

jupyter.register()
