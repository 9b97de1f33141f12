"""What there is to see: a graph as rooms of boxes, and the moments of its computation and pass."""

from .folding import nearest
from .frame import Frame
from .frames import frames
from .notation import Notation, several, without_gradients
from .passes import Flow, Pass
from .rooms import Part, Room, contents, rooms
from .typeset import Derivative

__all__ = [
    "Derivative",
    "Flow",
    "Frame",
    "Notation",
    "Part",
    "Pass",
    "Room",
    "contents",
    "frames",
    "nearest",
    "rooms",
    "several",
    "without_gradients",
]
