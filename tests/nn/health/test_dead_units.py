"""Activations are found wherever they stand, and so are units that pass no gradient on."""

import numpy as np
import pytest
from patients import Pooled, X, of_values, train_values

import nn
from autograd import GraphError, Tensor, clip, exp, heaviside, relu, sqrt, square, step, tanh
from nn.health.dead_units import Units, sites
from nn.health.findings import HealthWarning

RNG = np.random.default_rng(0)


def test_dead_units_of_values_are_found():
    model = nn.MLP(2, [8, 8, 1], relu, rng=np.random.default_rng(0))
    for neuron in model.layers[1].neurons:
        neuron.b.data = -100.0
    with pytest.warns(HealthWarning, match=r"100% of the units of layer layers.1 are dead"):
        health = train_values(model, nn.mse_loss, 0.05, updates=4)
    assert health["layers.1"]["dead"] == [1.0, 1.0, 1.0]


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


def test_the_share_of_saturated_units_is_a_mean_over_samples():
    model = nn.Sequential(nn.Linear(1, 2), nn.Tanh(), nn.Linear(2, 1), nn.Tanh())
    model[0].weight.data = [[1.0], [0.0]]
    units = Units(model, {p: "layer" for p in model.parameters()})
    (found,) = units.look(np.array([[0.0], [3.0], [4.0], [-9.0]]))
    assert not found.dies
    assert found.share.tolist() == [0.5, 0.0]  # the slope of tanh is 0.01 at 3


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
