"""fit does what a loop written out does; and whatever happens, the model stays whole."""

import numpy as np
import pytest
from faulty_trainings import X, Y
from trainings import CASES, close, fitted, network, table, written_out

import nn


@pytest.mark.slow
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


def test_a_function_is_no_model():
    optimizer = nn.SGD(network().parameters(), lr=0.1)
    with pytest.raises(TypeError, match="Module"):
        nn.fit(np.tanh, (X, Y), loss=nn.mse_loss, optimizer=optimizer)


def test_a_failing_callback_leaves_model_and_history_usable():
    model, seen = network(), []

    def failing(history):
        seen.append(history)
        if history.epochs == 2:
            raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        nn.fit(
            model, (X, Y), loss=nn.mse_loss, optimizer=nn.SGD(model.parameters(), lr=0.1),
            epochs=5, callbacks=[failing],
        )  # fmt: skip
    assert len(seen[-1]["loss"]) == 2
    assert not model.training


def test_fit_does_not_warn_where_all_is_well():
    model = network()
    nn.fit(
        model, (X, np.tanh(Y)), loss=nn.mse_loss, optimizer=nn.Adam(model.parameters(), lr=0.01),
        epochs=20, batch_size=5,
    )  # fmt: skip
