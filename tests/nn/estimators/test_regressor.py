"""Numbers are learned, one or several for a sample, as well as scikit-learn learns them."""

import numpy as np
import pytest

pytest.importorskip("sklearn")

from quick_estimators import ALL, QUICK, unfinished
from sklearn.linear_model import Ridge
from sklearn.neural_network import MLPRegressor as TheirRegressor

import nn
from autograd import ShapeError
from nn import MLPRegressor


@pytest.mark.slow
@unfinished
@pytest.mark.parametrize("targets", [1, 2])
def test_without_hidden_layers_it_is_ridge_regression(diabetes, targets):
    X, y = diabetes
    y = np.stack([y, X[:, 0] - y], axis=1)[:, :targets]
    ours = MLPRegressor(
        [], optimizer="sgd", alpha=20.0, batch_size=len(X), learning_rate_init=0.1, max_iter=3000
    )
    ours.set_params(**ALL, random_state=0).fit(X, y)
    theirs = Ridge(alpha=20.0 * targets).fit(X, y)  # its loss is a sum over targets, ours a mean
    np.testing.assert_allclose(
        ours.predict(X).reshape(y.shape), theirs.predict(X).reshape(y.shape), atol=1e-4
    )


@unfinished
@pytest.mark.parametrize(
    ("word", "loss"),
    [
        ("squared_error", lambda y, t: np.mean((y - t) ** 2) / 2),
        ("absolute_error", lambda y, t: np.mean(np.abs(y - t))),
        ("huber", lambda y, t: nn.huber_loss(y, t).item()),
    ],
)
def test_words_stand_for_losses(diabetes, word, loss):
    X, y = diabetes[0], 3 * diabetes[1]
    how = {"max_iter": 1, "batch_size": len(X), "learning_rate_init": 1e-9}
    model = MLPRegressor(loss=word, **how).fit(X, y)
    assert model.loss_curve_ == pytest.approx([loss(model.predict(X), y)], rel=1e-6)


@unfinished
def test_the_robust_losses_shrug_off_outliers():
    rng = np.random.default_rng(0)
    X = rng.uniform(-1, 1, (200, 1))
    y = 2 * X.ravel()
    spoiled = np.where(rng.random(200) < 0.1, 50.0, y)
    how = {"learning_rate_init": 0.1, "max_iter": 300, "random_state": 0} | ALL
    errors = {
        loss: np.abs(MLPRegressor([], loss=loss, **how).fit(X, spoiled).predict(X) - y).max()
        for loss in ("squared_error", "absolute_error", "huber")
    }
    assert errors["absolute_error"] < 0.05
    assert errors["huber"] < 0.3
    assert errors["squared_error"] > 3


@pytest.mark.slow
@pytest.mark.parametrize("shape", [(442,), (442, 1), (442, 2)])
@unfinished
def test_predictions_have_the_shape_of_the_targets(diabetes, shape):
    X, y = diabetes
    targets = np.broadcast_to(y.reshape(442, *[1] * (len(shape) - 1)), shape)
    assert MLPRegressor(**QUICK).fit(X, targets).predict(X).shape == shape


@pytest.mark.slow
@unfinished
@pytest.mark.parametrize("go_on", [MLPRegressor.fit, MLPRegressor.partial_fit])
def test_a_network_keeps_its_number_of_outputs(diabetes, go_on):
    X, y = diabetes
    model = MLPRegressor(**QUICK, warm_start=True).fit(X, y)
    with pytest.raises(ShapeError, match=r"for 2 outputs, and the network has 1\. .*warm_start"):
        go_on(model, X, np.stack([y, y], axis=1))
    assert model.predict(X[:2]).shape == (2,)
    assert go_on(model, X, y.reshape(-1, 1)).predict(X[:2]).shape == (2, 1)


@pytest.mark.slow
@unfinished
@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
def test_it_fits_numbers_as_well_as_the_one_of_scikit_learn(diabetes):
    X, y = diabetes
    how = {"hidden_layer_sizes": (16,), "activation": "tanh", "max_iter": 40, "alpha": 3.0}
    how |= {"learning_rate_init": 0.01, "batch_size": 32} | ALL
    ours, theirs = np.mean(
        [
            [
                kind(**how, random_state=seed).fit(X[::2], y[::2]).score(X[1::2], y[1::2])
                for kind in (MLPRegressor, TheirRegressor)
            ]
            for seed in range(8)
        ],
        axis=0,
    )
    assert abs(ours - theirs) < 0.02
    assert ours > 0.4
