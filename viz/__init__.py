"""Pictures of graphs and gradients, and a stepper through the backward pass."""

from autograd import __version__ as __version__
from autograd.pickles import publish as _publish

from .moments import Change as _Change  # noqa: F401, pickles of what diff gives name it
from .moments import Derivative as _Derivative  # noqa: F401, pickles of frames name it
from .moments import Division as _Division  # noqa: F401, pickles of rooms name it
from .moments import Element, Frame, GraphDiff, Path, Paths, diff, why
from .moments import Flow as _Flow  # noqa: F401, pickles of steppers this and the next
from .moments import Notation as _Notation  # noqa: F401
from .moments import Numbers as _Numbers  # noqa: F401
from .moments import Part as _Part  # noqa: F401
from .moments import Pass as _Pass  # noqa: F401
from .moments import Room as _Room  # noqa: F401
from .moments import Table as _Table  # noqa: F401
from .pages import Playground, Stepper, playground, step
from .pictures import AppliedOp as _AppliedOp  # noqa: F401, pickles of pictures this and the next
from .pictures import Box as _Box  # noqa: F401
from .pictures import Diagram, Network, Picture, RenderError, draw, network
from .pictures import Edge as _Edge  # noqa: F401
from .pictures import Layer as _Layer  # noqa: F401
from .pictures import SlowLayoutError as _SlowLayoutError  # noqa: F401
from .plots import (
    Live,
    boundary,
    confusion,
    curve,
    flow,
    histograms,
    history,
    images,
    live,
    points,
    surface,
)
from .shows import register as _show_objects

__all__ = [
    "Diagram",
    "Element",
    "Frame",
    "GraphDiff",
    "Live",
    "Network",
    "Path",
    "Paths",
    "Picture",
    "Playground",
    "RenderError",
    "Stepper",
    "boundary",
    "confusion",
    "curve",
    "diff",
    "draw",
    "flow",
    "histograms",
    "history",
    "images",
    "live",
    "network",
    "playground",
    "points",
    "step",
    "surface",
    "why",
]

_INSIDE = [
    "_AppliedOp",
    "_Box",
    "_Change",
    "_Derivative",
    "_Division",
    "_Edge",
    "_Flow",
    "_Layer",
    "_Notation",
]
_INSIDE += ["_Numbers", "_Part", "_Pass", "_Room", "_SlowLayoutError", "_Table"]
_publish(__name__, globals(), [*__all__, *_INSIDE])

_show_objects()
