"""The width of an arrow tells its flow among all of a picture, over any range of sizes."""

from math import inf, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.pages.arrows import extremes, size, width

flows = st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20)


@given(flows)
def test_larger_flows_have_wider_arrows_and_the_widest_is_the_largest(found):
    low, high = extremes(found)
    wide = [width(x, low, high) for x in sorted(found, key=abs)]
    assert [*map(abs, wide)] == sorted(map(abs, wide))
    assert max(map(abs, wide)) == (6.0 if any(found) else 0.5)
    assert min(map(abs, wide)) >= (1.0 if all(found) else 0.5)
    assert all((w < 0) == (x < 0) for w, x in zip(wide, sorted(found, key=abs), strict=True))


def test_gradients_that_vanish_grow_thin_step_by_step():
    found = [10.0**-k for k in range(0, 301, 50)]
    wide = [width(x, *extremes(found)) for x in found]
    assert wide == sorted(wide, reverse=True)
    assert len(set(wide)) == len(wide)


def test_flows_that_are_nearly_the_same_look_the_same():
    assert width(0.99, 0.99, 1.0) == pytest.approx(6.0, abs=0.1)


@pytest.mark.parametrize(("flow", "expected"), [(0.0, 0.5), (inf, 6.0), (nan, 6.0), (-inf, 6.0)])
def test_no_arrow_is_too_wide_or_too_thin_to_be_seen(flow, expected):
    assert width(flow, *extremes([flow, 1.0])) == expected


def test_of_several_flows_the_size_is_their_norm_and_of_one_number_its_sign_counts():
    assert size([-3.0]) == -3.0
    assert size([-3.0, 4.0]) == 5.0
    assert size([np.full((2, 2), 1.0), 2.0]) == pytest.approx(8**0.5)
    assert size([np.array([1e200, 1e200])]) == inf or size([1e200, 1e200]) < inf
