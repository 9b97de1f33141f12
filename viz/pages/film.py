"""A pass as an animated picture: its moments one after the other, for slides and web pages."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from textwrap import wrap

from autograd.formulas import number

from ..moments import Frame
from ..pictures import Box, Diagram, RenderError, render, to_dot

_MOST = 200  # moments
_AT_ONCE = 20  # pictures that are drawn in one go
_MILLISECONDS, _AT_THE_END = 1200, 4000
_PNG = b"\x89PNG\r\n\x1a\n"
_WIDE, _LINE, _LETTER, _MARGIN = 800, 30, 12.5, 16  # px: at least, and of the text below
_LINES = 3
_INK = "#1f2328"


def save_film(path: Path, moments: Sequence[Frame], shown: Diagram) -> None:
    """Write moments as a GIF.

    Raises
    ------
    RenderError
        If there is nothing to draw with, Pillow or matplotlib is missing, or there are more than
        200 moments.
    """
    try:
        from matplotlib import get_data_path
        from PIL import Image, ImageDraw, ImageFont
    except ImportError:
        raise RenderError(
            "step: a GIF needs matplotlib and Pillow: pip install 'stepgrad[plots]'."
        ) from None
    if len(moments) > _MOST:
        raise RenderError(
            f"step: {len(moments)} moments are more than the {_MOST} that a GIF takes. Show less: "
            "detail=1, or phase='backward'."
        )
    font = ImageFont.truetype(str(Path(get_data_path()) / "fonts/ttf/DejaVuSans.ttf"), 20)
    drawn = [Image.open(BytesIO(png)) for png in _drawn([*pictures(moments, shown)])]
    width = max(_WIDE, *(image.width for image in drawn))
    height = max(image.height for image in drawn)
    lines = [wrap(moment.text, int(width / _LETTER))[:_LINES] for moment in moments]
    whole = height + _LINE * max(map(len, lines)) + _MARGIN
    pages = []
    for text, image in zip(lines, drawn, strict=True):
        page = Image.new("RGB", (width, whole), "white")
        page.paste(image.convert("RGB"), ((width - image.width) // 2, 0))
        ImageDraw.Draw(page).text((_MARGIN, height), "\n".join(text), _INK, font, spacing=6)
        pages.append(page.quantize(64))
    times = [_MILLISECONDS] * (len(pages) - 1) + [_AT_THE_END]
    pages[0].save(path, "GIF", save_all=True, append_images=pages[1:], duration=times, loop=0)


def pictures(moments: Sequence[Frame], shown: Diagram) -> Iterator[Diagram]:
    """Give the picture of each moment; what is not known yet is blank, so that nothing moves."""
    nodes_of: dict[str, list[int]] = {}
    for i, id in shown.box_of.items():
        nodes_of.setdefault(id, []).append(i)
    computed = dict.fromkeys(shown.box_of.values(), -1)
    received: dict[str, int] = {}
    for k, moment in enumerate(moments):
        for i in moment.nodes if moment.phase == "forward" else ():
            if i in shown.box_of:
                computed[shown.box_of[i]] = k
        received |= {shown.box_of[i]: k for i in moment.targets if i in shown.box_of}
    for k, moment in enumerate(moments):
        lit = {shown.box_of[i] for i in (*moment.nodes, *moment.targets) if i in shown.box_of}
        edges = {shown.edge_of[flow] for flow in moment.flows if flow in shown.edge_of}
        adjoints = moment.adjoints
        boxes = []
        for box in shown.boxes:
            nodes = nodes_of.get(box.id, [])
            alone = adjoints.get(nodes[0]) if len(nodes) == 1 else None
            grad = number(alone) if alone is not None else box.grad
            is_known = alone is not None or received.get(box.id, len(moments)) <= k
            boxes.append(_at(box, k >= computed.get(box.id, -1), grad if is_known else ""))
        yield replace(
            shown,
            boxes=[replace(box, lit=box.id in lit) for box in boxes],
            edges=[replace(edge, lit=edge.id in edges) for edge in shown.edges],
        )


def _at(box: Box, is_computed: bool, grad: str) -> Box:
    """Show so much of a box, as wide as it will be; arrays are summed up in words."""
    data = box.data if is_computed else " " * len(box.data)
    return replace(box, data=data, grad=grad.ljust(len(box.grad)), array=None, grads=None)


def _drawn(diagrams: list[Diagram]) -> Iterator[bytes]:
    for first in range(0, len(diagrams), _AT_ONCE):
        dots = map(to_dot, diagrams[first : first + _AT_ONCE])
        yield from (_PNG + png for png in render("\n".join(dots), "png").split(_PNG)[1:])
