"""`step`: a walk through the backward pass of a node, frame by frame."""

import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, overload

from autograd import Node
from autograd.formulas import number, written

from .diagram import LARGEST
from .frames import Frame, frames
from .names import caller_names, variable_names
from .notation import Notation
from .page import page
from .picture import Picture, image_html
from .render import RenderError
from .text import BRIEF, pass_text

_EMBEDDED = 5000  # frames; more would put megabytes into a notebook


def step(
    output: Node,
    *,
    detail: str | int = "auto",
    max_nodes: int = LARGEST,
    names: Mapping[str, Any] | None = None,
    title: str = "",
) -> "Stepper":
    """Step through the backward pass of a node; the node itself is not changed.

    Parameters
    ----------
    output : Node
        Where the pass starts.
    detail : 'auto', 'full' or int
        How much of the graph to draw, as in `draw`; every step is there in any case.
    max_nodes : int
        How many boxes to draw at most.
    names : mapping from str to Node, optional
        Names for nodes, instead of your variables; a container or a module names its parts.
    title : str
        Heading; the formula of the output if empty.

    Returns
    -------
    Stepper
        A notebook shows it with buttons, ``save`` writes it as one HTML file, ``str`` gives text.

    Raises
    ------
    GraphError
        If no gradient flows from `output`, the pass has more than 50000 frames, or the picture
        would have more than `max_nodes` boxes.

    Examples
    --------
    >>> from autograd import Value
    >>> x, y, z = Value(-2.0), Value(5.0), Value(-4.0)
    >>> f = (x + y) * z
    >>> steps = step(f, names={"x": x, "y": y, "z": z, "f": f})
    >>> steps[2].text
    'f → v₁   ∂f/∂v₁ = z = -4   -4 × 1 = -4   grad of v₁: -4'
    """
    if not isinstance(output, Node):
        raise TypeError(f"step: got {output!r:.80}, a {type(output).__name__}. Give one node.")
    known = caller_names(1) if names is None else variable_names(names)
    return Stepper(frames(output, known), detail, max_nodes, title)


class Stepper(Sequence[Frame]):
    """What `step` returns: the frames of a pass, and ways to show them.

    A sequence of `Frame`: loop over it, or look at ``steps[3].text``.

    Attributes
    ----------
    title : str
    picture : Picture
        The graph behind the steps, with the gradients at the end of the pass.
    """

    def __init__(self, moments: list[Frame], detail: str | int, max_nodes: int, title: str) -> None:
        first, last = moments[0], moments[-1]
        self._frames = moments
        notation = Notation(first.graph)
        name = notation.labels[first.graph.output]
        self.title = title or f"{name} = {written(notation.whole_formula())}"
        graph = first.graph.with_grads(last.adjoints)
        self.picture = Picture(graph, detail=detail, max_nodes=max_nodes)

    def save(self, path: str | Path) -> Path:
        """Write one HTML file that works by itself, without a network.

        Returns
        -------
        Path
            Where it is.

        Raises
        ------
        RenderError
            If the name does not end in .html, or there is nothing to draw the picture with.
        """
        path = Path(path)
        if path.suffix != ".html":
            raise RenderError(
                f"step: cannot write {path.name!r}. End the name in .html; "
                "steps.picture.save writes .svg, .png, .pdf and .dot."
            )
        path.write_text(page(self.state()), encoding="utf-8", errors="replace")
        return path

    def widget(self) -> Any:
        """Make a live widget whose ``index`` Python can read and set; needs anywidget.

        Returns
        -------
        anywidget.AnyWidget
        """
        from .widget import StepperWidget  # anywidget is an extra

        return StepperWidget(**self.state())

    def state(self) -> dict[str, Any]:
        """Give all that the script of the page needs, as plain data."""
        svg = self.picture.svg
        return {"title": self.title, "svg": svg, "frames": [*map(self._plain, self)], "index": 0}

    def _plain(self, frame: Frame) -> dict[str, Any]:
        shown = self.picture.shown
        target = None if frame.target is None else shown.box_of.get(frame.target)
        node = edge = None
        if frame.active:
            node = shown.box_of.get(frame.active[0])
            edge = shown.edge_of.get(frame.active)
        received = frame.received
        return {
            "title": frame.title,
            "node": node,
            "edge": edge,
            "target": target,
            "rule": frame.mathml,
            "numbers": frame.numbers,
            "sum": frame.total,
            "say": frame.sentence,
            "grads": {} if target is None or received is None else {target: number(received)},
        }

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """Give notebooks a sandboxed page, and a picture where they take the page away."""
        words = pass_text(self, self.title, most=BRIEF)
        try:
            return {"text/html": self._cell(), "text/plain": words}
        except RenderError as error:
            return {"text/plain": f"{words}\n({error})"}

    def _cell(self) -> str:
        if len(self) > _EMBEDDED:
            return (
                f"{image_html(self.picture.svg, self.title)}<p>{len(self)} steps are too many for "
                'a cell: <code>viz.step(f).save("steps.html")</code> writes a page that has them '
                "all, and <code>viz.draw(f, around=node)</code> shows a part of the graph.</p>"
            )
        state = self.state()
        frame = (
            '<iframe class="stepgrad-steps" sandbox="allow-scripts" '
            f'style="width:100%;height:{_height(state["svg"])}px;border:0" '
            f'srcdoc="{escape(page(state))}"></iframe>'
        )
        only_one = "<style>.stepgrad-steps + img {display: none}</style>"
        return only_one + frame + image_html(state["svg"], self.title)

    @overload
    def __getitem__(self, index: int) -> Frame: ...
    @overload
    def __getitem__(self, index: slice) -> list[Frame]: ...
    def __getitem__(self, index: int | slice) -> Frame | list[Frame]:
        return self._frames[index]

    def __len__(self) -> int:
        return len(self._frames)

    def __str__(self) -> str:
        return pass_text(self._frames, self.title)

    def __repr__(self) -> str:
        return f"Stepper({self.title!r}, {len(self)} frames)"


def _height(svg: str) -> int:
    """Choose a height for the page in a cell: the picture and what stands around it."""
    points = re.search(r'height="(\d+)', svg)
    picture = int(points[1]) * 4 // 3 if points else 0
    return min(max(picture + 390, 520), 800)
