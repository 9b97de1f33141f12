"""Points of a function: its values and slopes, closer where it is steep, parted where it jumps."""

from math import isnan

from autograd import heaviside, log, sin, tan
from viz.plots.sampling import joined, sampled, usual_range


def test_points_are_the_functions():
    points = sampled(sin, "sin", -1.0, 1.0)
    assert points[0].x == -1.0
    assert points[-1].x == 1.0
    assert all(sin(p.x) == p.value for p in points)


def test_there_is_no_value_where_there_is_none():
    points = sampled(log, "log", -1.0, 1.0)
    assert all(isnan(p.value) == (p.x <= 0) for p in points)


def test_a_jump_parts_the_line():
    points = list(joined(heaviside, "heaviside", sampled(heaviside, "heaviside", -1.0, 1.0), 1))
    (gap,) = (k for k, p in enumerate(points) if isnan(p.value))
    assert (points[gap - 1].value, points[gap + 1].value) == (0.0, 1.0)
    assert points[gap + 1].x - points[gap - 1].x < 1e-8


def test_the_ends_of_poles_are_left_out():
    values = [p.value for p in sampled(tan, "tan", -4.0, 4.0)]
    low, high = usual_range(values)
    assert min(values) < low < high < max(values)
    assert usual_range([0.0, 1.0, 2.0]) is None
