"""What lectures compute and say about losses."""

import numpy as np
import pytest
from golden import EXAMPLES, Computed
from losses import loss_and_slopes, picked, sample

import autograd as ag
import nn
from autograd import Tensor, sigmoid, softmax


def test_log_loss_and_its_derivative_by_logits_are_what_likelihood_says():
    f, y = Tensor(EXAMPLES["WE29"]["inputs"]["f"]), np.array(EXAMPLES["WE29"]["inputs"]["y"])
    likelihood = ag.sum(y * ag.log(sigmoid(f)) + (1 - y) * ag.log(1 - sigmoid(f)))
    assert nn.bce_with_logits(f, y, "sum").item() == pytest.approx(-likelihood.item())
    lower = nn.bce_with_logits(f + 0.1 * (y - 0.5), y, "sum").item()
    assert lower < -likelihood.item()


example = Computed()


@pytest.mark.parametrize("name", ["WE27", "WE28", "WE29", "WE30", "WE31", "WE32", "WE43"])
def test_the_numbers_come_out(name):
    example.check(name)


@example("WE27")
def classes(i):
    scores = i["scores"]
    mean, slopes = loss_and_slopes(nn.cross_entropy, scores, i["class_index_from_0"])
    return {
        "probabilities": softmax(Tensor(scores)),
        "per_sample": nn.cross_entropy(scores, i["class_index_from_0"], "none"),
        "mean": mean,
        "categorical_ce_mean": nn.cross_entropy(scores, i["one_hot"]).item(),
        "grad_scores_of_mean": slopes,
    }


@example("WE28")
def binary(i):
    y, p = i["y"], i["y_hat"]
    z = np.log(p) - np.log1p(-np.array(p))
    mean, slopes = loss_and_slopes(nn.binary_cross_entropy, p, y)
    return {
        "per_sample": nn.binary_cross_entropy(p, y, "none"),
        "mean": mean,
        "dJ_dyhat_per_sample": loss_and_slopes(nn.binary_cross_entropy, p, y, "sum")[1],
        "dyhat_dz": ag.grad(lambda z: ag.sum(sigmoid(z)))(z),
        "dJ_dz_per_sample": loss_and_slopes(nn.bce_with_logits, z, y, "sum")[1],
        "dmean_dyhat": slopes,
        "dmean_dz": loss_and_slopes(nn.bce_with_logits, z, y)[1],
        "z": z,
    }


@example("WE29")
def independent_classes(i):
    f, y = i["f"], i["y"]
    J, slopes = loss_and_slopes(lambda f: nn.multilabel_log_loss(sigmoid(f), y), f)
    return {
        "log_likelihood_per_sample_as_in_002": -nn.bce_with_logits(f, y, "none").sum(axis=1),
        "gradient_as_in_002": -loss_and_slopes(nn.bce_with_logits, f, y, "sum")[1],
        "J_as_in_001": J,
        "gradient_of_J_001": slopes,
    }


@example("WE30")
def squared_errors(i):
    y, y_hat = i["y"], i["y_hat"]
    half, slopes = loss_and_slopes(nn.half_squared_error, y_hat, y)
    mean, mean_slopes = loss_and_slopes(nn.mse_loss, y_hat, y)
    return {
        "000_sum_half": half,
        "002_per_sample_half": nn.half_squared_error(y_hat, y, "none"),
        "004_mean": mean,
        "grad_000": slopes,
        "grad_002": [loss_and_slopes(nn.half_squared_error, *pair)[1] for pair in zip(y_hat, y)],  # noqa: B905
        "grad_004": mean_slopes,
        "ratio_000_to_004": half / mean,
    }


