"""What keeps a layer from learning is found; where all is well there is silence."""

import numpy as np
import pytest
from patients import Pooled, X, Y, biased, stack, train, train_values

import nn
from autograd import relu, tanh
from nn.health.findings import HealthWarning
from nn.health.limits import symptoms_of_updates


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


@pytest.mark.slow
@pytest.mark.parametrize("name", HEALTHY)
def test_silence_where_all_is_well(name):
    make, optimizer, how = HEALTHY[name]
    model = make()
    health, caught = train(model, optimizer(model.parameters()), **how)
    assert health.findings == []
    assert caught == []
    assert len(health.updates) >= 7


@pytest.mark.slow
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


@pytest.mark.slow
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


def test_a_first_update_may_be_large():
    numbers = {"update_ratio": 5.0, "gradient_norm": 1.0, "size": 1.0}
    assert [*symptoms_of_updates(1, {"0": numbers})] == []
    ((kind, words, is_beyond_doubt),) = symptoms_of_updates(2, {"0": numbers})
    assert (kind, is_beyond_doubt) == ("jumping", False)
    assert "the weights of layer 0 by 5 of their size; above 1 " in words


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


@pytest.mark.slow
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


class Towers(nn.Module):
    """Layers side by side, whose outputs are added up."""

    def __init__(self, seeds, second=1.0):
        self.towers = [
            nn.Sequential(nn.Linear(64, 8, rng=seed), nn.Tanh(), nn.Linear(8, 10, rng=seed + 9))
            for seed in seeds
        ]
        self.second = second

    def forward(self, x):
        y = [tower(x) for tower in self.towers]
        return sum(y[2:], y[0] + self.second * y[1])


class Neurons(nn.Module):
    """Neurons side by side, each with a generator of its own."""

    def __init__(self, seeds):
        self.neurons = [nn.Neuron(2, tanh, seed) for seed in seeds]

    def forward(self, x):
        y = [neuron(x) for neuron in self.neurons]
        return sum(y[1:], y[0])


@pytest.mark.parametrize("how", [sgd(0.1), adam(1e-2), sgd(0.1, momentum=0.9)])
def test_layers_of_one_seed_that_stay_equal_are_pointed_out(how):
    model = Towers([0, 1, 0])
    health, caught = train(model, how(model.parameters()))
    (finding,) = health.findings
    assert "layers towers.0.0 and towers.2.0 have the same weights" in finding
    assert "the same seed?" in finding
    assert len(caught) == 1
    kept = [tower.state_dict() for tower in model.towers]
    assert all(np.allclose(kept[0][name], kept[2][name]) for name in kept[0])  # so it is right
    (finding,) = nn.check(Towers([0, 0]), X, Y).findings
    assert "towers.0.0 and towers.1.0" in finding


def test_so_are_neurons():
    with pytest.warns(HealthWarning):
        (finding,) = train_values(Neurons([3, 4, 3]), nn.hinge_loss, 0.1).findings
    assert "layers neurons.0 and neurons.2 have the same weights" in finding


@pytest.mark.parametrize(
    "model",
    [
        lambda: Towers([0, 1]),
        lambda: Towers([0, 0], second=2.0),  # they do not stay equal
        lambda: Towers([0, 0], second=-1.0),  # their gradients are opposite
        lambda: stack(nn.Tanh, 64, 64, 10),
        lambda: nn.Sequential(
            nn.Linear(64, 64, rng=0), nn.Linear(64, 64, rng=0), nn.Linear(64, 10)
        ),
        lambda: nn.Sequential(nn.LayerNorm(64), nn.LayerNorm(64), nn.Linear(64, 10, rng=1)),
    ],
)
def test_layers_that_do_different_things_may_begin_equal(model):
    model = model()
    assert not [words for words in nn.check(model, X, Y).findings if "same weights" in words]
    assert train(model, nn.Adam(model.parameters(), 1e-3))[0].findings == []


def test_the_same_seed_gives_the_same_weights():
    assert (nn.Linear(2, 3, rng=7).weight.data == nn.Linear(2, 3, rng=7).weight.data).all()
    assert nn.Neuron(2, tanh, 3).w[0].data == nn.Neuron(2, tanh, 3).w[0].data
