"""A look at a model is taken now and then, changes nothing, and warns once."""

import pickle
import time
import warnings

import numpy as np
import pytest
from patients import X, Y, biased, fitted, of_tensors, of_values, stack, train

import nn
from autograd import noise, tanh
from nn.health.findings import HealthWarning
from nn.health.monitor import Examination

RNG = np.random.default_rng(0)


def test_a_warning_points_out_of_the_package_and_comes_once():
    model = biased(nn.ReLU)
    _, (warning,) = train(model, nn.SGD(model.parameters(), 0.1), updates=256)
    assert warning.filename == train.__code__.co_filename


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


def test_values_that_no_gradient_has_reached_are_not_measured():
    model = nn.MLP(2, [2, 1], tanh, rng=0)
    first = model.layers[0]
    for neuron in first.neurons:
        for w, number in zip(neuron.w, (0.5, -0.25), strict=True):
            w.data = number
    first.neurons[0]([1.0, 2.0]).backward()
    seen = Examination(model).measured(X[:16, :2], {})
    assert list(seen) == ["layers.0"]
    assert np.isnan(seen["layers.0"]["unlike"])
    first.neurons[1]([1.0, 2.0]).backward()
    assert Examination(model).measured(X[:16, :2], {})["layers.0"]["unlike"] == 0.0


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


@pytest.mark.slow
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
