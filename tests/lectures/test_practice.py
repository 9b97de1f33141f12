"""What lectures say about training in practice comes out with `fit`, on small real data."""

import gc
import json
import sys
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import nn
from autograd import tanh

pytestmark = pytest.mark.slow

DATA = Path(__file__).parents[1] / "data"
EXAMPLES = {
    example["id"]: example
    for name in ("worked_examples", "training_examples")
    for example in json.loads((DATA / f"{name}.json").read_text("utf-8"))
}
CARS, PRICES = (np.array(EXAMPLES["WE15"]["inputs"][name]) for name in ("X", "y"))


def network(*sizes, activation=nn.Tanh, dropout=0.0, seed=0):
    rng, layers = np.random.default_rng(seed), []
    for inputs, outputs in pairwise(sizes[:-1]):
        layers += [nn.Linear(inputs, outputs, rng=rng), activation()]
        layers += [nn.Dropout(dropout, rng=rng)] if dropout else []
    return nn.Sequential(*layers, nn.Linear(*sizes[-2:], rng=rng))


def trained(model, data, kind=nn.Adam, lr=0.01, loss=nn.mse_loss, weight_decay=0.0, **options):
    optimizer = kind(model.parameters(), lr=lr, weight_decay=weight_decay)
    return nn.fit(model, data, loss=loss, optimizer=optimizer, **{"seed": 0, **options})


def numbers(model):
    return {name: x.tobytes() for name, x in model.state_dict().items()}


def close(model, other):
    for p, q in zip(model.parameters(), other.parameters(), strict=True):
        np.testing.assert_allclose(p.data, q.data, rtol=1e-12, atol=1e-14)


def squared_error(predictions, targets):
    return float(np.mean((predictions - targets) ** 2))


def accuracy(model, data):
    return nn.accuracy(nn.predict(model, data[0]), data[1])


def scaled(X):
    return (X - X.mean(axis=0)) / X.std(axis=0)


def real(name):
    """Load data of scikit-learn, with a column of targets."""
    X, y = getattr(pytest.importorskip("sklearn.datasets"), f"load_{name}")(return_X_y=True)
    return X, y[:, None].astype(float)


def digits():
    X, y = pytest.importorskip("sklearn.datasets").load_digits(return_X_y=True)
    return X / 16, y


def parted(X, y, first, rest):
    """Take two random parts of a data set, of so many samples."""
    order = np.random.default_rng(0).permutation(len(X))
    return [(X[rows], y[rows]) for rows in (order[:first], order[first : first + rest])]


# The loop.


@pytest.mark.parametrize("name", ["full_set", "one_sample", "subset_of_2"])
def test_descent_takes_all_samples_at_once_or_one_or_some(name):
    entry = EXAMPLES["WE42"]
    size = {"full_set": None, "one_sample": 1, "subset_of_2": entry["inputs"]["subset_size"]}[name]
    model = nn.Linear(3, 1, rng=0)
    whole = nn.mse_loss(model(CARS), PRICES).item()
    history = trained(model, (CARS, PRICES), nn.SGD, lr=0.0, batch_size=size)
    assert history.updates == entry["recomputed"][name]
    assert history["loss"] == pytest.approx([whole], rel=1e-14)  # each sample was seen once
    history = trained(model, (CARS, PRICES), nn.SGD, epochs=3, batch_size=size)
    assert history.updates == 3 * entry["recomputed"][name]


@pytest.mark.parametrize("name", ["Tensors", "Values"])
def test_steps_are_averages_so_data_that_come_twice_change_nothing(name):
    make, y = {
        "Tensors": (lambda: network(3, 2, 1), PRICES),
        "Values": (lambda: nn.MLP(3, [2, 1], rng=0), PRICES.ravel()),
    }[name]
    once, twice, start = make(), make(), make()
    how = {"kind": nn.SGD, "lr": 0.1, "epochs": 5, "batch_size": None}
    trained(once, (CARS, y), **how)
    trained(twice, (np.concatenate([CARS, CARS]), np.concatenate([y, y])), **how)
    close(once, twice)
    assert numbers(once) != numbers(start)


