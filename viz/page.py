"""A pass as one self-contained HTML page: picture, frames, script and style, no network."""

import json
from base64 import b64encode
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Any

_ABOUT = {"format": "stepgrad.steps", "version": 1}
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
_SCRIPT = """
{mount}
const state = JSON.parse(document.querySelector("script[type='application/json']").textContent);
mount(document.querySelector("main"), memoryStore(state));
"""
# Should a name ever break out of the data, no script but this one runs and nothing is sent away.
_POLICY = (
    "default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
    "img-src data:; base-uri 'none'; form-action 'none'"
)


def static(name: str) -> str:
    """Read the script or the stylesheet that page and widget share."""
    return (files("viz") / "static" / name).read_text(encoding="utf-8")


def page(state: dict[str, Any]) -> str:
    """Write the page for what the script takes: title, svg, frames and index."""
    script = _SCRIPT.format(mount=static("stepper.js"))
    digest = b64encode(sha256(script.encode()).digest()).decode()
    return _PAGE.format(
        policy=_POLICY.format(digest=digest),
        title=escape(state["title"]),
        style=static("stepper.css"),
        state=json.dumps({**_ABOUT, **state}).replace("<", "\\u003c"),
        script=script,
    )
