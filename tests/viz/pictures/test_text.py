"""In a terminal a computation is text: these are the exact lines."""

from hypothesis import given

import viz
from autograd import Graph, Scope, Value, exp, relu, step, trace
from autograd.strategies import graphs
from viz.moments.notation import Notation
from viz.pictures.text import graph_text, pass_text

NO_GRADIENTS = "(no gradients yet: call backward())"


def lecture():
    x, y, z = Value(-2.0, name="x"), Value(5.0, name="y"), Value(-4.0, name="z")
    f = (x + y) * z
    f.name = "f"
    return f


def test_a_graph_before_and_after_a_pass():
    f = lecture()
    assert str(viz.draw(f)).splitlines() == [
        "x  = -2",
        "y  = 5",
        "z  = -4",
        "v₁ = x + y = 3",
        "f  = v₁·z  = -12",
        NO_GRADIENTS,
    ]
    f.backward()
    assert str(viz.draw(f)).splitlines() == [
        "x  = -2          grad -4",
        "y  = 5           grad -4",
        "z  = -4          grad 3",
        "v₁ = x + y = 3   grad -4",
        "f  = v₁·z  = -12 grad 1",
    ]


def test_a_whole_pass():
    assert str(viz.step(lecture())).splitlines() == [
        "f = (x + y)·z",
        "",
        "forward",
        "x  = -2",
        "y  = 5",
        "z  = -4",
        "v₁ = x + y = 3",
        "f  = v₁·z  = -12",
        "",
        "backward",
        "step     rule              local × upstream = contribution   running sum",
        "Start    ∂f/∂f = 1                                           grad of f: 1",
        "f → v₁   ∂f/∂v₁ = z = -4   -4 × 1 = -4                       grad of v₁: -4",
        "f → z    ∂f/∂z = v₁ = 3    3 × 1 = 3                         grad of z: 3",
        "v₁ → x   ∂v₁/∂x = 1        1 × -4 = -4                       grad of x: -4",
        "v₁ → y   ∂v₁/∂y = 1        1 × -4 = -4                       grad of y: -4",
        "",
        "gradients",
        "∂f/∂x = -4",
        "∂f/∂y = -4",
        "∂f/∂z = 3",
    ]


def test_notes_stand_before_the_gradients():
    x = Value(0.0, name="x")
    steps = viz.step(relu(x) * 1e-5, names={})
    small = "v₂ → v₁: The factor 1e-05 lets next to nothing through."
    _, _, _, notes, _ = str(steps).split("\n\n")
    assert notes.split("\n") == [
        "notes",
        small,
        "v₁ → x: relu has a kink where x is 0: its slope jumps from 0 to 1, and 0, the one below, "
        "is taken.",
    ]
    assert f"notes\n{small}\n... and 1 more note\n" in pass_text(
        steps._run.notation, steps, "", steps.room, most=1
    )


def test_literals_have_no_line_and_named_data_has_one():
    x, target = Value(0.5, name="x"), Value(2.0, constant=True, name="target")
    assert graph_text(Graph((exp(x) * 3 - target) ** 2), grads=False).splitlines() == [
        "x      = 0.5",
        "target = 2",
        "v₁     = exp(x)      = 1.6487",
        "v₂     = v₁·3        = 4.9462",
        "v₃     = v₂ - target = 2.9462",
        "v₄     = v₃²         = 8.6799",
    ]


def test_a_node_that_no_pass_has_reached_shows_no_gradient():
    x, y = Value(2.0, name="x"), Value(3.0, name="y")
    product = x * y
    (product + 1).backward()
    assert graph_text(Graph(product * product)).splitlines() == [
        "x  = 2          grad 3",
        "y  = 3          grad 2",
        "v₁ = x·y   = 6  grad 1",
        "v₂ = v₁·v₁ = 36",
    ]