def test_of_a_cost_that_is_a_sum_the_step_is_divided_by_the_samples():
    mean, summed = network(3, 2, 1), network(3, 2, 1)
    how = {"kind": nn.SGD, "epochs": 5, "batch_size": None}
    trained(mean, (CARS, PRICES), lr=0.1, **how)
    cost = partial(nn.mse_loss, reduction="sum")
    trained(summed, (CARS, PRICES), lr=0.1 / len(CARS), loss=cost, **how)
    close(mean, summed)


def test_fit_is_the_loop_of_five_steps():
    fitted, written = network(3, 2, 1), network(3, 2, 1)

    def low(history):
        return np.mean(history["loss"][-3:]) < 0.003  # True of NumPy is no True of Python

    history = trained(
        fitted, (CARS, PRICES), nn.SGD, lr=0.1, epochs=10_000, batch_size=None, callbacks=[low]
    )
    W1, b1, W2, b2 = params = written.parameters()  # 1. initial weights, at random
    costs = [np.inf]
    while not np.mean(costs[-3:]) < 0.003:  # 5. until the stop condition holds
        predictions = tanh(CARS @ W1.T + b1) @ W2.T + b2  # 2. forward
        cost = ((predictions - PRICES) ** 2).mean()  # 3. cost, and its gradients
        for p in params:
            p.grad = None
        cost.backward()
        for p in params:  # 4. steps
            p.data = p.data - 0.1 * p.grad
        costs.append(cost.item())
    assert 10 < history.updates == len(costs) - 1 < 10_000
    assert history.reason == "low ended it"
    np.testing.assert_allclose(history["loss"], costs[1:], rtol=1e-12)
    close(fitted, written)


@pytest.mark.parametrize("cap", [1000, 10])
def test_training_ends_by_its_stop_rule_or_at_the_cap_and_says_so(cap):
    i, expected = EXAMPLES["WE36"]["inputs"], EXAMPLES["WE36"]["recomputed"]
    model = nn.Linear(1, 1, bias=False)
    path = [np.array([[i["theta0"]]])]
    model.weight.data = path[0]

    def small_step(history):
        path.append(model.weight.data)
        return abs(path[-1] - path[-2]).item() <= i["eps"]

    history = trained(
        model, ([[1.0]], [[3.0]]), nn.SGD, lr=i["lambda"], epochs=cap, callbacks=[small_step]
    )
    found = [x.item() for x in path]
    np.testing.assert_allclose(found[:5], expected["first_iterates"], rtol=1e-14)
    if cap == 10:
        assert (history.updates, history.reason) == (10, "all 10 epochs are done")
    else:
        count = expected["iterations_i"]
        assert (history.updates, history.reason) == (count, "small_step ended it")
        assert found[-1] == pytest.approx(expected["theta_final"], rel=1e-12)


def test_a_small_rate_is_slow_and_a_large_one_makes_the_loss_grow():
    X, y = real("diabetes")
    how = {"kind": nn.SGD, "epochs": 30, "batch_size": None}
    slow, good = (
        trained(network(10, 1), (X_y := (scaled(X), scaled(y))), lr=lr, **how)["loss"]
        for lr in (1e-4, 0.1)
    )
    with pytest.warns(nn.HealthWarning, match="Use a smaller lr"):
        wild = trained(network(10, 1), X_y, lr=0.5, **how)["loss"]
    assert 0.95 * slow[0] < slow[-1] < slow[0]
    assert good[-1] < 0.6 * good[0]
    assert (np.diff(wild[2:]) > 0).all()
    assert wild[-1] > 1e3 * wild[0]


# The data.


