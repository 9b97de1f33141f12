"""What keeps a layer from learning is found, and said once; where all is well there is silence."""

import copy
import gc
import pickle
import time
import warnings
import weakref
from itertools import pairwise

import numpy as np
import pytest

import nn
from autograd import (
    GraphError,
    Tape,
    Tensor,
    Value,
    clip,
    concatenate,
    exp,
    gradients,
    heaviside,
    noise,
    relu,
    sqrt,
    square,
    step,
    tanh,
)
from autograd import max as largest
from nn.health.dead_units import Units, sites
from nn.health.findings import HealthWarning
from nn.health.limits import symptoms_of_updates
from nn.health.monitor import Examination

RNG = np.random.default_rng(0)
X = np.clip(RNG.normal(0.3, 0.35, (256, 64)), 0, 1)  # many zeros, as in pictures of digits
Y = (X @ RNG.normal(size=(64, 10))).argmax(axis=1)


def stack(activation, *sizes, std=None):
    rng, layers = np.random.default_rng(0), []
    for i, shape in enumerate(pairwise(sizes)):
        layers += [activation()] if i else []
        layers.append(nn.Linear(*shape, rng=rng))
        if std:
            nn.init.normal_(layers[-1].weight, std=std, rng=rng)
    return nn.Sequential(*layers)


def train(model, optimizer, updates=64, X=X, y=Y, loss=nn.cross_entropy, batch=64):
    """Train as a fit does, and give what was seen and the warnings."""
    examination, rng = Examination(model), np.random.default_rng(0)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for update in range(1, updates + 1):
            rows = rng.permutation(len(X))[:batch]
            model.zero_grad()
            loss(model(X[rows]), y[rows]).backward()
            before = {p: p.data for p in model.parameters()}
            optimizer.step()
            if examination.is_due(update):
                examination.look(update, X[rows], before)
    return examination.health, [w for w in caught if issubclass(w.category, HealthWarning)]


def train_values(model, loss, lr, updates=256, batch=32):
    """Train a model of Values on moons."""
    t = np.linspace(0, np.pi, 50)
    X = np.r_[np.c_[np.cos(t), np.sin(t)], np.c_[1 - np.cos(t), 0.5 - np.sin(t)]]
    X, y = X + RNG.normal(0, 0.1, X.shape), np.repeat([-1.0, 1.0], 50)
    inputs = [Value(0.0, constant=True) for _ in range(3)]
    cost = loss(model(inputs[:2]), inputs[2])
    parameters = model.parameters()
    tape = Tape([cost, *gradients(cost, parameters)], inputs)
    examination, optimizer = Examination(model), nn.SGD(parameters, lr)
    for update in range(1, updates + 1):
        rows = RNG.permutation(100)[:batch]
        _, *grads = tape(*X[rows].T, y[rows], reduce="mean")
        before = {p: p.data for p in parameters}
        for p, grad in zip(parameters, grads, strict=True):
            p.grad = grad
        optimizer.step()
        if examination.is_due(update):
            examination.look(update, X[rows], before)
    return examination.health


def adam(lr):
    return lambda parameters: nn.Adam(parameters, lr)


def sgd(lr, **how):
    return lambda parameters: nn.SGD(parameters, lr, **how)


def frozen():
    model = stack(nn.ReLU, 64, 32, 16, 10)
    model[0].freeze()
    return model


class Written(nn.Module):
    """Its activations are functions, not modules."""

    def __init__(self):
        self.fc1, self.fc2 = nn.Linear(64, 32, rng=0), nn.Linear(32, 10, rng=1)

    def forward(self, x):
        return self.fc2(relu(self.fc1(x)))


class Pooled(nn.Module):
    """A pooling stands between a layer and its activation, and a second way passes it by."""

    def __init__(self):
        self.conv = nn.Conv2d(1, 4, 3, rng=0)
        self.norm = nn.BatchNorm1d(64)
        self.out = nn.Linear(68, 10, rng=1)

    def forward(self, x):
        x = self.norm(x)
        found = self.conv(x.reshape((-1, 1, 8, 8))).reshape((len(x), 4, -1))
        return self.out(concatenate([x, relu(largest(found, axis=2))], axis=1))


def arrived():
    model = nn.Linear(64, 2, rng=0)
    model.weight.data = np.eye(2, 64)
    return model


