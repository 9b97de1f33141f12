"""A pass as one self-contained HTML page: picture, frames, script and style, no network."""

import json
from html import escape
from importlib.resources import files
from typing import Any

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{style}</style>
<main></main>
<script type="application/json">{state}</script>
<script type="module">
{script}
const state = JSON.parse(document.querySelector("script[type='application/json']").textContent);
mount(document.querySelector("main"), memoryStore(state));
</script>
</html>
"""


def static(name: str) -> str:
    """Read the script or the stylesheet that page and widget share."""
    return (files("viz") / "static" / name).read_text(encoding="utf-8")


def page(state: dict[str, Any]) -> str:
    """Write the page for what the script takes: title, svg, frames and index."""
    return _PAGE.format(
        title=escape(state["title"]),
        style=static("stepper.css"),
        state=json.dumps(state).replace("<", "\\u003c"),
        script=static("stepper.js"),
    )
