"""Networks behave as estimators of scikit-learn do, and learn as well as its own."""

import pickle
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn")

from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_iris
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV, cross_val_score, train_test_split
from sklearn.neural_network import MLPClassifier as TheirClassifier
from sklearn.neural_network import MLPRegressor as TheirRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import QuantileTransformer, StandardScaler, scale
from sklearn.utils.estimator_checks import parametrize_with_checks

import nn
from autograd import InfiniteGradientError, ShapeError, relu, reshape, sin
from nn import MLPClassifier, MLPRegressor
from nn.estimators import ExtrapolationWarning, base
from nn.estimators.extrapolation import Reach
from nn.estimators.network import ACTIVATIONS, network

QUICK = {"hidden_layer_sizes": [20], "max_iter": 60, "learning_rate_init": 0.02, "batch_size": 50}
ALL = {"n_iter_no_change": 10**6}  # nothing ends training but max_iter
unfinished = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


@pytest.fixture
def iris():
    X, y = load_iris(return_X_y=True)
    return scale(X), y


@pytest.fixture
def diabetes():
    X, y = load_diabetes(return_X_y=True)
    return scale(X), scale(y)


@pytest.fixture
def cancer():
    X, y = load_breast_cancer(return_X_y=True)
    return scale(X), y


@unfinished
@pytest.mark.filterwarnings("ignore::nn.HealthWarning")  # for features around 100
@parametrize_with_checks(
    [
        MLPClassifier(**QUICK),
        MLPRegressor(**QUICK),
        MLPClassifier(**QUICK, loss="hinge", optimizer="sgd"),
        MLPRegressor(**QUICK, activation="elu", dropout=0.1, loss="huber"),
    ]
)
def test_scikit_learn_has_no_objection(estimator, check):
    check(estimator)


# What the parameters mean.


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
@pytest.mark.parametrize("classes", [2, 3])
def test_without_hidden_layers_it_is_logistic_regression(iris, classes):
    X, y = (part[iris[1] < classes] for part in iris)
    ours = MLPClassifier(
        (), optimizer="sgd", alpha=2.0, batch_size=len(X), learning_rate_init=0.1, max_iter=3000
    )
    ours.set_params(**ALL, random_state=0).fit(X, y)
    theirs = LogisticRegression(C=1 / 2.0, tol=1e-8).fit(X, y)
    np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-4)
    if classes == 2:
        scores = theirs.decision_function(X)
        np.testing.assert_allclose(ours.decision_function(X), scores, atol=1e-3)


@pytest.mark.parametrize("activation", [*ACTIVATIONS, relu, sin, nn.ReLU, nn.ELU])
def test_any_activation_learns(iris, activation):
    model = MLPClassifier([10], activation, max_iter=1000, tol=1e-3, learning_rate_init=0.03)
    assert model.set_params(random_state=0).fit(*iris).score(*iris) > 0.95


def test_layers_have_activations_and_dropout_of_their_own():
    net = network(
        7,
        2,
        sizes=(5, 4, 3),
        activation=["tanh", sin, nn.ELU],
        dropout=[0.0, 0.5, 0.1],
        dtype=np.float32,
        rng=np.random.default_rng(0),
    )
    assert [repr(layer) for layer in net] == [
        "Linear(7, 5)",
        "Tanh()",
        "Linear(5, 4)",
        "Activation(sin)",
        "Dropout(p=0.5)",
        "Linear(4, 3)",
        "ELU()",
        "Dropout(p=0.1)",
        "Linear(3, 2)",
    ]
    assert {p.dtype for p in net.parameters()} == {np.dtype(np.float32)}
    largest = np.abs(net[0].weight.data).max()
    assert 0.9 < largest / np.sqrt(6 / (7 + 5)) <= 1  # Glorot


@unfinished
def test_dropout_is_for_training_only(iris):
    model = MLPClassifier(**QUICK, dropout=0.5, random_state=0).fit(*iris)
    first, again = model.predict_proba(iris[0]), model.predict_proba(iris[0])
    assert (first == again).all()
    plain = MLPClassifier(**QUICK, random_state=0).fit(*iris)
    assert model.loss_curve_[-1] > 1.5 * plain.loss_curve_[-1]


