"""fit goes on from a checkpoint only if all that matters is as it was; else it says what is not."""

import re
from functools import partial

import numpy as np
import pytest
from optimizers import OPTIMIZERS, SCHEDULES
from picklable import SAMPLES

import nn
from autograd import Op, relu, sigmoid
from nn.training.described import described, differing

pytest.importorskip("safetensors.numpy")

X = np.random.default_rng(0).normal(size=(8, 2))
Y = (X[:, :1] > 0) * 1.0
EVERY_LAYER = {
    name: make
    for name, make in SAMPLES.items()
    if isinstance(kind := vars(nn).get(name.removeprefix("nn.")), type)
    and issubclass(kind, nn.Module)
}


def changed(x):
    """Give something that could stand in its place, and is not the same."""
    if isinstance(x, bool):
        return not x
    if isinstance(x, int | float):
        return x + 1
    if isinstance(x, list | tuple):
        return type(x)([*x[:-1], changed(x[-1])])
    if isinstance(x, dict):
        return {**x, "more": 1.0}
    if isinstance(x, nn.Schedule):
        return nn.StepLR(x.optimizer, 77)
    if isinstance(x, nn.Module):
        return nn.Softplus()
    if isinstance(x, Op):
        return sigmoid if x is relu else relu
    return 1.5 if x is None else lambda *args: 0.25


def attributes(thing):
    """Give what a thing is made with; its numbers and generators are in the file."""
    kept = {"optimizer", "last_epoch", "training"}
    return {name: x for name, x in vars(thing).items() if name not in kept and described(x=x) != {}}


class Training:
    """A training whose every part can be changed before it begins."""

    def __init__(self, schedule="StepLR", optimizer=nn.SGD):
        self.model = nn.Sequential(nn.Linear(2, 1, rng=0), nn.Sigmoid())
        groups = [{"params": [p]} for p in self.model.parameters()]
        self.optimizer = optimizer(groups, lr=0.125)
        self.schedule = SCHEDULES[schedule](self.optimizer)
        self.loss = partial(nn.huber_loss, delta=1.0)
        self.metrics = {"right": partial(nn.accuracy, threshold=0.5)}
        self.seed, self.data, self.batch_size, self.patience = 3, (X, Y), 4, 9

    def fit(self, path, epochs=1):
        how = {name: x for name, x in vars(self).items() if name not in ("model", "data")}
        return nn.fit(self.model, self.data, epochs=epochs, checkpoint=path, **how)


def is_refused(training, path, name):
    """See that it is refused by a name, and that nothing is changed."""
    kept = path.read_bytes(), training.model.state_dict(), repr(training.optimizer.state_dict())
    with pytest.raises(ValueError, match=r"another path.* as it was to go on") as caught:
        training.fit(path, 2)
    assert re.search(rf"(training:|;) {name}[. \w]* was ", str(caught.value)), caught.value
    assert path.read_bytes() == kept[0]
    assert all((x == kept[1][key]).all() for key, x in training.model.state_dict().items())
    assert repr(training.optimizer.state_dict()) == kept[2]


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_each_attribute_of_a_schedule_matters(schedule, tmp_path):
    path = tmp_path / "run"
    Training(schedule).fit(path)
    found = attributes(Training(schedule).schedule)
    assert found
    for name, x in found.items():
        training = Training(schedule)
        setattr(training.schedule, name, changed(x))
        is_refused(training, path, f"schedule.{name}")
    assert Training(schedule).fit(path, 2).epochs == 2


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_each_option_of_each_group_matters(kind, tmp_path):
    path, kind = tmp_path / "run", OPTIMIZERS[kind]
    options = Training(optimizer=kind).optimizer.defaults
    Training(optimizer=kind).fit(path)
    for i in (0, 1):
        for name in options.keys() - {"lr"}:
            training = Training(optimizer=kind)
            group = training.optimizer.param_groups[i]
            new = {"second_moment": "norm"}.get(name) or changed(group[name])
            group[name] = tuple(x / 2 for x in group[name]) if name == "betas" else new
            is_refused(training, path, rf"param_groups\.{i}\.{name}")
        training = Training(optimizer=kind)
        training.optimizer.param_groups[i]["initial_lr"] = 0.5
        is_refused(training, path, rf"param_groups\.{i}\.lr")
    assert Training(optimizer=kind).fit(path, 2).epochs == 2


@pytest.mark.parametrize("name", EVERY_LAYER)
def test_each_attribute_of_a_layer_matters(name):
    here = EVERY_LAYER[name]()
    assert differing(described(model=here), described(model=EVERY_LAYER[name]())) == {}
    for attribute, x in attributes(here).items():
        other = EVERY_LAYER[name]()
        vars(other)[attribute] = changed(x)
        found = differing(described(model=here), described(model=other))
        assert any(path.startswith(f"model.{attribute}") for path in found), attribute
    other = type("Other", (type(here),), {})
    vars(copied := object.__new__(other)).update(vars(here))
    assert differing(described(model=here), described(model=copied)) == {
        "model": (type(here).__name__, "Other")
    }


PARTS = {
    "loss": ("loss", partial(nn.l1_loss)),
    "loss.delta": ("loss", partial(nn.huber_loss, delta=2.0)),
    "loss.delta ": ("loss", nn.huber_loss),
    "metrics.right.threshold": ("metrics", {"right": partial(nn.accuracy, threshold=0.25)}),
    "metrics.wrong": ("metrics", {"wrong": nn.accuracy}),
    "metrics.right": ("metrics", {"right": lambda p, t: 0.5}),
    "schedule": ("schedule", None),
    "seed": ("seed", 4),
    "seed ": ("seed", None),
    "data": ("data", (X[::-1], Y[::-1])),
    "batch_size": ("batch_size", 3),
    "patience": ("patience", 8),
    "model.1": ("model", nn.Sequential(nn.Linear(2, 1, rng=0), nn.Tanh())),
}


@pytest.mark.parametrize("name", PARTS)
def test_so_does_every_part_of_a_training(name, tmp_path):
    path, (part, new) = tmp_path / "run", PARTS[name]
    Training().fit(path)
    training = Training()
    setattr(training, part, new)
    if part == "model":
        groups = [{"params": [p]} for p in new.parameters()]
        training.optimizer = nn.SGD(groups, lr=0.125)
        training.schedule = SCHEDULES["StepLR"](training.optimizer)
    is_refused(training, path, name.strip())
    assert Training().fit(path, 2).epochs == 2


SEEDS = [int, np.int64, np.uint8, np.int32, lambda n: [n, 1], lambda n: np.array([n, 1])]


@pytest.mark.parametrize("kind", [*SEEDS, np.random.SeedSequence])
def test_a_seed_of_any_type_is_compared_by_its_number(kind, tmp_path):
    def training(seed):
        made = Training()
        made.seed = seed
        return made

    path = tmp_path / "run"
    training(kind(5)).fit(path)
    is_refused(training(kind(6)), path, "seed")
    assert training(kind(5)).fit(path, 2).epochs == 2
    if kind in (int, np.int64, np.uint8, np.int32):
        assert training(5).fit(path, 3).epochs == 3
