"""`draw`: a picture of a computation, for a notebook, a file or a terminal."""

import base64
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from autograd import Graph, Node, trace
from autograd.ops import brief

from ..given import outputs_of
from ..names import caller_names, variable_names
from .dark import in_both_schemes
from .diagram import LARGEST, Diagram, diagram, marked
from .dot import to_dot
from .mermaid import diagram_mermaid
from .render import RenderError, SlowLayoutError, render
from .text import BRIEF, graph_text
from .tikz import diagram_tikz


def draw(
    output: Any,
    x: Any = None,
    *,
    detail: str | int = "auto",
    around: Node | None = None,
    max_nodes: int = LARGEST,
    names: Mapping[str, Any] | None = None,
) -> "Picture":
    """Draw what a node was computed from.

    Each box shows a value and, after a backward pass, its gradient; each arrow ends at the local
    derivative. Nodes without a name of their own are called as your variables are.

    Parameters
    ----------
    output : Node, Graph, Tape or Module
        What to draw; of a tape all that it computes. Gradients are drawn without what only their
        rules brought in, such as 1·x.
    x : array_like or list, optional
        Input of a module, which is drawn as when it is used; zeros if not given.
    detail : 'auto', 'full' or int
        'full' draws every node. A number folds each module call nested that deep, or a
        `Scope`, into one box; 1 folds the outermost calls. 'auto' folds as little as leaves
        some 40 boxes: calls, and where that is not enough what was made one after the other.
    around : Node, optional
        Draw only the 30 nodes nearest to this one.
    max_nodes : int
        How many boxes to draw at most.
    names : mapping from str to Node, optional
        Names for nodes, instead of your variables; a container or a module names its parts.

    Returns
    -------
    Picture
        A notebook shows it, ``save`` writes it, ``str`` gives text.

    Raises
    ------
    GraphError
        If there would be more than `max_nodes` boxes.
    ValueError
        If a module without an input does not tell its shape.

    Examples
    --------
    >>> from autograd import Value
    >>> x, y, z = Value(-2.0), Value(5.0), Value(-4.0)
    >>> f = (x + y) * z
    >>> print(draw(f, names={"x": x, "y": y, "z": z, "f": f}))
    x  = -2
    y  = 5
    z  = -4
    v₁ = x + y = 3
    f  = v₁·z  = -12
    (no gradients yet: call backward())
    """
    known = caller_names(1) if names is None else variable_names(names)
    nodes: list[Node] = []
    graph = output
    if not isinstance(output, Graph):
        first, *others = outputs_of("draw", output, x, known)
        nodes = trace(first, *others)
        graph = Graph(first, known, others)
    center = None
    if around is not None:
        if around not in nodes:
            raise ValueError(
                f"draw: {brief(around)} is not part of this graph. Give a node that is."
            )
        center = nodes.index(around)
    return Picture(graph, detail=detail, around=center, max_nodes=max_nodes)


IN_CELL = 2**20  # bytes


class Picture:
    """What `draw` returns: a picture where one can be shown, text elsewhere.

    Attributes
    ----------
    graph : Graph
        The snapshot that is shown.
    shown : Diagram
        Its boxes and edges.
    """

    def __init__(self, graph: Graph, **choice: Any) -> None:
        self.graph = graph
        self.shown = diagram(graph, **choice)
        self._choice = choice

    @classmethod
    def of(cls, graph: Graph, shown: Diagram) -> "Picture":
        """Show so much of a graph."""
        picture = cls.__new__(cls)
        picture.graph, picture.shown, picture._choice = graph, shown, {}
        return picture

    @property
    def dot(self) -> str:
        """The picture in the DOT language."""
        return to_dot(self.shown)

    @property
    def svg(self) -> str:
        """The picture as SVG."""
        return self._render("svg").decode()

    def save(self, path: str | Path) -> Path:
        """Write the picture; the ending of the name says in what form.

        It is .svg, .png, .pdf or .dot; .mmd for Mermaid, .tex for TikZ.

        Returns
        -------
        Path
            Where it is.

        Raises
        ------
        RenderError
            If there is nothing to draw with, or the ending is another one.
        """
        path = Path(path)
        drawn = self._render(path.suffix.removeprefix("."))
        is_svg = path.suffix == ".svg"
        path.write_bytes(in_both_schemes(drawn.decode()).encode() if is_svg else drawn)
        return path

    def _render(self, format: str) -> bytes:
        if format == "mmd":
            return diagram_mermaid(self.shown).encode()
        if format == "tex":
            layout = self._render("plain").decode()
            return diagram_tikz(self.shown, layout).encode()
        try:
            return render(self.dot, format)
        except SlowLayoutError:
            self.shown = self._folded("the layout took too long")
            return render(self.dot, format)

    def _folded(self, reason: str) -> Diagram:
        note = f"folded, because {reason}"
        return diagram(self.graph, **self._choice | {"detail": "auto", "note": note})

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """Give notebooks an image that survives export and untrusted files; text as fallback."""
        words = graph_text(self.graph, most=BRIEF)
        try:
            html = image_html(in_both_schemes(self.svg), words)
            if len(html.encode()) > IN_CELL:
                shown = self._folded("a cell holds 1 MB; save() writes all of it")
                html = image_html(in_both_schemes(Picture.of(self.graph, shown).svg), words)
            return {"text/html": html, "text/plain": words}
        except RenderError as error:
            return {"text/plain": f"{words}\n({error})"}

    def __str__(self) -> str:
        return graph_text(self.graph)

    def __repr__(self) -> str:
        return f"Picture({self.graph!r})"


def for_pytest(graph: Graph, remarks: Mapping[int, str]) -> tuple[str, str]:
    """Draw the graph of a check that failed: as text, and as SVG where something can draw it.

    The plugin of pytest finds this function by its entry point. Remarks, by the index of a node,
    point out what is wrong.
    """
    picture = draw(graph, names={})
    picture.shown = marked(picture.shown, remarks)
    text = str(picture)
    try:
        return text, picture.svg
    except Exception:  # whatever it is, the text is worth having
        return text, ""


# An image takes the scheme of its element. Where a notebook drops styles, pictures are light.
_THEMED = """<style>
img.stepgrad-picture { color-scheme: light dark !important; background: light-dark(#ffffff, #0d1117) !important; }
:is([data-jp-theme-light="true"], .vscode-light) img.stepgrad-picture { color-scheme: light !important; }
:is([data-jp-theme-light="false"], .vscode-dark) img.stepgrad-picture { color-scheme: dark !important; }
</style>"""  # noqa: E501


def image_html(svg: str, description: str) -> str:
    """Put a picture into an <img>, which notebooks keep where they drop inline SVG."""
    data = base64.b64encode(svg.encode()).decode()
    return (
        f'<img class="stepgrad-picture" alt="{escape(description)}" '
        'style="max-width:100%;color-scheme:light;background:white" '
        f'src="data:image/svg+xml;base64,{data}">{_THEMED}'
    )
