"""A page in the cell of a notebook: in a sandbox, as high as its content, with a picture beside."""

import re
from typing import Any

from ..pictures import image_html, in_both_schemes
from .page import embedded, page

_PICTURE, _FRAME = 440, 26  # px: of a picture in a cell at most, as in the stylesheet; around it
# Beside a page in a cell: its frame follows the height that it tells, and the page the theme of the
# notebook, where scripts of a cell run.
FOLLOW = """<script>
window.stepgradFollows ||= (() => {
  const frames = () => document.querySelectorAll("iframe[class^='stepgrad-']");
  const tellTheme = (frame) => {
    const themed = frame.closest("[data-jp-theme-light], .vscode-light, .vscode-dark");
    if (!themed) return;
    const dark = themed.matches("[data-jp-theme-light='false'], .vscode-dark");
    frame.style.colorScheme = dark ? "dark" : "light";
    frame.contentWindow.postMessage({ stepgradDark: dark }, "*");
  };
  addEventListener("message", ({ source, data }) => {
    for (const frame of frames()) {
      if (frame.contentWindow === source && data?.stepgradHeight > 0) {
        frame.style.height = `${Math.min(data.stepgradHeight, 2000)}px`;
        tellTheme(frame);
      }
    }
  });
  new MutationObserver(() => frames().forEach(tellTheme)).observe(document.body, {
    attributeFilter: ["data-jp-theme-light", "class"],
  });
  return true;
})();
</script>"""


def cell(state: dict[str, Any]) -> str:
    """Write the page of a stepper for a cell, and its picture for notebooks that drop pages."""
    svg = state["rooms"][state["room"]]["svg"]
    frame = framed("stepgrad-steps", page(state), _height(svg, state["guess"]))
    only_one = "<style>.stepgrad-steps + img {display: none}</style>"
    return only_one + frame + image_html(in_both_schemes(svg), state["title"]) + FOLLOW


def weight(data: Any) -> int:
    """Say how many bytes data is in the page of a cell."""
    return len(_attribute(embedded(data)).encode())


def framed(name: str, source: str, height: int) -> str:
    """Write a page into a sandbox, so high until the page tells its height to `FOLLOW`."""
    return (
        f'<iframe class="{name}" sandbox="allow-scripts" '
        f"style=\"width:100%;height:{height}px;border:0\" srcdoc='{_attribute(source)}'></iframe>"
    )


def _attribute(text: str) -> str:
    """Escape text for single quotes: a page is full of double ones, of six bytes when escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&#39;")


def _height(svg: str, guess: bool) -> int:
    """Choose a height for the page in a cell, until the page tells it: the picture and the rest."""
    points = re.search(r'height="(\d+)', svg)
    picture = int(points[1]) * 4 // 3 if points else 0
    return min(picture + _FRAME, _PICTURE) + (350 if guess else 304)
