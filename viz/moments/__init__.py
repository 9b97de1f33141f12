"""What there is to see: a graph as rooms of boxes, and the moments of its computation and pass."""

from .arrays import Numbers, aligned, is_small, summary
from .diff import Change, GraphDiff, diff
from .folding import nearest
from .frame import Frame
from .frames import frames
from .notation import Notation, several, whole, without_gradients
from .passes import Flow, Pass
from .path import Path
from .paths import Ranking
from .rooms import Part, Room, contents, rooms
from .table import STYLE, Table, shortened
from .typeset import Derivative, latex, mathml
from .why import Paths, why

__all__ = [
    "STYLE",
    "Change",
    "Derivative",
    "Flow",
    "Frame",
    "GraphDiff",
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
    "latex",
    "mathml",
    "nearest",
    "rooms",
    "several",
    "shortened",
    "summary",
    "whole",
    "why",
    "without_gradients",
]