@pytest.mark.filterwarnings("ignore::nn.HealthWarning")  # most rates are wrong
def test_loss_falls_faster_on_data_that_are_centered_and_scaled():
    X, y = real("breast_cancer")

    def best(X):
        """Give the loss after 40 updates, at the best of many rates."""
        return min(
            trained(
                network(30, 1), (X, y), nn.SGD, lr=lr, loss=nn.bce_with_logits,
                epochs=40, batch_size=None,
            )["loss"][-1]
            for lr in 10.0 ** np.arange(-7, 1)
        )  # fmt: skip

    both = best(scaled(X))
    assert both < 0.1
    assert best(X / X.std(axis=0)) > 2 * both
    assert best(X - X.mean(axis=0)) > 2 * both
    assert best(X) > 4 * both


def test_a_scaled_target_is_learned_and_scaled_back():
    scaler = pytest.importorskip("sklearn.preprocessing").StandardScaler()
    (X, y), (X_held, y_held) = parted(*real("diabetes"), 300, 142)
    targets = scaler.fit_transform(y)
    np.testing.assert_allclose(scaler.inverse_transform(targets), y, rtol=1e-14)
    spread = X.std()
    model = network(10, 8, 1)
    trained(model, (X / spread, targets), epochs=20)
    guess = scaler.inverse_transform(nn.predict(model, X_held / spread))
    assert squared_error(guess, y_held) < 0.7 * y_held.var()
    same = network(10, 8, 1)  # with numbers up to 346 for a target, it does not come so far
    trained(same, (X / spread, y), epochs=20)
    assert squared_error(nn.predict(same, X_held / spread), y_held) > 2 * y_held.var()


def test_there_is_no_extrapolation():
    x = np.linspace(-1, 1, 60)[:, None]
    model = network(1, 16, 1)
    trained(model, (x, x**2), lr=0.02, epochs=500, batch_size=None)
    assert abs(nn.predict(model, x) - x**2).max() < 0.1
    assert abs(nn.predict(model, [[3.0]]) - 9.0).item() > 5


def test_validation_loss_falls_with_more_samples():
    (X, y), held = parted(*digits(), 400, 600)
    losses = [
        trained(
            network(64, 64, 10, activation=nn.ReLU), (X[:samples], y[:samples]),
            loss=nn.cross_entropy, epochs=40, batch_size=25, validation=held,
        )["val_loss"]
        for samples in (25, 100, 400)
    ]  # fmt: skip
    for fewer, more in pairwise(losses):
        assert min(more) < 0.7 * min(fewer)


# Too much of a good thing.


@pytest.fixture(scope="module")
def curves():
    """Train with few samples: a big net, and three that are kept from learning them by heart."""
    X, y = real("diabetes")
    few, held = parted(scaled(X), scaled(y), 60, 300)
    contestants = {
        "big": (network(10, 64, 64, 1), 0.0),
        "small": (network(10, 2, 1), 0.0),
        "dropout": (network(10, 64, 64, 1, dropout=0.5), 0.0),
        "weight decay": (network(10, 64, 64, 1), 0.1),
    }
    return {
        name: trained(
            model, few, weight_decay=decay, epochs=150, batch_size=None, validation=held,
            metrics={"error": squared_error},
        )
        for name, (model, decay) in contestants.items()
    }  # fmt: skip


def gap(history):
    """Give how much larger the error is on other samples, both in ``eval()``."""
    return history["val_error"][-1] - history["error"][-1]


def test_curves_part_where_a_big_net_learns_few_samples_by_heart(curves):
    big = curves["big"]
    assert big["error"][-1] < 0.01
    assert big.best < 50
    assert big["val_loss"][-1] > 1.5 * big["val_loss"][big.best]


@pytest.mark.parametrize("name", ["small", "dropout", "weight decay"])
def test_they_part_less_with_fewer_parameters_dropout_or_decay(curves, name):
    assert gap(curves[name]) < 0.75 * gap(curves["big"])
    assert curves[name]["val_error"][-1] < 0.9 * curves["big"]["val_error"][-1]