def zero():
    model = nn.Linear(64, 10)
    nn.init.zeros_(model.weight)
    return model


HEALTHY = {
    "relu": (lambda: stack(nn.ReLU, 64, 32, 10), adam(1e-2), {}),
    "relu, two layers": (lambda: stack(nn.ReLU, 64, 64, 32, 10), adam(1e-3), {}),
    "tanh": (lambda: stack(nn.Tanh, 64, 64, 32, 10), sgd(0.1), {}),
    "sigmoid": (lambda: stack(nn.Sigmoid, 64, 64, 32, 10), sgd(1.0), {}),
    "small steps": (lambda: stack(nn.Sigmoid, 64, 32, 10), adam(1e-4), {}),
    "one by one": (lambda: stack(nn.ReLU, 64, 32, 10), adam(1e-3), {"batch": 1, "updates": 600}),
    "all at once": (lambda: stack(nn.ReLU, 64, 32, 10), sgd(0.1), {"batch": 256}),
    "converged": (lambda: stack(nn.Tanh, 64, 32, 10), adam(1e-2), {"updates": 1100}),
    "a linear layer": (lambda: nn.Linear(64, 10, rng=0), sgd(0.5), {}),
    "from zero": (zero, adam(1e-2), {}),
    "autoencoder": (
        lambda: nn.Autoencoder([64, 16, 2], rng=0),
        adam(1e-2),
        {"y": X, "loss": nn.mse_loss},
    ),
    "arrived": (arrived, sgd(0.1), {"y": X[:, :2], "loss": nn.mse_loss}),
    "frozen": (frozen, adam(1e-2), {}),
    "written out": (Written, adam(1e-2), {}),
    "pooled": (Pooled, adam(1e-2), {}),
    "normalized, dropped": (
        lambda: nn.Sequential(
            *(nn.BatchNorm1d(64), nn.Linear(64, 32, rng=0), nn.Tanh(), nn.LayerNorm(32)),
            *(nn.Dropout(rng=0), nn.Linear(32, 10, rng=1)),
        ),
        adam(1e-2),
        {"X": 1000 + 50 * X},
    ),
}

SICK = {
    "vanishing": (lambda: stack(nn.Sigmoid, 64, *[32] * 11, 10), sgd(0.1), {}),
    "exploding": (lambda: stack(nn.ELU, 64, *[32] * 7, 10, std=3), sgd(1e-9), {"updates": 4}),
    "saturated": (lambda: stack(nn.Tanh, 64, *[32] * 7, 10, std=3), sgd(1e-3), {}),
    "dead": (lambda: biased(nn.ReLU), sgd(0.1), {}),
    "jumping": (lambda: stack(nn.Tanh, 64, 32, 10), sgd(10.0, momentum=0.9), {}),
    "standing": (lambda: stack(nn.Tanh, 64, 32, 10), sgd(0.0), {}),
    "unscaled": (lambda: stack(nn.Tanh, 64, 32, 10), adam(1e-3), {"X": X * 1e4}),
}
SAYS = {
    "vanishing": "e-10 of that of layer 22; below 1e-04",
    "exploding": "times as large as its weights; 1e+04 is the limit",
    "saturated": "are saturated",
    "dead": "100% of the units of layer 0 are dead",
    "jumping": "of their size; above 1 training jumps",
    "standing": "Is lr too small",
    "unscaled": "100% of the units of layer 0 are saturated",
}


def biased(activation):
    model = stack(activation, 64, 32, 10)
    model[0].bias.data = np.full(32, -100.0)
    return model


@pytest.mark.parametrize("name", HEALTHY)
def test_silence_where_all_is_well(name):
    make, optimizer, how = HEALTHY[name]
    model = make()
    health, caught = train(model, optimizer(model.parameters()), **how)
    assert health.findings == []
    assert caught == []
    assert len(health.updates) >= 7


@pytest.mark.parametrize("activation", [relu, tanh], ids=str)
@pytest.mark.parametrize("batch", [1, 32, 100])
@pytest.mark.parametrize(
    "loss", [lambda y, t: (1 - t * y).relu(), nn.mse_loss], ids=["hinge", "mse"]
)
def test_silence_on_moons(loss, batch, activation):
    model = nn.MLP(2, [16, 16, 1], activation, rng=np.random.default_rng(0))
    health = train_values(model, loss, 0.05, batch=batch)
    assert health.findings == []
    assert list(health) == ["layers.0", "layers.1", "layers.2"]


