"""A page is told how much flows along an arrow: one number, its sign, or the norm of several."""

from math import inf

import numpy as np
import pytest

from autograd import Value
from viz.moments import Live, number
from viz.pages.arrows import told_flow


def test_of_several_flows_the_size_is_their_norm_and_of_one_number_its_sign_counts():
    assert told_flow([-3.0]) == ["-3"]
    assert told_flow([-3.0, 4.0]) == ["5"]
    assert told_flow([np.full((2, 2), 1.0), 2.0]) == [number(8**0.5, 3)]
    assert told_flow([np.array([1e200, 1e200])]) in (["inf"], ["1.41e+200"])


@pytest.mark.parametrize(("flow", "text"), [(0.0, "0"), (inf, "inf"), (-inf, "-inf")])
def test_what_has_no_logarithm_is_told_as_it_is(flow, text):
    assert told_flow([flow]) == [text]


def test_of_live_numbers_each_has_its_place():
    places = {}
    x, y = Live(Value(3.0), places), Live(Value(4.0), places)
    assert told_flow([x, y, 1.0]) == [number(x, 3), number(y, 3), "1"]
    assert len(places) == 2
