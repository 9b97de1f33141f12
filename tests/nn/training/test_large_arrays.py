"""Training with a loss or a model that reaches a large array costs no copy of it."""

import tracemalloc

import numpy as np
import pytest

import nn
from autograd import Tensor, Value

LARGE = np.ones(2_000_000)  # 16 MB
X = np.linspace(-1, 1, 12).reshape(-1, 1)
TARGETS = {Tensor: X**2, Value: X[:, 0] ** 2}


def model_of(kind):
    if kind is Value:
        return nn.MLP(1, [3, 1], rng=0)
    return nn.Sequential(nn.Linear(1, 3, rng=0), nn.Tanh(), nn.Linear(3, 1, rng=1))


def fitted(loss, kind=Tensor, epochs=3, **options):
    model = model_of(kind)
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    history = nn.fit(
        model, (X, TARGETS[kind]), loss=loss, optimizer=optimizer, epochs=epochs, seed=0, **options
    )
    return history, [p.data for p in model.parameters()]


def square(prediction, target):
    return nn.mse_loss(prediction, target)


def mentioning(large):
    def loss(prediction, target):
        return square(prediction, target) * float(large[-1])

    return loss


@pytest.mark.slow
@pytest.mark.parametrize("kind", [Tensor, Value])
def test_an_array_that_a_loss_mentions_is_not_copied(kind):
    loss = mentioning(LARGE)
    options = {
        "callbacks": [lambda history: None],
        "validation": (X, TARGETS[kind]),
        "batch_size": 5,
    }
    fitted(loss, kind, **options)  # what is loaded once is no part of it
    tracemalloc.start()
    try:
        history, _ = fitted(loss, kind, **options)
        assert tracemalloc.get_traced_memory()[1] < LARGE.nbytes / 10
    finally:
        tracemalloc.stop()
    assert not history.notes


@pytest.mark.parametrize("size", [3, 2_000_000])
def test_a_change_within_an_array_is_noticed_after_callbacks(size):
    large = np.ones(size)

    def change(history):
        large[-1] = 2.0 * history.epochs

    history, found = fitted(mentioning(large), callbacks=[change])
    assert not history.notes
    rates = iter([1.0, 2.0, 4.0])
    rate = next(rates)

    def scheduled(prediction, target):
        return square(prediction, target) * rate

    def step(history):
        nonlocal rate
        rate = next(rates, rate)

    _, expected = fitted(scheduled, callbacks=[step])
    assert all(map(np.array_equal, found, expected))


@pytest.mark.parametrize("kind", [Tensor, Value])
@pytest.mark.parametrize("size", [100, 2_000_000])
def test_a_loss_may_write_into_an_array_once_for_each_time_it_counts(kind, size):
    written = np.zeros(size)

    def loss(prediction, target):
        written[0] += 1
        return square(prediction, target)

    history, found = fitted(loss, kind)
    _, expected = fitted(square, kind)
    assert written[0] == history.updates * (len(X) if kind is Value else 1)
    assert written.flags.writeable
    assert any("changes what it can reach" in note for note in history.notes)
    assert all(np.allclose(a, b, rtol=1e-12) for a, b in zip(found, expected, strict=True))


class Remembering(nn.Module):
    """Writes what it is given into a bank, as contrastive learning does."""

    def __init__(self, size, kind):
        self.inner = model_of(kind)
        self.bank = np.zeros(size)

    def __call__(self, x):
        self.bank[0] += 1
        return self.inner(x)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [Tensor, Value])
def test_the_look_at_the_health_of_a_model_leaves_its_arrays_alone(kind):
    banks, healths = [], []
    for size in (100, 2_000_000):
        model = Remembering(size, kind)
        optimizer = nn.SGD(model.parameters(), lr=0.1)
        history = nn.fit(
            model,
            (X, TARGETS[kind]),
            loss=square,
            optimizer=optimizer,
            epochs=2,
            batch_size=4,
            seed=0,
        )
        banks.append(model.bank[0] / history.updates)
        healths.append({layer: dict(seen) for layer, seen in history.health.items()})
    assert banks == [4 if kind is Value else 1] * 2
    assert healths[0] == healths[1]
