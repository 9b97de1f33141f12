"""Models of Values take one sample at a time, and give what they give for each."""

import gc

import numpy as np
import pytest
from faulty_trainings import CLASSES, X, Y
from trainings import CASES, fitted, flat_target, table, written_out

import nn
from autograd import Value, noise


class Noisy(nn.Module):
    """Values, and random numbers for each sample."""

    def __init__(self):
        self.w, self.rng = [Value(0.1 * k) for k in range(3)], np.random.default_rng(4)

    def forward(self, x):
        return sum((w * xi for w, xi in zip(self.w, x, strict=True)), noise(self.rng.normal))


def test_values_draw_their_random_numbers_sample_by_sample():
    ours, theirs = Noisy(), Noisy()
    data = flat_target(table())
    ours_losses = fitted(ours, data, epochs=2, batch_size=8)["loss"]
    optimizer = nn.SGD(theirs.parameters(), lr=0.05)
    losses = written_out(theirs, data, nn.mse_loss, optimizer, 2, 8, seed=1)
    np.testing.assert_allclose(ours_losses, losses, rtol=1e-12)


@pytest.mark.parametrize("name", ["neurons", "pair", "doubting"])
def test_predictions_of_values_are_those_of_each_sample(name):
    make, (X, y), loss, _ = CASES[name]
    model = make()
    one_by_one = [model(x) for x in X.tolist()]
    rows = [[y.data for y in x] if isinstance(x, list) else x.data for x in one_by_one]
    np.testing.assert_allclose(nn.predict(model, X), rows, rtol=1e-12)
    history = nn.fit(
        model, (X, y), loss=loss, optimizer=nn.SGD(model.parameters(), lr=0.0), validation=(X, y)
    )
    costs = [loss(x, t).data for x, t in zip(one_by_one, y.tolist(), strict=True)]
    assert history["val_loss"] == pytest.approx([np.mean(costs)], rel=1e-12)
    assert history["val_loss"] == pytest.approx(history["loss"], rel=1e-12)


def test_targets_of_values_are_looked_at_before_training():
    model = nn.MLP(3, [2, 1], rng=0)
    before = model.state_dict()
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    with pytest.raises(ValueError, match="2"):
        nn.fit(model, (X, CLASSES), loss=nn.bce_with_logits, optimizer=optimizer)
    assert all(x == before[name] for name, x in model.state_dict().items())


@pytest.mark.parametrize("was_on", [True, False])
def test_the_collector_is_left_as_it_was(was_on):
    class Doubting(nn.Module):
        def __init__(self):
            self.w = Value(1.0)

        def forward(self, x):
            y = self.w * x[0]
            return y if y.data > 0 else -y

    model = Doubting()
    optimizer = nn.SGD(model.parameters(), lr=1e-3)
    (gc.enable if was_on else gc.disable)()
    try:
        nn.fit(model, (X, Y.ravel()), loss=nn.mse_loss, optimizer=optimizer)
        assert gc.isenabled() == was_on
    finally:
        gc.enable()


def test_values_of_several_types_of_targets_are_told_apart():
    model = nn.MLP(3, [2, 1], rng=0)

    def loss(p, t):
        return nn.mse_loss(p, t) * (10.0 if isinstance(t, float) else 1.0)

    optimizer = nn.SGD(model.parameters(), lr=0.0)
    history = nn.fit(model, (X, Y.ravel()), loss=loss, optimizer=optimizer, batch_size=None)
    expected = 10 * np.mean((nn.predict(model, X) - Y.ravel()) ** 2)
    assert history["loss"] == pytest.approx([expected])
    assert isinstance(model([0.0, 0.0, 0.0]), Value)


def test_three_classes_are_learned_on_a_tape():
    """Three moons, on the way of one number at a time: it warns if it has to take the slow way."""
    dice = np.random.default_rng(0)
    angles, classes = dice.uniform(0, np.pi, 120), np.arange(120) % 3
    turn = np.where(classes == 1, -1, 1)
    rows = np.stack([np.cos(angles) * turn + (classes == 1), np.sin(angles) * turn], axis=1)
    rows[:, 1] += 0.5 * (classes == 1) + 1.5 * (classes == 2)
    model = nn.MLP(2, [8, 3], "tanh", rng=0)
    history = nn.fit(
        model,
        (rows, classes),
        loss=nn.cross_entropy,
        optimizer=nn.Adam(model.parameters(), lr=0.1),
        epochs=60,
        batch_size=None,
        metrics={"accuracy": nn.accuracy},
    )
    assert "built its graph" not in str(history)
    assert history["accuracy"][-1] > 0.95
