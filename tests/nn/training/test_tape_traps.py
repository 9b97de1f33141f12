"""Models and losses that a tape would freeze: fit gives the numbers of the loop nevertheless."""

import random

import numpy as np
import pytest
from trainings import Line, Penalized, table, with_penalty

import nn
from autograd import Tensor, noise

X, Y = table(24)


class Masked(Line):
    def forward(self, x):
        return x @ (self.linear.weight * self.mask).T


class Averaging(Line):
    def forward(self, x):
        y = self.linear(x)
        if self.training:
            self.mean = 0.9 * self.mean + 0.1 * float(y.data.mean())
        return y - self.mean


class WarmingUp(Line):
    def forward(self, x):
        if self.training:
            self.count += 1
        return self.linear(x) * min(1.0, self.count / 10)


class Shaken(Line):
    def forward(self, x):
        return self.linear(x) + self.draw()


class Fresh(Line):
    def forward(self, x):
        return self.linear(x) * np.random.default_rng(int(1e6 * abs(x.data[0, 0]))).normal()


def mse(model, optimizer, schedule):
    return nn.mse_loss


def with_schedule(model, optimizer, schedule):
    return lambda p, t: (
        nn.mse_loss(p, t) + 0.1 * schedule.last_epoch * nn.l2_penalty([model.linear.weight], 1.0)
    )


def with_rate(model, optimizer, schedule):
    return lambda p, t: nn.mse_loss(p, t) * optimizer.param_groups[0]["lr"]


def by_type(model, optimizer, schedule):
    return lambda p, t: nn.mse_loss(p, t) * (10 if isinstance(t, np.ndarray) else 1)


def with_noise(model, optimizer, schedule):
    rng = np.random.default_rng(3)
    return lambda p, t: nn.mse_loss(p + noise(rng.normal, p.shape), t)


TRAPS = {
    "a schedule in the loss": (Line, with_schedule),
    "a rate in the loss": (Line, with_rate),
    "types of targets": (Line, by_type),
    "noise in the loss": (Line, with_noise),
    "a running mean": (lambda: Averaging(mean=0.0), mse),
    "warming up": (lambda: WarmingUp(count=0), mse),
    "NumPy's generator": (lambda: Shaken(draw=np.random.normal), mse),
    "Python's generator": (lambda: Shaken(draw=random.random), mse),
    "a RandomState": (lambda: Shaken(draw=np.random.RandomState(2).normal), mse),
    "a generator of its own": (lambda: Shaken(draw=random.Random(2).random), mse),
    "a new generator each time": (Fresh, mse),
    "a penalty made in forward": (Penalized, with_penalty),
}


@pytest.mark.slow
@pytest.mark.parametrize("by_batch", [False, True])
@pytest.mark.parametrize("name", TRAPS)
def test_fit_is_the_loop(name, by_batch):
    make, make_loss = TRAPS[name]
    found = []
    for way in ("fit", "loop"):
        np.random.seed(0)  # noqa: NPY002
        random.seed(0)
        model = make()
        optimizer = nn.SGD(model.parameters(), lr=0.05)
        schedule = nn.ExponentialLR(optimizer, 0.8)
        schedule.by_batch = by_batch
        loss = make_loss(model, optimizer, schedule)
        if way == "fit":
            how = {"optimizer": optimizer, "schedule": schedule, "epochs": 4, "batch_size": 10}
            losses = nn.fit(model, (X, Y), loss=loss, seed=1, **how)["loss"]
        else:
            losses = written_out(model, loss, optimizer, schedule)
        found.append((losses, *(p.data for p in model.parameters())))
    for ours, theirs in zip(*found, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-11)


def written_out(model, loss, optimizer, schedule):
    rng, losses = np.random.default_rng(1), []
    model.train()
    for _ in range(4):
        order, costs = rng.permutation(24), []
        for rows in (order[:10], order[10:20], order[20:]):
            optimizer.zero_grad()
            cost = loss(model(Tensor(X[rows], constant=True)), Y[rows])
            cost.backward()
            optimizer.step()
            costs += [cost.item()] * len(rows)
            if schedule.by_batch:
                schedule.step()
        losses.append(np.mean(costs))
        if not schedule.by_batch:
            schedule.step()
    return losses


def test_arrays_that_a_callback_writes_into_count_from_then_on():
    model, seen = Masked(mask=np.ones((1, 3))), []

    def prune(history):
        model.mask[0, history.epochs - 1] = 0.0
        seen.append(float(np.mean((nn.predict(model, X) - Y) ** 2)))

    optimizer = nn.SGD([model.linear.weight], lr=0.05)
    how = {"loss": nn.mse_loss, "optimizer": optimizer, "batch_size": None}
    history = nn.fit(model, (X, Y), epochs=3, callbacks=[prune], **how)
    assert history["loss"][1:] == pytest.approx(seen[:-1])


@pytest.mark.filterwarnings("ignore::nn.HealthWarning")  # a rate of 0
@pytest.mark.parametrize("kind", ["tensors", "values"])
def test_frozen_numbers_that_a_callback_changes_count_from_then_on(kind):
    if kind == "tensors":
        model = nn.Sequential(nn.Linear(3, 4, rng=0), nn.Tanh(), nn.Linear(4, 1, rng=1))
        first, data = model[0], (X, Y)
    else:
        model = nn.MLP(3, [4, 1], rng=np.random.default_rng(0))
        first, data = model.layers[0], (X, Y.ravel())
    first.freeze()
    optimizer, seen = nn.SGD(model.parameters(), lr=0.0), []

    def change(history):
        state = {name: 2 * x for name, x in first.state_dict().items()}
        first.load_state_dict(state)
        seen.append(float(np.mean((nn.predict(model, X) - data[1]) ** 2)))

    how = {"loss": nn.mse_loss, "optimizer": optimizer, "batch_size": None, "epochs": 4}
    history = nn.fit(model, data, callbacks=[change], **how)
    assert history["loss"][1:] == pytest.approx(seen[:-1])


def test_what_only_evaluation_sees_is_looked_at_again():
    class Scaled(nn.Module):
        def __init__(self):
            self.layer, self.gain = nn.Layer(3, 1, None, np.random.default_rng(0)), 1.0

        def forward(self, x):
            return self.layer(x) * (1.0 if self.training else self.gain)

    model = Scaled()

    def louder(history):
        model.gain = 3.0

    optimizer = nn.SGD(model.parameters(), lr=1e-3)
    how = {"loss": nn.mse_loss, "optimizer": optimizer, "validation": (X, Y.ravel())}
    history = nn.fit(model, (X, Y.ravel()), epochs=2, callbacks=[louder], **how)
    expected = np.mean((nn.predict(model, X) - Y.ravel()) ** 2)
    assert history["val_loss"][1] == pytest.approx(expected)
