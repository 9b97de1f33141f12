"""A pass as an animated picture: its moments one after the other, for slides and web pages."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from textwrap import wrap

from autograd.formulas import number

from ..moments import Frame
from ..pictures import Diagram, RenderError, render, to_dot

_MOST = 200  # moments
_AT_ONCE = 4  # pictures that are drawn in one go: heat maps take their time
_MILLISECONDS, _AT_THE_END = 1200, 4000
_PNG = b"\x89PNG\r\n\x1a\n"
_WIDE, _LINE, _LETTER, _MARGIN = 800, 30, 12.5, 16  # px: at least, and of the text below
_LINES = 3
_INK = "#1f2328"
_UNKNOWN = "–"


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
    """Give the picture of each moment; what is not known yet is a dash, so that nothing moves."""
    count = Counter(shown.box_of.values())
    alone = {i: id for i, id in shown.box_of.items() if count[id] == 1}
    longest = {box.id: len(box.grad) for box in shown.boxes}
    for i, adjoint in moments[-1].history:
        if i in alone:
            longest[alone[i]] = max(longest[alone[i]], len(number(adjoint)))
    computed, received = _times(moments, shown)
    for k, moment in enumerate(moments):
        lit = {shown.box_of[i] for i in (*moment.nodes, *moment.targets) if i in shown.box_of}
        edges = {shown.edge_of[flow] for flow in moment.flows if flow in shown.edge_of}
        sums = {alone[i]: adjoint for i, adjoint in moment.adjoints.items() if i in alone}
        boxes = []
        for box in shown.boxes:
            data, array, grad, grads = box.data, box.array, box.grad, box.grads
            if k < computed.get(box.id, 0):
                data, array = _UNKNOWN.center(len(data)), None
            if box.id in sums:
                grad, grads = number(sums[box.id]), sums[box.id]
            elif k < received.get(box.id, len(moments)):
                grad, grads = _UNKNOWN, None
            grad = grad.ljust(longest[box.id]) if box.grad else ""
            is_lit = box.id in lit
            boxes.append(replace(box, data=data, grad=grad, moment=(array, grads), lit=is_lit))
        arrows = [replace(edge, lit=edge.id in edges) for edge in shown.edges]
        is_forward = moment.phase == "forward"
        yield replace(shown, boxes=boxes, edges=arrows, is_forward=is_forward)


def _times(moments: Sequence[Frame], shown: Diagram) -> tuple[dict[str, int], dict[str, int]]:
    """Say when each box has been computed, and when it has received all that it gets."""
    computed: dict[str, int] = {}
    received: dict[str, int] = {}
    for k, moment in enumerate(moments):
        done = moment.nodes if moment.phase == "forward" else ()
        computed |= {shown.box_of[i]: k for i in done if i in shown.box_of}
        received |= {shown.box_of[i]: k for i in moment.targets if i in shown.box_of}
    return computed, received


def _drawn(diagrams: list[Diagram]) -> Iterator[bytes]:
    for first in range(0, len(diagrams), _AT_ONCE):
        dots = map(to_dot, diagrams[first : first + _AT_ONCE])
        yield from (_PNG + png for png in render("\n".join(dots), "png").split(_PNG)[1:])
