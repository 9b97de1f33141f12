"""What is left of training can be read, plotted, kept, and watched while it grows."""

import pickle

import numpy as np
import pytest

import nn
from autograd import ShapeError


def trained(**how):
    model = nn.Linear(2, 1, rng=0)
    X = np.random.default_rng(0).normal(size=(12, 2))
    options = {"loss": nn.mse_loss, "optimizer": nn.SGD(model.parameters(), lr=0.1), "seed": 0}
    return nn.fit(model, (X, X[:, :1]), **{**options, **how})


def test_it_tells_the_story():
    history = nn.History(
        loss=[2.0, 0.5, 0.25], val_loss=[1.5, 0.75, 1.25], accuracy=[0.5, 0.5, 0.5], lr=[0.1] * 3
    )
    history.updates, history.reason = 1200, "interrupted in epoch 4"
    history.notes.append("a note")
    assert repr(history) == "\n".join(
        [
            "3 epochs, 1,200 updates: interrupted in epoch 4",
            "loss      2 -> 0.25",
            "val_loss  1.5 -> 1.25, lowest 0.75 in epoch 2",
            "accuracy  0.5",
            "lr        0.1",
            "a note",
        ]
    )
    assert history.best == 1
    assert history.epochs == 3


def test_nothing_is_a_story_too():
    history = trained(epochs=0)
    assert history == {"loss": [], "lr": []}
    assert history.best is None
    assert repr(history) == "0 epochs, 0 updates: all 0 epochs are done"


def test_curves_have_one_length_and_plain_floats():
    X = np.ones((4, 2))
    history = trained(
        epochs=3, validation=(X, X[:, :1]), metrics={"error": lambda p, t: np.abs(p - t).mean()}
    )
    assert list(history) == ["loss", "val_loss", "error", "val_error", "lr"]
    assert {len(curve) for curve in history.values()} == {3}
    assert type(history.history) is dict
    assert history.history == history
    assert {type(x) for curve in history.values() for x in curve} == {float}


def test_it_can_be_pickled():
    history = trained(epochs=2)
    again = pickle.loads(pickle.dumps(history))
    assert again == history
    assert repr(again) == repr(history)
    assert repr(again.health) == repr(history.health)


def test_it_says_what_is_wrong_with_the_model():
    model = nn.Sequential(nn.Linear(2, 8, rng=0), nn.ReLU(), nn.Linear(8, 1, rng=1))
    model[0].bias.data = np.full(8, -100.0)
    X = np.random.default_rng(0).normal(size=(32, 2))
    with pytest.warns(nn.HealthWarning, match="layer 0"):
        history = nn.fit(
            model, (X, X[:, :1]), loss=nn.mse_loss, optimizer=nn.SGD(model.parameters(), lr=0.01),
            epochs=8,
        )  # fmt: skip
    assert history.health.findings[0] in repr(history)


def test_the_bar_is_shown_if_it_is_asked_for_and_never_in_a_log(capsys):
    trained(epochs=2)
    assert capsys.readouterr() == ("", "")
    trained(epochs=2, batch_size=4, progress=True)
    out, err = capsys.readouterr()
    assert out == ""
    assert "epoch 2/2 100%" in err
    assert "loss 0." in err
    assert "lr 0.1" in err
    assert err.endswith("\n")  # it was closed


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
