"""A pass as one self-contained HTML page: pictures, frames, script and style, no network."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from importlib.resources import files
from posixpath import dirname, join, normpath
from typing import Any

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
_START = """
const state = JSON.parse(document.querySelector("script[type='application/json']").textContent);
const main = document.querySelector("main");
mount(main, memoryStore(state));
if (parent !== window) {
  main.className = "sg-framed";
  let height = 0; // only grows: a frame that follows each step up and down makes one dizzy
  new ResizeObserver(() => {
    height = Math.max(height, document.documentElement.offsetHeight);
    parent.postMessage({ stepgradHeight: height }, "*");
  }).observe(main);
}
"""
_PROGRAM = """
{program}
const render = ({{ model, el }}) => mountPlayground(el, modelStore(model), {{ train, measure }});
export default {{ render }};
"""
_PLAYGROUND = """
{modules}
{program}
const state = JSON.parse(document.querySelector("script[type='application/json']").textContent);
mountPlayground(document.querySelector("main"), memoryStore(state), {{ train, measure }});
"""
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


def embedded(data: dict[str, Any]) -> str:
    """Write data as JSON that neither ends nor opens an element of a script, nor a comment."""
    return _ENDS.sub(r"\\u003c", json.dumps(data, allow_nan=False))


def page(state: dict[str, Any]) -> str:
    """Write the page for what the script takes: title, rooms, and the room and frame shown."""
    script = bundle("stepper.js") + _START
    return _written({**_ABOUT, **state}, script, static("stepper.css"))


def playground_page(state: dict[str, Any], program: str) -> str:
    """Write the page in which a program is trained, from its weights, points and settings."""
    script = _PLAYGROUND.format(modules=bundle("playground/playground.js"), program=program)
    style = static("playground/playground.css")
    return _written({**_ABOUT_PLAYGROUND, **state}, script, style)


def playground_module(program: str) -> str:
    """Write the module of a widget in which a program is trained."""
    return bundle("playground/playground.js") + _PROGRAM.format(program=program)


def _written(state: dict[str, Any], script: str, style: str) -> str:
    digest = b64encode(sha256(script.encode()).digest()).decode()
    return _PAGE.format(
        policy=_POLICY.format(digest=digest),
        title=escape(state["title"]),
        style=style,
        state=embedded(state),
        script=script,
    )
