"""The page is one file that loads nothing, and no name can break out of the data inside it."""

import json
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from viz.pages.page import bundle, page, static

LOADING = {"src", "srcset", "srcdoc", "href", "xlink:href", "data", "action", "poster"}


class Reader(HTMLParser):
    """Collects what a browser would see: tags with attributes, and the text inside of each kind."""

    def __init__(self, source):
        super().__init__()
        self.tags, self.texts, self.inside = [], [], None
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.inside = (tag, dict(attributes).get("type"))
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, data):
        if self.inside:
            self.texts.append((self.inside, data))

    def text(self, *inside):
        return "".join(data for where, data in self.texts if where == inside)


TREACHEROUS = st.text() | st.sampled_from(
    [
        "</script><script>alert(1)</script>",
        "<!--",
        "]]>",
        "</title><b>",
        "{title}",
        "\u2028",
        "\x00",
    ]
)
ROOMS = st.fixed_dictionaries(
    {
        "path": st.lists(st.lists(TREACHEROUS, min_size=2, max_size=2)),
        "svg": TREACHEROUS,
        "boxes": st.dictionaries(TREACHEROUS, st.fixed_dictionaries({"whole": TREACHEROUS})),
        "frames": st.lists(st.fixed_dictionaries({"title": TREACHEROUS, "say": TREACHEROUS})),
    }
)
STATES = st.fixed_dictionaries(
    {
        "title": TREACHEROUS,
        "room": TREACHEROUS,
        "index": st.integers(0, 9),
        "guess": st.booleans(),
        "rooms": st.dictionaries(TREACHEROUS, ROOMS, max_size=3),
    }
)
EMPTY = {"title": "f", "room": "r0", "index": 0, "guess": False, "rooms": {}}


@given(STATES)
@example({**EMPTY, "title": "<!--<script>", "rooms": {"<!--": {"svg": "</script >"}}})
def test_the_page_holds_its_data_whatever_it_says(state):
    reader = Reader(page(state))
    about = {"format": "stepgrad.steps", "version": 2}
    assert json.loads(reader.text("script", "application/json")) == {**about, **state}
    tags = [tag for tag, _ in reader.tags]
    assert tags == ["html", *["meta"] * 4, "title", "style", "main", "script", "script"]


@given(TREACHEROUS)
def test_the_title_of_the_page_is_text(title):
    reader = Reader(page({**EMPTY, "title": title}))
    assert reader.text("title", None) == title


def test_the_page_loads_nothing():
    reader = Reader(page(EMPTY))
    for tag, attributes in reader.tags:
        assert tag not in {"link", "img", "iframe", "base", "object"}
        assert LOADING.isdisjoint(attributes)
    style, script = reader.text("style", None), reader.text("script", "module")
    assert "url(" not in style
    assert "@import" not in style
    for word in ("fetch(", "import ", "import(", "XMLHttpRequest", "http://", "https://", "eval("):
        assert word not in script


@given(STATES)
def test_the_policy_permits_this_script_inline_style_and_data_images_only(state):
    reader = Reader(page(state))
    charset, policy = [attributes for tag, attributes in reader.tags if tag == "meta"][:2]
    assert charset == {"charset": "utf-8"}
    assert policy["http-equiv"] == "Content-Security-Policy"
    digest = sha256(reader.text("script", "module").encode()).digest()
    permitted = dict(part.strip().split(" ") for part in policy["content"].split(";"))
    assert permitted == {
        "default-src": "'none'",
        "script-src": f"'sha256-{b64encode(digest).decode()}'",
        "style-src": "'unsafe-inline'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_script_and_style_are_the_files_that_the_widget_shares():
    reader = Reader(page(EMPTY))
    assert static("stepper.css") in reader.text("style", None)
    assert bundle("stepper.js") in reader.text("script", "module")


@pytest.mark.parametrize(
    ("text", "end"), [(bundle("stepper.js"), "</script"), (static("stepper.css"), "</style")]
)
def test_script_and_style_can_stand_inside_a_page(text, end):
    assert end not in text
    assert "<!--" not in text


def test_a_number_that_json_has_no_word_for_is_refused_where_the_page_is_written():
    with pytest.raises(ValueError, match="JSON"):
        page({**EMPTY, "rooms": {"r0": {"frames": [{"asks": [["x", float("nan")]]}]}}})
