"""A page whose leaves hold other numbers says what Python says of the graph built with these."""

import math
import random
from dataclasses import replace
from math import inf

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from javascript import called, needs_node

import nn
import viz
from autograd import (
    OPS,
    GradientError,
    GraphError,
    Op,
    Tensor,
    Value,
    exp,
    log,
    maximum,
    relu,
    tanh,
    trace,
    unroll,
)
from autograd import sum as total
from autograd.formulas import number
from autograd.strategies import graphs, values
from viz.moments import LivePass
from viz.moments.element import index
from viz.pages.live import javascript, live_state, why_state
from viz.pages.page import bundle
from viz.pages.room import value_text

EXAMPLES = settings(max_examples=max(8, settings.default.max_examples // 4), deadline=None)
# What JavaScript computes bit for bit, so that texts are the same to the last digit.
EXACT = "add sub mul div neg abs square sqrt relu leaky_relu maximum minimum where clip"
ROWS = [OPS[name] for name in EXACT.split()]
PAGE = """
export function told(state) {
  const inputs = state.live.leaves.map((leaf) => state.values[leaf]);
  const numbers = program(inputs, [], new Float64Array(program.count));
  return JSON.parse(JSON.stringify(state), (key, x) =>
    typeof x === "string" ? filled(x, numbers) : x);
}
"""


def rooms(steps, run=None):
    """What a page holds of each room, but for its picture."""
    shown = steps if run is None else steps._of(run)
    drawn = [(room, steps._pictured(room)) for room in steps.rooms]
    return {room.id: shown._state_of(room, diagram, "") for room, diagram in drawn}


def told(output, **numbers):
    """What a page of this graph says once its leaves hold other numbers."""
    steps = viz.step(output, names={})
    run = LivePass(steps._run)
    state = {"rooms": rooms(steps, run)} | live_state(run)
    state["values"] |= numbers
    source = f"{bundle('places.js')}\n{javascript('program', run.tape())}{PAGE}"
    return called(source, "told", state)


def compared(room):
    """Without what only a page that computes has."""
    boxes = {
        id: {key: x for key, x in box.items() if key in ("what", "whole", "room")}
        for id, box in room["boxes"].items()
    }
    return {**room, "boxes": boxes, "slopes": {}}


def assert_follows(build, at, to):
    """Build the page at some numbers, set others, and compare with the page built with these."""
    page = told(build(**at), **to)
    fresh = viz.step(build(**to), names={})
    for id, room in rooms(fresh).items():
        assert compared(page["rooms"][id]) == compared(room)
        for part_id, box in page["rooms"][id]["boxes"].items():
            assert box["value"] == live_value(fresh, id, part_id)


def live_value(steps, room, id):
    (room,) = (each for each in steps.rooms if each.id == room)
    part = next(part for part in [*room.around, *room.parts] if part.id == id)
    return value_text(steps._run, part, False)


@needs_node
@EXAMPLES
@given(graphs(ROWS), st.data())
def test_a_page_says_what_python_says_of_the_numbers_that_are_set(program, data):
    given_first = {**program.leaves, **program.constants}
    then = {name: data.draw(values(), name) for name in given_first}

    def build(**numbers):
        leaves, constants = (
            {name: numbers[name] for name in held} for held in (program.leaves, program.constants)
        )
        made = replace(program, leaves=leaves, constants=constants)
        return made.nodes()[program.output]

    try:
        fresh = build(**then)
        assume(abs(fresh.data) < inf)
        fresh.backward()
    except (ArithmeticError, ValueError, GradientError, RuntimeWarning):
        assume(False)
    assert_follows(build, given_first, then)


CASES = {
    "a factor": (lambda x, y: x * y, {"x": 2.0, "y": 3.0}, {"x": 1e-5, "y": -7.0}),
    "brackets": (lambda x, y: (y - x) * (x + y) / x, {"x": 2.0, "y": 3.0}, {"x": -2.0, "y": -3.0}),
    "a kink": (lambda x: relu(x) * 3, {"x": 2.0}, {"x": 0.0}),
    "a kink left": (lambda x: relu(x) * 3, {"x": 0.0}, {"x": -1.5}),
    "the other side": (lambda x: relu(x, at_zero=1.0), {"x": 1.0}, {"x": 0.0}),
    "another branch": (lambda x, y: maximum(x * 2, y), {"x": 1.0, "y": 0.5}, {"x": 1.0, "y": 2.0}),
    "a tie": (lambda x, y: maximum(x, y), {"x": 1.0, "y": 0.5}, {"x": 2.0, "y": 2.0}),
    "saturation": (lambda x: tanh(x), {"x": 0.5}, {"x": 9.0}),
    "flatness": (lambda x: log(x), {"x": 0.5}, {"x": 5000.0}),
    "many paths": (lambda x: tanh(x * x + x) * x, {"x": 0.5}, {"x": -0.75}),
    "a power": (lambda x, y: x**y, {"x": 2.0, "y": 3.0}, {"x": 3.0, "y": 2.0}),
    "zero": (lambda x, y: x * y - y, {"x": 2.0, "y": 3.0}, {"x": 0.0, "y": 0.0}),
}


@needs_node
@pytest.mark.parametrize(("function", "at", "to"), CASES.values(), ids=CASES)
def test_texts_brackets_and_notes_follow(function, at, to):
    def build(**numbers):
        return function(**{name: Value(x, name=name) for name, x in numbers.items()})

    assert_follows(build, at, to)


@needs_node
def test_folded_boxes_follow():
    def build(numbers):
        nn.seed(0)
        model = nn.MLP(2, [5, 3, 1], "relu")
        inputs = [Value(0.0, name="a", constant=True), Value(0.0, name="b")]
        for leaf, x in zip([*model.parameters(), *inputs], numbers, strict=True):
            leaf.data = x
        return model(inputs)

    dice = random.Random(0)
    before, after = ([dice.gauss(0.0, 1.0) for _ in range(39)] for _ in range(2))
    labels = [*live_state(LivePass(viz.step(build(before), names={})._run))["values"]]
    page = told(build(before), **dict(zip(labels, after, strict=True)))
    fresh = rooms(viz.step(build(after), names={}))
    assert len(fresh) > 3
    assert any(
        " numbers from " in frame["sum"] for room in fresh.values() for frame in room["frames"]
    )
    for id, room in fresh.items():
        assert compared(page["rooms"][id]) == compared(room)


@needs_node
def test_labels_at_arrows_follow():
    def build(x, y):
        return Value(x, name="x") * exp(Value(y, name="y"))

    page, fresh = told(build(2.0, 0.0), x=3.0, y=1.0), viz.step(build(3.0, 1.0), names={})
    edges = fresh._pictured(fresh.room).edges
    assert page["rooms"]["r0"]["slopes"] == {edge.id: edge.slope for edge in edges}


def test_a_page_tells_what_its_leaves_are_and_what_depends_on_them():
    x, c = Value(2.0, name="x"), Value(3.0, name="c", constant=True)
    f = x * c + 1.0
    f.name = "f"
    run = LivePass(viz.step(f, names={})._run)
    state = live_state(run)
    assert state["values"] == {"x": 2.0, "c": 3.0}
    assert state["live"]["leaves"] == ["x", "c"]
    assert [*state["live"]["slopes"]] == ["x"]
    assert [label for label, _ in state["live"]["results"]] == ["v₁", "f"]
    assert len(run.places) == len(run.tape().code.outputs)


def test_what_a_page_cannot_compute_stays_as_it_is_and_the_page_says_why():
    squares = Tensor([1.0, 2.0], name="x") ** 2
    x = Value(1.0, name="x")
    long = x
    for _ in range(3000):
        long = long * x
    rounded = Op(
        name="rounded",
        forward=lambda x: x,
        vjps=(lambda g, y, x: g * math.floor(float(x)),),
        latex="{0}",
        doc="Its rule needs a number.",
    )
    for output, why in [
        (total(squares), r"unroll\(f\)"),
        (long, "3,001 nodes"),
        (rounded(x), "rounded, which is not made of ops"),
    ]:
        with pytest.raises(GraphError, match=why):
            LivePass(viz.step(output, names={})._run)
    state = viz.step(rounded(x), names={}).state()
    assert "rounded" in state["still"]
    assert "program" not in state
    assert isinstance(viz.step(unroll(total(squares))).state()["program"], str)


WHY = """
export function found(state, ends) {
  const live = new Live({ get: (key) => state[key] }, program);
  return ends.map((end) => live.paths(end, state.rooms.r0.boxes));
}

export function chosen(state, elements) {
  const live = new Live({ get: (key) => state[key] }, null);
  return elements.map(([id, place]) => live.ways(null, { id, place }, state.rooms.r0).paths);
}
"""


def factors_of(path):
    """A path without its product and its share, which a page shows beside it."""
    return f"{path.route}: {path.terms}" if path.terms else path.route


@needs_node
@EXAMPLES
@given(graphs())
def test_the_paths_to_a_box_are_those_of_why(program):
    output = program.nodes()[program.output]
    steps = viz.step(output, names={}, detail="full")
    run = LivePass(steps._run)
    state = {"rooms": rooms(steps, run)} | live_state(run) | why_state(run)
    source = f"{bundle('live.js')}\n{javascript('program', run.tape())}{WHY}"
    order = trace(output)
    ends = [i for i in steps._run.adjoints if f"n{i}" in state["rooms"]["r0"]["boxes"]]
    for i, found in zip(ends, called(source, "found", state, ends), strict=True):
        expected = viz.why(order[i], of=output, names={}, most=4)
        assert [path["text"] for path in found] == [*map(factors_of, expected)]
        assert [path["product"] for path in found] == [number(path.product) for path in expected]
        for path in found:
            assert path["nodes"] == [] or path["nodes"][-1] == f"n{i}"


@needs_node
def test_paths_that_lead_through_other_rooms_light_what_is_seen_of_them():
    nn.seed(0)
    output = nn.MLP(2, [5, 3, 1])([Value(0.5, name="a"), Value(-1.0, name="b")])
    steps = viz.step(output, names={})
    run = LivePass(steps._run)
    state = {"rooms": rooms(steps, run)} | live_state(run) | why_state(run)
    source = f"{bundle('live.js')}\n{javascript('program', run.tape())}{WHY}"
    (paths,) = called(source, "found", state, [run.leaves[-1]])
    boxes = state["rooms"]["r0"]["boxes"]
    assert any(len(path["nodes"]) > 1 for path in paths)
    assert all(set(path["nodes"]) <= set(boxes) for path in paths)


@needs_node
@EXAMPLES
@given(graphs(tensors=True))
def test_the_paths_to_an_element_are_those_of_why(program):
    output = program.nodes()[program.output]
    output = total(output) if isinstance(output, Tensor) else output
    steps = viz.step(output, names={}, detail="full")
    state = {"rooms": rooms(steps)} | why_state(steps._run)
    assume("starts" in state.get("why", {}))
    labels = enumerate(steps._run.notation.labels)
    arrays = {i: {"label": label, "shape": trace(output)[i].data.shape} for i, label in labels}
    state["rooms"]["r0"]["arrays"] = arrays
    arrays = [(i, x) for i, x in enumerate(trace(output)) if i in steps._run.adjoints]
    chosen = [(i, place) for i, x in arrays for place in range(min(x.data.size, 3))]
    source = f"const program = null;\n{bundle('live.js')}\n{WHY}"
    for (i, place), found in zip(chosen, called(source, "chosen", state, chosen), strict=True):
        x = trace(output)[i]
        at = index(x.data.shape, place)
        expected = viz.why(x, of=output, at=at, names={}, most=4)
        assert [path["text"] for path in found] == [*map(factors_of, expected)]
        assert [path["product"] for path in found] == [number(path.product) for path in expected]


def test_paths_are_left_out_where_they_are_too_many():
    for size, held in ((60, True), (150, False)):
        x = Tensor([1.0] * size, name="x")
        assert bool(why_state(viz.step((x * x).sum(), names={})._run)) is held
    for size, held in ((9, True), (10, False)):  # few elements, but n³ edges between them
        A = Tensor([[1.0] * size] * size, name="A")
        assert bool(why_state(viz.step((A @ A).sum(), names={})._run)) is held
    y = Value(1.0, name="y")
    for _ in range(2001):
        y = -y
    assert why_state(viz.step(y, names={})._run) == {}
    assert "why" not in viz.step(y, names={}).state()


@needs_node
def test_a_path_that_is_not_finite_has_no_share():
    b = Value(1e200, name="b")
    steps = viz.step(b * b * b, names={}, detail="full")
    run = LivePass(steps._run)
    state = {"rooms": rooms(steps, run)} | live_state(run) | why_state(run)
    source = f"{bundle('live.js')}\n{javascript('program', run.tape())}{WHY}"
    (paths,) = called(source, "found", state, [0])
    assert {path["product"] for path in paths} == {"inf"}
    assert {path["share"] for path in paths} == {None}


@needs_node
def test_paths_that_are_too_many_to_list_are_counted():
    x = y = Value(0.9, name="x")
    for _ in range(12):
        y = tanh(y * x) + y
    steps = viz.step(y, names={})
    run = LivePass(steps._run)
    state = {"rooms": {"r0": {"boxes": {"n0": {"nodes": [0]}}}}} | live_state(run) | why_state(run)
    source = f"{bundle('live.js')}\n{javascript('program', run.tape())}{WHY}"
    ((*listed, rest),) = called(source, "found", state, [0])
    expected = viz.why(x, of=y, names={}, most=4)
    assert [path["text"] for path in [*listed, rest]] == [*map(factors_of, expected)]
    assert "more paths" in rest["text"]