@pytest.mark.parametrize("name", SICK)
def test_every_sickness_is_found(name):
    make, optimizer, how = SICK[name]
    model = make()
    health, caught = train(model, optimizer(model.parameters()), **how)
    (warning,) = caught
    assert SAYS[name] in "\n".join(health.findings)
    assert len(set(health.findings)) == len(health.findings)
    first = health.findings[0]
    assert first in str(warning.message)
    assert first in repr(health)


def test_a_leaky_unit_does_not_die():
    model = biased(nn.LeakyReLU)
    health, _ = train(model, nn.SGD(model.parameters(), 0.1))
    assert health.findings == []
    assert min(health["0"]["gradient_norm"]) > 0


def test_dead_units_of_values_are_found():
    model = nn.MLP(2, [8, 8, 1], relu, rng=np.random.default_rng(0))
    for neuron in model.layers[1].neurons:
        neuron.b.data = -100.0
    with pytest.warns(HealthWarning, match=r"100% of the units of layer layers.1 are dead"):
        health = train_values(model, nn.mse_loss, 0.05, updates=4)
    assert health["layers.1"]["dead"] == [1.0, 1.0, 1.0]


def test_a_warning_points_out_of_the_package_and_comes_once():
    model = biased(nn.ReLU)
    _, (warning,) = train(model, nn.SGD(model.parameters(), 0.1), updates=256)
    assert warning.filename == __file__


def test_fit_keeps_what_was_seen():
    model = biased(nn.ReLU)
    how = {"loss": nn.cross_entropy, "optimizer": nn.SGD(model.parameters(), 0.1), "epochs": 2}
    with pytest.warns(HealthWarning, match="are dead") as caught:
        history = nn.fit(model, (X, Y), **how, progress=False)
    assert [warning.filename for warning in caught] == [__file__]
    assert history.health.updates == [1, 2, 4, 8, 16]
    assert history.health["0"]["dead"] == [1.0] * 5
    (finding,) = history.health.findings
    assert finding in repr(history)


def test_one_look_is_no_finding():
    model = biased(nn.ReLU)
    health, caught = train(model, nn.SGD(model.parameters(), 0.1), updates=1)
    assert health["0"]["dead"] == [1.0]
    assert (health.findings, caught) == ([], [])


def test_what_is_found_later_is_listed():
    model = biased(nn.ReLU)
    nn.cross_entropy(model(X), Y).backward()
    examination = Examination(model)
    health = examination.health
    small = {p: p.data / 100 for p in model.parameters()}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for update, before in ((1, {}), (2, {}), (4, small), (8, small)):
            examination.look(update, X, before)
    assert len(caught) == 1
    dead, jumping = health.findings
    assert dead.startswith("seen at update 2: 100% of the units of layer 0 are dead")
    assert jumping.startswith("seen at update 8: one update changes the weights of layer ")


def test_a_first_update_may_be_large():
    numbers = {"update_ratio": 5.0, "gradient_norm": 1.0, "size": 1.0}
    assert [*symptoms_of_updates(1, {"0": numbers})] == []
    ((kind, words, is_beyond_doubt),) = symptoms_of_updates(2, {"0": numbers})
    assert (kind, is_beyond_doubt) == ("jumping", False)
    assert "the weights of layer 0 by 5 of their size; above 1 " in words


def test_only_what_bends_gently_is_an_activation():
    layer = nn.Linear(3, 4, rng=0)
    x = Tensor(X[:5, :3], constant=True)
    z = layer(x)
    bent = [
        exp(z),
        square(z),
        sqrt(square(z)),
        -z,
        heaviside(z),
        step(z),
        abs(z),
        tanh(z),
        clip(z, -1, 1),
    ]
    end = nn.Linear(4, 1, rng=0)
    leaves = {leaf: "layer" for leaf in layer.parameters()} | {p: "end" for p in end.parameters()}
    found = sites([end(y) for y in bent], [x], leaves)
    assert {site.node.op.name for site in found} == {"tanh", "clip"}


def test_a_look_is_taken_at_powers_of_two():
    examination = Examination(nn.Linear(2, 1))
    due = [update for update in range(10_001) if examination.is_due(update)]
    assert due == [2**k for k in range(14)]


