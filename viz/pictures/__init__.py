"""What is drawn: diagrams, and their pictures in DOT, SVG and text."""

from .cells import cell_texts, has_map, maps, shades
from .circles import svg_for_page
from .dark import in_both_schemes
from .diagram import Box, Diagram, Edge, marked, pictured
from .dot import in_cells, to_dot
from .layers import AppliedOp, Layer, layers_of_graph
from .network import Network, network
from .picture import IN_CELL, Picture, draw, image_html
from .render import RenderError, SlowLayoutError, render, render_all
from .text import BRIEF, pass_text

__all__ = [
    "BRIEF",
    "IN_CELL",
    "AppliedOp",
    "Box",
    "Diagram",
    "Edge",
    "Layer",
    "Network",
    "Picture",
    "RenderError",
    "SlowLayoutError",
    "cell_texts",
    "draw",
    "has_map",
    "image_html",
    "in_both_schemes",
    "in_cells",
    "layers_of_graph",
    "maps",
    "marked",
    "network",
    "pass_text",
    "pictured",
    "render",
    "render_all",
    "shades",
    "svg_for_page",
    "to_dot",
]
