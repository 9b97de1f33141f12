"""What there is to see: a graph as rooms of boxes, and the moments of its computation and pass."""

from .arrays import Numbers, aligned, is_small, summary
from .diff import Change, GraphDiff, diff
from .element import Element, element, named
from .element_pass import ElementPass
from .elements import Formulas, flow_formulas, texts_of, value_formulas
from .folding import nearest
from .frame import Frame
from .frames import frames
from .gains import gain_rows, gains
from .live import Live, number
from .live_pass import LONGEST, LivePass
from .notation import Notation, several, whole, without_gradients
from .passes import Edge, Flow, Pass
from .path import Path
from .paths import Ranking
from .rooms import Division, Part, Room, contents, outermost
from .table import STYLE, Table, shortened
from .typeset import Derivative, latex, mathml
from .why import Paths, why

__all__ = [
    "LONGEST",
    "STYLE",
    "Change",
    "Derivative",
    "Division",
    "Edge",
    "Element",
    "ElementPass",
    "Flow",
    "Formulas",
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
    "element",
    "flow_formulas",
    "frames",
    "gain_rows",
    "gains",
    "is_small",
    "latex",
    "mathml",
    "named",
    "nearest",
    "number",
    "outermost",
    "several",
    "shortened",
    "summary",
    "texts_of",
    "value_formulas",
    "whole",
    "why",
    "without_gradients",
]
