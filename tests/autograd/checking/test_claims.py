"""The engine is asked more than once, and a graph is run again only where it is the function."""

import math

import numpy as np
import pytest
from checks import rejected
from hypothesis import given
from hypothesis import strategies as st
from wrong_rules import WRONG, spoiled

from autograd import InfiniteGradientError, check_gradients, relu, tanh
from autograd.checking.claims import NodeTrial, OpaqueTrial
from autograd.checking.reference import Probe
from autograd.checking.subject import Pair, Subject
from autograd.strategies import graphs


@pytest.mark.slow
def test_a_gradient_that_is_not_linear_in_what_comes_in_is_called_so():
    said = [
        wrong.mistake
        for wrong in WRONG
        if "is not linear in what comes in" in rejected(wrong, *wrong.inputs, order=wrong.order)
    ]
    assert said == [
        "the chain is broken: no g",
        "right in single precision only",
        "square of g",
        "g without its sign",
        "g clipped",
    ]


def test_orders_are_those_of_calculus():
    report = check_gradients(lambda x: x**5, 2.0, order=3)
    assert [verdict.engine for verdict in report] == pytest.approx([80, 160, 240])
    assert [verdict.reference for verdict in report] == pytest.approx([80, 160, 240])


def trial(f, *inputs, order=1):
    return NodeTrial(Subject(f, inputs), order)


@given(graphs(), st.data())
def test_the_number_near_by_is_that_of_the_function(program, data):
    """Whether the graph is run again there or the function is called."""
    subject = Subject(program, program.inputs)
    found = NodeTrial(subject, 1)
    i = data.draw(st.integers(0, len(program.inputs) - 1))
    steps = np.array([[0.0, 0.01, -0.01, 1e-6]])
    line = found.line([Probe(i, (), np.array(1.0), 1.0)], steps)
    for step, value in zip(steps[0], line[0], strict=True):
        moved = [x + step * (k == i) for k, x in enumerate(subject.points)]
        assert value == pytest.approx(subject.value(moved, 1), rel=1e-12, abs=1e-12)


def test_steps_are_imaginary_only_where_the_graph_is_the_function_and_has_no_kinks():
    assert trial(lambda x: tanh(x) * 2.0, 0.5).analytic
    assert not trial(lambda x: relu(x) * 2.0, 0.5).analytic
    assert not trial(lambda x: x * 2.0 if x > 0 else x, 0.0).analytic  # a branch near by
    assert not trial(lambda x: x * x.data, 0.5).analytic  # the graph does not know of it


def test_slopes_are_claimed_twice_and_agree_unless_a_rule_is_not_linear():
    once, again = trial(lambda x: tanh(x), 0.5).claims
    assert once[0] == pytest.approx(again[0], rel=1e-15)
    squared = spoiled(tanh, lambda g, y, x: g * g * (1 - y * y))
    once, again = trial(squared, 0.5).claims
    assert again[0] == pytest.approx(-3 * once[0], rel=1e-15)


def test_why_there_is_no_slope_is_kept_and_other_inputs_keep_theirs():
    with np.errstate(invalid="ignore"):  # beside 3 there is no value
        found = trial(lambda a, n: a**n, -2.0, 3.0)
    assert isinstance(found.failure, InfiniteGradientError)
    assert found.claims[0][0] == 12.0
    assert math.isnan(found.claims[0][1])


def test_what_another_function_claims_is_taken_as_it_is():
    def broken(x):
        raise KeyError("nobody knows")

    right = OpaqueTrial(Pair((math.sin, math.cos), [0.5]))
    assert right.claims == [[math.cos(0.5)]]
    assert not right.analytic
    assert 0 < right.doubts[0] < 1e-14
    wrong = OpaqueTrial(Pair((math.sin, broken), [0.5]))
    assert isinstance(wrong.failure, KeyError)
    assert math.isnan(wrong.claims[0][0])


def test_what_rounds_inside_is_found_where_it_does_not_tremble():
    def found(f, x):
        return OpaqueTrial(Pair((f, f), [x]))

    hidden = found(lambda x: 1 - math.cos(x), 1e-9)
    assert hidden.noise == 0.0
    assert 2**-54 < hidden.roughness < 2**-48
    assert 2**-24 < found(lambda x: float(np.sin(np.float32(x))), 0.7).roughness < 2**-19
    assert found(lambda x: x * x, 0.7).roughness < 2**-48
    assert found(math.floor, 0.7).roughness == 0.0
    assert found(lambda x: abs(x - 0.7), 0.7 - 1e-6).roughness < 2**-48  # a kink is not noise


def test_a_gradient_that_is_wrong_at_its_point_only_has_no_excuse():
    found = OpaqueTrial(Pair((math.sin, lambda x: 99.0 if x == 0.5 else math.cos(x)), [0.5]))
    assert found.doubts[0] < 1e-12
    assert found.fickle == ""