def test_a_list_can_stop_early_and_says_how_much_more_there_is():
    f = lecture()
    whole = graph_text(Graph(f)).splitlines()
    assert graph_text(Graph(f), most=3).splitlines() == [
        "x = -2",
        "y = 5",
        "z = -4",
        "... and 2 more nodes",
        NO_GRADIENTS,
    ]
    assert graph_text(Graph(f), most=4).splitlines()[-2] == "... and 1 more node"
    assert graph_text(Graph(f), most=5).splitlines() == whole


def test_a_pass_can_stop_early_in_each_of_its_lists():
    steps = viz.step(lecture())
    assert pass_text(steps._run.notation, steps, "f", steps.room, most=2).splitlines() == [
        "f",
        "",
        "forward",
        "x = -2",
        "y = 5",
        "... and 3 more nodes",
        "",
        "backward",
        "step     rule              local × upstream = contribution   running sum",
        "Start    ∂f/∂f = 1                                           grad of f: 1",
        "f → v₁   ∂f/∂v₁ = z = -4   -4 × 1 = -4                       grad of v₁: -4",
        "... and 3 more steps",
        "",
        "gradients",
        "∂f/∂x = -4",
        "∂f/∂y = -4",
        "... and 1 more gradient",
    ]


def test_a_gradient_of_0_is_shown_and_one_that_no_pass_has_left_is_not():
    x, y = Value(1.0, name="x"), Value(2.0, name="y")
    f = 0.5 * x + y
    (f.inputs[0] * 0).backward()
    x.grad += 0
    y.grad += 0
    assert graph_text(Graph(f)).splitlines() == [
        "x  = 1            grad 0",
        "y  = 2",
        "v₁ = 0.5·x  = 0.5 grad 0",
        "v₂ = v₁ + y = 2.5",
    ]


@given(graphs())
def test_every_node_with_a_box_has_a_line(program):
    output = program.nodes()[program.output]
    graph = Graph(output)
    notation = Notation(graph)
    labels = [x for i, x in enumerate(notation.labels) if not notation.is_literal(i)]
    lines = graph_text(graph).splitlines()
    assert [line.partition(" = ")[0].rstrip() for line in lines] == [*labels, NO_GRADIENTS]


@given(graphs())
def test_the_last_block_of_a_pass_lists_the_gradients_of_the_leaves(program):
    output = program.nodes()[program.output]
    steps = viz.step(output, names={}, detail="full")
    output.backward()
    leaves = [node for node in trace(output) if node.op is None and node.reached]
    _, _, listed = pass_text(steps._run.notation, steps, "", steps.room).partition("\ngradients\n")
    shown = [line.split("=") for line in listed.splitlines()]
    assert [(left.rpartition("∂")[2].strip(), float(right)) for left, right in shown] == [
        (leaf.name, float(f"{leaf.grad:.5g}")) for leaf in leaves
    ]


def test_a_box_of_many_has_one_line():
    x, w = Value(2.0, name="x"), Value(3.0, name="line.w")
    with Scope("line"):
        y = w * x + 1
    f = y * y
    f.name = "f"
    assert str(viz.step(f, detail=1)).splitlines()[2:10] == [
        "forward",
        "x    = 2",
        "line = 2 steps = 7",
        "f    = y·y     = 49",
        "",
        "backward",
        "step       rule            local × upstream = contribution   running sum",
        "Start      ∂f/∂f = 1                                         grad of f: 1",
    ]


def test_where_backward_would_be_refused_nobody_is_told_to_call_it():
    x = Value(2.0, name="x")
    assert str(viz.draw(step(x) * 2)).splitlines()[-1] == "(no gradients: step has none)"
    constant = Value(1.0, constant=True, name="c") * 2
    assert str(viz.draw(constant)).splitlines()[-1] == "(no gradients: all of it is constant)"
    assert viz.draw(step(x)).shown.note == "no gradients: step has none"
    y = step(Value(1.0, constant=True, name="c")) * x
    assert str(viz.draw(y)).splitlines()[-1] == NO_GRADIENTS
    y.backward()
