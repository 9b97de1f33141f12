"""Where inputs tie, their slopes are judged together; where they only look alike, they are not."""

import numpy as np
import pytest
from checks import rejected, words
from hard_cases import tied, winners
from hypothesis import given
from hypothesis import strategies as st

from autograd import abs, check_gradients, max, maximum, relu, sum, tanh
from autograd.checking.reference import Estimate, Probe
from autograd.checking.ties import Apart, adds_up, together


def element(i, place, shape=()):
    direction = np.zeros(shape)
    direction[place] = 1.0
    return Probe(i, place, direction, 1.0)


def test_numbers_of_one_size_move_as_one():
    points = [np.array(2.0), np.array([-2.0, 3.0, 2.0])]
    kink = Estimate(0.5, 1e-9, (0.0, 1.0))
    kinks = [(element(0, ()), kink), *((element(1, (k,), (3,)), kink) for k in range(3))]
    ((joint, apart),) = together(kinks, points)
    assert [(i, away.tolist()) for i, away in joint.moves] == [(0, 1.0), (1, [-1.0, 0.0, 1.0])]
    assert joint.tied == ((0, ()), (1, (0,)), (1, (2,)))
    assert apart == pytest.approx(Apart(-1.0, 2.0, 3e-9))  # what moves back swaps its sides


def test_nothing_is_learnt_where_each_moves_as_it_does_by_itself():
    assert adds_up(Estimate(1.0, 1e-9), Apart(1.0, 1.0, 1e-9))
    assert not adds_up(Estimate(1.0, 1e-9), Apart(0.0, 2.0, 1e-9))
    assert not adds_up(Estimate(0.5, 1e-9, (0.0, 1.0)), Apart(0.0, 2.0, 1e-9))
    for f in (lambda a, b: relu(a) - relu(-b), lambda a, b: abs(a) + relu(b)):
        assert words(check_gradients(f, 0.0, 0.0)) == ["kink", "kink"]


@given(st.floats(0, 1), st.floats(0, 1))
def test_slopes_at_a_tie_add_up_to_that_of_both(a, b):
    op = tied((a, b))
    if a + b == pytest.approx(1.0, abs=1e-12):
        assert words(check_gradients(op, 1.0, 1.0)) == ["kink", "kink"]
    elif a + b != pytest.approx(1.0, abs=1e-9):
        text = rejected(op, 1.0, 1.0)
        assert text.startswith("wrong: first derivative by a, b moved together, each = 1: ")
        assert "maximum: its rules for a, b, moved together, give " in text
        assert " where 1 is right" in text


def test_a_tie_inside_of_a_graph_is_judged_by_its_op():
    f = lambda a, b: tied((1.0, 1.0))(tanh(a), b) * 3.0  # noqa: E731
    text = rejected(f, 0.5, float(np.tanh(0.5)))
    assert "maximum: its rules for a, b, moved together, give 2 where 1 is right" in text
    right = lambda a, b: maximum(tanh(a), b) * 3.0  # noqa: E731
    assert words(check_gradients(right, 0.5, float(np.tanh(0.5)))) == ["kink", "kink"]


def test_ties_of_reductions():
    for x in ([2.0, 2.0, 2.0], [2.0, 1.0, 2.0], np.ones((3, 2))):
        check_gradients(max, x)
    check_gradients(lambda x: sum(max(x, axis=1) ** 2), np.ones((3, 2)))
    text = rejected(winners(1.0), [2.0, 2.0, 1.0])
    assert text.startswith("wrong: first derivative by x[0], x[1] moved together, each = 2: ")
    check_gradients(winners(0.5), [2.0, 2.0, 1.0])
