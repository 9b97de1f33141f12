"""Models and losses that a tape would freeze: fit gives the numbers of the loop nevertheless."""

import gc
import random
import weakref

import numpy as np
import pytest

import nn
from autograd import Tensor, Value, noise

X = np.random.default_rng(5).normal(size=(24, 3))
Y = np.sin(X.sum(axis=1, keepdims=True))
GENERATOR = {"rng": np.random.default_rng(1)}


class Line(nn.Module):
    """A linear layer with some more in it."""

    def __init__(self, **more):
        self.linear = nn.Linear(3, 1, rng=0)
        vars(self).update(more)

    def forward(self, x):
        return self.linear(x)


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


class Penalized(Line):
    """Its loss is made in forward."""

    def forward(self, x):
        y = self.linear(x)
        self.penalty = (y * y).mean()
        return y


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


def with_penalty(model, optimizer, schedule):
    return lambda p, t: nn.mse_loss(p, t) + model.penalty


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


def test_an_optimizer_needs_no_rate():
    class Halving(nn.Optimizer):
        def update(self, grad, data, state):
            return data / 2

    model = Line()
    how = {"loss": nn.mse_loss, "optimizer": Halving(model.parameters())}
    history = nn.fit(model, (X, Y), epochs=2, **how)
    assert np.isnan(history["lr"]).all()


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


@pytest.mark.filterwarnings("ignore::nn.HealthWarning")  # a rate of 0
def test_gradients_do_not_pile_up_where_nobody_steps():
    model = nn.Sequential(nn.Linear(3, 4, rng=0), nn.BatchNorm1d(4), nn.Linear(4, 1, rng=1))
    optimizer = nn.SGD(model[2].parameters(), lr=0.0)
    how = {"loss": nn.mse_loss, "optimizer": optimizer, "batch_size": None}
    nn.fit(model, (X, Y), epochs=1, **how)
    once = model[0].weight.grad.copy()
    nn.fit(model, (X, Y), epochs=5, **how)
    np.testing.assert_allclose(model[0].weight.grad, once)


def test_a_loss_made_in_forward_is_measured_with_the_rows_it_belongs_to():
    rows = np.random.default_rng(0).normal(size=(700, 3))
    model = Penalized()
    optimizer = nn.SGD(model.parameters(), lr=0.0)
    loss = with_penalty(model, optimizer, None)
    history = nn.fit(model, (X, Y), loss=loss, optimizer=optimizer, validation=(rows, rows[:, :1]))
    y = nn.predict(model, rows)
    expected = np.mean((y - rows[:, :1]) ** 2) + np.mean(y**2)
    assert history["val_loss"] == pytest.approx([expected])


def test_a_loss_of_pairs_is_never_asked_about_all_rows_at_once():
    sizes = []

    def pairs(p, t):
        sizes.append(len(p))
        return ((p - p.T) ** 2).mean()

    model, rows = nn.Linear(3, 1, rng=0), np.ones((3000, 3))
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    data = (rows, rows[:, :1])
    nn.fit(model, data, loss=pairs, optimizer=optimizer, batch_size=16, validation=data)
    assert max(sizes) <= 256


@pytest.mark.parametrize("kind", ["tensors", "values"])
def test_a_history_keeps_no_model_alive(kind):
    model = Line() if kind == "tensors" else nn.MLP(3, [2, 1], rng=0)
    optimizer = nn.SGD(model.parameters(), lr=0.01)
    data = X, Y if kind == "tensors" else Y.ravel()
    history = nn.fit(model, data, loss=nn.mse_loss, optimizer=optimizer, epochs=3)
    known = weakref.ref(model)
    del model, optimizer
    gc.collect()
    assert history.updates == 3
    assert known() is None


def test_layers_that_are_frozen_on_the_way_are_used_from_then_on():
    body = nn.Sequential(nn.Linear(3, 4, rng=0), nn.Dropout(0.5, rng=1))
    model = nn.Sequential(body, nn.Linear(4, 1, rng=2))
    optimizer, seen = nn.SGD(model[1].parameters(), lr=0.05), []

    def freeze(history):
        body.freeze()
        seen.append(float(np.mean((nn.predict(model, X) - Y) ** 2)))

    how = {"loss": nn.mse_loss, "optimizer": optimizer, "batch_size": None}
    history = nn.fit(model, (X, Y), epochs=3, callbacks=[freeze], **how)
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


@pytest.mark.filterwarnings("ignore::nn.HealthWarning")
def test_layers_that_give_several_tensors_do_not_hide_a_divergence():
    class Two(nn.Module):
        def forward(self, x):
            return x, x * x

    class Model(Line):
        def __init__(self):
            super().__init__(two=Two())

        def forward(self, x):
            a, b = self.two(self.linear(x))
            return a + b

    model = Model()
    optimizer = nn.SGD(model.parameters(), lr=1e30)
    with pytest.raises(ValueError, match=r"fit: epoch \d+, batch 1, layer 'linear'"):
        nn.fit(model, (X, Y), loss=nn.mse_loss, optimizer=optimizer, epochs=50)


def test_values_of_several_types_of_targets_are_told_apart():
    model = nn.MLP(3, [2, 1], rng=0)

    def loss(p, t):
        return nn.mse_loss(p, t) * (10.0 if isinstance(t, float) else 1.0)

    optimizer = nn.SGD(model.parameters(), lr=0.0)
    history = nn.fit(model, (X, Y.ravel()), loss=loss, optimizer=optimizer, batch_size=None)
    expected = 10 * np.mean((nn.predict(model, X) - Y.ravel()) ** 2)
    assert history["loss"] == pytest.approx([expected])
    assert isinstance(model([0.0, 0.0, 0.0]), Value)