class Images(nn.Module):
    """Makes images of rows."""

    def forward(self, x):
        return reshape(x, (len(x), 1, 8, 8))


def convolutional(n_inputs, n_outputs, rng):
    return nn.Sequential(
        Images(),
        nn.Conv2d(1, 8, 3, rng=rng),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(72, n_outputs, rng=rng),
    )


@unfinished
def test_any_net_can_be_built():
    X, y = load_digits(return_X_y=True)
    X, X_held, y, y_held = train_test_split(X / 16, y, random_state=0, stratify=y)
    model = MLPClassifier(build=convolutional, max_iter=8, learning_rate_init=0.01, batch_size=50)
    assert clone(model).set_params(random_state=0).fit(X, y).score(X_held, y_held) > 0.95


@pytest.mark.parametrize("cut", [0, slice(1)])
def test_a_net_that_gives_other_outputs_is_refused(iris, cut):
    class Cut(nn.Module):
        def __init__(self):
            self.layer = nn.Linear(4, 3)

        def forward(self, x):
            return self.layer(x)[:, cut]

    with pytest.raises(ShapeError, match=r"here \(1, 3\)"):
        MLPClassifier(build=lambda *_: Cut()).fit(*iris)
    with pytest.raises(TypeError, match="build made None"):
        MLPClassifier(build=lambda *_: None).fit(*iris)


@pytest.mark.parametrize("optimizer", ["adam", "sgd", lambda p: nn.RMSprop(p, lr=0.01)])
@pytest.mark.parametrize("loss", ["log_loss", "hinge"])
@pytest.mark.parametrize("classes", [2, 3])
@unfinished
def test_every_loss_and_optimizer_teaches_classes(iris, loss, optimizer, classes):
    X, y = (part[iris[1] < classes] for part in iris)
    model = MLPClassifier(**QUICK, loss=loss, optimizer=optimizer, random_state=0).fit(X, y)
    assert model.score(X, y) > 0.95
    scores = model.decision_function(X)
    assert scores.shape == ((len(X),) if classes == 2 else (len(X), 3))
    best = scores > 0 if classes == 2 else scores.argmax(axis=1)
    assert (best == model.predict(X)).all()
    assert hasattr(model, "predict_proba") == (loss == "log_loss")
    if loss == "log_loss":
        shares = model.predict_proba(X)
        np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=1e-12)
        assert (shares.argmax(axis=1) == model.predict(X)).all()
    else:
        with pytest.raises(AttributeError):
            model.predict_proba(X)


@unfinished
@pytest.mark.parametrize(
    ("words", "optimizer"),
    [
        ({"optimizer": "adam"}, lambda params: nn.Adam(params, 0.02)),
        ({"optimizer": "sgd"}, lambda params: nn.SGD(params, 0.02, 0.9, nesterov=True)),
        (
            {"optimizer": "sgd", "momentum": 0.5, "nesterovs_momentum": False},
            lambda params: nn.SGD(params, 0.02, 0.5),
        ),
        ({"optimizer": "sgd", "momentum": 0.0}, lambda params: nn.SGD(params, 0.02)),
    ],
)
def test_words_stand_for_optimizers(diabetes, words, optimizer):
    how = QUICK | {"alpha": 0.0, "max_iter": 10, "random_state": 0}
    said, made = MLPRegressor(**how, **words), MLPRegressor(**how, optimizer=optimizer)
    assert said.fit(*diabetes).loss_curve_ == made.fit(*diabetes).loss_curve_


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


# Data.


@pytest.mark.parametrize("labels", [["b", "c", "a"], [7, -3, 40], [2.0, 0.0, 1.0]])
@unfinished
def test_any_labels(iris, labels):
    X, y = iris
    named = np.array(labels)[y]
    model = MLPClassifier(**QUICK, random_state=0).fit(X, named)
    assert model.classes_.tolist() == sorted(labels)
    assert model.score(X, named) > 0.95
    best = model.classes_[model.predict_proba(X).argmax(axis=1)]
    assert (best == model.predict(X)).all()


