"""Opens the page of a state that a file of tests has as its fixture."""

import pytest

from viz.pages.page import page as write


@pytest.fixture
def load(browse, state, tmp_path):
    def show(changes=None, **settings):
        page = browse(**{"reduced_motion": "reduce", **settings})
        path = tmp_path / "steps.html"
        path.write_text(write({**state, **(changes or {})}), encoding="utf-8")
        page.goto(path.as_uri())
        return page

    return show


@pytest.fixture
def opened(load):
    return load()
