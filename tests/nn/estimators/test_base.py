"""Networks behave as estimators of scikit-learn do, alone and in company."""

import copy
import pickle
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn")

from quick_estimators import ALL, QUICK, unfinished
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import QuantileTransformer, StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import nn
from autograd import InfiniteGradientError, relu
from nn import MLPClassifier, MLPRegressor
from nn.estimators import ExtrapolationWarning, base

pytestmark = pytest.mark.slow


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


@unfinished
def test_dropout_is_for_training_only(iris):
    model = MLPClassifier(**QUICK, dropout=0.5, random_state=0).fit(*iris)
    first, again = model.predict_proba(iris[0]), model.predict_proba(iris[0])
    assert (first == again).all()
    plain = MLPClassifier(**QUICK, random_state=0).fit(*iris)
    assert model.loss_curve_[-1] > 1.5 * plain.loss_curve_[-1]


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
@unfinished
def test_it_is_quiet_unless_asked(iris, capsys):
    MLPClassifier(**QUICK).fit(*iris)
    assert capsys.readouterr() == ("", "")
    MLPClassifier(**QUICK, **ALL, verbose=True).fit(*iris)
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


CHANGED = {
    "hidden_layer_sizes": [7],
    "activation": "relu",
    "dropout": 0.5,
    "build": lambda inputs, outputs, rng: nn.Linear(inputs, outputs, rng=rng),
    "loss": {MLPClassifier: "hinge", MLPRegressor: "huber"},
    "optimizer": "sgd",
    "learning_rate_init": 0.1,
    "momentum": 0.5,
    "nesterovs_momentum": False,
    "alpha": 0.1,
    "batch_size": 7,
    "max_iter": 3,
    "tol": 0.1,
    "n_iter_no_change": 3,
    "early_stopping": True,
    "validation_fraction": 0.4,
    "random_state": 1,
    "verbose": True,
}
GOING_ON = {
    "warm start": lambda model, X, y: model.fit(X, y),
    "partial fit": lambda model, X, y: model.partial_fit(X, y),
}


@unfinished
@pytest.mark.parametrize("way", GOING_ON)
@pytest.mark.parametrize("kind", [MLPClassifier, MLPRegressor])
def test_what_a_network_was_built_with_is_refused_to_be_another_all_else_counts(kind, way):
    X = np.random.default_rng(0).normal(size=(60, 2))
    how = {"warm_start": True, "max_iter": 2, "random_state": 0}
    kept = kind([3], "tanh", **how).fit(X, X[:, 0] > 0)
    assert kept.get_params().keys() - {"warm_start"} == CHANGED.keys()
    for name, new in CHANGED.items():
        new = new[kind] if isinstance(new, dict) else new
        other = copy.deepcopy(kept).set_params(**{name: new})
        asked_for = repr(copy.deepcopy(other).set_params(warm_start=False).fit(X, X[:, 0] > 0).net_)
        if asked_for == repr(kept.net_):
            if not (name == "early_stopping" and way == "partial fit"):
                GOING_ON[way](other, X, X[:, 0] > 0)
        else:
            before = other.net_.state_dict()
            with pytest.raises(ValueError, match=rf"got {name}=.*built with .*warm_start=False"):
                GOING_ON[way](other, X, X[:, 0] > 0)
            assert all((before[key] == x).all() for key, x in other.net_.state_dict().items())
            GOING_ON[way](other.set_params(**{name: getattr(kept, name)}), X, X[:, 0] > 0)


def test_the_same_network_may_be_asked_for_in_other_words(iris):
    model = MLPClassifier(np.array([5, 5]), "tanh", warm_start=True, max_iter=2, n_iter_no_change=1)
    model.set_params(tol=9.0).fit(*iris)
    same = {"hidden_layer_sizes": (5, 5), "activation": ["tanh", "tanh"], "dropout": (0.0, 0)}
    model.set_params(**same).fit(*iris)
    sizes = [5, 5]
    model.set_params(hidden_layer_sizes=sizes).fit(*iris)
    sizes[0] = 6  # of the list that the model holds
    with pytest.raises(ValueError, match=r"\[6, 5\].*\[5, 5\]"):
        model.fit(*iris)