@pytest.mark.parametrize("shape", [(442,), (442, 1), (442, 2)])
@unfinished
def test_predictions_have_the_shape_of_the_targets(diabetes, shape):
    X, y = diabetes
    targets = np.broadcast_to(y.reshape(442, *[1] * (len(shape) - 1)), shape)
    assert MLPRegressor(**QUICK).fit(X, targets).predict(X).shape == shape


@unfinished
def test_single_precision_stays(diabetes):
    X, y = (part.astype(np.float32) for part in diabetes)
    model = MLPRegressor(**QUICK, random_state=0).fit(X, y)
    assert model.predict(X).dtype == np.float32
    assert {p.dtype for p in model.net_.parameters()} == {np.dtype(np.float32)}


@unfinished
def test_columns_of_a_table_keep_their_names(diabetes):
    pandas = pytest.importorskip("pandas")
    X, y = diabetes
    table = pandas.DataFrame(X, columns=[f"c{i}" for i in range(10)])
    model = MLPRegressor(**QUICK, random_state=0).fit(table, y)
    assert model.feature_names_in_.tolist() == list(table)
    table["c7"] += 30
    with pytest.warns(ExtrapolationWarning, match="feature 'c7' is"):
        model.predict(table)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"activation": "relo"}, "activation='relo'. Give one of elu, identity"),
        ({"activation": ["relu", "relu"]}, "for 1 hidden layers"),
        ({"dropout": [0.1, 0.1]}, "dropout"),
        ({"dropout": 1.5}, "Dropout"),
        ({"hidden_layer_sizes": [0]}, "hidden_layer_sizes=0"),
        ({"hidden_layer_sizes": [2.5]}, "hidden_layer_sizes=2.5"),
        ({"hidden_layer_sizes": None}, "hidden_layer_sizes=None"),
        ({"loss": "log"}, "loss='log'. Give one of"),
        ({"optimizer": "adamm"}, "optimizer='adamm'. Give one of adam, sgd"),
        ({"learning_rate_init": -1.0}, "lr=-1.0"),
        ({"alpha": -1.0}, "alpha=-1.0"),
        ({"tol": "small"}, "tol='small'"),
        ({"batch_size": 0}, "batch_size=0"),
        ({"batch_size": "all"}, "batch_size='all'"),
        ({"max_iter": 0}, "max_iter=0"),
        ({"n_iter_no_change": 0}, "n_iter_no_change=0"),
        ({"early_stopping": True, "validation_fraction": 2.0}, "test_size"),
    ],
)
@pytest.mark.parametrize("kind", [MLPClassifier, MLPRegressor])
def test_wrong_parameters_are_refused_in_fit(iris, kind, wrong, words):
    model = kind(**wrong)
    assert model.get_params() | wrong == model.get_params()
    with pytest.raises(ValueError, match=words.replace(".", r"\.")):
        model.fit(*iris)


# Training.


@unfinished
@pytest.mark.parametrize("kind", [MLPClassifier, MLPRegressor])
def test_the_same_random_state_gives_the_same_net(iris, kind):
    how = QUICK | {"dropout": 0.2, "early_stopping": True}

    def outputs(random_state):
        return nn.predict(kind(**how, random_state=random_state).fit(*iris).net_, iris[0])

    assert (outputs(3) == outputs(3)).all()
    assert (outputs(3) == outputs(np.random.RandomState(3))).all()
    assert (outputs(3) != outputs(4)).any()
    assert (outputs(None) != outputs(None)).any()
    shared = np.random.RandomState(0)
    assert (outputs(shared) != outputs(shared)).any()


@unfinished
@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_partial_fit_is_fit_epoch_by_epoch(cancer, optimizer):
    X, y = cancer
    how = QUICK | {"max_iter": 7, "optimizer": optimizer, "alpha": 1.0}
    once = MLPClassifier(**how, random_state=0).fit(X, y)
    stream = MLPClassifier(**how, random_state=0)
    for i in range(7):
        stream.partial_fit(X, y, **({} if i else {"classes": [0, 1]}))
    assert stream.loss_curve_ == once.loss_curve_
    assert stream.n_iter_ == once.n_iter_ == 7
    assert (stream.decision_function(X) == once.decision_function(X)).all()