def test_numbers_of_a_look():
    model = stack(nn.ReLU, 64, 8, 10)
    model[0].weight.data = np.concatenate([np.full((2, 64), -1.0), np.full((6, 64), 0.5)])
    health, _ = train(model, nn.SGD(model.parameters(), 0.1), updates=1, batch=256)
    copied = stack(nn.ReLU, 64, 8, 10)
    copied[0].weight.data = np.concatenate([np.full((2, 64), -1.0), np.full((6, 64), 0.5)])
    nn.cross_entropy(copied(X), Y).backward()
    for path, layer in (("0", copied[0]), ("2", copied[2])):
        gradient = np.concatenate([layer.weight.grad.ravel(), layer.bias.grad])
        weights = np.concatenate([layer.weight.data.ravel(), layer.bias.data])
        seen = {name: curve[-1] for name, curve in health[path].items()}
        assert seen["gradient_norm"] == pytest.approx(np.sqrt(np.mean(gradient**2)))
        expected = 0.1 * np.linalg.norm(gradient) / np.linalg.norm(weights)
        assert seen["update_ratio"] == pytest.approx(expected)
    assert health["0"]["dead"] == [0.25]
    assert np.isnan(health["0"]["saturated"] + health["2"]["dead"]).all()
    assert list(health["0"]) == ["gradient_norm", "update_ratio", "dead", "saturated"]


def test_the_share_of_saturated_units_is_a_mean_over_samples():
    model = nn.Sequential(nn.Linear(1, 2), nn.Tanh(), nn.Linear(2, 1), nn.Tanh())
    model[0].weight.data = [[1.0], [0.0]]
    units = Units(model, {p: "layer" for p in model.parameters()})
    (found,) = units.look(np.array([[0.0], [3.0], [4.0], [-9.0]]))
    assert not found.dies
    assert found.share.tolist() == [0.5, 0.0]  # the slope of tanh is 0.01 at 3


class Noisy(nn.Module):
    """Draws random numbers wherever it is used."""

    def __init__(self):
        self.neuron = nn.Neuron(2, tanh, np.random.default_rng(0))
        self.rng = np.random.default_rng(1)

    def forward(self, x):
        return self.neuron(x) * self.neuron.w[0] + noise(self.rng.normal)


MODELS = {
    "images": (lambda: nn.LeNet5(rng=0), RNG.normal(size=(4, 1, 32, 32))),
    "values": (lambda: nn.MLP(2, [3, 1], tanh, np.random.default_rng(0)), RNG.normal(size=(9, 2))),
    "noise": (Noisy, RNG.normal(size=(9, 2))),
    "state": (
        lambda: nn.Sequential(
            nn.BatchNorm1d(4), nn.Linear(4, 3, rng=0), nn.ReLU(), nn.Dropout(rng=0), nn.Linear(3, 2)
        ),
        RNG.normal(5, 2, (8, 4)),
    ),
}


@pytest.mark.parametrize("name", MODELS)
def test_a_look_leaves_the_model_as_it_was(name):
    make, X = MODELS[name]
    model = make()
    for p in model.parameters():
        p.grad = np.ones(np.shape(p.data)) if np.shape(p.data) else 1.0
    *_, (_, last) = model.train().named_modules()
    last.eval()
    before = pickle.dumps((model, X))
    examination = Examination(model)
    old = {p: p.data * 0.99 + 0.001 for p in model.parameters()}
    examination.look(1, X, old)
    assert pickle.dumps((model, X)) == before
    examination.look(2, X, old)
    assert pickle.dumps((model, X)) == before
    assert model.training
    assert not last.training


def test_batch_norm_is_looked_at_as_it_trains():
    model = nn.Sequential(nn.BatchNorm1d(4), nn.Tanh(), nn.Linear(4, 1))
    units = Units(model, {leaf: "layer" for _, leaf in model.named_leaves()})
    (found,) = units.look(RNG.normal(1e3, 1, (64, 4)))
    assert found.share.mean() < 0.1
    (found,) = Units(model.eval(), {leaf: "" for _, leaf in model.named_leaves()}).look(
        np.full((9, 4), 1e3)
    )
    assert found.share.mean() == 1


