"""A run ends where it should, and an update that fails leaves all as it was before."""

import warnings

import numpy as np
import pytest
from faulty_trainings import X, Y, everything, refused_and_unchanged
from trainings import Line, fitted, network, numbers, table

import nn
from autograd import DomainError, InfiniteGradientError, ShapeError
from nn.training.interrupt import Interrupt


def test_a_loss_that_is_not_finite_is_refused_even_where_its_gradients_are():
    model = network()
    before = numbers(model)
    with pytest.raises(InfiniteGradientError, match="the loss is inf"):
        fitted(model, loss=lambda p, t: nn.mse_loss(p, t) + np.inf)
    assert numbers(model) == before


@pytest.mark.parametrize("by_batch", [False, True])
def test_schedules_step_by_epoch_or_by_batch(by_batch):
    model = network()
    optimizer = nn.SGD(model.parameters(), lr=0.1, momentum=0.5)
    schedule = (
        nn.OneCycleLR(optimizer, max_lr=0.1, total_steps=12)
        if by_batch
        else nn.ExponentialLR(optimizer, gamma=0.5)
    )
    history = nn.fit(
        model, table(), loss=nn.mse_loss, optimizer=optimizer, schedule=schedule, epochs=3,
        batch_size=8,
    )  # fmt: skip
    assert schedule.last_epoch == (9 if by_batch else 3)
    if not by_batch:
        assert history["lr"] == [0.1, 0.05, 0.025]


@pytest.mark.parametrize("validated", [True, False])
def test_patience_ends_training_and_gives_back_the_best_weights(validated):
    model, kept = network(), []
    optimizer = nn.SGD(model.parameters(), lr=0.1)

    def grow(history):
        kept.append(numbers(model))
        if history.epochs == 3:
            optimizer.param_groups[0]["lr"] = 0.7  # from now on it gets worse

    history = nn.fit(
        model,
        table(),
        loss=nn.mse_loss,
        optimizer=optimizer,
        epochs=50,
        validation=table(seed=9) if validated else None,
        patience=4,
        callbacks=[grow],
        seed=0,
    )
    curve = history["val_loss" if validated else "loss"]
    best = int(np.argmin(curve))
    assert history.epochs == best + 5 < 50
    assert numbers(model) == kept[best]
    assert history.best == best
    assert history.reason.startswith("no lower")
    assert f"epoch {best + 1}" in history.reason


@pytest.mark.parametrize("kind", [bool, np.bool])
def test_a_callback_ends_training_by_giving_true(kind):
    model, seen = network(), []

    def enough(history):
        seen.append(history.epochs)
        return kind(history.epochs == 3)

    history = fitted(model, epochs=10, callbacks=[enough, seen.append])
    assert history.reason == "enough ended it"
    assert history.epochs == 3
    assert seen[::2] == [1, 2, 3]


