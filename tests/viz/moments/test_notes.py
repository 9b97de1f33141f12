"""Notes are right wherever they are made, and are made where there is something to say."""

from math import pi

import numpy as np
import pytest
from hypothesis import given

from autograd import (
    Tensor,
    Value,
    clip,
    cos,
    elu,
    exp,
    leaky_relu,
    log,
    max_pool2d,
    maximum,
    relu,
    sigmoid,
    sin,
    tanh,
    where,
)
from autograd import sum as total
from autograd.strategies import graphs
from viz.moments.notes import notes_on_flows, notes_on_slope, notes_on_values
from viz.moments.passes import Pass


def on_slopes(output):
    run = Pass(output, {})
    return [note for flow in run.flows for note in notes_on_slope(run, flow)]


def leaf(x=0.0):
    return (Tensor if np.ndim(x) else Value)(x, name="x")


@pytest.mark.parametrize(
    ("function", "jump"),
    [
        (relu, "relu has a kink where x is 0: its slope jumps from 0 to 1, and 0, the one below,"),
        (lambda x: relu(x, at_zero=1.0), "from 0 to 1, and 1, the one above, is taken."),
        (abs, "abs has a kink where x is 0: its slope jumps from -1 to 1, and 0 is taken."),
        (leaky_relu, "jumps from 0.01 to 1, and 0.01, the one below, is taken."),
        (lambda x: clip(x, 0.0, 1.0), "jumps from 0 to 1, and 1, the one above, is taken."),
        (lambda x: elu(x, alpha=3.0), "jumps from 3 to 1, and 3, the one below, is taken."),
    ],
)
def test_a_kink_tells_both_slopes_and_the_one_that_is_taken(function, jump):
    (note,) = on_slopes(function(leaf()))
    assert jump in note
    assert on_slopes(function(leaf(0.5))) == []


def test_a_tie_is_a_kink_of_both_operands():
    x, y = leaf(2.0), Value(2.0, name="y")
    assert on_slopes(maximum(x, y)) == [
        f"maximum has a kink where {name} is 2: its slope jumps from 0 to 1, and 0.5 is taken."
        for name in ("x", "y")
    ]


@pytest.mark.parametrize("function", [elu, lambda x: where(x > 1, x, 2 * x), lambda x: x * x, cos])
def test_where_the_slope_does_not_jump_there_is_no_kink(function):
    assert not any("kink" in note for note in on_slopes(function(leaf())))


def test_kinks_of_arrays_are_counted():
    x = leaf([[0.0, 1.0, -8.0], [0.0, 0.0, 2.0]])
    assert on_slopes(total(relu(x))) == [
        "3 of 6 numbers stand at a kink of relu, where its slope jumps; taken is 0."
    ]
    assert on_slopes(total(maximum(x, x * 1.0)))[0] == (
        "6 of 6 numbers stand at a kink of maximum, where its slope jumps; taken is 0.5."
    )


def test_ties_of_ops_on_whole_arrays_are_counted():
    image = leaf(np.zeros((1, 1, 4, 4)))
    assert on_slopes(total(max_pool2d(image, (2, 2), (2, 2)))) == [
        "4 of 4 results of max_pool2d stand at a kink, where the slope jumps."
    ]
    assert on_slopes(leaf([1.0, 2.0, 3.0]).max()) == []
    assert len(on_slopes(leaf([1.0, 3.0, 3.0]).max())) == 1


@pytest.mark.parametrize(
    ("function", "x", "note"),
    [
        (tanh, 5.0, "tanh is saturated where x is 5: its slope is 0.000182."),
        (tanh, 1000.0, "tanh is saturated where x is 1000: its slope is 0."),
        (sigmoid, -20.0, "sigmoid is saturated where x is -20: its slope is 2.06e-09."),
        (exp, -10.0, "exp is saturated where x is -10: its slope is 4.54e-05."),
        (elu, -10.0, "elu is saturated where x is -10: its slope is 4.54e-05."),
        (log, 5000.0, "log is flat where x is 5000: its slope is 0.0002."),
        (cos, 0.0, "cos is flat where x is 0: its slope is 0."),
        (sin, pi / 2, "sin is flat where x is 1.5708: its slope is 6.12e-17."),
        (lambda x: x * 1e-5, 1.0, "The factor 1e-05 lets next to nothing through."),
    ],
)
def test_next_to_nothing_is_said(function, x, note):
    assert on_slopes(function(leaf(x))) == [note]


@pytest.mark.parametrize(
    ("function", "x"),
    [(relu, -3.0), (lambda x: x * 0.0, 1.0), (lambda x: where(False, x, x + 1), 1.0), (tanh, 3.0)],
)
def test_a_mask_is_not_saturated(function, x):
    assert on_slopes(function(leaf(x))) == []


def test_saturated_numbers_of_arrays_are_counted():
    x = leaf([0.0, 9.0, -9.0, 1.0])
    (note,) = on_slopes(total(tanh(x)))
    assert note == "2 of 4 numbers of tanh are saturated: their slopes are below 0.001 in size."
    assert on_slopes(total(cos(x * 0.0))) == []


@given(graphs())
def test_off_kinks_no_note_speaks_of_one(program):
    run = Pass(program.nodes()[program.output], {})
    for flow in run.flows:
        notes = [*notes_on_slope(run, flow)]
        assert not any("kink" in note for note in notes)
        if notes:
            assert abs(flow.local) < 1e-3
            assert len(notes) == 1
    assert notes_on_values(run, range(len(run.order))) == ()
    assert notes_on_flows(run, run.flows) == ()


@given(graphs(tensors=True))
def test_notes_can_be_made_of_any_arrays(program):
    output = program.nodes()[program.output]
    run = Pass(total(output) if isinstance(output, Tensor) else output, {})
    for flow in run.flows:
        assert all(isinstance(note, str) for note in notes_on_slope(run, flow))


def test_the_first_number_that_is_not_finite_is_named():
    big = Value(1e200, name="big")
    run = Pass((big * big - 1.0) * big, {})
    v1, _, v2, v3 = range(1, 5)
    assert notes_on_values(run, [v1]) == ("v₁ is the first number that is not finite.",)
    assert notes_on_values(run, [v2]) == ("v₂ is not finite; the first was v₁.",)
    assert notes_on_values(run, [0, v1, v2, v3]) == notes_on_values(run, [v1])
    assert notes_on_values(run, [0]) == ()
    first, *rest = (flow for flow in run.flows if not np.isfinite(flow.passed))
    words = "What flows from v₃ to big is the first gradient that is not finite."
    assert notes_on_flows(run, [first]) == notes_on_flows(run, run.flows) == (words,)
    assert notes_on_flows(run, rest[:1]) == (
        "The gradient is not finite; the first was that from v₃ to big.",
    )


def test_a_leaf_may_be_the_first():
    x = Value(float("inf"), name="x")
    run = Pass(x * 2.0, {})
    assert notes_on_values(run, [2]) == ("v₁ is not finite; the first was x.",)