def test_a_model_that_fails_is_put_back():
    class Failing(nn.Module):
        def forward(self, x):
            raise GraphError("no")

    model = nn.Sequential(nn.BatchNorm1d(4), nn.Dropout(), Failing())
    before = model.state_dict()
    with pytest.raises(GraphError, match="no"):
        Units(model, {}).look(RNG.normal(size=(8, 4)))
    assert all(part.training for _, part in model.named_modules())
    for path, numbers in model.state_dict().items():
        np.testing.assert_array_equal(numbers, before[path])


def test_activations_belong_to_the_layer_used_last():
    model = Pooled()
    leaves = {leaf: path.rpartition(".")[0] for path, leaf in model.named_leaves()}
    x = Tensor(X[:8], constant=True)
    found = sites([model(x)], [x], leaves)
    assert [(site.layer, site.node.op.name) for site in found] == [("conv", "relu")]


class Asking(nn.Module):
    """Decides by a number, so that no tape fits."""

    def __init__(self):
        self.neuron = nn.Neuron(1, None, np.random.default_rng(0))

    def forward(self, x):
        y = self.neuron(x)
        return relu(y * 2 if y.data > 0 else y * 3) * self.neuron.w[0]


def test_a_model_of_values_that_decides_is_looked_at_sample_by_sample():
    model = Asking()
    units = Units(model, {leaf: "neuron" for leaf in model.parameters()})
    sign = np.sign(model.neuron.w[0].data)
    (found,) = units.look(np.array([[1.0], [-1.0], [-2.0], [-3.0]]) * sign)
    assert found.share.tolist() == [0.75]


def test_health_is_copied_and_pickled():
    model = stack(nn.ReLU, 64, 8, 10)
    health, _ = train(model, nn.SGD(model.parameters(), 0.1), updates=2)
    assert repr(copy.deepcopy(health)) == repr(health)
    assert repr(pickle.loads(pickle.dumps(health))) == repr(health)


def of_values(activation=tanh):
    return nn.MLP(2, [3, 1], activation, np.random.default_rng(0))


def of_tensors():
    return nn.Sequential(nn.Linear(2, 3, rng=0), nn.Tanh(), nn.Linear(3, 1, rng=0))


def fitted(model, lr=0.01, **how):
    X = RNG.normal(size=(32, 2))
    y = X[:, 0] if isinstance(model, nn.MLP) else X[:, :1]
    optimizer = nn.SGD(model.parameters(), lr)
    return nn.fit(model, (X, y), loss=nn.mse_loss, optimizer=optimizer, **how)


@pytest.mark.parametrize("make", [of_values, of_tensors])
def test_a_history_does_not_keep_the_model(make):
    model = make()
    model.scale = lambda x: x
    history = fitted(model, epochs=2)
    assert repr(pickle.loads(pickle.dumps(history)).health) == repr(history.health)
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None
    assert history.health.updates == [1, 2]


def test_new_numbers_of_frozen_values_are_seen():
    model = of_values()
    first = model.layers[0].freeze()
    numbers = first.state_dict()
    units = Units(model, {leaf: "" for _, leaf in model.named_leaves()})
    shares = []
    for offset in (0, 100, 0):
        first.load_state_dict({path: x + offset for path, x in numbers.items()})
        (found,) = units.look(X[:8, :2])
        shares.append(found.share.tolist())
    assert shares == [[0.0] * 3, [1.0] * 3, [0.0] * 3]


def test_a_look_records_anew_what_a_callback_changed():
    model = of_values()
    first = model.layers[0].freeze()
    numbers = first.state_dict()
    scales = iter([1.5, 2.0, 2.5, 3.0])

    def change(history):
        scale = next(scales)
        first.load_state_dict({path: x * scale for path, x in numbers.items()})

    history = fitted(model, epochs=4, callbacks=[change])
    assert history.health.updates == [1, 2, 4]


def test_a_model_of_values_is_recorded_once(monkeypatch):
    model, calls = of_values(), []
    units = Units(model, {leaf: "" for _, leaf in model.named_leaves()})
    (first,) = units.look(X[:8, :2])
    forward = nn.MLP.forward
    monkeypatch.setattr(nn.MLP, "forward", lambda self, x: calls.append(x) or forward(self, x))
    for p in model.parameters():
        p.data = p.data + 100.0
    (found,) = units.look(X[8:, :2])
    assert calls == []
    assert (first.share.max(), found.share.min()) == (0, 1)


