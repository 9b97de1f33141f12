"""The widget shows what the page shows, and says what to install where it cannot."""

import sys

import pytest

import viz
from autograd import Value


def lecture():
    x, y, z = Value(-2.0, name="x"), Value(5.0, name="y"), Value(-4.0, name="z")
    f = (x + y) * z
    f.name = "f"
    return f


@pytest.fixture
def steps():
    return viz.step(lecture())


def test_a_widget_shares_what_the_page_has(steps):
    widget = steps.widget()
    state = steps.state()
    assert {name: getattr(widget, name) for name in state} == state
    synced = widget.traits(sync=True)
    assert set(state) <= set(synced)
    widget.index = 3
    assert widget.index == 3


def test_without_anywidget_the_error_says_what_to_install(steps, monkeypatch):
    monkeypatch.delitem(sys.modules, "viz.widget", raising=False)
    monkeypatch.setitem(sys.modules, "anywidget", None)
    with pytest.raises(ImportError, match=r"pip install 'stepgrad\[jupyter\]'"):
        steps.widget()
