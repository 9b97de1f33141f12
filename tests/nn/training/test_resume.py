"""Training that was interrupted and resumed is training that was not interrupted, bit for bit."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import nn
from autograd import Tensor
from nn.training import resume

pytest.importorskip("safetensors.numpy")

ROOT = Path(__file__).parents[3]


def network(*middle, dtype=np.float64):
    how = {"rng": np.random.default_rng(2), "dtype": dtype}
    return nn.Sequential(nn.Linear(3, 8, **how), nn.Tanh(), *middle, nn.Linear(8, 1, **how))


def turned():
    """Hold weights that lie in memory column by column."""
    rng = np.random.default_rng(2)
    model = nn.Sequential(nn.Linear(3, 17, rng=rng), nn.Tanh(), nn.Linear(17, 13, rng=rng))
    for layer in (model[0], model[2]):
        layer.weight = Tensor(np.asfortranarray(layer.weight.data))
    model[2].freeze()
    return nn.Sequential(*model, nn.Tanh(), nn.Linear(13, 1, rng=rng))


def frozen():
    model = network(nn.BatchNorm1d(8))
    model[0].freeze()
    return model


MODELS = {
    "tensors": network,
    "float32": lambda: network(dtype=np.float32),
    "dropout": lambda: network(nn.Dropout(0.3, rng=7)),
    "norm": lambda: network(nn.BatchNorm1d(8), nn.Dropout(0.3, rng=7)),
    "turned": turned,
    "frozen": frozen,
    "values": lambda: nn.MLP(3, [4, 1], rng=np.random.default_rng(3)),
}
OPTIMIZERS = {
    "sgd": lambda params: nn.SGD(params, lr=0.05, momentum=0.9, weight_decay=1e-3),
    "adam": lambda params: nn.Adam(params, lr=0.02),
}


def trained(name, epochs, kind="adam", path=None, patience=None, stop_after=None, seed=4):
    """Train a new model; give its numbers, what the optimizer remembers, and the history."""
    model = MODELS[name]()
    optimizer = OPTIMIZERS[kind](model.parameters())
    rng = np.random.default_rng(0)
    X = rng.normal(size=(21, 3))
    y = np.sin(X.sum(axis=1, keepdims=True))
    y = y.ravel() if name == "values" else y

    leaves = [leaf for _, leaf in model.named_leaves()]

    def loss(prediction, target):  # it adds up weights in the order in which they lie in memory
        return nn.mse_loss(prediction, target) + nn.l2_penalty(leaves, 0.1)

    def stop(history):
        if history.epochs == stop_after:
            raise KeyboardInterrupt

    history = nn.fit(
        model,
        (X[:15], y[:15]),
        loss=loss,
        optimizer=optimizer,
        epochs=epochs,
        batch_size=4,
        validation=(X[15:], y[15:]),
        metrics={"error": lambda p, t: np.abs(p - t).max()},
        schedule=nn.ExponentialLR(optimizer, gamma=0.9),
        patience=patience,
        callbacks=[stop] if stop_after else [],
        checkpoint=path,
        seed=seed,
    )
    numbers = {key: x.tobytes() for key, x in model.state_dict().items()}
    state = optimizer.state_dict()
    remembered = [
        (i, key, np.asarray(x).tobytes())
        for i, memory in state["state"].items()
        for key, x in memory.items()
    ]
    return numbers, remembered, repr(state["param_groups"]), history


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_resumed_is_uninterrupted(name, kind, tmp_path):
    whole = trained(name, 7, kind)
    for epochs in (2, 5):
        trained(name, epochs, kind, tmp_path / "run.safetensors")
    resumed = trained(name, 7, kind, tmp_path / "run.safetensors")
    assert resumed == whole  # a History is a dict: all its curves
    assert resumed[-1].updates == whole[-1].updates
    assert "after epoch 5" in resumed[-1].notes[0]


@pytest.mark.parametrize("name", ["tensors", "values"])
def test_patience_and_the_best_weights_outlive_an_interruption(name, tmp_path):
    path = tmp_path / "run.safetensors"
    whole = trained(name, 400, "sgd", patience=3)
    assert whole[-1].reason.startswith("no lower")
    stop = whole[-1].best + 2
    trained(name, 400, "sgd", path, patience=3, stop_after=stop)
    resumed = trained(name, 400, "sgd", path, patience=3)
    assert resumed[:3] == whole[:3]
    assert resumed[-1].reason == whole[-1].reason
    again = trained(name, 400, "sgd", path, patience=3)  # it is over, and stays over
    assert again[0] == whole[0]
    assert again[-1].updates == whole[-1].updates


def test_which_leaves_are_frozen_is_up_to_the_caller(tmp_path):
    """The file says only that it was different, in a note."""
    rows, path = np.random.default_rng(0).normal(size=(12, 3)), tmp_path / "run"

    def run(model, epochs, **how):
        optimizer = nn.Adam(parameters, lr=0.01)
        how |= {"loss": nn.mse_loss, "optimizer": optimizer, "epochs": epochs, "seed": 0}
        before = model.state_dict()
        history = nn.fit(model, (rows, rows[:, :1]), checkpoint=path, **how)
        return history, {
            name for name, x in model.state_dict().items() if not np.array_equal(x, before[name])
        }

    model = network()
    parameters = model.parameters()
    every, head = {*model.state_dict()}, {"2.weight", "2.bias"}
    model[0].freeze()
    assert run(model, 2)[1] == head
    model[0].unfreeze()
    history, moved = run(model, 4)  # all of it
    assert moved == every
    assert history.notes[1] == "frozen until then: 0.weight, 0.bias; from then on: nothing"
    assert run(model, 6, callbacks=[lambda history: model[0].freeze() and None])[1] == every
    history, moved = run(model, 7)
    assert moved == head
    assert len(history.notes) == 1


def test_a_checkpoint_without_seed_goes_on_in_its_own_order(tmp_path):
    path = tmp_path / "run.safetensors"
    trained("dropout", 3, path=path, seed=None)
    copy = tmp_path / "copy.safetensors"
    copy.write_bytes(path.read_bytes())
    assert trained("dropout", 6, path=path, seed=None) == trained(
        "dropout", 6, path=copy, seed=None
    )


def test_what_a_callback_has_ended_stays_over(tmp_path):
    def run(**how):
        model = network()
        return nn.fit(
            model, (np.ones((8, 3)), np.ones((8, 1))), loss=nn.mse_loss, epochs=9,
            optimizer=nn.SGD(model.parameters(), lr=0.1), checkpoint=tmp_path / "run", **how,
        )  # fmt: skip

    def enough(history):
        return history.epochs == 3

    run(callbacks=[enough])
    again = run(callbacks=[enough])
    assert (again.epochs, again.reason) == (3, "enough ended it")


@pytest.mark.parametrize(
    "change",
    ["batch_size", "samples", "rows", "model", "activation", "optimizer", "rate", "seed", "loss"],
)
def test_a_checkpoint_of_another_training_is_refused_and_nothing_is_changed(change, tmp_path):
    path, rows = tmp_path / "run.safetensors", np.arange(24.0).reshape(8, 3) / 24
    usual = {
        "model": network,
        "optimizer": lambda params: nn.Adam(params, lr=0.01),
        "data": (rows, rows[:, :1]),
        "loss": nn.mse_loss,
        "batch_size": 4,
        "seed": 3,
    }
    others = {
        "batch_size": {"batch_size": 2},
        "samples": {"data": (rows[:7], rows[:7, :1])},
        "rows": {"data": (rows[::-1], rows[::-1, :1])},
        "model": {"model": lambda: network(nn.Linear(8, 8))},
        "activation": {"model": lambda: network(nn.ReLU())},
        "optimizer": {"optimizer": lambda params: nn.SGD(params, lr=0.01)},
        "rate": {"optimizer": lambda params: nn.Adam(params, lr=0.1)},
        "seed": {"seed": 4},
        "loss": {"loss": nn.l1_loss},
    }

    def train(model, epochs, how):
        nn.fit(
            model,
            how["data"],
            optimizer=how["optimizer"](model.parameters()),
            epochs=epochs,
            checkpoint=path,
            **{name: how[name] for name in ("loss", "batch_size", "seed")},
        )

    train(network(), 1, usual)
    how = {**usual, **others[change]}
    model, kept = how["model"](), path.read_bytes()
    before = model.state_dict()
    with pytest.raises(ValueError, match=r"run\.safetensors"):
        train(model, 2, how)
    assert all((before[key] == x).all() for key, x in model.state_dict().items())
    assert path.read_bytes() == kept
    train(network(), 2, usual)


def test_a_checkpoint_needs_a_folder():
    with pytest.raises(FileNotFoundError, match="no folder"):
        trained("tensors", 1, path="/no/such/folder/run.safetensors")


def simple(path, epochs=3, **how):
    """Train with early stopping; give the model and how it begins."""
    model = network()
    before, rows = model.state_dict(), np.random.default_rng(0).normal(size=(12, 3))
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    how = {"loss": nn.mse_loss, "patience": 9, "seed": 0, **how}
    how |= {"optimizer": optimizer, "epochs": epochs, "checkpoint": path}
    return model, before, lambda: nn.fit(model, (rows, rows[:, :1]), **how)


PLACES = {
    "a folder": (lambda folder: folder, IsADirectoryError),
    "no folder": (lambda folder: folder / "none" / "run", FileNotFoundError),
    "a file for a folder": (lambda folder: folder / "file" / "run", (FileNotFoundError, OSError)),
    "a name that is too long": (lambda folder: folder / ("n" * 300), OSError),
}


@pytest.mark.parametrize("name", PLACES)
def test_a_place_that_cannot_be_written_is_found_before_the_first_update(name, tmp_path):
    (tmp_path / "file").touch()
    place, kind = PLACES[name]
    model, before, fit = simple(place(tmp_path))
    with pytest.raises(kind, match=r"^fit: .*checkpoint"):
        fit()
    assert all((x == before[key]).all() for key, x in model.state_dict().items())
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_disk_that_takes_nothing_is_found_before_the_first_update(tmp_path, monkeypatch):
    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    model, before, fit = simple(tmp_path / "run")
    with pytest.raises(OSError, match=r"^fit: .*/run is no place .*No space left.*another path"):
        fit()
    assert all((x == before[key]).all() for key, x in model.state_dict().items())
    assert not [*tmp_path.iterdir()]


def test_what_a_process_left_that_died_before_the_first_update_goes(tmp_path, monkeypatch):
    def dies(*args):
        keep(*args)
        raise SystemExit

    keep = resume.keep
    with monkeypatch.context() as patch:
        patch.setattr(resume, "keep", dies)
        with pytest.raises(SystemExit):
            simple(tmp_path / "run")[-1]()
    assert len([*tmp_path.iterdir()]) == 1
    simple(tmp_path / "run")[-1]()
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_what_no_file_can_hold_is_found_before_the_first_update(tmp_path):
    model, before, fit = simple(tmp_path / "run")
    model.more = Tensor([np.inf], constant=True)
    with pytest.raises(ValueError, match="infinity"):
        fit()
    assert all((x == before[key]).all() for key, x in model.state_dict().items() if key in before)


@pytest.mark.parametrize("is_freed", [False, True])
def test_a_disk_that_fills_later_keeps_history_and_best_weights(is_freed, tmp_path, monkeypatch):
    writes, write = [], os.fsync

    def filling(file):
        writes.append(file)
        if len(writes) == 3 or (len(writes) > 3 and not is_freed):  # the first is a trial
            raise OSError(errno.ENOSPC, "No space left on device")
        write(file)

    monkeypatch.setattr(os, "fsync", filling)
    model, _, fit = simple(tmp_path / "run", epochs=6)
    with pytest.warns(UserWarning, match=r"not be written after epoch 2: .*No space") as heard:
        history = fit()
    assert (len(heard), heard[0].filename) == (1, __file__)
    assert (history.epochs, len(writes)) == (6, 7)
    assert any("No space left" in note for note in history.notes)
    monkeypatch.undo()
    undisturbed, _, fit = simple(None, epochs=6)
    assert fit() == history
    assert all((x == undisturbed.state_dict()[key]).all() for key, x in model.state_dict().items())
    model, _, fit = simple(tmp_path / "run", epochs=6)
    assert f"after epoch {6 if is_freed else 1}" in fit().notes[0]


def test_a_training_that_is_over_is_only_read(tmp_path, monkeypatch):
    path = tmp_path / "run"
    *_, fit = simple(path)
    history = fit()
    monkeypatch.setattr(os, "fsync", lambda file: 1 / 0)
    assert simple(path)[-1]() == history


FORGERIES = {
    "no history": {"history": None},
    "other curves": {"history": {"loss": [1.0]}},
    "other lengths": {"history": {"loss": [1.0, 2.0], "lr": [0.1]}},
    "words": {"history": {"loss": ["a"], "lr": [0.1]}},
    "no number": {"history": {"loss": 1.0, "lr": [0.1]}},
    "updates": {"updates": "many"},
    "best": {"best_epoch": 1},
    "best loss": {"best_loss": None},
    "ended": {"ended_by": 3},
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_checkpoint_is_refused_and_nothing_is_changed(name, tmp_path):
    path, model = tmp_path / "run.safetensors", network()
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    how = {"loss": nn.mse_loss, "optimizer": optimizer, "checkpoint": path, "seed": 0}
    data = np.ones((8, 3)), np.ones((8, 1))
    nn.fit(model, data, **how)
    rng = np.random.default_rng(0)
    about = nn.load_checkpoint(path, model, optimizer, rng=rng)
    nn.save_checkpoint(path, model, optimizer, rng=rng, **{**about, **FORGERIES[name]})
    model[0].bias.data += 1.0
    before = model.state_dict()
    with pytest.raises(ValueError, match=r"run\.safetensors"):
        nn.fit(model, data, **how)
    assert all((x == before[key]).all() for key, x in model.state_dict().items())
    nn.save_checkpoint(path, model, optimizer, rng=rng, **about)
    assert nn.fit(model, data, **how).epochs == 1


def test_the_model_of_a_checkpoint_can_be_had_alone(tmp_path):
    path, model = tmp_path / "run.safetensors", network()
    numbers, *_ = trained("tensors", 2, path=path)
    nn.load(model, path)
    assert {key: x.tobytes() for key, x in model.state_dict().items()} == numbers


TRAINING = """
import sys, numpy as np, nn
rng = np.random.default_rng(2)
model = nn.Sequential(nn.Linear(3, 8, rng=rng), nn.Dropout(0.2, rng=5), nn.Linear(8, 1, rng=rng))
X = np.random.default_rng(0).normal(size=(40, 3))
history = nn.fit(
    model, (X, X[:, :1]), loss=nn.mse_loss, optimizer=nn.Adam(model.parameters()),
    epochs=int(sys.argv[2]), batch_size=8, checkpoint=sys.argv[1], seed=1,
    callbacks=[lambda history: print(history.epochs, flush=True)],
)
print(repr(history["loss"]), [x.tolist() for x in model.state_dict().values()])
"""


@pytest.mark.slow
def test_kill_at_any_moment_leaves_a_checkpoint_to_go_on_from(tmp_path):
    def started(path, epochs):
        return subprocess.Popen(
            [sys.executable, "-c", TRAINING, path, str(epochs)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )

    path, pauses = tmp_path / "run.safetensors", np.random.default_rng(3).uniform(0, 0.05, 4)
    epochs = 10_000
    for pause in pauses:
        process = started(path, epochs)
        process.stdout.readline()  # it has trained for an epoch
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    model = nn.Sequential(nn.Linear(3, 8), nn.Dropout(0.2), nn.Linear(8, 1))
    done = len(nn.load_checkpoint(path, model)["history"]["loss"])
    assert done >= len(pauses)
    resumed, *_ = started(path, done + 5).communicate()
    whole, *_ = started(tmp_path / "other.safetensors", done + 5).communicate()
    assert resumed.splitlines()[-1] == whole.splitlines()[-1]
    assert len(json.loads(whole.splitlines()[-1].partition("]")[0] + "]")) == done + 5
