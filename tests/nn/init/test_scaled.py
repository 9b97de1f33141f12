"""First weights have the size that their papers ask for, and come from nowhere but their `rng`."""

import inspect
from math import sqrt

import numpy as np
import pytest
from golden import EXAMPLES, Computed, equal_weights

import autograd as ag
import nn
from autograd import GraphError, ShapeError, Tensor, relu, tanh
from nn import init

FILLERS = {name: f for name, f in vars(init).items() if inspect.isfunction(f) and name[-1] == "_"}
RANDOM = {name: f for name, f in FILLERS.items() if "rng" in inspect.signature(f).parameters}
FOR_WEIGHTS = RANDOM.keys() - {"normal_", "uniform_"}

every_filler = pytest.mark.parametrize("name", FILLERS)
every_random_filler = pytest.mark.parametrize("name", RANDOM)


def filled(name, shape=(3, 4), **options):
    if name == "constant_":
        options["val"] = 0.5
    if name in RANDOM:
        options.setdefault("rng", 0)
    tensor = Tensor(np.full(shape, np.nan))
    assert FILLERS[name](tensor, **options) is tensor
    return np.asarray(tensor)


# All of them


def test_all_are_found_and_stand_in_one_module():
    assert nn.init is init
    assert {"zeros_", "constant_", "orthogonal_", "kaiming_normal_"} < FILLERS.keys()
    assert RANDOM.keys() - {"uniform_", "orthogonal_"} == EXPECTED.keys()


@every_filler
def test_a_filler_replaces_all_numbers(name):
    for shape in ((3, 4), (4, 3), (2, 3, 5, 5)):
        assert np.isfinite(filled(name, shape)).all()


@every_filler
def test_single_precision_stays_single(name):
    tensor = Tensor(np.zeros((3, 4), np.float32))
    FILLERS[name](tensor, *([0.5] if name == "constant_" else []))
    assert tensor.dtype == np.float32


@every_filler
def test_only_leaves_are_filled(name):
    with pytest.raises(GraphError, match="the data of a result cannot be set"):
        FILLERS[name](Tensor(np.zeros((2, 2))) + 1, *([0.5] if name == "constant_" else []))


@every_random_filler
def test_a_seed_decides_all_and_nothing_else_does(name):
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    seeded = filled(name, rng=7)
    np.testing.assert_array_equal(seeded, filled(name, rng=np.random.default_rng(7)))
    assert not np.array_equal(seeded, filled(name, rng=8))
    assert not np.array_equal(filled(name, rng=None), filled(name, rng=None))
    np.testing.assert_array_equal(state, np.random.get_state()[1])  # noqa: NPY002


@every_random_filler
def test_a_generator_goes_on(name):
    rng = np.random.default_rng(0)
    assert not np.array_equal(filled(name, rng=rng), filled(name, rng=rng))


@pytest.mark.parametrize("name", sorted(FOR_WEIGHTS))
@pytest.mark.parametrize("shape", [(), (3,)])
def test_inputs_and_outputs_must_be_countable(name, shape):
    with pytest.raises(ShapeError, match=rf"^{name}: got a Tensor of shape .*take zeros_"):
        FILLERS[name](Tensor(np.zeros(shape)))


# How large

SHAPES = [(300, 500), (500, 300), (60, 20, 5, 5)]


def fans(shape):
    kernel = int(np.prod(shape[2:]))
    return shape[1] * kernel, shape[0] * kernel


