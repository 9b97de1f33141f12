"""Every class shows itself, and whatever a thing is called, its HTML and LaTeX mean no more."""

import json
import re
import subprocess
import sys
from base64 import b64decode
from html.parser import HTMLParser
from pathlib import Path

import pytest
from names import HARMLESS, HOSTILE, is_plain
from shown import things

from autograd.showing import bundle
from viz.shows import painters

ROOT = Path(__file__).parents[3]
WITH_LATEX = {"autograd.Op", "autograd.Step", "viz.Path", "viz.Frame"}
FORMS = {"text/html", "text/plain"}
ALLOWED = (
    *("div", "p", "style", "table", "thead", "tbody", "tr", "th", "td", "span", "small", "br"),
    *("pre", "img", "svg", "path", "text", "title", "math", "mrow", "mi", "mo", "mn", "mtext"),
    *("mfrac", "msup", "msub"),
)

SHELL = """
import json, sys
sys.path[:0] = ["tests/support"]
{first}
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
{then}
from shown import things
from viz.shows.painters import PAINTERS
found = {{}}
for name, thing in things().items():
    found[name] = shell.display_formatter.format(thing)[0]
print("\\n" + json.dumps(found))
"""


class Tags(HTMLParser):
    """Lists the tags and attributes of some HTML, and the text; all tags are closed."""

    def __init__(self, source):
        super().__init__()
        self.tags, self.text, self.open = [], [], []
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, *sorted(name for name, _ in attributes)))
        if tag not in ("br", "img"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, *sorted(name for name, _ in attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, text):
        self.text.append(text)


def shown(thing):
    """What a notebook gets of a thing."""
    if hasattr(thing, "dtype"):
        return painters.nodes.array(thing)
    return bundle(thing)


def test_every_kind_has_an_example():
    assert {*things()} == {*painters.PAINTERS, "array"}


def test_a_kind_is_the_name_of_a_class_and_of_those_that_follow_from_it():
    for kind, thing in things().items():
        above = [f"{k.__module__.partition('.')[0]}.{k.__qualname__}" for k in type(thing).__mro__]
        assert kind in above or kind == "array"


@pytest.mark.parametrize("kind", things())
def test_it_is_shown_with_its_repr(kind):
    thing = things()[kind]
    found = shown(thing)
    assert set(found) == FORMS | extra(kind)
    assert found["text/plain"] == repr(thing)
    assert found["text/html"].startswith(("<div", "<img"))


def extra(kind):
    return {"text/latex"} if kind in WITH_LATEX else set()


@pytest.fixture(scope="module")
def usual():
    """The tags of what is shown with a usual name; pictures hold none, and take their time."""
    found = things()
    return {
        kind: Tags(shown(found[kind])["text/html"]).tags
        for kind in found.keys() - {"autograd.Node", "autograd.Graph", "autograd.Tape"}
    }


@pytest.mark.parametrize("name", [*HOSTILE, *HARMLESS], ids=lambda name: ascii(name)[:30])
def test_no_name_changes_what_the_html_means(name, usual):
    named = things(name)
    for kind, tags in usual.items():
        found = shown(named[kind])
        page = Tags(found["text/html"])
        assert {tag for tag, *_ in page.tags} <= {*ALLOWED}
        if name.strip():
            assert page.tags == tags, kind
        for text in (*page.text, found.get("text/latex", "")):
            assert is_plain(text, lines=True), (kind, ascii(text)[:200])
        assert len(found["text/html"]) < 60_000
        if kind in WITH_LATEX:
            holds_together(found["text/latex"])


def holds_together(text):
    """No name ends a formula, or opens a group and leaves it open."""
    assert text.startswith("$$")
    assert text.endswith("$$")
    inside = re.sub(r"\\[{}$&#_%]", "", text[2:-2])
    assert not re.search(r"[$#%~]", inside)
    depth = 0
    for sign in inside:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0
    assert depth == 0


def test_a_picture_of_a_node_is_its_graph():
    html = shown(things()["autograd.Node"])["text/html"]
    svg = b64decode(re.search('base64,([^"]+)', html)[1]).decode()
    assert svg.count('class="node"') == 5


@pytest.mark.slow
@pytest.mark.parametrize(
    ("first", "then"), [("import viz", ""), ("", "import viz")], ids=["before", "after"]
)
def test_a_shell_that_starts_before_or_after_shows_all(first, then):
    command = [sys.executable, "-W", "error", "-c", SHELL.format(first=first, then=then)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    *_, line = done.stdout.splitlines()
    found = json.loads(line)
    assert found.keys() == {*painters.PAINTERS, "array"}
    for kind, forms in found.items():
        assert set(forms) == FORMS | extra(kind), kind


@pytest.mark.slow
def test_a_terminal_draws_nothing():
    code = SHELL.format(first="import viz", then="shell.display_formatter.active_types = []")
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    *_, line = done.stdout.splitlines()
    assert all(set(forms) == {"text/plain"} for forms in json.loads(line).values())