def test_a_stream_that_drifts_is_followed():
    rng = np.random.default_rng(0)
    model = MLPClassifier([16], learning_rate_init=0.02, batch_size=20, random_state=0)

    def scores(sign, batches):
        for _ in range(batches):
            X = rng.uniform(-1, 1, (100, 2))
            y = np.where(sign * X[:, 0] > X[:, 1], "above", "below")
            yield model.score(X, y) if hasattr(model, "net_") else 0.0
            model.partial_fit(X, y, classes=["above", "below"])

    before, after = list(scores(1, 30)), list(scores(-1, 60))
    assert before[-1] > 0.9
    assert after[0] < 0.7
    assert after[-1] > 0.9


@unfinished
def test_a_warm_start_goes_on(iris):
    model = MLPClassifier(**QUICK, warm_start=True, random_state=0).fit(*iris)
    before, curve = nn.predict(model.net_, iris[0]), model.loss_curve_
    model.set_params(learning_rate_init=1e-12, max_iter=1, batch_size=150).fit(*iris)
    np.testing.assert_allclose(nn.predict(model.net_, iris[0]), before, atol=1e-9)
    assert model.loss_curve_[:-1] == curve
    assert model.n_iter_ == 61
    model.set_params(warm_start=False).fit(*iris)
    assert model.n_iter_ == 1


DIVERGES = {"optimizer": "sgd", "learning_rate_init": 1e150, "activation": "identity"}


def learned(model):
    """Everything that fit has set: it is made anew or left alone, never changed in place."""
    return {name: x for name, x in vars(model).items() if name[0] == "_" or name[-1] == "_"}


@unfinished
@pytest.mark.filterwarnings("ignore::nn.HealthWarning")
@pytest.mark.filterwarnings("ignore:overflow encountered")
@pytest.mark.parametrize(
    "wrong",
    [
        {"loss": "bad"},
        {"alpha": -1.0},
        {"optimizer": "bad"},
        {"learning_rate_init": -1.0},
        {"batch_size": 0},
        {"activation": "bad"},
        {"early_stopping": True, "validation_fraction": 2.0},
        {"build": lambda *_: None},
        DIVERGES,
    ],
)
@pytest.mark.parametrize("kind", [MLPClassifier, MLPRegressor])
def test_a_fit_that_fails_changes_nothing(iris, kind, wrong):
    X, y = iris
    model = kind(**QUICK, random_state=0).fit(X, y)
    before, outputs = learned(model), model.predict(X)
    with pytest.raises((ValueError, TypeError, InfiniteGradientError)):
        model.set_params(**wrong).fit(X[:, :2], y * 10 + 5)
    after = learned(model)
    assert after.keys() == before.keys()
    assert all(after[name] is x for name, x in before.items())
    assert (model.predict(X) == outputs).all()


@unfinished
@pytest.mark.filterwarnings("ignore::nn.HealthWarning")
@pytest.mark.parametrize("go_on", [MLPRegressor.fit, MLPRegressor.partial_fit])
@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_going_on_that_fails_changes_nothing(diabetes, go_on, optimizer):
    X, y = diabetes
    how = QUICK | {"optimizer": optimizer, "dropout": 0.1, "warm_start": True, "random_state": 0}
    model, other = (MLPRegressor(**how).fit(X, y) for _ in range(2))
    before = learned(model)
    y_last = np.where(np.arange(len(y)) < len(y) - 5, y, 1e200)  # so that some updates are made
    model.set_params(batch_size=1)
    for _ in range(2):
        with pytest.raises(InfiniteGradientError, match="epoch"):
            go_on(model, X, y_last)
    assert all(learned(model)[name] is x for name, x in before.items())
    assert (model.predict(X) == other.predict(X)).all()
    for each in (model, other):
        each.set_params(batch_size=50).partial_fit(X, y)
    assert (model.predict(X) == other.predict(X)).all()


