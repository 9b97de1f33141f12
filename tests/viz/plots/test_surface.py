"""Contour lines have the height of the function, and paths lie where descents went."""

import numpy as np
import pytest

import nn
import viz
from autograd import log


def bowl(x):
    return x[0] ** 2 + 10 * x[1] ** 2


def test_lines_have_the_height_of_the_function():
    ax = viz.surface(bowl)
    (lines,) = [part for part in ax.collections if part.get_array().size and not part.filled]
    for level, path in zip(lines.levels, lines.get_paths(), strict=True):
        for x, y in path.vertices[::9]:
            assert abs(bowl((x, y)) - level) < 0.05 * (1 + level)


def test_a_function_of_two_numbers_is_that_of_a_pair():
    levels = [
        next(part.levels for part in viz.surface(f).collections).tolist()
        for f in (bowl, lambda x, y: bowl((x, y)))
    ]
    assert levels[0] == levels[1]


def test_ranges_come_from_the_paths():
    assert viz.surface(bowl).get_xlim() == (-3, 3)
    found = nn.gradient_descent(bowl, [2.0, 1.0], lr=0.05)
    ax = viz.surface(bowl, y=(-2, 2), paths={"descent": found, "hand": [[0, 0], [4, 0]]})
    assert ax.get_xlim() == pytest.approx((-0.4, 4.4))
    assert ax.get_ylim() == (-2, 2)
    handles, names = ax.get_legend_handles_labels()
    assert names == ["descent", "hand"]
    assert (handles[0].get_xydata() == np.array(found.path)).all()


def test_where_there_is_no_value_nothing_is_drawn():
    ax = viz.surface(lambda x, y: log(x) + y * y)
    low = min(
        path.vertices[:, 0].min()
        for part in ax.collections
        for path in part.get_paths()
        if len(path.vertices)
    )
    assert low > 0


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: viz.surface(lambda x: x), TypeError, r"gives shape \(2,\)"),
        (lambda: viz.surface(lambda x, y: log(-1 - x * x)), ValueError, "no value in"),
        (
            lambda: viz.surface(bowl, paths={"a": [1, 2, 3]}),
            ValueError,
            r"path 'a' has shape \(3,\)",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused(call, kind, message):
    with pytest.raises(kind, match=message):
        call()
