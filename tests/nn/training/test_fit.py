"""fit does what a loop written out does, on tapes; and whatever happens, the model stays whole."""

import os
import signal
import threading

import numpy as np
import pytest

import nn
from autograd import InfiniteGradientError, Tensor, Value, noise, relu
from nn.training.update.tensors import OnTensors
from nn.training.update.values import OnValues


def table(samples=23, features=3, classes=None, seed=5):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(samples, features))
    if classes is None:
        return X, np.sin(X.sum(axis=1, keepdims=True))
    return X, rng.integers(0, classes, samples)


def images():
    rng = np.random.default_rng(6)
    return rng.normal(size=(11, 1, 6, 6)), rng.integers(0, 3, 11)


class Residual(nn.Module):
    """A forward of its own, with an op that is no layer."""

    def __init__(self):
        self.first, self.last = nn.Linear(3, 3, rng=0), nn.Linear(3, 1, rng=1)

    def forward(self, x):
        return self.last(relu(self.first(x)) + x)


class Asking(nn.Module):
    """Python decides by numbers in it, so no tape is right."""

    def __init__(self):
        self.linear = nn.Linear(3, 1, rng=0)

    def forward(self, x):
        y = self.linear(x)
        return y if y.data.sum() > 0 else 2 * y


class Counting(nn.Module):
    """It keeps count of its calls, which a replay would not."""

    def __init__(self):
        self.linear, self.calls = nn.Linear(3, 1, rng=0), 0

    def forward(self, x):
        self.calls += 1
        return self.linear(x) * (1 + 1 / self.calls)


class Pair(nn.Module):
    """Values that give two numbers for each sample."""

    def __init__(self):
        self.layer = nn.Layer(3, 2, rng=np.random.default_rng(3))

    def forward(self, x):
        return self.layer(x)


class Doubting(nn.Module):
    """Values, and Python decides."""

    def __init__(self):
        self.w = [Value(0.1 * k - 0.2) for k in range(3)]

    def forward(self, x):
        y = sum((w * xi for w, xi in zip(self.w, x, strict=True)), Value(0.0, constant=True))
        return y if y.data > 0 else 3 * y


def network(*middle, dtype=np.float64, outputs=1):
    rng = np.random.default_rng(2)
    how = {"rng": rng, "dtype": dtype}
    return nn.Sequential(nn.Linear(3, 8, **how), nn.Tanh(), *middle, nn.Linear(8, outputs, **how))


def convolutional():
    rng = np.random.default_rng(4)
    return nn.Sequential(
        nn.Conv2d(1, 2, 3, rng=rng),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(8, 3, rng=rng),
    )


def neurons():
    return nn.MLP(3, [4, 1], rng=np.random.default_rng(1))


def flat_target(data):
    return data[0], data[1].ravel()


# name: model, data, loss, whether a tape is right for it
CASES = {
    "network": (network, table(), nn.mse_loss, True),
    "float32": (lambda: network(dtype=np.float32), table(), nn.mse_loss, True),
    "classes": (lambda: network(outputs=4), table(classes=4), nn.cross_entropy, True),
    "dropout": (lambda: network(nn.Dropout(0.3, rng=9)), table(), nn.mse_loss, True),
    "layer norm": (lambda: network(nn.LayerNorm(8)), table(), nn.l1_loss, True),
    "batch norm": (lambda: network(nn.BatchNorm1d(8)), table(24), nn.mse_loss, False),
    "both": (
        lambda: network(nn.BatchNorm1d(8), nn.Dropout(0.3, rng=9)),
        table(24),
        nn.mse_loss,
        False,
    ),
    "images": (convolutional, images(), nn.cross_entropy, True),
    "residual": (Residual, table(), nn.huber_loss, True),
    "asking": (Asking, table(), nn.mse_loss, False),
    "counting": (Counting, table(), nn.mse_loss, False),
    "neurons": (neurons, flat_target(table()), nn.mse_loss, True),
    "pair": (Pair, (table()[0], table()[0][:, :2]), nn.mse_loss, True),
    "doubting": (Doubting, flat_target(table()), nn.mse_loss, False),
}
every_case = pytest.mark.parametrize("name", CASES)


def of_values(model):
    return any(isinstance(leaf, Value) for _, leaf in model.named_leaves())


