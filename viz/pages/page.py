"""A pass as one self-contained HTML page: pictures, frames, script and style, no network."""

import json
import re
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from html import escape
from importlib.resources import files
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any

from autograd.texts import quoted

from ..pictures import RenderError

_ABOUT = {"format": "stepgrad.steps", "version": 2}
_ABOUT_PLAYGROUND = {"format": "stepgrad.playground", "version": 1}
_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{style}</style>
<main></main>
<script type="application/json">{state}</script>
<script type="module">{script}</script>
</html>
"""
_NO_PROGRAM = "const program = null;"
_READ = """
const state = JSON.parse(document.querySelector("script[type='application/json']").textContent);
const main = document.querySelector("main");
"""
_START = "mount(main, memoryStore(state), program);"
_FRAMED = """
if (parent !== window) {
  main.className = "sg-framed";
  // At a width it only grows: a frame that follows each step up and down makes one dizzy.
  let [width, height] = [0, 0];
  new ResizeObserver(() => {
    if (!main.offsetWidth) return; // hidden
    if (main.offsetWidth !== width) [width, height] = [main.offsetWidth, 0];
    height = Math.max(height, document.documentElement.offsetHeight);
    parent.postMessage({ stepgradHeight: height }, "*");
  }).observe(main);
  addEventListener("message", ({ source, data }) => {
    if (source !== parent || typeof data?.stepgradDark !== "boolean") return;
    const page = document.documentElement;
    page.dataset.jpThemeLight = !data.stepgradDark; // as a notebook marks its own body
    page.style.colorScheme = data.stepgradDark ? "dark" : "light";
  });
}
"""
_WIDGET = """
{program}
const render = ({{ model, el }}) => mount(el, modelStore(model), program, el);
export default {{ render }};
"""
_PROGRAM = """
{program}
const render = ({{ model, el }}) => mountPlayground(el, modelStore(model), {{ train, measure }});
export default {{ render }};
"""
_PLAY = "mountPlayground(main, memoryStore(state), { train, measure });"
# Should a name ever break out of the data, no script but this one runs and nothing is sent away.
_POLICY = (
    "default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
    "img-src data:; base-uri 'none'; form-action 'none'"
)
_ENDS = re.compile("<(?=[/!]|script)", re.IGNORECASE)
_IMPORT = re.compile(r'^import \{ [\w, ]+ \} from "(\.\.?/[\w/]+\.js)";\n', re.MULTILINE)


def static(name: str) -> str:
    """Read a module of the script, or the stylesheet, that page and widget share."""
    return (files("viz.pages") / "static" / name).read_text(encoding="utf-8")


def bundle(name: str) -> str:
    """Join a module with all that it imports into one module, which imports nothing.

    Each module stands once, after those that it needs. Their top-level names share one scope.
    """
    joined: dict[str, str] = {}

    def add(name: str) -> None:
        source = static(name)
        for needed in _IMPORT.findall(source):
            add(normpath(join(dirname(name), needed)))
        joined[name] = _IMPORT.sub("", source)

    add(name)
    entry = joined.pop(name)
    hidden = [re.sub(r"^export ", "", text, flags=re.MULTILINE) for text in joined.values()]
    return "\n".join([*hidden, entry])


def embedded(data: Any) -> str:
    """Write data as JSON that neither ends nor opens an element of a script, nor a comment."""
    return _ENDS.sub(r"\\u003c", json.dumps(data, allow_nan=False))


def save_page(call: str, path: str | Path, write: Callable[[], str], others: str = "") -> Path:
    """Write a page to a file whose name ends in .html; `others` says what else can be written."""
    path = Path(path)
    if path.suffix != ".html":
        raise RenderError(
            f"{call}: cannot write {quoted(path.name)}. End the name in .html{others}."
        )
    path.write_text(write(), encoding="utf-8", errors="replace")
    return path


def page(state: dict[str, Any]) -> str:
    """Write the page for what the script takes: title, rooms, and the room and frame shown.

    A ``program`` of its numbers stands in the same script.
    """
    shown = {**_ABOUT, **state}
    program = shown.pop("program", _NO_PROGRAM)
    return _written(shown, "stepper", program, _START)


def stepper_module(program: str | None) -> str:
    """Write the module of a widget that steps, with the program of its numbers."""
    return bundle("stepper.js") + _WIDGET.format(program=program or _NO_PROGRAM)


def playground_page(state: dict[str, Any], program: str) -> str:
    """Write the page in which a program is trained, from its weights, points and settings."""
    shown = {**_ABOUT_PLAYGROUND, **state}
    return _written(shown, "playground/playground", program, _PLAY)


def playground_module(program: str) -> str:
    """Write the module of a widget in which a program is trained."""
    return bundle("playground/playground.js") + _PROGRAM.format(program=program)


def _written(state: dict[str, Any], name: str, program: str, start: str) -> str:
    script = "\n".join([bundle(f"{name}.js"), program, _READ, start, _FRAMED])
    digest = b64encode(sha256(script.encode()).digest()).decode()
    return _PAGE.format(
        policy=_POLICY.format(digest=digest),
        title=escape(state["title"]),
        style=static(f"{name}.css"),
        state=embedded(state),
        script=script,
    )