@unfinished
@pytest.mark.parametrize("go_on", [MLPRegressor.fit, MLPRegressor.partial_fit])
def test_a_network_keeps_its_number_of_outputs(diabetes, go_on):
    X, y = diabetes
    model = MLPRegressor(**QUICK, warm_start=True).fit(X, y)
    with pytest.raises(ShapeError, match=r"for 2 outputs, and the network has 1\. .*warm_start"):
        go_on(model, X, np.stack([y, y], axis=1))
    assert model.predict(X[:2]).shape == (2,)
    assert go_on(model, X, y.reshape(-1, 1)).predict(X[:2]).shape == (2, 1)


@unfinished
def test_probabilities_are_of_the_loss_that_was_taught(iris):
    model = MLPClassifier(**QUICK, loss="hinge")
    assert not hasattr(model, "predict_proba")
    assert hasattr(model.set_params(loss="log_loss"), "predict_proba")
    model.set_params(loss="hinge").fit(*iris).set_params(loss="log_loss")
    with pytest.raises(AttributeError) as raised:
        model.predict_proba(iris[0])
    assert "loss='hinge' teaches scores" in str(raised.value.__cause__)
    model.fit(*iris).set_params(loss="hinge")
    assert model.predict_proba(iris[0]).shape == (150, 3)


@pytest.mark.filterwarnings("ignore::nn.HealthWarning")  # of the rate of 0
@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_a_stream_takes_new_numbers_and_remembers_the_rest(iris, optimizer):
    X, y = iris
    model = MLPRegressor([5], optimizer=optimizer, batch_size=50, random_state=0).partial_fit(X, y)
    before = model.predict(X)
    model.set_params(learning_rate_init=0.0, alpha=2.0, momentum=0.5).partial_fit(X, y)
    assert (model.predict(X) == before).all()
    saved = model._optimizer.state_dict()
    assert [group["weight_decay"] for group in saved["param_groups"]] == [2.0 / 50, 0.0]
    if optimizer == "adam":
        assert {state["step"] for state in saved["state"].values()} == {6}
    else:
        assert {group["momentum"] for group in saved["param_groups"]} == {0.5}
    assert (model.set_params(learning_rate_init=0.1).partial_fit(X, y).predict(X) != before).any()
    with pytest.raises(ValueError, match=r"lr=-1"):
        model.set_params(learning_rate_init=-1.0).partial_fit(X, y)


def test_a_stream_takes_another_optimizer(iris):
    model = MLPRegressor([5], random_state=0).partial_fit(*iris)
    for optimizer, kind in (("sgd", nn.SGD), (lambda p: nn.RMSprop(p), nn.RMSprop)):
        kept = model.set_params(optimizer=optimizer).partial_fit(*iris)._optimizer
        assert type(kept) is kind
        assert kept.state_dict()["state"]
        assert set(kept.param_groups[0]["params"]) <= set(model.net_.parameters())


class Interrupted(MLPClassifier):
    """Ctrl-C comes after the third epoch."""

    def _is_at_rest(self, history):
        if history.epochs == 3:
            signal.raise_signal(signal.SIGINT)
        return False


@pytest.mark.parametrize("early_stopping", [False, True])
def test_ctrl_c_ends_training_with_a_warning(iris, early_stopping):
    model = Interrupted([5], early_stopping=early_stopping, random_state=0)
    with pytest.warns(UserWarning, match="interrupted by the user") as caught:
        model.fit(*iris)
    assert [str(warning.message) for warning in caught] == [
        "Interrupted: training was interrupted by the user after 3 of 200 epochs. What was learned "
        "until then is kept."
    ]
    assert caught[0].category is UserWarning
    assert caught[0].filename == __file__
    assert model.n_iter_ == len(model.loss_curve_) == 3
    assert set(model.predict(iris[0])) <= {0, 1, 2}


def test_ctrl_c_ends_a_stream_with_a_warning(iris, monkeypatch):
    def fit(*args, **how):
        history = nn.fit(*args, **how)
        history.reason = "interrupted in epoch 1"
        return history

    monkeypatch.setattr(base, "fit", fit)
    for model in (MLPClassifier([5]), MLPRegressor([5])):
        classes = {"classes": [0, 1, 2]} if isinstance(model, MLPClassifier) else {}
        with pytest.warns(UserWarning, match="interrupted by the user after 1 of 1") as caught:
            model.partial_fit(*iris, **classes)
        assert [warning.filename for warning in caught] == [__file__]


