"""DOT to pictures: with a `dot` program if there is one, with the graphviz-pure package if not."""

import re
import shutil
import subprocess
import sysconfig
from collections.abc import Sequence

from autograd import AutogradError

from .labels import place_labels

FORMATS = ("svg", "png", "pdf", "dot", "mmd", "tex")  # the last two are written without it
_DRAWN = ("svg", "png", "pdf", "dot", "plain")
_SECONDS = 10
# A box with the first and last point of one side of its frame, whose corners are round; and a cell.
_BOX = re.compile(
    rb' d="M([-.\d]+),[-.\d]+C\S+ \S+ ([-.\d]+),[^"]*"/>\n<text.*?(?=<!--|</svg>)', re.DOTALL
)
_CELL = re.compile(
    rb'<a xlink:[^>]*>\n<polygon [^>]* points="([-.\d]+),\S+ \S+ ([-.\d]+),[^>]*>\n<text[^>]*>'
)
# A map, and a cell in it with its frame: two polygons that one short path replaces.
_MAP = re.compile(rb'<g id="a_\w+_[VG]\d+">.*?</g>', re.DOTALL)
_MAPPED = re.compile(
    rb'<polygon fill="(#\w+)" stroke="\w+" points="(\S+?),(\S+) \S+?,(\S+) (\S+?),[^>]*>'
    rb'(?:\s*<polygon fill="none" stroke="(#\w+)" points="\2,\3 [^>]*>)?'
)
_HEAD, _END = "<svg", "</svg>"


class RenderError(AutogradError, RuntimeError):
    """No picture could be drawn; the message says why and what to do."""


class SlowLayoutError(RenderError):
    """The layout ran into its time limit."""


def render(dot: str, format: str = "svg") -> bytes:
    """Draw a graph.

    Parameters
    ----------
    dot : str
        The graph in DOT.
    format : 'svg', 'png', 'pdf', 'plain' or 'dot'
        PDF needs the `dot` program; plain says where boxes are; DOT is what was given.

    Raises
    ------
    RenderError
        If there is nothing to draw with, or drawing fails.
    SlowLayoutError
        If it takes longer than 10 seconds.
    """
    if format not in _DRAWN:
        raise RenderError(f"draw: cannot write {format!r}. Choose one of {', '.join(FORMATS)}.")
    if format == "dot":
        return dot.encode()
    program = _program(format)
    scale = ["-Gdpi=144", "-Gsize=60,60"] if format == "png" else []  # sharp, but never huge
    try:
        done = subprocess.run(
            [program, f"-T{format}", *scale],
            input=dot.encode(),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SlowLayoutError(
            f"draw: the layout took longer than {_SECONDS} s. Show less: detail=1 folds module "
            "calls, around=node shows a part."
        ) from None
    except OSError as error:
        raise RenderError(
            f"draw: {program} cannot be run: {error.strerror}. "
            "Install it anew, or take it off the path."
        ) from None
    if not done.stdout:
        raise RenderError(f"draw: {program} failed: {done.stderr.decode(errors='replace').strip()}")
    if format != "svg":
        return done.stdout
    pictures = re.sub(_MAP, _in_short, _centered(done.stdout)).decode().split(_END)
    return _END.join(map(place_labels, pictures)).encode()


def render_all(dots: Sequence[str]) -> list[str]:
    """Draw several graphs as SVG, in one process."""
    svg = render("\n".join(dots)).decode()
    return [_HEAD + part.partition(_END)[0] + _END for part in svg.split(_HEAD)[1:]]


def _centered(svg: bytes) -> bytes:
    """Center lines in boxes and cells; a program without fonts misjudges the width of … and ₁."""

    def center(box: re.Match[bytes]) -> bytes:
        left, right = map(float, box.groups())
        middle = f'text-anchor="middle" x="{(left + right) / 2:.2f}"'.encode()
        return re.sub(rb'text-anchor="start" x="[^"]*"', middle, box[0])

    return re.sub(_BOX, center, re.sub(_CELL, center, svg))


def _in_short(map: re.Match[bytes]) -> bytes:
    """Write each cell of a map as one short path: there are thousands."""

    def short(cell: re.Match[bytes]) -> bytes:
        fill, left, bottom, top, right, frame = cell.groups()
        around = b' stroke="%s"' % frame if frame else b""
        return b'<path fill="%s"%s d="M%s,%sV%sH%sV%sz"/>' % (
            *(fill, around, left, bottom, top, right, bottom),
        )

    return re.sub(_MAPPED, short, map[0])


def _program(format: str) -> str:
    """Find what to draw with: `dot` on the path, else the executable of graphviz-pure."""
    found = shutil.which("dot")
    if found is None and format != "pdf":
        found = shutil.which("graphviz-pure", path=sysconfig.get_path("scripts"))
    if found is None:
        ways = "Install Graphviz (apt-get install graphviz)"
        if format != "pdf":
            ways = f"pip install 'stepgrad[render]', or {ways[0].lower()}{ways[1:]}"
        raise RenderError(f"draw: nothing here can draw {format}. {ways}; text works without.")
    return found
