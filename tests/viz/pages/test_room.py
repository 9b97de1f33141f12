"""A room of a page holds what its frames say, and what its boxes hold and are."""

import viz
from autograd import Tensor, Value, tanh
from viz.moments import LivePass, frames
from viz.pages.room import room_state, value_text


def told(steps, run=None):
    run = run or steps._run
    moments = frames(run, steps.room)
    return room_state(run, steps.room, steps._pictured(steps.room), moments, True)


def a_sum():
    x, y = Value(2.0, name="x"), Value(20.0, name="y")
    return x * 3.0 + tanh(y)


def test_a_frame_gives_what_is_known_from_it_on():
    state = told(viz.step(a_sum(), names={}))
    boxes = {box["whole"]: id for id, box in state["boxes"].items()}
    known = {}
    for frame in state["frames"]:
        known |= frame["values"]
    assert known == {boxes["v₁"]: "6", boxes["v₂"]: "1", boxes["v₃"]: "7"}
    assert state["frames"][-2]["grads"] == {boxes["x"]: "3"}
    assert [len(frame["asks"]) for frame in state["frames"][-5:]] == [1, 1, 1, 1, 0]


def test_only_boxes_of_a_live_pass_have_places_and_leaves():
    steps = viz.step(a_sum(), names={})
    assert not any("value" in box for box in told(steps)["boxes"].values())
    boxes = told(steps, LivePass(steps._run))["boxes"].values()
    assert all("\ue010" in box["value"] for box in boxes)
    assert [box["leaf"] for box in boxes if "leaf" in box] == ["x", "y"]


def test_what_a_page_draws_has_numbers_in_it_and_not_their_places():
    steps = viz.step(a_sum(), names={})
    (live,), (still,) = (told["rooms"].values() for told in (steps.state(), steps._state()))
    assert "\ue010" in live["frames"][0]["rule"]
    assert live["svg"] == still["svg"]


def test_arrays_that_are_too_tall_for_a_line_are_written_out_in_cells():
    steps = viz.step(Tensor([[1.0]] * 6, name="x").sum(), names={})
    (part,) = (each for each in [*steps.room.around, *steps.room.parts] if each.id == "n0")
    told, in_cells = (value_text(steps._run, part, in_cells) for in_cells in (False, True))
    assert told != in_cells == "[[1], [1], [1], [1], [1], [1]]"