def test_classes_that_come_too_late_are_refused(iris):
    X, y = iris
    model = MLPClassifier([5], random_state=0)
    with pytest.raises(ValueError, match="first partial_fit needs classes"):
        model.partial_fit(X, y)
    model.partial_fit(X[y < 2], y[y < 2], classes=[0, 1])
    with pytest.raises(ValueError, match=r"y holds 2, but the classes are \[0, 1\]"):
        model.partial_fit(X, y)
    with pytest.raises(ValueError, match=r"classes=\[0, 1, 2\], before they were \[0, 1\]"):
        model.partial_fit(X, y, classes=np.arange(3))
    with pytest.raises(ValueError, match=r"one class only, 0\.0\. Give"):
        MLPClassifier().fit(X, np.zeros(len(X)))
    with pytest.raises(ValueError, match="early_stopping=False"):
        MLPClassifier(early_stopping=True).partial_fit(X, y, classes=[0, 1, 2])


@pytest.mark.parametrize("kind", [MLPClassifier, MLPRegressor])
def test_early_stopping_keeps_what_was_best_on_samples_held_out(monkeypatch, kind, cancer):
    seen = {}

    def fit(net, data, *, validation, **how):
        seen.update(data=data, held=validation, loss=how["loss"])
        return nn.fit(net, data, validation=validation, **how)

    monkeypatch.setattr(base, "fit", fit)
    model = kind(
        [50], learning_rate_init=0.02, early_stopping=True, validation_fraction=0.25, tol=0.0
    )
    model.set_params(max_iter=1000, random_state=0, n_iter_no_change=5).fit(*cancer)
    X, (X_held, y_held) = seen["data"][0], seen["held"]
    assert len(X_held) == 143
    assert len(np.unique(np.concatenate([X, X_held]), axis=0)) == len(X) + 143 == 569
    if kind is MLPClassifier:
        assert abs(y_held.sum() - 143 / 569 * cancer[1].sum()) < 1
    curve = model.validation_curve_
    assert curve == model.history_["val_loss"]
    assert len(curve) == len(model.loss_curve_) == model.n_iter_ == curve.index(min(curve)) + 6
    loss = seen["loss"](nn.predict(model.net_, X_held), y_held).item()
    assert loss == pytest.approx(min(curve), rel=1e-12)


def test_training_ends_at_rest_or_says_that_it_is_not(iris):
    model = MLPClassifier([20], learning_rate_init=0.02, max_iter=1000, random_state=0, tol=1e-2)
    curve = np.array(model.fit(*iris).loss_curve_)
    assert model.n_iter_ < 200
    assert model.validation_curve_ is None
    best = np.minimum.accumulate(curve)
    assert ((best[:-1] - curve[1:])[-10:] < 1e-2).all()
    assert (best[:-1] - curve[1:])[-11] >= 1e-2
    model.set_params(max_iter=model.n_iter_).fit(*iris)  # at rest in the last one
    with pytest.warns(ConvergenceWarning, match="after max_iter=5 epochs") as caught:
        model.set_params(max_iter=5).fit(*iris)
    assert {Path(warning.filename).name for warning in caught} == {Path(__file__).name}


@unfinished
def test_it_is_quiet_unless_asked(iris, capsys):
    MLPClassifier(**QUICK).fit(*iris)
    assert capsys.readouterr() == ("", "")
    MLPClassifier(**QUICK, verbose=True).fit(*iris)
    assert "epoch 60/60" in capsys.readouterr().err


@unfinished
def test_a_net_that_does_not_learn_says_so(iris):
    X, y = iris
    with pytest.warns(nn.HealthWarning, match="saturated"):
        MLPClassifier([20], "tanh", random_state=0).fit(X * 1000, y)


@pytest.mark.filterwarnings("ignore::nn.HealthWarning")
def test_divergence_is_an_error_and_leaves_the_last_net(diabetes):
    model = MLPRegressor([20], random_state=0, tol=1.0).fit(*diabetes)
    before = model.predict(diabetes[0])
    model.set_params(optimizer="sgd", learning_rate_init=1e6, activation="identity")
    with pytest.raises(InfiniteGradientError, match="epoch"):
        model.fit(*diabetes)
    assert (model.predict(diabetes[0]) == before).all()


