"""Counts of the matrix add up to the samples of each class."""

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import viz


def counts(ax):
    numbers = [int(text.get_text()) for text in ax.texts]
    return np.reshape(numbers, (int(len(numbers) ** 0.5), -1))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=20))
def test_counts_add_up(pairs):
    from matplotlib import pyplot

    y, predicted = np.array(pairs).T
    found = counts(viz.confusion(y, predicted))
    classes = np.union1d(y, predicted)
    assert found.tolist() == [
        [int(((y == a) & (predicted == b)).sum()) for b in classes] for a in classes
    ]
    pyplot.close("all")


def test_of_scores_the_largest_counts():
    assert counts(viz.confusion([0, 1], [[0.1, 0.9], [0.2, 0.8]])).tolist() == [[0, 1], [0, 1]]


def test_what_cannot_be_counted_is_refused(monkeypatch):
    with pytest.raises(ValueError, match="2 classes and predictions of shape"):
        viz.confusion([0, 1], [0, 1, 1])
    monkeypatch.setitem(sys.modules, "sklearn.metrics", None)
    with pytest.raises(
        ImportError, match=r"confusion needs scikit-learn: pip install 'stepgrad\[plots"
    ):
        viz.confusion([0, 1], [0, 1])