EXPECTED = {
    "normal_": lambda n_in, n_out: 0.01,
    "xavier_uniform_": lambda n_in, n_out: sqrt(2 / (n_in + n_out)),
    "xavier_normal_": lambda n_in, n_out: sqrt(2 / (n_in + n_out)),
    "kaiming_uniform_": lambda n_in, n_out: sqrt(2 / n_in),
    "kaiming_normal_": lambda n_in, n_out: sqrt(2 / n_in),
    "lecun_uniform_": lambda n_in, n_out: sqrt(1 / n_in),
    "lecun_normal_": lambda n_in, n_out: sqrt(1 / n_in),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", EXPECTED)
def test_the_standard_deviation_is_that_of_the_paper(name, shape):
    w = filled(name, shape)
    std = EXPECTED[name](*fans(shape))
    spread = 1 / sqrt(2 * w.size)  # of a measured standard deviation, relatively, if normal
    assert w.std() == pytest.approx(std, rel=5 * spread)
    assert abs(w.mean()) < 5 * std / sqrt(w.size)
    if "uniform" in name:
        bound = sqrt(3) * std
        assert 0.999 * bound < abs(w).max() <= bound
        assert abs(w).mean() == pytest.approx(bound / 2, rel=0.02)
    else:
        assert np.mean(abs(w) < std) == pytest.approx(0.6827, abs=0.01)


def test_uniform_numbers_fill_their_interval():
    w = filled("uniform_", (300, 300))
    assert 0 <= w.min() < 1e-3 < 0.999 < w.max() < 1
    w = filled("uniform_", (300, 300), a=-3.0, b=-1.0)
    assert (w.min(), w.max(), w.mean()) == pytest.approx((-3, -1, -2), abs=0.01)


def test_normal_numbers_have_the_mean_and_deviation_asked_for():
    w = filled("normal_", (300, 300), mean=2.0, std=3.0)
    assert (w.mean(), w.std()) == pytest.approx((2, 3), abs=0.05)


def test_constants():
    assert (filled("zeros_") == 0).all()
    assert (filled("ones_") == 1).all()
    assert (filled("constant_") == 0.5).all()


def test_gains_and_modes_change_the_size():
    def std(name, **options):
        return filled(name, (300, 500), **options).std()

    for name in ("xavier_uniform_", "xavier_normal_"):
        assert std(name, gain=3.0) == pytest.approx(3 * std(name))
    for name in ("kaiming_uniform_", "kaiming_normal_"):
        assert std(name, mode="fan_out") == pytest.approx(sqrt(500 / 300) * std(name))
        assert std(name, nonlinearity="linear") == pytest.approx(std(name) / sqrt(2))
        assert std(name, a=1.0) == pytest.approx(std(name) / sqrt(2))
        with pytest.raises(ValueError, match=rf"^{name}: got mode='both'\. Use 'fan_in' or"):
            std(name, mode="both")


def test_gains():
    gain = init.calculate_gain
    assert [gain(name) for name in ("linear", "conv2d", "sigmoid")] == [1.0] * 3
    assert gain("tanh") == 5 / 3
    assert gain("relu") == gain("leaky_relu", 0.0) == sqrt(2)
    assert gain("leaky_relu") == gain("leaky_relu", 0.01) == sqrt(2 / 1.0001)
    with pytest.raises(ValueError, match=r"^calculate_gain: got 'swish'\. Use one of linear, "):
        gain("swish")


@pytest.mark.parametrize("shape", [(5, 5), (3, 7), (7, 3), (4, 3, 2, 2), (20, 2, 3, 3), (1, 4)])
def test_rows_or_columns_stand_at_right_angles(shape):
    for gain in (1.0, 2.5):
        w = filled("orthogonal_", shape, gain=gain).reshape(shape[0], -1)
        small = w if len(w) <= w.shape[1] else w.T
        np.testing.assert_allclose(small @ small.T, gain**2 * np.eye(len(small)), atol=1e-13)


def test_no_direction_is_preferred():
    rng = np.random.default_rng(0)
    draws = np.array([filled("orthogonal_", (3, 3), rng=rng) for _ in range(4000)])
    assert abs(draws.mean(axis=0)).max() < 5 * sqrt(1 / 3 / 4000)
    assert np.mean(np.linalg.det(draws) > 0) == pytest.approx(0.5, abs=0.05)


# Why it matters

example = Computed()


@pytest.mark.parametrize("name", ["WE19"])
def test_the_numbers_come_out(name):
    example.check(name)


def cost_and_slopes(x, y, weights, activations):
    for w, activation in zip(weights, activations, strict=True):
        x = activation(x @ w)
    cost = nn.half_squared_error(x, y)
    for w in weights:
        w.grad = None
    cost.backward()
    return cost.item(), [w.grad for w in weights]


@example("WE19")
def equal_initial_weights(i):
    def slopes_of(shapes, weight, activations):
        weights = [init.constant_(Tensor(np.zeros(shape)), weight) for shape in shapes]
        x = np.array(i["X"])
        if shapes[0][0] == 4:  # a column of ones for each bias
            return with_biases(x, weights)
        slopes = cost_and_slopes(Tensor(x, constant=True), i["y"], weights, activations)[1]
        return {f"dJ_dW{k}": grad for k, grad in enumerate(slopes, 1)}

    def with_biases(x, weights):
        ones = np.ones((len(x), 1))
        a = Tensor(x, constant=True)
        for w in weights:
            a = tanh(ag.concatenate([a, Tensor(ones, constant=True)], axis=1) @ w)
        nn.half_squared_error(a, i["y"]).backward()
        return {f"dJ_dW{k}": w.grad for k, w in enumerate(weights, 1)}

    return equal_weights(i, slopes_of)


def trained(fill, steps=100, hidden=4):
    """Fit the car prices with two layers; give the costs and the hidden weights."""
    i = EXAMPLES["WE19"]["inputs"]
    x = Tensor(i["X"], constant=True)
    weights = [fill(Tensor(np.zeros(shape))) for shape in ((3, hidden), (hidden, 1))]
    costs = []
    for _ in range(steps):
        cost, slopes = cost_and_slopes(x, i["y"], weights, (tanh, tanh))
        costs.append(cost)
        for w, slope in zip(weights, slopes, strict=True):
            w.data -= 0.05 * slope
    return costs, np.asarray(weights[0])


def test_a_net_of_zeros_does_not_learn():
    costs, hidden = trained(init.zeros_)
    assert set(costs) == {costs[0]}
    assert (hidden == 0).all()


def test_units_that_start_alike_stay_alike():
    costs, hidden = trained(lambda w: init.constant_(w, 0.1))
    assert costs[-1] < costs[0]
    assert np.ptp(hidden, axis=0).max() > 0.01  # each of them learns
    np.testing.assert_array_equal(hidden, hidden[:, :1] * np.ones(4))


def test_units_that_start_at_random_become_different():
    rng = np.random.default_rng(0)
    costs, hidden = trained(lambda w: init.normal_(w, std=0.5, rng=rng))
    assert costs[-1] < 0.5 * costs[0]
    assert np.linalg.matrix_rank(hidden) == 3
    again = np.random.default_rng(0)
    np.testing.assert_array_equal(hidden, trained(lambda w: init.normal_(w, std=0.5, rng=again))[1])


@pytest.mark.parametrize(
    ("activation", "fill"),
    [
        (relu, init.kaiming_normal_),
        (relu, init.kaiming_uniform_),
        (tanh, init.lecun_normal_),
        (tanh, init.xavier_uniform_),
        (tanh, init.xavier_normal_),
        (tanh, lambda w, rng: init.orthogonal_(w, init.calculate_gain("tanh"), rng)),
    ],
)
def test_signals_reach_the_end_of_a_deep_net_and_gradients_its_beginning(activation, fill):
    forwards, backwards = through_twenty_layers(activation, fill)
    assert forwards > 0.1
    assert backwards > 0.1


@pytest.mark.parametrize(
    ("std", "low", "high"), [(0.01, 0, 1e-9), (1.0, 0.9, 1.0)], ids=["small", "large"]
)
def test_weights_of_the_wrong_size_silence_or_saturate_a_deep_net(std, low, high):
    forwards, _ = through_twenty_layers(tanh, lambda w, rng: init.normal_(w, std=std, rng=rng))
    assert low <= forwards <= high


def through_twenty_layers(activation, fill):
    """Give the sizes of what comes out, and of the gradient that comes back, of 20 layers."""
    rng = np.random.default_rng(0)
    x = Tensor(rng.normal(size=(50, 100)))
    seed = rng.normal(size=(50, 100))
    y = x
    for _ in range(20):
        y = activation(y @ fill(Tensor(np.zeros((100, 100))), rng=rng).T)
    y.backward(seed)
    return np.sqrt(np.mean(y.data**2)), np.sqrt(np.mean(x.grad**2))
