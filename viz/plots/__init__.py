"""Plots of functions, training and data: Axes of matplotlib in, Axes out."""

from .boundary import boundary
from .confusion import confusion
from .curve import curve
from .flow import flow
from .histograms import histograms
from .history import history
from .images import images
from .live import Live, live
from .points import points
from .sampling import joined, sampled, usual_range
from .surface import surface

__all__ = [
    "Live",
    "boundary",
    "confusion",
    "curve",
    "flow",
    "histograms",
    "history",
    "images",
    "joined",
    "live",
    "points",
    "sampled",
    "surface",
    "usual_range",
]