@example("WE31")
def log_loss_against_squared_error(i):
    z, y = i["z"], i["y"]

    def half(z, y, reduction):
        return nn.half_squared_error(sigmoid(z), y, reduction)

    return {
        "sigma": sigmoid(Tensor(z)),
        "log_loss": nn.bce_with_logits(z, y, "none"),
        "half_squared": half(Tensor(z), y, "none"),
        "dlog_dz": loss_and_slopes(nn.bce_with_logits, z, y, "sum")[1],
        "dhalf_dz": loss_and_slopes(half, z, y, "sum")[1],
    }


@example("WE32")
def sigmoid_neuron(i):
    w, b = Tensor(i["w"]), Tensor(i["b"])
    s = Tensor(i["x"], constant=True) @ w + b
    cost = nn.bce_with_logits(s, i["y"])
    cost.backward()
    return {
        "s": s,
        "y_hat": sigmoid(s),
        "J": cost.item(),
        "dJ_dw": w.grad,
        "dJ_db": b.grad,
        "perceptron_output": ag.step(s),
    }


@example("WE43")
def penalty(i):
    value, slopes = loss_and_slopes(lambda w: nn.l2_penalty([w], i["lambda"]), i["w"])
    return {"penalty": value, "gradient": slopes}


def test_the_slope_of_a_sigmoid_cost_is_prediction_minus_target():
    z, t = np.array([-30.0, -2.0, 0.0, 3.0, 30.0]), np.array([1, 0, 1, 1, 0])
    _, slopes = loss_and_slopes(nn.bce_with_logits, z, t, "sum")
    np.testing.assert_allclose(slopes, sigmoid(z) - t, rtol=1e-12)


def test_log_loss_learns_from_a_certain_mistake_and_squared_error_does_not():
    _, by_log = loss_and_slopes(nn.bce_with_logits, [-6.0], [1])
    _, by_square = loss_and_slopes(lambda z, t: nn.half_squared_error(sigmoid(z), t), [-6.0], [1])
    assert by_log[0] == pytest.approx(-1, abs=3e-3)
    assert by_square[0] == pytest.approx(-0.0025, abs=1e-4)


def test_a_lower_loss_is_a_higher_likelihood():
    y, t = sample("cross_entropy")
    better = y + np.eye(3)[t]

    def likelihood(y):
        return np.prod(picked(softmax(y), t))

    assert nn.cross_entropy(better, t).item() < nn.cross_entropy(y, t).item()
    assert likelihood(better) > likelihood(y)
    assert nn.cross_entropy(y, t, "sum").item() == pytest.approx(-np.log(likelihood(y)))


@pytest.mark.slow
def test_without_a_bias_a_neuron_cannot_cross_zero_elsewhere():
    km = np.array([0.0, 0.4, 0.7, 1.0, 1.4, 1.8, 5.4])
    price = np.where(km < 0.7, 1.0, -1.0)

    def fitted(biased):
        w, b = Tensor(-1.0), Tensor(0.0, constant=not biased)
        for _ in range(2000):
            w.grad = b.grad = None
            nn.mse_loss(ag.tanh(w * km + b), price).backward()
            w.data -= 0.5 * w.grad
            if biased:
                b.data -= 0.5 * b.grad
        return nn.mse_loss(ag.tanh(w * km + b), price).item(), -b.item() / w.item()

    without, crossing = fitted(biased=False)
    assert without > 0.4
    assert crossing == 0
    cost, crossing = fitted(biased=True)
    assert cost < 0.05
    assert 0.4 < crossing < 0.7


def test_a_small_step_against_the_gradient_is_the_best_of_its_length():
    x, t = sample("cross_entropy")

    def cost(w):
        return nn.cross_entropy(Tensor(x) @ w, t) + nn.l2_penalty([w], 0.1)

    w = np.random.default_rng(0).normal(size=(3, 3))
    _, downhill = loss_and_slopes(cost, w)
    best = cost(Tensor(w - 1e-4 * downhill / np.linalg.norm(downhill))).item()
    for direction in np.random.default_rng(1).normal(size=(50, 3, 3)):
        assert cost(Tensor(w - 1e-4 * direction / np.linalg.norm(direction))).item() > best
