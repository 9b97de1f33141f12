"""Why lectures draw first weights at random, and of the right size."""

import numpy as np
import pytest
from golden import EXAMPLES, Computed, equal_weights

import autograd as ag
import nn
from autograd import Tensor, relu, tanh
from nn import init

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
    return costs, weights[0].data


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
