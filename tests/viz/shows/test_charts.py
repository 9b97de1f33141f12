"""A line runs where its numbers are, and ends where they are not finite."""

import re
from math import inf, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.shows.charts import chart, histogram, spark


def lines(svg, kind="0"):
    """The points of the lines of a kind, but for those that explain the names."""
    paths = re.findall(rf'<path class="sg-{kind}" stroke="currentColor" d="([^"]*)"><title>', svg)
    return [np.array(re.findall(r"[-.\d]+", part), float).reshape(-1, 2)
            for path in paths for part in path.split("M")[1:]]  # fmt: skip


@given(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=20, unique=True))
def test_a_line_is_a_linear_picture_of_its_numbers(numbers):
    (line,) = lines(chart({"y": list(enumerate(numbers))}, "x", log=False))
    x, y = line.T
    width, height = np.ptp(x), np.ptp(y)
    assert np.allclose(x, x[0] + width * np.arange(len(numbers)) / (len(numbers) - 1), atol=0.1)
    low, high = min(numbers), max(numbers)
    assert np.allclose(y, y.max() - height * (np.array(numbers) - low) / (high - low), atol=0.11)
    assert (width, height) == (420, 150)


def test_far_apart_positive_numbers_stand_on_a_logarithmic_scale():
    svg = chart({"y": [(0, 1.0), (1, 10.0), (2, 1000.0)]}, "x")
    ((_, middle), _) = lines(svg)[0][1], None
    assert middle == pytest.approx(8 + 150 * 2 / 3, abs=0.1)
    assert ">log<" in svg
    assert ">log<" not in chart({"y": [(0, -1.0), (1, 10.0), (2, 1000.0)]}, "x")


def test_what_is_not_finite_parts_the_line():
    svg = chart({"y": [(0, 1), (1, 2), (2, nan), (3, 1), (4, inf), (5, 2)]}, "x")
    assert [len(part) for part in lines(svg)] == [2, 1, 1]
    assert chart({"y": [(0, nan)]}, "x") == ""


def test_the_ranges_and_the_names_are_told():
    svg = chart({"a<b": [(1, 0.5), (12, 0.25)], "c": [(1, 0.125), (2, 0.25)]}, "epoch")
    for words in (">0.5<", ">0.125<", ">1<", ">12<", ">epoch<", ">a&lt;b<", ">c<"):
        assert words in svg


def test_long_curves_are_thinned_to_both_ends():
    curve = [(float(k), float(k)) for k in range(10_001)]
    (line,) = lines(chart({"y": curve}, "x", log=False))
    assert len(line) < 2_001
    assert line[0].tolist() == [58, 158]
    assert line[-1].tolist() == [478, 8]


def test_a_course_needs_two_numbers():
    assert spark([1.0]) == spark([nan, 1.0]) == ""
    assert spark([1.0, 2.0]).count("<path") == 1


def test_bars_are_as_tall_as_there_are_numbers():
    numbers = np.array([0.0] * 3 + [1.0] * 6 + [0.5, nan])
    svg = histogram(numbers)
    heights = [18 - float(top) for top in re.findall(r"V([-.\d]+)", svg)]
    assert heights == pytest.approx([9, 3, 18], abs=0.1)
    assert "11 numbers from 0 to 1, mean 0.65" in svg
    assert histogram([1.0, 1.0]) == histogram([nan, nan]) == histogram([]) == ""
