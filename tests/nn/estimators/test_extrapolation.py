"""Networks do not extrapolate, and say so; single outliers are let pass."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn")


from nn import MLPRegressor
from nn.estimators import ExtrapolationWarning
from nn.estimators.extrapolation import Reach


def test_a_request_far_outside_of_training_gets_a_warning():
    X = np.stack([np.linspace(-1, 1, 100), np.linspace(-2, 0, 100)], axis=1)
    model = MLPRegressor([5], "tanh", tol=1.0, random_state=0).fit(X, X[:, 0])
    model.predict(X)
    model.predict([[1.99, -1.0], [-1.99, 0.99]])
    with pytest.warns(ExtrapolationWarning) as caught:
        model.predict([[0.0, -1.0], [3.0, -1.0]])
    assert str(caught[0].message) == (
        "MLPRegressor: networks do not extrapolate: feature 0 is 3 in row 1, in training it was "
        "-1 to 1"
    )
    assert Path(caught[0].filename).name == Path(__file__).name
    with pytest.warns(ExtrapolationWarning, match="feature 1 is -50 in row 0, .* -2 to 0"):
        model.predict([[0.0, -50.0]])
    model.partial_fit([[3.0, -50.0]], [3.0])
    model.predict([[3.0, -50.0], [-1.0, 0.0]])


def test_an_outlier_among_many_rows_is_let_pass():
    reach = Reach.of(np.array([[0.0], [1.0]]))
    X = np.full((100, 1), 0.5)
    X[:2] = 9
    assert reach.complaint(X) is None
    X[2] = -9
    assert "feature 0 is -9 in row 2" in reach.complaint(X)


def test_a_feature_that_never_changed_may_not_change():
    reach = Reach.of(np.array([[4.0], [4.0]]))
    assert reach.complaint(np.array([[4.0]])) is None
    assert "feature 0 is 4.1 in row 0, in training it was 4 to 4" in reach.complaint(
        np.array([[4.1]])
    )