# Networks do not extrapolate.


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


# In company. All warnings are errors here: no fold is taken for extrapolation.


@unfinished
@pytest.mark.parametrize("scaler", [StandardScaler(), QuantileTransformer(n_quantiles=50)])
def test_it_works_behind_a_scaler_in_cross_validation(scaler):
    X, y = load_breast_cancer(return_X_y=True)
    model = make_pipeline(scaler, MLPClassifier(**QUICK, random_state=0))
    assert cross_val_score(model, X, y).mean() > 0.95
    X, y = load_diabetes(return_X_y=True)
    model = make_pipeline(scaler, MLPRegressor(**QUICK | {"alpha": 1.0}, random_state=0))
    whole = TransformedTargetRegressor(model, transformer=StandardScaler())
    assert cross_val_score(whole, X, y).mean() > 0.4


@unfinished
def test_hyper_parameters_are_chosen_on_validation_data():
    X, y = load_iris(return_X_y=True)
    pipeline = make_pipeline(StandardScaler(), MLPClassifier(max_iter=40, random_state=0))
    grid = {
        "mlpclassifier__learning_rate_init": [1e-5, 0.03],
        "mlpclassifier__activation": [relu, "tanh"],
    }
    search = GridSearchCV(pipeline, grid, cv=3, scoring="neg_log_loss").fit(X, y)
    assert search.best_params_["mlpclassifier__learning_rate_init"] == 0.03
    assert search.best_estimator_.score(X, y) > 0.95
    scores = search.cv_results_["mean_test_score"]
    assert search.best_score_ == scores.max() > scores.min() + 0.5


@unfinished
def test_folds_can_be_trained_in_several_processes(iris):
    model = MLPClassifier(max_iter=5, activation=relu, random_state=0)
    together = cross_val_score(model, *iris, n_jobs=2)
    assert (together == cross_val_score(model, *iris)).all()


@unfinished
def test_a_pickled_model_goes_on_as_if_nothing_had_happened(iris):
    X, y = iris
    model = MLPClassifier(**QUICK, dropout=0.3, random_state=0).fit(X, y)
    other = pickle.loads(pickle.dumps(model))
    assert (other.predict_proba(X) == model.predict_proba(X)).all()
    for _ in range(3):
        model.partial_fit(X, y)
        other.partial_fit(X, y)
    assert (other.predict_proba(X) == model.predict_proba(X)).all()
    assert other.loss_curve_ == model.loss_curve_


@unfinished
@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
def test_it_reads_digits_as_well_as_the_one_of_scikit_learn():
    X, y = load_digits(return_X_y=True)
    how = {"hidden_layer_sizes": (64,), "max_iter": 25, "learning_rate_init": 3e-3} | ALL
    X = (X / 16).astype(np.float32)
    ours, theirs = np.mean(
        [
            [
                kind(**how, random_state=seed).fit(X[::2], y[::2]).score(X[1::2], y[1::2])
                for kind in (MLPClassifier, TheirClassifier)
            ]
            for seed in range(5)
        ],
        axis=0,
    )
    assert abs(ours - theirs) < 0.01
    assert ours > 0.93


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


# Without scikit-learn.


def test_they_are_names_of_nn():
    assert {"ExtrapolationWarning", "MLPClassifier", "MLPRegressor"} <= set(dir(nn))
    assert nn.MLPClassifier is MLPClassifier
    assert nn.ExtrapolationWarning is ExtrapolationWarning
    assert "`nn.ExtrapolationWarning`" in MLPClassifier.__doc__
    with pytest.raises(AttributeError, match="'nn' has no attribute 'MLPTransformer'"):
        _ = nn.MLPTransformer


def test_without_scikit_learn_there_is_advice():
    code = "import sys; sys.modules['sklearn'] = None; import nn; nn.MLPRegressor"
    root = Path(nn.__file__).parents[1]
    run = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert run.stderr.splitlines()[-1] == (
        "ImportError: MLPRegressor needs scikit-learn: pip install 'stepgrad[data]'"
    )
