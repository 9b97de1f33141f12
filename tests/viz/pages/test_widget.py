"""The widget shows what the page shows, and says what to install where it cannot."""

import sys

import pytest

import nn
import viz
from autograd import Scope, Tensor, Value
from viz.pages.page import static, stepper_module


@pytest.fixture
def steps():
    x = Value(2.0, name="x")
    return viz.step(x * x + x)


def test_a_widget_shares_what_the_page_has(steps):
    widget = steps.widget()
    state = steps.state()
    program = state.pop("program")
    assert {name: getattr(widget, name) for name in state} == state
    synced = widget.traits(sync=True)
    assert set(state) <= set(synced)
    assert (widget._esm, widget._css) == (stepper_module(program), static("stepper.css"))
    widget.index = 3
    assert widget.index == 3


def test_a_widget_takes_rooms_that_come_later():
    from viz.pages.widget import StepperWidget

    widget = StepperWidget(title="f", room="r0", rooms={"r0": {"frames": []}}, guess=True)
    asked = []
    widget.observe(lambda change: asked.append(change["new"]), "room")
    widget.room = "r3"
    widget.rooms = {**widget.rooms, "r3": {"frames": []}}
    assert asked == ["r3"]
    assert set(widget.rooms) == {"r0", "r3"}


def test_a_widget_asks_for_rooms_as_they_are_opened():
    with Scope("block"):
        y = Value(2.0, name="x") * 3 + 1
    widget = viz.step(y * y, detail=1).widget()
    assert set(widget.rooms) == {"r0"}
    inner = next(box["room"] for box in widget.rooms["r0"]["boxes"].values() if "room" in box)
    widget.room = "none"
    assert set(widget.rooms) == {"r0"}
    widget.room = inner
    asked, held = widget.rooms[inner], viz.step(y * y, detail=1).state()["rooms"][inner]
    assert set(asked) == set(held)
    assert [frame["title"] for frame in asked["frames"]] == [
        frame["title"] for frame in held["frames"]
    ]
    assert asked["svg"].startswith("<svg")


def test_a_widget_shares_the_numbers_of_the_leaves_both_ways():
    x, c = Value(2.0, name="x"), Value(3.0, name="c", constant=True)
    steps = viz.step(x * c, names={})
    widget = steps.widget()
    assert widget.values == steps.values == {"x": 2.0, "c": 3.0}
    widget.values = {"x": 5}
    assert (x.data, c.data) == (5.0, 3.0)
    assert widget.values == steps.values == {"x": 5.0, "c": 3.0}
    c.data = 7.0
    assert widget.values["c"] == 3.0
    widget.read_values()
    assert widget.values == {"x": 5.0, "c": 7.0}
    for wrong in ({"z": 1.0}, {"x": float("nan")}, {"x": "1"}, {"x": None}):
        with pytest.raises((ValueError, TypeError), match=r"widget\.values"):
            widget.values = wrong
    assert (x.data, c.data) == (5.0, 7.0)


def test_a_widget_that_cannot_compute_says_so():
    t = Tensor([1.0, 2.0], name="t")
    widget = viz.step((t * t).sum(), names={}).widget()
    assert "unroll" in widget.still
    assert widget.values == {}
    assert "const program = null;" in widget._esm


def test_without_anywidget_the_error_says_what_to_install(steps, monkeypatch):
    monkeypatch.delitem(sys.modules, "viz.pages.widget", raising=False)
    monkeypatch.setitem(sys.modules, "anywidget", None)
    with pytest.raises(ImportError, match=r"pip install 'stepgrad\[jupyter\]'"):
        steps.widget()


@pytest.fixture
def play():
    samples, signs = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [-1, 1, 1, -1]
    return viz.playground(nn.MLP(2, [3, 1]), samples, signs)


def test_a_playground_shares_weights_points_and_settings_both_ways(play):
    widget = play.widget()
    state = play.state()
    assert {name: getattr(widget, name) for name in state} == state
    assert set(state) <= set(widget.traits(sync=True))
    widget.weights = [0.5] * 13
    assert {p.data for p in play.model.parameters()} == {0.5}
    widget.points = {"X": [[1.0, 2.0]], "y": [1]}
    assert (play.X.tolist(), play.y.tolist()) == ([[1.0, 2.0]], [1])
    widget.settings = {**widget.settings, "batch_size": 10}
    assert play.state()["settings"]["batch_size"] == 10
    play.model.parameters()[0].data = 9.0
    widget.read_model()
    assert widget.weights == [9.0, *[0.5] * 12]


def test_what_does_not_fit_a_playground_changes_neither_it_nor_the_widget(play):
    widget = play.widget()
    before = play.state()
    for name, wrong in [
        ("weights", [1.0]),
        ("points", {"X": [[1.0]], "y": [1]}),
        ("settings", {"optimizer": {"name": "Rprop"}}),
    ]:
        with pytest.raises(ValueError, match="playground: "):
            setattr(widget, name, wrong)
    assert play.state() == before
    assert {name: getattr(widget, name) for name in before} == before