def written_out(model, data, loss, optimizer, epochs, batch_size, seed, schedule=None):
    """Train as one does without fit; give the mean loss of each epoch."""
    dtype = next(
        (leaf.dtype for _, leaf in model.named_leaves() if isinstance(leaf, Tensor)), float
    )
    X, y = data[0].astype(dtype), data[1]
    y = y.astype(dtype) if y.dtype.kind == "f" else y
    rng, means = np.random.default_rng(seed), []
    model.train()
    for _ in range(epochs):
        costs = []
        order = rng.permutation(len(X)) if batch_size < len(X) else np.arange(len(X))
        for start in range(0, len(X), batch_size):
            rows = order[start : start + batch_size]
            optimizer.zero_grad()
            if of_values(model):
                pairs = zip(X[rows].tolist(), y[rows].tolist(), strict=True)
                cost = sum((loss(model(x), t) for x, t in pairs), Value(0.0)) / len(rows)
            else:
                cost = loss(model(Tensor(X[rows], constant=True)), y[rows])
            cost.backward()
            optimizer.step()
            costs += [float(cost.data)] * len(rows)
        if schedule:
            schedule.step()
        means.append(np.mean(costs))
    return means


def numbers(model):
    return {name: (x.dtype.str, x.tobytes()) for name, x in model.state_dict().items()}


def close(model, other, rtol):
    for name, x in other.state_dict().items():
        np.testing.assert_allclose(model.state_dict()[name], x, rtol=rtol, atol=rtol, err_msg=name)