def test_patience_ends_in_time(curves):
    X, y = real("diabetes")
    few, held = parted(scaled(X), scaled(y), 60, 300)
    model = network(10, 64, 64, 1)
    history = trained(model, few, epochs=150, batch_size=None, validation=held, patience=10)
    assert history.epochs < 100
    kept = squared_error(nn.predict(model, held[0]), held[1])
    assert kept == pytest.approx(min(history["val_loss"]), rel=1e-12)
    assert kept < 0.8 * curves["big"]["val_loss"][-1]


@pytest.mark.parametrize("name", ["Tensors", "Values"])
def test_weight_decay_is_an_l2_penalty_in_the_loss(name):
    make, y = {
        "Tensors": (lambda: network(3, 2, 1), PRICES),
        "Values": (lambda: nn.MLP(3, [2, 1], rng=0), PRICES.ravel()),
    }[name]
    decayed, penalized, free = make(), make(), make()
    strength = EXAMPLES["WE43"]["inputs"]["lambda"]

    def loss(prediction, target):
        cost = nn.mse_loss(prediction, target)
        return cost + nn.l2_penalty(penalized.parameters(), strength)

    how = {"kind": nn.SGD, "lr": 0.1, "epochs": 20, "batch_size": 2}
    trained(decayed, (CARS, y), weight_decay=strength, **how)
    trained(penalized, (CARS, y), loss=loss, **how)
    close(decayed, penalized)
    trained(free, (CARS, y), **how)
    sizes = [sum(np.sum(p.data**2) for p in model.parameters()) for model in (decayed, free)]
    assert sizes[0] < 0.9 * sizes[1]


# What a builder does with it.


def test_hyperparameters_are_chosen_on_validation_data():
    X, y = digits()
    learned, held = parted(X[:1200], y[:1200], 600, 600)
    models, losses = {}, {}
    for width in (2, 8, 32):
        for lr in (1e-4, 1e-2):
            model = models[width, lr] = network(64, width, 10)
            history = trained(
                model, learned, lr=lr, loss=nn.cross_entropy, epochs=10, validation=held
            )
            losses[width, lr] = history["val_loss"][-1]
    chosen = min(losses, key=losses.get)
    assert chosen == (32, 1e-2)
    test = {how: accuracy(model, (X[1200:], y[1200:])) for how, model in models.items()}
    assert max(test, key=test.get) == chosen
    assert test[chosen] > 0.88


def body():
    rng = np.random.default_rng(0)
    return nn.Sequential(
        nn.Linear(64, 64, rng=rng),
        nn.BatchNorm1d(64),
        nn.ReLU(),
        nn.Dropout(0.2, rng=rng),
        nn.Linear(64, 32, rng=rng),
        nn.ReLU(),
    )


def test_a_network_for_one_task_serves_another_with_few_samples():
    X, y = digits()
    is_odd = (y % 2)[:, None].astype(float)
    held = X[1200:], is_odd[1200:]

    def with_new_end(body, samples):
        model, rows = nn.Sequential(body, nn.Linear(32, 1, rng=2)), slice(1000, 1000 + samples)
        data = X[rows], is_odd[rows]
        trained(model, data, lr=0.02, loss=nn.bce_with_logits, epochs=60, batch_size=None)
        return accuracy(model, held)

    knowing = body()
    reader = nn.Sequential(knowing, nn.Linear(32, 10, rng=1))
    trained(reader, (X[:1000], y[:1000]), loss=nn.cross_entropy, epochs=10)
    before = numbers(knowing.freeze())
    transferred = with_new_end(knowing, 40)
    assert numbers(knowing) == before  # running statistics, too
    assert transferred > 0.92
    assert transferred > with_new_end(body(), 40) + 0.04
    assert transferred > with_new_end(body(), 200)


