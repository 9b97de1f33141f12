"""A stepper is a sequence of frames that shows and saves itself, whatever its nodes are called."""

import html
import json
import re
import sys
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from views import FIRST_VIEWS

import nn
import viz
from autograd import GraphError, Scope, Tensor, Value, relu, tanh
from autograd import sum as total
from autograd.formulas import number, written
from autograd.strategies import graphs
from autograd.texts import shown
from viz import Frame, RenderError
from viz.pages.cell import FOLLOW, cell
from viz.pages.page import page

EXAMPLES = settings(max_examples=max(5, settings.default.max_examples // 5))
HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--",
    "<!--<script>",
    "]]>",
    "x\ny",
    "\x00",
    "\ud800",
    "</textarea>&quot;\"'",
    "{state}",
    "n0",
    "long " * 1000,
]


def lecture():
    x, y, z = Value(-2.0, name="x"), Value(5.0, name="y"), Value(-4.0, name="z")
    f = (x + y) * z
    f.name = "f"
    return f


@pytest.fixture
def steps():
    return viz.step(lecture())


def data(source):
    """What a saved page was made of."""
    found = re.search(r'<script type="application/json">(.*?)</script>', source, re.DOTALL)
    return json.loads(found[1])


def test_a_stepper_is_a_sequence_of_frames(steps):
    assert len(steps) == 8
    assert [frame.index for frame in steps] == list(range(8))
    assert all(isinstance(frame, Frame) for frame in steps)
    assert steps[-1] is list(steps)[7]
    assert steps[1:3] == [steps[1], steps[2]]
    assert next(reversed(steps)) is steps[-1]
    assert steps[2] in steps
    assert steps.index(steps[2]) == 2
    with pytest.raises(IndexError):
        steps[8]


def test_a_stepper_is_short_in_a_list_and_text_when_printed(steps):
    assert repr(steps) == "Stepper('f = (x + y)·z', 8 frames)"
    assert str(steps).splitlines()[0] == "f = (x + y)·z"


def test_the_title_can_be_chosen(steps):
    assert viz.step(lecture(), title="Lecture 1").title == "Lecture 1"
    assert str(viz.step(lecture(), title="Lecture 1")).startswith("Lecture 1\n")


def test_stepping_changes_no_node():
    f = lecture()
    steps = viz.step(f)
    steps.state()
    assert not f.reached
    assert not f.inputs[0].inputs[0].reached


def test_the_picture_shows_the_gradients_at_the_end(steps):
    shown = {box.title: box.grad for box in steps.picture.shown.boxes}
    assert shown == {"x": "-4", "y": "-4", "z": "3", "v₁": "-4", "f": "1"}
    assert steps.picture.shown.note == ""


def test_a_pass_that_cannot_be_is_refused():
    with pytest.raises(GraphError, match="constant"):
        viz.step(Value(1.0, constant=True))


@EXAMPLES
@given(graphs())
def test_every_frame_lights_what_is_drawn(program):
    steps = viz.step(program.nodes()[program.output], names={}, detail="full")
    state = steps._state()["rooms"]["r0"]
    ids = set(re.findall(r'<g id="([neb][\d_]+)"', state["svg"]))
    assert len(state["frames"]) == len(steps)
    for frame, plain in zip(steps, state["frames"], strict=True):
        assert {plain["node"], *plain["edges"], *plain["targets"]} <= ids | {None}
        if frame.active:
            node, operand = frame.active
            assert (plain["node"], plain["edges"]) == (f"n{node}", [f"e{node}_{operand}"])
        if frame.target is not None:
            assert plain["targets"] == [f"n{frame.target}"]
            assert plain["grads"] == {f"n{frame.target}": number(frame.received)}
        if frame.phase == "forward":
            (i,) = frame.nodes
            assert plain["values"] == {f"n{i}": written(steps._run.notation.value(i))}


@EXAMPLES
@given(graphs())
def test_what_frames_hand_out_ends_as_the_picture_has_it(program):
    steps = viz.step(program.nodes()[program.output], names={})
    for room in steps._state()["rooms"].values():
        grads = {}
        for plain in room["frames"]:
            grads |= plain["grads"]
        for box, grad in grads.items():
            group = room["svg"].partition(f'id="{box}"')[2].partition("</g>")[0]
            assert html.escape(f">grad {grad}<", quote=False).replace("&lt;", "<") or group
            assert f"grad {grad}<" in html.unescape(group)


def a_model():
    return nn.MLP(2, [16, 16, 1], rng=0)([Value(0.5), Value(-1.0)])


def test_a_model_opens_room_by_room():
    steps = viz.step(a_model(), names={})
    assert [part.title for part in steps.room.parts] == ["layers.0", "layers.1", "layers.2"]
    assert len(steps) == 8
    state = steps.state(2**20, 60.0)  # seconds: the machine may be busy
    outer = state["rooms"]["r0"]
    first = next(box for box in outer["boxes"].values() if box["whole"] == "layers.0")
    assert state["rooms"][first["room"]]["path"] == [
        ["r0", steps.room.title],
        [first["room"], "layers.0"],
    ]
    boxes = [box for room in state["rooms"].values() for box in room["boxes"].values()]
    assert {box["room"] for box in boxes if "room" in box} < set(state["rooms"])
    missing = [box["missing"] for box in boxes if "missing" in box]
    assert all(re.fullmatch(r"viz\.step\(v[₀-₉]+, room='r\d+_\d+'\)", call) for call in missing)
    inner = viz.step(a_model(), names={}, room="layers.1")
    assert inner.room.title == "layers.1"
    assert inner.state()["room"] == inner.room.id


@pytest.mark.parametrize("output", FIRST_VIEWS.values(), ids=FIRST_VIEWS.keys())
def test_what_a_notebook_keeps_of_a_first_view_is_a_megabyte_at_most(output):
    f = output()
    source = viz.step(f, names={})._repr_mimebundle_()["text/html"]
    assert len(source.encode()) <= 2**20
    rooms = data(html.unescape(re.search("srcdoc='([^']*)'", source)[1]))["rooms"]
    boxes = [box for room in rooms.values() for box in room["boxes"].values()]
    assert all(box["room"] in rooms for box in boxes if "room" in box)
    assert all("room='" in box["missing"] for box in boxes if "missing" in box)
    assert len(viz.draw(f, names={})._repr_mimebundle_()["text/html"].encode()) <= 2**20


@EXAMPLES
@given(graphs(), st.integers(0, 400_000))
def test_a_page_holds_what_fits_or_is_refused(program, most):
    steps = viz.step(program.nodes()[program.output], names={})
    first = len(cell(steps.state(2**20, -1.0)).encode())
    if most < first // 2:
        with pytest.raises(RenderError, match="this room takes"):
            steps.state(most)
    else:
        assert len(cell(steps.state(max(most, first))).encode()) <= max(most, first)


def test_a_page_that_is_too_large_is_folded_and_says_so(monkeypatch):
    y = Value(0.5)
    for _ in range(60):
        y = tanh(y)
    most = 200_000
    steps = viz.step(y, names={}, detail="full")
    whole = steps._repr_mimebundle_()["text/html"]
    assert most < len(whole) <= 2**20
    for module in ("viz.pages.stepper", "viz.pictures.picture"):
        monkeypatch.setattr(f"{module}.IN_CELL", most)
    folded = steps._repr_mimebundle_()["text/html"]
    assert len(folded.encode()) <= most
    assert "(folded: this room takes " in html.unescape(folded)
    monkeypatch.setattr("viz.pages.stepper.IN_CELL", 1000)
    (text,) = steps._repr_mimebundle_().values()
    assert "(this room takes 0.2 MB of" in text


def test_only_rooms_that_are_shown_are_divided():
    steps = viz.step(a_model(), names={})
    inner = [part.room for part in steps.room.parts]
    assert not any("_divided" in vars(room) for room in inner)
    held = steps.state(2**20, -1.0)["rooms"]
    assert [*held] == [steps.room.id]
    assert str(steps)
    deeper = [part.room for room in inner for part in room.parts if part.room]
    assert deeper
    assert not any("_divided" in vars(room) for room in deeper)


def test_the_work_until_the_first_room_grows_with_the_nodes_and_no_faster():
    def calls(length):
        y = x = Value(1.0, name="x")
        for _ in range(length):
            y = tanh(y) + x
        counted = 0

        def count(_frame, event, _arg):
            nonlocal counted
            counted += event == "call"

        before = sys.getprofile()
        sys.setprofile(count)
        try:
            viz.step(y, names={})
        finally:
            sys.setprofile(before)
        return counted

    few, many = calls(500), calls(2000)
    assert many / 4000 < 90  # calls of Python functions a node
    assert many < 4.4 * few


def test_arrows_know_how_much_flows():
    x, y = Value(3.0, name="x"), Value(2.0, name="y")
    (state,) = viz.step(-100 * x + 0.001 * y, names={})._state()["rooms"].values()
    flows = [frame["flows"] for frame in state["frames"] if frame["phase"] == "backward"]
    assert sorted(each for found in flows for each in found.values()) == [
        ["-100"],
        ["0.001"],
        ["1"],
        ["1"],
    ]
    assert all(frame["flows"] == {} for frame in state["frames"] if frame["phase"] != "backward")
    t = Tensor([[3.0, 4.0]], name="t")
    state = viz.step(total(t * t), names={}).state()["rooms"]["r0"]
    flows = [each for frame in state["frames"] for each in frame["flows"].values()]
    assert flows == [["1.41"], ["5"], ["5"]]  # norms of [1, 1], and twice of [3, 4]


def test_rooms_for_which_there_is_no_time_are_named(monkeypatch):
    steps = viz.step(a_model(), names={})
    held = steps.state(2**23, -1.0)["rooms"]
    boxes = [box for room in held.values() for box in room["boxes"].values()]
    assert 0 < len(held) < len(steps.rooms)
    assert any("missing" in box for box in boxes)


def test_a_room_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(ValueError, match=r"there is no room 'layers.8'\. There are: layers.0,"):
        viz.step(a_model(), names={}, room="layers.8")
    with pytest.raises(ValueError, match="no inner ones"):
        viz.step(lecture(), room="x")


def test_the_first_frame_in_which_a_node_receives():
    f = lecture()
    steps = viz.step(f)
    x = f.inputs[0].inputs[0]
    assert steps.at(x).text.startswith("v₁ → x")
    assert steps.at(f).title == "Start"
    with pytest.raises(ValueError, match="receives no adjoint in f"):
        steps.at(Value(1.0))


def test_a_phase_can_be_left_out_and_another_is_refused():
    assert [frame.phase for frame in viz.step(lecture(), phase="backward")][:2] == [
        "forward",
        "start",
    ]
    assert len(viz.step(lecture(), phase="backward")) == 7
    with pytest.raises(ValueError, match="phase='forward'"):
        viz.step(lecture(), phase="forward")


def test_guesses_are_asked_for_where_a_contribution_is_one_number():
    state = viz.step(lecture(), guess=True)._state()
    assert state["guess"]
    asked = [frame["asks"] for frame in state["rooms"]["r0"]["frames"]]
    assert asked == [[], [], [], [("v₁", -4.0)], [("z", 3.0)], [("x", -4.0)], [("y", -4.0)], []]
    assert not any(frame["asks"] for frame in viz.step(lecture()).state()["rooms"]["r0"]["frames"])


def test_detail_is_that_of_draw():
    x = Value(2.0)
    with Scope("block"):
        f = -(x * x)
    assert len(viz.step(f, detail=1, names={}).picture.shown.boxes) == 1


def test_what_is_saved_is_the_page(steps, tmp_path):
    path = steps.save(str(tmp_path / "steps.html"))
    assert path == tmp_path / "steps.html"
    assert path.read_text(encoding="utf-8") == page(steps.state())
    assert [*tmp_path.iterdir()] == [path]


@pytest.mark.parametrize("name", ["steps.svg", "steps", "steps.html.txt", "steps.HTML", ".html"])
def test_another_ending_than_that_of_a_page_is_refused_and_nothing_written(steps, tmp_path, name):
    with pytest.raises(RenderError, match=rf"step: cannot write '{name}'\. End .* in \.html"):
        steps.save(tmp_path / name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_the_state_survives_any_name(name, tmp_path):
    f = Value(2.0, name=name) * 3
    f.name = name
    steps = viz.step(f)
    saved = steps.save(tmp_path / "steps.html").read_text(encoding="utf-8")
    assert len(re.findall("<script", saved)) == len(re.findall("</script", saved)) == 2
    assert "<!--" not in saved
    state = data(saved)
    label = shown(name, 48)
    assert state["title"] == f"{label}′ = {label}·3"
    (room,) = state["rooms"].values()
    says = [frame["say"] for frame in room["frames"]]
    assert all(f"{label}′" in say for say in says[:-1])


class Frames(HTMLParser):
    """Collects the attributes of each iframe and each image."""

    def __init__(self, source):
        super().__init__()
        self.found = {"iframe": [], "img": []}
        self.feed(source)

    def handle_starttag(self, tag, attributes):
        if tag in self.found:
            self.found[tag].append(dict(attributes))


@pytest.mark.parametrize("name", ["f", '"><script>alert(1)</script>'])
def test_a_notebook_gets_a_sandboxed_page_and_a_picture(name):
    f = lecture()
    f.name = name
    steps = viz.step(f)
    bundle = steps._repr_mimebundle_(include=None, exclude=None)
    assert bundle["text/plain"] == str(steps)
    assert re.findall("<script.*?</script>", bundle["text/html"], re.DOTALL) == [FOLLOW]
    frames = Frames(bundle["text/html"])
    ((frame,), (image,)) = frames.found.values()
    assert frame["srcdoc"] == page(steps.state())
    assert frame["sandbox"] == "allow-scripts"
    assert image["src"].startswith("data:image/svg+xml;base64,")
    assert image["alt"] == steps.title


def test_the_text_beside_the_page_is_short_however_long_the_pass():
    total = sum((Value(1.0) for _ in range(100)), Value(0.0))
    steps = viz.step(total, names={}, detail="full")
    lines = steps._repr_mimebundle_()["text/plain"].splitlines()
    assert [line for line in lines if line.startswith("...")] == [
        "... and 151 more nodes",
        "... and 151 more steps",
        "... and 51 more gradients",
    ]
    assert len(lines) == 161
    assert len(str(steps).splitlines()) > 500


def test_the_page_in_the_iframe_is_escaped_once(steps):
    written = re.search(r"srcdoc='([^']*)'", steps._repr_mimebundle_()["text/html"])[1]
    assert html.unescape(written) == page(steps.state())


@pytest.mark.slow
def test_a_pass_too_long_for_anybody_is_refused():
    node = Value(1.0)
    for _ in range(50_000):
        node = -node
    with pytest.raises(GraphError, match=r"frames, more than 50000.*backprop\(output\)"):
        viz.step(node, names={}, detail="full")
    assert len(viz.step(node, names={})) < 100


def test_the_iframe_grows_with_the_picture_within_bounds():
    heights = []
    for leaves in (1, 3, 15):
        total = sum((Value(1.0) for _ in range(leaves)), Value(0.0))
        bundle = viz.step(total if leaves > 1 else Value(1.0))._repr_mimebundle_()
        heights.append(int(re.search(r"height:(\d+)px", bundle["text/html"])[1]))
    assert 400 < heights[0] < heights[1] < heights[2] == 440 + 304


@pytest.mark.usefixtures("nothing_to_draw_with")
def test_without_anything_to_draw_with_a_notebook_gets_text(steps):
    (text,) = steps._repr_mimebundle_().values()
    assert text.startswith(str(steps))
    assert "pip install 'stepgrad[render]'" in text


def test_notes_are_said():
    x = Value(0.0, name="x")
    state = viz.step(relu(x) + 1.0, names={})._state()
    says = [frame["say"] for frame in state["rooms"]["r0"]["frames"]]
    assert any(say.endswith("and 0, the one below, is taken.") for say in says)


def test_small_arrays_have_their_gradient_in_cells_at_each_step_that_changes_it():
    x = Tensor([[1.0, -2.0]], name="x")
    wide = Tensor([[0.0] * 9], name="wide")
    steps = viz.step((x * x).sum() + wide.sum(), names={})
    frames = steps.state()["rooms"]["r0"]["frames"]
    known = {key: cells for frame in frames for key, cells in frame["cells"].items()}
    assert set(known) == {"n0", "n2"}
    assert [frame["cells"]["n0"] for frame in frames if "n0" in frame["cells"]] == [
        [["1", "-2"], [6, 0]],
        [["2", "-4"], [6, 0]],
    ]
    assert [frame["grads"]["n0"] for frame in frames if "n0" in frame["grads"]] == [
        "[[1, -2]]",
        "[[2, -4]]",
    ]
