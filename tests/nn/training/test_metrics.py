"""Accuracy counts right classes, and refuses what is none."""

import numpy as np
import pytest

import nn
from autograd import ShapeError


@pytest.mark.parametrize(
    ("prediction", "target", "share"),
    [
        ([[0.1, 2.0], [3.0, 1.0]], [1, 1], 0.5),
        ([[0.1, 2.0], [3.0, 1.0]], [[0, 1], [1, 0]], 1.0),
        ([[0.1, 2.0], [3.0, 1.0]], [[1], [1]], 0.5),
        ([0.5, -0.5, 0.5, 0.0], [1, 0, 0, 0], 0.75),
        ([[0.5], [-0.5]], [1, -1], 1.0),
        ([0.5, -0.5], [[1], [1]], 0.5),
    ],
)
def test_accuracy_is_the_share_of_right_classes(prediction, target, share):
    assert nn.accuracy(prediction, target) == share


def test_accuracy_of_probabilities_needs_a_threshold():
    with pytest.warns(UserWarning, match=r"threshold=0\.5"):
        assert nn.accuracy([0.1, 0.9], [0, 1]) == 0.5
    assert nn.accuracy([0.1, 0.9], [0, 1], threshold=0.5) == 1.0


@pytest.mark.parametrize(
    ("prediction", "target", "words"),
    [([1.0, 2.0], [0, 2], "0 to 2"), ([], [], "at least one"), (["a"], [0], "'a'")],
)
def test_accuracy_refuses_what_is_no_class(prediction, target, words):
    with pytest.raises((ValueError, TypeError), match=words):
        nn.accuracy(prediction, target)


def test_accuracy_refuses_what_does_not_match():
    with pytest.raises(ShapeError, match=r"\(2, 3\).*\(3,\)"):
        nn.accuracy(np.ones((2, 3)), [0, 1, 2])
