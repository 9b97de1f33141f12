"""Frames are the backward pass, moment by moment: they agree with it in every number they show."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numerics import EPSILON, close

from autograd import (
    DomainError,
    GraphError,
    Scope,
    Tensor,
    Value,
    backprop,
    relu,
    sqrt,
    step,
    tanh,
    trace,
)
from autograd.formulas import number
from autograd.strategies import graphs
from viz.moments.frames import frames
from viz.moments.notation import Notation
from viz.moments.passes import Pass
from viz.moments.rooms import outermost
from viz.moments.typeset import Derivative


def moments(output, names=None, phase="backward"):
    """The frames of a graph in which nothing is folded."""
    run = Pass(output, names or {})
    return frames(run, outermost(run.notation, "full"), phase)


def run(program):
    """The nodes of a drawn program, and the frames of a pass from its output."""
    output = program.nodes()[program.output]
    return output, trace(output), moments(output)


def flows(output):
    """Node, position, what comes in and what flows on, for each edge that something flows along."""
    for node, grad, contributions in backprop(output):
        for position, passed in enumerate(contributions):
            if passed is not None:
                yield node, position, grad, passed


@given(graphs())
def test_there_is_a_frame_for_each_edge_that_something_flows_along(program):
    output, nodes, shown = run(program)
    expected = [(nodes.index(node), position) for node, position, _, _ in flows(output)]
    assert [frame.active for frame in shown] == [None, None, *expected, None]
    assert [frame.index for frame in shown] == list(range(len(expected) + 3))


@given(graphs())
def test_the_running_sums_are_those_of_the_pass(program):
    output, nodes, shown = run(program)
    sums = {nodes.index(output): 1.0}
    assert (shown[0].adjoints, shown[0].received) == ({}, None)
    assert (shown[1].adjoints, shown[1].received) == (sums, 1.0)
    for frame, (node, position, _, passed) in zip(shown[2:-1], flows(output), strict=True):
        target = nodes.index(node.inputs[position])
        sums[target] = sums[target] + passed if target in sums else passed
        assert frame.target == target
        assert frame.received == sums[target]
        assert frame.adjoints == sums
    assert (shown[-1].adjoints, shown[-1].received) == (sums, None)


@given(graphs())
def test_the_last_adjoints_are_the_gradients_of_backward(program):
    output, nodes, shown = run(program)
    output.backward()
    reached = {i: node.grad for i, node in enumerate(nodes) if node.reached}
    assert shown[-1].adjoints == reached


@given(graphs())
def test_local_times_upstream_is_the_contribution_to_every_digit_shown(program):
    output, _, shown = run(program)
    for frame, (_, _, grad, passed) in zip(shown[2:-1], flows(output), strict=True):
        local, upstream, product = map(float, re.split("[×=]", frame.numbers))
        assert upstream == float(number(grad))
        assert product == float(number(passed))
        assert abs(local * upstream - product) <= 3 * 0.5e-4 * abs(product)


@given(graphs())
def test_the_sum_line_adds_what_came_before_to_what_comes_now(program):
    output, _, shown = run(program)
    before = {}
    for frame, (_, _, _, passed) in zip(shown[2:-1], flows(output), strict=True):
        label = Notation(frame.graph).labels[frame.target]
        total = number(frame.received)
        if frame.target in before:
            total = f"{number(before[frame.target])} + {number(passed)} = {total}"
        assert frame.total == f"grad of {label}: {total}"
        before[frame.target] = frame.received


@given(graphs())
def test_the_rule_in_algebra_gives_the_local_derivative(computed, program):
    output, nodes, shown = run(program)
    labels = Notation(shown[0].graph).labels
    known = {label: node.data for label, node in zip(labels, nodes, strict=True)}
    for frame, (node, position, grad, passed) in zip(shown[2:-1], flows(output), strict=True):
        derivative, *formula, local = frame.rule
        assert isinstance(derivative, Derivative)
        by = labels[nodes.index(node.inputs[position])]
        assert (derivative.of, derivative.by) == (labels[nodes.index(node)], by)
        assert close(local * grad, passed, 8 * EPSILON)
        for side in formula:
            assert close(computed(side, known), local, 1e-13)


@given(graphs())
def test_frames_change_no_node(program):
    output = program.nodes()[program.output]
    for _ in range(2):
        before = [(node.data, node.grad, node.reached, node.name) for node in trace(output)]
        moments(output)
        assert [(node.data, node.grad, node.reached, node.name) for node in trace(output)] == before
        output.backward()


@given(graphs())
def test_later_changes_of_a_node_change_no_frame(program):
    output, nodes, shown = run(program)
    before = [(frame.text, frame.latex, frame.mathml, frame.sentence) for frame in shown]
    output.backward()
    for name, node in zip(program.leaves, nodes, strict=False):
        node.name = f"{name} renamed"
    assert [(frame.text, frame.latex, frame.mathml, frame.sentence) for frame in shown] == before


def lines(output, **names):
    return [frame.text for frame in moments(output, {node: name for name, node in names.items()})]


def test_the_first_lecture():
    x, y, z = Value(-2.0), Value(5.0), Value(-4.0)
    f = (x + y) * z
    assert lines(f, x=x, y=y, z=z, f=f) == [
        "Forward   f = v₁·z = -12",
        "Start   ∂f/∂f = 1   grad of f: 1",
        "f → v₁   ∂f/∂v₁ = z = -4   -4 × 1 = -4   grad of v₁: -4",
        "f → z   ∂f/∂z = v₁ = 3   3 × 1 = 3   grad of z: 3",
        "v₁ → x   ∂v₁/∂x = 1   1 × -4 = -4   grad of x: -4",
        "v₁ → y   ∂v₁/∂y = 1   1 × -4 = -4   grad of y: -4",
        "Result   ∂f/∂x = -4, ∂f/∂y = -4, ∂f/∂z = 3",
    ]


def test_the_first_lecture_in_words():
    x, y = Value(3.0, name="x"), Value(-2.0, name="y")
    assert [frame.sentence for frame in moments(x * y)] == [
        "The forward computation gave v₁ = -6.",
        "The backward pass starts: v₁ changes as fast as itself.",
        "v₁ passes -2 to x: local derivative -2 times upstream 1.",
        "v₁ passes 3 to y: local derivative 3 times upstream 1.",
        "The pass is complete: 2 gradients.",
    ]


def test_the_first_lecture_in_latex():
    x, y = Value(3.0, name="x"), Value(-2.0, name="y")
    assert [frame.latex for frame in moments(x * y)] == [
        r"v_{1} = x \cdot y = -6",
        r"\frac{\partial v_{1}}{\partial v_{1}} = 1",
        r"\frac{\partial v_{1}}{\partial x} = y = -2",
        r"\frac{\partial v_{1}}{\partial y} = x = 3",
        "",
    ]


def test_where_paths_meet_the_sum_is_shown():
    x = Value(3.0, name="x")
    assert [frame.total for frame in moments(x * x)] == [
        "",
        "grad of v₁: 1",
        "grad of x: 3",
        "grad of x: 3 + 3 = 6",
        "∂v₁/∂x = 6",
    ]


def test_a_leaf_alone_has_three_frames():
    assert lines(Value(3.0, name="x")) == [
        "Forward   x = 3",
        "Start   ∂x/∂x = 1   grad of x: 1",
        "Result   ∂x/∂x = 1",
    ]


def test_one_gradient_is_not_called_gradients():
    assert moments(-Value(3.0))[-1].sentence == "The pass is complete: 1 gradient."


def test_a_pass_that_cannot_be_has_no_frames():
    with pytest.raises(GraphError, match="constant"):
        moments(Value(1.0, constant=True) * 2)
    with pytest.raises(GraphError, match="step"):
        moments(step(Value(1.0)) * 2)
    with pytest.raises(DomainError, match="sqrt"):
        moments(sqrt(Value(0.0)))


@given(graphs())
def test_forward_there_is_a_frame_for_each_result_in_the_order_of_creation(computed, program):
    output = program.nodes()[program.output]
    nodes, shown = trace(output), moments(output, phase="both")
    if output.op is None:
        assert [frame.text for frame in shown] == [frame.text for frame in moments(output)]
        return
    labels = Notation(shown[0].graph).labels
    known = {label: node.data for label, node in zip(labels, nodes, strict=True)}
    forward = [frame for frame in shown if frame.phase == "forward"]
    results = [i for i, node in enumerate(nodes) if node.op is not None]
    assert [frame.nodes for frame in forward] == [(i,) for i in results]
    assert [frame.text for frame in shown[len(forward) :]] == [
        frame.text for frame in moments(output)[1:]
    ]
    for (i,), frame in ((frame.nodes, frame) for frame in forward):
        name, formula, numbers, told = frame.rule
        value = computed(told, {})
        assert (name.name, value) == (labels[i], nodes[i].data)
        assert close(computed(formula, known), value, 1e-13)
        assert close(computed(numbers, {}), value, 1e-13)
        assert frame.adjoints == {}
        assert {operand for _, operand in frame.flows} <= set(range(len(nodes[i].inputs)))


def test_forward_shows_the_numbers_of_values_and_the_shapes_of_tensors():
    x, y, z = Value(-2.0), Value(5.0), Value(-4.0)
    f = (x + y) * z
    first, second, start, *_ = moments(f, {x: "x", y: "y", z: "z", f: "f"}, "both")
    assert (first.text, first.sentence) == ("v₁   v₁ = x + y = -2 + 5 = 3", "v₁ is 3.")
    assert second.text == "f   f = v₁·z = 3·(-4) = -12"
    assert start.title == "Start"
    w, x = Tensor(np.ones((3, 2)), name="W"), Tensor(np.ones((2, 4)), name="x")
    assert moments((w @ x).sum(), phase="both")[0].numbers == "(3, 2) @ (2, 4) → (3, 4)"


def in_all_rooms(program, most):
    """Each room of a graph that is folded to few boxes, with its frames."""
    run = Pass(program.nodes()[program.output], {})
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(outermost.__globals__, "MOST", most)
        found = [*outermost(run.notation).walk()]
    return run, [(room, frames(run, room)) for room in found]


@given(graphs(), st.integers(3, 8))
def test_in_each_room_every_frame_but_the_last_lights_a_box(program, most):
    _, found = in_all_rooms(program, most)
    for room, shown in found:
        assert [frame.index for frame in shown] == list(range(len(shown)))
        for frame in shown[:-1]:
            lit = set(frame.nodes) | set(frame.targets)
            assert lit & set(room.part_of) or frame.total == "nothing comes in"


@given(graphs(), st.integers(3, 8))
def test_what_a_box_sends_is_what_flows_over_its_border(program, most):
    run, found = in_all_rooms(program, most)
    passed = {(flow.node, flow.operand): flow for flow in run.flows}
    for room, shown in found:
        before = {}
        for frame in shown:
            if frame.phase == "backward":
                sums = {}
                for edge in frame.flows:
                    flow = passed[edge]
                    sums[flow.target] = sums.get(flow.target, 0.0) + flow.passed
                    assert flow.node in frame.nodes
                    if len(frame.nodes) > 1:
                        assert flow.target not in frame.nodes
                for i, total in sums.items():
                    start = passed[next(x for x in frame.flows if passed[x].target == i)].before
                    assert close((start or 0.0) + total, frame.adjoints[i], 64 * EPSILON)
            before = frame.adjoints
        inside = set(room.nodes)
        nodes = run.graph.nodes
        users = {i: [n.index for n in nodes if i in n.inputs] for i in room.nodes}
        for i, adjoint in before.items():
            if i in inside and inside.issuperset(users[i]):
                assert adjoint == run.adjoints[i]


def test_a_box_of_many_is_one_step():
    x, w, b = Value(2.0, name="x"), Value(3.0, name="line.w"), Value(1.0, name="line.b")
    with Scope("line"):
        y = w * x + b
    run = Pass(y * y, {y: "y"})
    outer, inner = outermost(run.notation, 1).walk()
    assert [frame.text for frame in frames(run, outer)] == [
        "line   in x: 2   y: 7",
        "v₂   v₂ = y·y = 7·7 = 49",
        "Start   ∂v₂/∂v₂ = 1   grad of v₂: 1",
        "v₂ → y   ∂v₂/∂y = y = 7   7 × 1 = 7   grad of y: 7",
        "v₂ → y   ∂v₂/∂y = y = 7   7 × 1 = 7   grad of y: 7 + 7 = 14",
        "line → x   grad of y: 14   grad of x: 42; line.w: 28, line.b: 14",
        "Result   ∂v₂/∂x = 42, line: [28, 14]",
    ]
    assert [frame.text for frame in frames(run, inner)] == [
        "v₁   v₁ = w·x = 3·2 = 6",
        "y   y = v₁ + b = 6 + 1 = 7",
        "Start   grad of y: 14",
        "y → v₁   ∂y/∂v₁ = 1   1 × 14 = 14   grad of v₁: 14",
        "y → b   ∂y/∂b = 1   1 × 14 = 14   grad of b: 14",
        "v₁ → w   ∂v₁/∂w = x = 2   2 × 14 = 28   grad of w: 28",
        "v₁ → x   ∂v₁/∂x = w = 3   3 × 14 = 42   grad of x: 42",
        "Result   ∂v₂/∂x = 42, ∂v₂/∂w = 28, ∂v₂/∂b = 14",
    ]


def noted(shown):
    return {frame.title: frame.notes for frame in shown if frame.notes}


def test_notes_stand_where_they_happen_and_end_the_line():
    x = Value(0.0, name="x")
    shown = moments(tanh(relu(x) + 5.0), phase="both")
    kink = (
        "relu has a kink where x is 0: its slope jumps from 0 to 1, and 0, the one below, is taken."
    )
    notes = noted(shown)
    assert list(notes) == ["v₃ → v₂", "v₁ → x"]
    assert notes["v₁ → x"] == (kink,)
    assert notes["v₃ → v₂"] == ("tanh is saturated where v₂ is 5: its slope is 0.000182.",)
    assert shown[-2].text.endswith(f"   {kink}")


def test_where_a_number_stopped_being_finite_is_noted_forward_and_backward():
    big = Value(1e200, name="big")
    shown = moments((big * big - 1.0) * big, phase="both")
    assert noted(shown) == {
        "v₁": ("v₁ is the first number that is not finite.",),
        "v₂": ("v₂ is not finite; the first was v₁.",),
        "v₃": ("v₃ is not finite; the first was v₁.",),
        "v₃ → big": ("What flows from v₃ to big is the first gradient that is not finite.",),
        "v₁ → big": ("The gradient is not finite; the first was that from v₃ to big.",),
    }


def test_a_box_of_many_notes_what_is_not_finite_inside():
    big = Value(1e200, name="big")
    with Scope("block"):
        y = big * big - 1.0
    run = Pass(y * big, {})
    shown = frames(run, outermost(run.notation, 1))
    notes = noted(shown)
    assert notes["block"] == ("v₁ is the first number that is not finite.",)
    assert notes["block → big"][0].startswith("The gradient is not finite; the first was that from")
