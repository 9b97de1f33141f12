"""Every loss is what its formula says, with the gradient of that, on arrays of any kind."""

import inspect

import numpy as np
import pytest
from losses import LOSSES, every_loss, every_reduction, loss_and_slopes, picked, sample

import nn
from autograd import Tensor, check_gradients, compile, value_and_grad


def bce(p, t):
    return -np.log(np.where(t, p, 1 - p))


FORMULAS = {
    "mse_loss": lambda y, t: (y - t) ** 2,
    "half_squared_error": lambda y, t: (y - t) ** 2 / 2,
    "l1_loss": lambda y, t: np.abs(y - t),
    "huber_loss": lambda y, t: np.where(np.abs(y - t) <= 1, (y - t) ** 2 / 2, np.abs(y - t) - 0.5),
    "hinge_loss": lambda y, t: np.maximum(0, 1 - y * t),
    "binary_cross_entropy": bce,
    "bce": bce,
    "multilabel_log_loss": lambda p, t: bce(p, t).sum(axis=1),
    "bce_with_logits": lambda z, t: bce(1 / (1 + np.exp(-z)), t),
    "cross_entropy": lambda y, t: -np.log(picked(np.exp(y), t) / np.exp(y).sum(axis=1)),
    "nll_loss": lambda y, t: -picked(y, t),
}


def test_all_losses_are_found_and_public():
    assert {"mse_loss", "cross_entropy", "bce_with_logits"} < LOSSES.keys()
    for name, loss in LOSSES.items():
        assert getattr(nn, name) is loss
        assert name in nn.__all__


@every_loss
def test_a_loss_is_what_its_formula_says(name):
    y, t = sample(name)
    terms = FORMULAS[name](y, t)
    loss = LOSSES[name]
    assert loss(Tensor(y), t, "none").data == pytest.approx(terms, rel=1e-12)
    assert loss(Tensor(y), t, "sum").item() == pytest.approx(terms.sum(), rel=1e-12)
    assert loss(Tensor(y), t, "mean").item() == pytest.approx(terms.mean(), rel=1e-12)


@every_loss
def test_a_loss_reduces_to_the_mean_unless_its_name_says_otherwise(name):
    expected = "sum" if name == "half_squared_error" else "mean"
    assert inspect.signature(LOSSES[name]).parameters["reduction"].default == expected


@pytest.mark.slow
@every_reduction
@every_loss
def test_gradients_of_losses_are_right(name, reduction):
    y, t = sample(name)
    check_gradients(lambda y: LOSSES[name](y, t, reduction), y, order=2)


@every_loss
def test_a_loss_of_single_precision_stays_single(name):
    y, t = sample(name)
    for target in (t, np.asarray(t, np.float64), Tensor(t, constant=True)):
        prediction = Tensor(np.asarray(y, np.float32))
        loss = LOSSES[name](prediction, target)
        loss.backward()
        assert loss.dtype == prediction.grad.dtype == np.float32
        assert loss.item() == pytest.approx(LOSSES[name](y, t).item(), rel=1e-5)


@every_loss
def test_targets_may_be_lists_arrays_or_tensors(name):
    y, t = sample(name)
    expected = loss_and_slopes(LOSSES[name], y, t)
    for target in (t.tolist(), t.astype(float), Tensor(t), Tensor(t, constant=True)):
        loss, slopes = loss_and_slopes(LOSSES[name], y, target)
        assert loss == expected[0]
        np.testing.assert_array_equal(slopes, expected[1])


@every_loss
def test_arrays_have_a_loss_but_no_gradient(name):
    y, t = sample(name)
    loss = LOSSES[name](y, t)
    assert loss.constant
    assert loss.item() == LOSSES[name](Tensor(y), t).item()


@every_loss
def test_a_compiled_loss_serves_other_targets(name):
    compiled = compile(value_and_grad(LOSSES[name]))
    for seed in range(3):
        y, t = sample(name, seed)
        loss, slopes = compiled(y, t)
        expected = loss_and_slopes(LOSSES[name], y, t)
        assert loss == pytest.approx(expected[0], rel=1e-12)
        assert slopes == pytest.approx(expected[1], rel=1e-12, abs=1e-15)
    assert compiled.recordings == 1
