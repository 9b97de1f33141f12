"""A curve is the function, its dashed line the derivative; neither is drawn where it is not."""

from functools import cache
from itertools import pairwise
from math import isfinite

import numpy as np
import pytest

import viz
from autograd import OPS, DomainError, exp, grad, heaviside, log, relu, sin, step, tan, tanh
from viz.plots.axes import BLUE, GREEN

UNARY = [op for op in OPS.values() if op.elementwise and op.arity == 1 and op.name != "clip"]


def lines(*functions, **how):
    """Give the points of each line by its label; those of nan part it."""
    ax = viz.curve(*functions, **how)
    handles, labels = ax.get_legend_handles_labels()
    return {label: line.get_xydata() for line, label in zip(handles, labels, strict=True)}


of_row = cache(lines)


def slope_at(f, x):
    try:
        return grad(f)(x)
    except (ArithmeticError, DomainError):
        return None


@pytest.mark.parametrize("op", UNARY, ids=lambda op: op.name)
def test_every_point_is_the_functions_and_every_slope_is_its_derivative(op):
    found = of_row(op)
    drawn = [f"{op.name}(x)", f"{op.name}′(x)"]
    assert [*found] == (drawn[:1] if op.name == "step" else drawn)  # a step has no slope anywhere
    values, *rest = (xy[np.isfinite(xy[:, 1])] for xy in found.values())
    assert len(values) >= 2
    for x, y in values[::7].tolist():
        assert op(x) == y
    for slopes in rest:
        assert len(slopes)
        for x, slope in slopes[::7].tolist():
            assert grad(op)(x) == slope
    for xy in found.values():
        assert (np.diff(xy[:, 0]) >= 0).all()


@pytest.mark.parametrize("op", UNARY, ids=lambda op: op.name)
def test_what_is_joined_is_continuous(op):
    """Between two points that are joined there lies no jump: the middle is near them."""
    for f, xy in zip((op, lambda x: slope_at(op, x)), of_row(op).values(), strict=False):
        finite = [y for _, y in xy.tolist() if isfinite(y)] or [0.0]
        for (a, y), (b, z) in pairwise(xy.tolist()):
            if abs(y - z) > 0.05 * np.ptp(finite):
                middle = f((a + b) / 2)
                assert min(y, z) - 0.6 * abs(y - z) < middle < max(y, z) + 0.6 * abs(y - z)
                assert abs(middle - (y + z) / 2) < 0.49 * abs(y - z)


@pytest.mark.parametrize(
    ("f", "label", "place"),
    [
        (relu, "relu′(x)", 0.0),
        (heaviside, "heaviside(x)", 0.0),
        (lambda x: 1 / (x - 0.123), "f(x)", 0.123),
        (tan, "tan(x)", np.pi / 2),
        (lambda x: relu(sin(x)), "f′(x)", np.pi),
    ],
    ids=["kink", "jump", "pole", "poles", "kinks"],
)
def test_a_jump_parts_a_line_where_it_is(f, label, place):
    xy = lines(f)[label]
    gaps = xy[np.isnan(xy[:, 1]), 0]
    assert np.abs(gaps - place).min() < 1e-6


@pytest.mark.parametrize("f", [exp, tanh, sin, lambda x: tanh(1000 * x), lambda x: x * 0 + 3])
def test_a_line_without_a_jump_is_whole(f):
    assert all(np.isfinite(xy).all() for xy in lines(f).values())


def test_a_line_goes_to_the_border_of_the_domain():
    for f, border in ((log, 0.0), (lambda x: log(1 - x * x), -1.0)):
        xy = next(iter(lines(f).values()))
        finite = xy[np.isfinite(xy[:, 1])]
        assert 0 < finite[0, 0] - border < 1e-7


def test_poles_leave_room_for_the_rest():
    low, high = viz.curve(lambda x: 1 / x).get_ylim()
    assert -30 < low < -0.25
    assert 0.25 < high < 30
    assert viz.curve(tanh).get_ylim()[1] < 1.2


def test_functions_have_names_of_their_own():
    assert [*lines(lambda x: x, tanh, lambda x: x + 1)][::2] == ["f(x)", "tanh(x)", "g(x)"]
    assert [*lines(tanh, tanh)][::2] == ["f(x)", "g(x)"]


def test_the_axis_is_named_as_the_functions_name_their_number():
    def pull(weight):
        return weight**2

    def push(weight):
        return -weight

    def turn(angle):
        return sin(angle)

    ax = viz.curve(pull, push)
    assert ax.get_xlabel() == "weight"
    assert ax.get_legend_handles_labels()[1][:2] == ["pull(weight)", "pull′(weight)"]
    assert viz.curve(pull, turn).get_xlabel() == "x"
    assert viz.curve(lambda *numbers: numbers[0] ** 2).get_xlabel() == "x"


def test_a_function_alone_is_blue_and_its_dashed_derivative_green():
    function, slope = viz.curve(tanh).get_legend_handles_labels()[0]
    assert (function.get_color(), function.get_linestyle()) == (BLUE, "-")
    assert (slope.get_color(), slope.get_linestyle()) == (GREEN, "--")


def test_of_several_each_has_its_color_and_none_is_green():
    functions = [lambda x, k=k: k * x for k in range(9)]
    drawn, _ = viz.curve(*functions).get_legend_handles_labels()
    assert len({line.get_color() for line in drawn[:12]}) == 6
    for function, slope in zip(drawn[::2], drawn[1::2], strict=True):
        assert function.get_color() == slope.get_color() != GREEN
        assert (function.get_linestyle(), slope.get_linestyle()) == ("-", "--")


def test_a_line_under_another_shows_beside_it():
    drawn, _ = viz.curve(tanh, tanh, tanh).get_legend_handles_labels()
    widths = [line.get_linewidth() for line in drawn[::2]]
    assert widths == [line.get_linewidth() for line in drawn[1::2]]
    assert widths == sorted(set(widths), reverse=True)
    assert len(widths) == 3


def test_the_legend_says_what_dashes_are():
    assert viz.curve(tanh, sin).get_legend().get_title().get_text() == "dashed: derivative"
    assert not viz.curve(step).get_legend().get_title().get_text()


def test_around_is_a_point_or_a_range():
    assert viz.curve(tanh, around=10.0).get_xlim() == (6, 14)
    assert viz.curve(tanh, around=(-1, 2)).get_xlim() == (-1, 2)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: viz.curve(), TypeError, "got no function"),
        (lambda: viz.curve(log, around=(-3, -1)), ValueError, "log has no value from -3 to -1"),
        (lambda: viz.curve(log, around=(2, 1)), ValueError, r"got around=\(2, 1\)"),
        (lambda: viz.curve(log, around=np.nan), ValueError, "got around=nan"),
        (lambda: viz.curve(lambda x: "y"), TypeError, "f"),
    ],
)
def test_what_cannot_be_drawn_is_refused(call, kind, message):
    with pytest.raises(kind, match=message):
        call()