FAULTS = {
    "a batch of one": (
        (X, Y),
        {"batch_size": 19},
        ShapeError,
        ["end with one of 1", "BatchNorm1d", "batch_size"],
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_does_not_fit_is_refused_before_anything_is_changed(name):
    refused_and_unchanged(*FAULTS[name])


def test_an_optimizer_of_another_model_is_refused():
    model = network()
    with pytest.raises(ValueError, match="optimizer"):
        nn.fit(model, (X, Y), loss=nn.mse_loss, optimizer=nn.SGD(network().parameters(), lr=0.1))
    model.freeze()
    with pytest.raises(ValueError, match="unfreeze"):
        nn.fit(model, (X, Y), loss=nn.mse_loss, optimizer=nn.SGD(network().parameters(), lr=0.1))


def test_a_metric_has_to_give_a_number():
    model = network()
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    with pytest.raises(ShapeError, match="'each'"):
        nn.fit(
            model, (X, Y), loss=nn.mse_loss, optimizer=optimizer, metrics={"each": lambda p, t: p}
        )


class Values(nn.Module):
    def __init__(self):
        self.layer = nn.Layer(3, 1, activation=None, rng=np.random.default_rng(0))

    def forward(self, x):
        return self.layer(x)


def cubed(prediction, target):
    """Grow fast, so that a large rate diverges in a few steps."""
    return nn.mse_loss(prediction**3, target)


MODELS = {
    "tape": (network, (X, Y), cubed),
    "eager": (lambda: network(nn.BatchNorm1d(8)), (X, Y), cubed),
    "values": (Values, (X, Y.ravel()), cubed),
    "values, eager": (
        Values,
        (X, Y.ravel()),
        lambda p, t: nn.mse_loss(p**3, t) + 0 * float(p.data > 0),
    ),
}


@pytest.mark.parametrize("name", MODELS)
def test_a_rate_that_diverges_is_an_error_at_its_step_and_all_is_as_before_it(name):
    make, data, loss = MODELS[name]
    model, kept = make(), []
    optimizer = nn.SGD(model.parameters(), lr=50.0, momentum=0.5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", nn.HealthWarning)
        with pytest.raises(DomainError) as caught:
            nn.fit(
                model, data, loss=loss, optimizer=optimizer, epochs=500, batch_size=None, seed=0,
                callbacks=[lambda history: kept.append(everything(model, optimizer))],
            )  # fmt: skip
    assert everything(model, optimizer) == kept[-1]
    assert not any(p.reached for p in model.parameters())
    for word in (f"epoch {len(kept) + 1}, batch 1", "lr=50", "as before"):
        assert word in str(caught.value)


def test_an_optimizer_needs_no_rate():
    class Halving(nn.Optimizer):
        def update(self, grad, data, state):
            return data / 2

    model = Line()
    how = {"loss": nn.mse_loss, "optimizer": Halving(model.parameters())}
    history = nn.fit(model, (X, Y), epochs=2, **how)
    assert np.isnan(history["lr"]).all()


@pytest.mark.parametrize("change", ["more", "fewer"])
def test_a_callback_that_changes_the_layers_does_not_spoil_the_best_weights(change):
    model = Line(extra=nn.Linear(1, 1, rng=1)) if change == "fewer" else Line()

    def grow(history):
        if change == "more":
            model.extra = nn.Linear(1, 1, rng=0)
        elif history.epochs == 3:
            del model.extra

    optimizer = nn.SGD(model.parameters(), lr=0.05)
    how = {"loss": nn.mse_loss, "optimizer": optimizer, "patience": 2}
    history = nn.fit(model, (X, Y), epochs=3, callbacks=[grow], **how)
    assert history.epochs == 3


def looked_at(epochs, **how):
    """Train on 23 samples in batches of 8: three updates an epoch."""
    history = fitted(network(), epochs=epochs, batch_size=8, **how)
    health = history.health
    assert {len(curve) for curves in health.values() for curve in curves.values()} == {
        len(health.updates)
    }
    return health.updates, [curves["update_ratio"][-1] for curves in health.values()]


ENDINGS = {
    "all epochs": {"epochs": 4},
    "a callback": {"epochs": 9, "callbacks": [lambda history: history.epochs == 4]},
    "patience": {
        "epochs": 9,
        "patience": 3,
        "validation": (np.ones((4, 3)), np.full((4, 1), -9.0)),
    },
    "Ctrl-C": {"epochs": 9},
}


@pytest.mark.parametrize("name", ENDINGS)
def test_health_looks_at_the_last_update_too_however_it_ends(name):
    def stop(history):
        if history.epochs == 4:
            raise KeyboardInterrupt

    how = ENDINGS[name] if name != "Ctrl-C" else {"epochs": 9, "callbacks": [stop]}
    updates, ratios = looked_at(**how)
    assert updates == [1, 2, 4, 8, 12]
    assert all(0 < ratio < 1 for ratio in ratios)


def test_an_update_that_is_due_anyway_is_looked_at_once():
    model = network()
    assert fitted(model, epochs=8, batch_size=None).health.updates == [1, 2, 4, 8]
    assert fitted(model, epochs=0).health.updates == []


def test_interrupted_within_an_epoch_nothing_is_said_of_the_change(monkeypatch):
    def check(self, calls=[]):  # noqa: B006
        calls.append(0)
        if len(calls) == 13:  # one before each epoch, one after each of three updates
            raise KeyboardInterrupt

    monkeypatch.setattr(Interrupt, "check", check)
    history = fitted(network(), epochs=9, batch_size=8)
    assert history.reason == "interrupted in epoch 4"
    assert history.health.updates == [1, 2, 4, 8, 9]
    assert np.isnan([curves["update_ratio"][-1] for curves in history.health.values()]).all()
    assert all(curves["gradient_norm"][-1] > 0 for curves in history.health.values())
