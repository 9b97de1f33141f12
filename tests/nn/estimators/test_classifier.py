"""Classes of any labels are learned, by any loss, as well as scikit-learn learns them."""

import numpy as np
import pytest

pytest.importorskip("sklearn")

from quick_estimators import ALL, QUICK, unfinished
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier as TheirClassifier

import nn
from nn import MLPClassifier


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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
