"""Samples lie where their inputs are, and classes are told apart without color."""

import numpy as np
import pytest

import viz
from autograd import ShapeError, Tensor

X = np.array([[0.0, 1.0], [1.0, 2.0], [2.0, 0.0], [3.0, 3.0]])


@pytest.mark.parametrize(
    ("y", "names"),
    [
        ([1, 0, 1, 0], ["0", "1"]),
        ([-1.0, 1.0, 1.0, 1.0], ["-1", "1"]),
        (["cat", "dog", "cat", "emu"], ["cat", "dog", "emu"]),
        (Tensor([[2.0], [0.0], [1.0], [2.0]]), ["0", "1", "2"]),
    ],
)
def test_each_class_has_its_points_and_a_shape(y, names):
    handles, labels = viz.points(X, y).get_legend_handles_labels()
    assert labels == names
    assert len({line.get_marker() for line in handles}) == len(names)
    flat = np.ravel(y.data if isinstance(y, Tensor) else y)
    for line, name in zip(handles, names, strict=True):
        rows = [str(t) == name or str(t) == f"{name}.0" for t in flat]
        assert (line.get_xydata() == X[rows]).all()


def test_no_two_of_ten_classes_look_alike():
    handles, _ = viz.points(np.zeros((10, 2)), np.arange(10)).get_legend_handles_labels()
    assert len({(line.get_marker(), line.get_color()) for line in handles}) == 10


@pytest.mark.parametrize("count", [2, 10])
def test_a_legend_of_many_classes_stands_beside_the_points(count):
    ax = viz.points(np.zeros((count, 2)), np.arange(count))
    ax.figure.draw_without_rendering()
    assert (ax.get_legend().get_window_extent().x0 >= ax.get_window_extent().x1) == (count > 5)


def test_quantities_are_colors():
    ax = viz.points(X, [0.5, 1.5, 2.5, 3.5])
    assert (ax.collections[0].get_offsets() == X).all()
    assert ax.collections[0].get_array().tolist() == [0.5, 1.5, 2.5, 3.5]


def test_one_input_is_drawn_against_its_target():
    assert viz.points(X[:, 0], X[:, 1]).lines[0].get_xydata().tolist() == X.tolist()


@pytest.mark.parametrize(
    ("args", "kind", "message"),
    [
        ((np.ones((3, 4)),), ValueError, r"shape \(3, 4\).*choose two columns"),
        ((np.ones(3),), ValueError, "one input and no targets"),
        ((X, [1, 2]), ShapeError, "4 samples and targets of shape"),
        (([[np.nan, 1.0]],), ValueError, "nan or infinite"),
    ],
)
def test_what_cannot_be_drawn_is_refused(args, kind, message):
    with pytest.raises(kind, match=message):
        viz.points(*args)