@pytest.mark.parametrize("name", [name for name in CASES if name != "counting"])  # fit calls, too
@pytest.mark.parametrize("batch_size", [1, 8, 100])
def test_it_does_what_the_loop_does(name, batch_size):
    make, data, loss, _ = CASES[name]
    batch_size = max(batch_size, 2) if "b" in (name[0]) else batch_size  # norms need two samples
    ours, theirs = make(), make()
    history = nn.fit(
        ours,
        data,
        loss=loss,
        optimizer=nn.Adam(ours.parameters(), lr=0.01),
        epochs=3,
        batch_size=batch_size,
        seed=7,
    )
    optimizer = nn.Adam(theirs.parameters(), lr=0.01)
    means = written_out(theirs, data, loss, optimizer, 3, batch_size, seed=7)
    rtol = 1e-4 if name == "float32" else 1e-11
    np.testing.assert_allclose(history["loss"], means, rtol=rtol)
    close(ours, theirs, rtol)
    assert history.updates == 3 * -(-len(data[0]) // batch_size)
    assert history.reason == "all 3 epochs are done"


@every_case
def test_it_uses_a_tape_where_that_is_right_and_says_so_where_not(name, monkeypatch):
    make, data, loss, is_recorded = CASES[name]
    model, steps = make(), []
    for kind in (OnTensors, OnValues):
        eager = kind._eager_step
        monkeypatch.setattr(
            kind, "_eager_step", lambda self, *xs, eager=eager: steps.append(1) or eager(self, *xs)
        )
    history = nn.fit(
        model,
        data,
        loss=loss,
        optimizer=nn.SGD(model.parameters(), lr=0.01),
        epochs=2,
        batch_size=8,
    )
    assert len(steps) == (0 if is_recorded else history.updates)
    assert len(history.notes) == (not is_recorded)


class Scaled(nn.Module):
    def __init__(self, slope):
        self.linear, self.last = nn.Linear(3, 4, rng=0), nn.Linear(4, 1, rng=1)
        self.dropout, self.slope = nn.Dropout(0.0, rng=2), slope

    def forward(self, x):
        return self.last(self.dropout(self.linear(x))) * self.slope[0]


CHANGES = {
    "dropout": lambda model: setattr(model.dropout, "p", 0.5),
    "freeze": lambda model: model.linear.freeze(),
    "closure": lambda model: model.slope.__setitem__(0, 2.0),
    "mode": lambda model: model.eval(),  # fit trains nevertheless
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_callback_changes_counts_from_then_on(change):
    ours, theirs = Scaled([1.0]), Scaled([1.0])

    def callback(history):
        if history.epochs == 2:
            CHANGES[change](ours)

    fitted(ours, epochs=4, batch_size=8, callbacks=[callback], seed=3)
    optimizer, rng = nn.SGD(theirs.parameters(), lr=0.05), np.random.default_rng(3)
    for epoch in range(4):
        if epoch == 2:
            CHANGES[change](theirs)
        written_out(theirs, table(), nn.mse_loss, optimizer, 1, 8, rng)
    close(ours, theirs, 1e-12)


def test_frozen_layers_keep_all_their_numbers_and_are_used_as_in_eval():
    body = nn.Sequential(nn.Linear(3, 8, rng=0), nn.BatchNorm1d(8), nn.Dropout(0.5, rng=1))
    body(np.random.default_rng(2).normal(size=(9, 3)))
    model = nn.Sequential(body, nn.Linear(8, 1, rng=3))
    body.freeze()
    before, head = numbers(body), numbers(model[1])
    seen = body.eval()(table()[0]).data
    history = fitted(model, epochs=3, batch_size=None)
    assert numbers(body) == before
    assert numbers(model[1]) != head
    again = nn.Sequential(body, nn.Linear(8, 1, rng=3))
    assert history["loss"][0] == pytest.approx(nn.mse_loss(again[1](seen), table()[1]).item())


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


def test_a_loss_that_is_not_finite_is_refused_even_where_its_gradients_are():
    model = network()
    before = numbers(model)
    with pytest.raises(InfiniteGradientError, match="the loss is inf"):
        fitted(model, loss=lambda p, t: nn.mse_loss(p, t) + np.inf)
    assert numbers(model) == before


def test_the_order_of_samples_follows_the_seed():
    def losses(seed):
        model = network()
        return nn.fit(
            model, table(), loss=nn.mse_loss, optimizer=nn.SGD(model.parameters(), lr=0.1),
            epochs=2, batch_size=4, seed=seed,
        )["loss"]  # fmt: skip

    assert losses(1) == losses(1) != losses(2)
    assert losses(np.random.default_rng(1)) == losses(1)


def test_validation_and_metrics_are_measured_after_each_epoch_in_eval():
    model = network(nn.Dropout(0.5, rng=0), outputs=3)
    (X, y), held, seen = table(classes=3), table(17, classes=3, seed=8), []

    def watch(history):
        model.eval()
        cost = nn.cross_entropy(model(held[0]), held[1]).item()
        right = [float(np.mean(model(x).data.argmax(axis=1) == t)) for x, t in ((X, y), held)]
        seen.append((cost, *right))

    history = nn.fit(
        model,
        (X, y),
        loss=nn.cross_entropy,
        optimizer=nn.Adam(model.parameters(), lr=0.05),
        epochs=4,
        batch_size=8,
        validation=held,
        metrics={"accuracy": nn.accuracy},
        callbacks=[watch],
    )
    names = ["loss", "val_loss", "accuracy", "val_accuracy", "lr"]
    assert list(history) == names
    found = zip(history["val_loss"], history["accuracy"], history["val_accuracy"], strict=True)
    np.testing.assert_allclose(list(found), seen, rtol=1e-12)
    assert not any(part.training for _, part in model.named_modules())


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


def test_predict_changes_nothing_and_takes_any_number_of_rows():
    model = network(nn.Dropout(0.5, rng=0), nn.BatchNorm1d(8)).train()
    before, X = numbers(model), np.random.default_rng(0).normal(size=(700, 3))
    whole = nn.predict(model, X)
    assert whole.shape == (700, 1)
    np.testing.assert_allclose(whole[600:], nn.predict(model, X[600:]), rtol=1e-12)
    assert numbers(model) == before
    assert all(part.training for _, part in model.named_modules())


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
            optimizer.param_groups[0]["lr"] = 0.9  # from now on it gets worse

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


def fitted(model, data=None, **how):
    options = {"loss": nn.mse_loss, "optimizer": nn.SGD(model.parameters(), lr=0.05), "seed": 1}
    return nn.fit(model, data or table(), **{**options, **how})


def interrupting(loss, calls):
    """Send Ctrl-C while the loss of so many calls is computed."""
    left = [calls]

    def interrupted(prediction, target):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGINT)
        if isinstance(prediction, Tensor) and prediction.op is not None:
            prediction.data.sum()  # it is read, so there is no tape
        return loss(prediction, target)

    return interrupted


def test_control_c_ends_it_after_the_step_and_keeps_model_and_history():
    model, reference = network(), network()
    loss = interrupting(nn.mse_loss, 5)
    history = fitted(model, epochs=100, batch_size=8, loss=loss)
    assert history.reason == f"interrupted in epoch {history.epochs + 1}"
    assert history.updates == 5
    assert history.epochs == 1
    rng = np.random.default_rng(1)
    optimizer = nn.SGD(reference.parameters(), lr=0.05)
    X, y = table()
    order = np.concatenate([rng.permutation(23), rng.permutation(23)])
    for rows in (order[:8], order[8:16], order[16:23], order[23:31], order[31:39]):
        optimizer.zero_grad()
        nn.mse_loss(reference(X[rows]), y[rows]).backward()
        optimizer.step()
    close(model, reference, 1e-12)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert not model.training


def test_control_c_counts_where_no_signal_was_sent():
    def stop(history):
        raise KeyboardInterrupt

    history = fitted(network(), epochs=5, callbacks=[stop])
    assert history.reason.startswith("interrupted")
    assert history.epochs == 1


def test_a_second_control_c_is_raised():
    def impatient(history):
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        fitted(network(), epochs=5, callbacks=[impatient])
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_it_works_in_a_thread():
    found = []
    thread = threading.Thread(target=lambda: found.append(fitted(network(), epochs=2)))
    thread.start()
    thread.join()
    assert found[0].epochs == 2
