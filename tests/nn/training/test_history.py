"""What is left of training can be read, plotted and kept."""

import gc
import pickle
import weakref

import numpy as np
import pytest
from trainings import Line, table, trained

import nn


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


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["tensors", "values"])
def test_a_history_keeps_no_model_alive(kind):
    model = Line() if kind == "tensors" else nn.MLP(3, [2, 1], rng=0)
    optimizer = nn.SGD(model.parameters(), lr=0.01)
    X, Y = table(24)
    data = X, Y if kind == "tensors" else Y.ravel()
    history = nn.fit(model, data, loss=nn.mse_loss, optimizer=optimizer, epochs=3)
    known = weakref.ref(model)
    del model, optimizer
    gc.collect()
    assert history.updates == 3
    assert known() is None
