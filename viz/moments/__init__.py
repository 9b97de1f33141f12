"""What there is to see: a graph as rooms of boxes, and the moments of its computation and pass."""

from .arrays import Numbers, aligned, is_small, summary
from .diff import Change, GraphDiff, diff
from .folding import nearest
from .frame import Frame
from .frames import frames
from .live import Live, number
from .live_pass import LONGEST, LivePass
from .notation import Notation, several, whole, without_gradients
from .passes import Flow, Pass
from .path import Path
from .paths import Ranking
from .rooms import Part, Room, contents, rooms
from .table import Table
from .typeset import Derivative
from .why import Paths, why

__all__ = [
    "LONGEST",
    "Change",
    "Derivative",
    "Flow",
    "Frame",
    "GraphDiff",
    "Live",
    "LivePass",
    "Notation",
    "Numbers",
    "Part",
    "Pass",
    "Path",
    "Paths",
    "Ranking",
    "Room",
    "Table",
    "aligned",
    "contents",
    "diff",
    "frames",
    "is_small",
    "nearest",
    "number",
    "rooms",
    "several",
    "summary",
    "whole",
    "why",
    "without_gradients",
]
