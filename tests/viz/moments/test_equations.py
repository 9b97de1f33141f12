"""What a step writes of one edge is true of numbers, of small arrays and of large ones."""

import numpy as np
import pytest

from autograd import Tensor, Value, tanh
from autograd import sum as total
from viz.moments.arrays import line_text
from viz.moments.equations import explained, joined, summed
from viz.moments.passes import Pass


def test_of_numbers_the_local_derivative_times_upstream():
    x = Value(3.0, name="x")
    run = Pass(x * x, {})
    rule, numbers, words = explained(run.notation, run.flows[0])
    assert [str(side) for side in rule] == ["∂v₁/∂x", "x", "3.0"]
    assert line_text(numbers) == "3 × 1 = 3"
    assert words == ": local derivative 3 times upstream 1"


def test_of_arrays_the_rule_with_their_numbers():
    x = Tensor([[0.0, 1.0]], name="x")
    run = Pass(total(tanh(x)), {})
    rule, numbers, words = explained(run.notation, run.flows[1])
    assert [str(side) for side in rule] == ["(∂v₂/∂v₁)·(1 - v₁²)"]
    assert line_text(numbers) == "[[1, 1]]·(1 - [[0, 0.762]]²) = [[1, 0.42]]"
    assert words == ", computed from what came in, an array of shape (1, 2)"


@pytest.mark.parametrize(
    ("before", "passed", "expected"),
    [
        (None, 2.0, "2"),
        (1.0, 2.0, "1 + 2 = 3"),
        (None, np.ones(2), "[1, 1]"),
        (np.ones(2), np.ones(2), "[1, 1] + [1, 1] = [2, 2], added element by element"),
        (None, np.ones(7), "shape (7,), smallest 1, largest 1, norm 2.65"),
        (
            np.ones(7),
            np.ones(7),
            "shape (7,), smallest 2, largest 2, norm 5.29, "
            "added element by element to what came before",
        ),
    ],
)
def test_a_running_sum_is_an_equation_where_it_can_be_checked(before, passed, expected):
    reached = passed if before is None else before + passed
    assert line_text(summed(before, passed, reached)) == expected


def test_lines_are_joined_by_a_sign():
    assert joined([("a",), ("b", "c")], "; ") == ("a", "; ", "b", "c")
    assert joined([], "; ") == ()