def moons(k):
    """Give another 200 samples of two moons, which have turned by 15 degrees k times."""
    datasets = pytest.importorskip("sklearn.datasets")
    X, y = datasets.make_moons(200, noise=0.1, random_state=k)
    cos, sin = np.cos(k * np.pi / 12), np.sin(k * np.pi / 12)
    return (X - [0.5, 0.25]) @ np.array([[cos, sin], [-sin, cos]]), y[:, None].astype(float)


def test_a_model_grows_old_while_the_world_drifts_and_learns_on():
    model, online = network(2, 16, 16, 1), network(2, 16, 16, 1)
    for each in (model, online):
        trained(each, moons(0), lr=0.02, loss=nn.bce_with_logits, epochs=60)
    optimizer = nn.Adam(online.parameters(), lr=0.02)
    once, kept_up = [], []
    for k in range(1, 13):
        new = moons(k)
        once.append(accuracy(model, new))
        kept_up.append(accuracy(online, new))  # on samples that it has not seen yet
        nn.fit(online, new, loss=nn.bce_with_logits, optimizer=optimizer, epochs=10, seed=k)
    assert once[0] > 0.9 > 0.2 > once[-1]
    assert min(kept_up) > 0.8
    assert np.mean(kept_up) > 0.9
    trained(model, new, lr=0.02, loss=nn.bce_with_logits, epochs=100)
    assert accuracy(model, new) > 0.9


def test_fit_goes_on_from_where_it_was():
    """Two calls with one optimizer and one generator are one call of as many epochs."""
    at_once, in_turns = network(3, 2, 1), network(3, 2, 1)
    how = {"loss": nn.mse_loss, "batch_size": 2}
    optimizer = nn.Adam(at_once.parameters())
    whole = nn.fit(at_once, (CARS, PRICES), optimizer=optimizer, epochs=6, seed=1, **how)
    optimizer, rng = nn.Adam(in_turns.parameters()), np.random.default_rng(1)
    turns = [
        nn.fit(in_turns, (CARS, PRICES), optimizer=optimizer, epochs=epochs, seed=rng, **how)
        for epochs in (2, 4)
    ]
    assert turns[0]["loss"] + turns[1]["loss"] == whole["loss"]
    assert numbers(in_turns) == numbers(at_once)


def test_sometimes_a_linear_model_is_as_good():
    X, y = real("breast_cancer")
    learned, held = parted(scaled(X), y, 300, 269)
    linear, deep = network(30, 1), network(30, 64, 64, 1)
    for model in (linear, deep):
        trained(model, learned, loss=nn.bce_with_logits, epochs=30)
    assert accuracy(linear, held) > 0.95
    assert accuracy(linear, held) > accuracy(deep, held) - 0.01


# What does not show in the numbers.


class Deciding(nn.Module):
    """It asks for a number, and so each step builds its graph."""

    def __init__(self):
        self.inner = network(2, 3, 1)

    def forward(self, x):
        y = self.inner(x)
        return y if y.data.sum() < 1e9 else 0 * y


@pytest.mark.parametrize("name", ["tape", "eager", "Values"])
def test_ten_thousand_steps_take_no_memory(name):
    X = np.random.default_rng(0).normal(size=(100, 2))
    y = np.sign(X[:, :1])
    model, data = {
        "tape": (network(2, 3, 1), (X, y)),
        "eager": (Deciding(), (X, y)),
        "Values": (nn.MLP(2, [2, 1], rng=0), (X, y.ravel())),
    }[name]
    blocks = {}

    def count(history):
        if history.epochs in (10, 100):
            gc.collect()
            blocks[history.epochs] = sys.getallocatedblocks()

    history = trained(model, data, lr=1e-3, epochs=100, batch_size=1, callbacks=[count])
    assert history.updates == 10_000
    assert len(history.notes) == (name == "eager")
    assert blocks[100] - blocks[10] < 1000  # of 9000 updates; a history of 90 epochs is in it