def test_another_activation_is_seen():
    model = of_values(relu)
    units = Units(model, {leaf: "" for _, leaf in model.named_leaves()})
    assert units.look(X[:8, :2])[0].dies
    for neuron in model.layers[0].neurons:
        neuron.activation = tanh
    assert not units.look(X[:8, :2])[0].dies


def test_a_look_ends_no_fit():
    class Evaluated(nn.Sequential):
        def forward(self, x):
            if not self.training:
                raise RuntimeError("no")
            return super().forward(x)

    model = Evaluated(nn.Linear(64, 8, rng=0), nn.ReLU(), nn.Linear(8, 10, rng=1))
    health, caught = train(model, nn.SGD(model.parameters(), 0.1), updates=4)
    assert caught == []
    assert health.updates == [1, 2, 4]
    assert np.isnan(health["0"]["dead"]).all()
    assert np.isfinite(health["0"]["gradient_norm"]).all()


@pytest.mark.parametrize("make", [of_values, of_tensors])
@pytest.mark.parametrize("number", [1e200, np.inf, np.nan])
def test_a_look_at_numbers_that_overflow_is_quiet(make, number):
    model = make()
    for p in model.parameters():
        p.data = p.data * 0 + number
        p.grad = p.data
    before = {p: p.data / 2 for p in model.parameters()}
    examination = Examination(model)
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", HealthWarning)
        for update in (1, 2, 4):
            examination.look(update, X[:16, :2], before)
    assert examination.health.updates == [1, 2, 4]


@pytest.mark.parametrize("lr", [1e3, 1e6])
@pytest.mark.parametrize("activation", [nn.ReLU, nn.Tanh])
def test_a_leap_is_found_at_once(activation, lr):
    model = stack(activation, 64, 16, 10)
    health, caught = train(model, nn.Adam(model.parameters(), lr), updates=1, batch=8)
    (finding,) = health.findings
    assert finding.startswith("seen at update 1: one update changes the weights of layer 0 by ")
    assert len(caught) == 1


@pytest.mark.parametrize("std", [1e-9, 1e-6, 1e-3])
@pytest.mark.parametrize("lr", [1e-3, 1e-2, 1e-1])
def test_tiny_first_weights_may_grow(lr, std):
    model = stack(nn.Tanh, 64, 16, 10, std=std)
    health, _ = train(model, nn.Adam(model.parameters(), lr), updates=1)
    assert health["0"]["update_ratio"][0] > 0.9
    assert health.findings == []


@pytest.mark.parametrize("activation", [nn.ReLU, nn.Tanh])
@pytest.mark.parametrize("number", [0.0, 0.1, 0.3])
@pytest.mark.parametrize("units", [5, 37])  # not all of so many are rounded in one way
def test_units_that_are_alike_are_named(units, number, activation):
    model = stack(activation, 64, units, 10)
    for p in model.parameters():
        nn.init.constant_(p, number)
    health, _ = train(model, nn.SGD(model.parameters(), 0.1))
    (finding,) = health.findings
    assert finding.startswith("seen at update 2: all units of layer 0 have the same weights and ")


def test_neurons_that_are_alike_are_named():
    model = nn.MLP(2, [4, 1], tanh, np.random.default_rng(0))
    for p in model.parameters():
        p.data = 0.3
    with pytest.warns(HealthWarning, match="all units of layer layers.0 have the same weights"):
        train_values(model, nn.mse_loss, 0.05, updates=2)


@pytest.mark.parametrize("which", [0, 2])
def test_one_layer_of_zeros_learns(which):
    model = stack(nn.Tanh, 64, 16, 10)
    nn.init.zeros_(model[which].weight)
    health, _ = train(model, nn.SGD(model.parameters(), 0.1))
    assert health.findings == []


def test_no_measurable_cost():
    model = stack(nn.ReLU, 64, 128, 64, 10)
    optimizer, examination = nn.Adam(model.parameters(), 1e-3), Examination(model)
    steps, looks = [], []
    for update in range(1, 41):
        started = time.perf_counter()
        model.zero_grad()
        nn.cross_entropy(model(X[:64]), Y[:64]).backward()
        before = {p: p.data for p in model.parameters()}
        optimizer.step()
        trained = time.perf_counter()
        examination.look(update, X[:64], before)
        steps.append(trained - started)
        looks.append(time.perf_counter() - trained)
    assert 11 * np.median(looks) < 0.2 * 1000 * np.median(steps)
