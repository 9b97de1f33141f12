"""Losses and first weights agree with PyTorch's, where that is installed."""

from math import sqrt

import numpy as np
import pytest

import nn
from autograd import Tensor, log_softmax
from nn import init

torch = pytest.importorskip("torch")
F = torch.nn.functional

RNG = np.random.default_rng(0)
REAL = 3 * RNG.normal(size=(6, 4))
OTHER = 3 * RNG.normal(size=(6, 4))
PROBABILITIES = RNG.uniform(0.001, 0.999, (6, 4))
YES_OR_NO = RNG.integers(0, 2, (6, 4)).astype(float)
SHARES = RNG.dirichlet(np.ones(4), 6)
CLASSES = RNG.integers(0, 4, 6)
PICTURES, LABELS = RNG.normal(size=(2, 3, 4, 5)), RNG.integers(0, 3, (2, 4, 5))
LARGE = np.array([1000.0, -1000.0, 1000.0, -1000.0, 50.0, 0.0])

PAIRS = {
    "mse": (nn.mse_loss, F.mse_loss, REAL, OTHER),
    "l1": (nn.l1_loss, F.l1_loss, REAL, OTHER),
    "huber": (nn.huber_loss, F.huber_loss, REAL, OTHER),
    "bce": (nn.binary_cross_entropy, F.binary_cross_entropy, PROBABILITIES, YES_OR_NO),
    "bce, soft": (nn.bce, F.binary_cross_entropy, PROBABILITIES, PROBABILITIES[::-1].copy()),
    "logits": (nn.bce_with_logits, F.binary_cross_entropy_with_logits, REAL, YES_OR_NO),
    "large logits": (
        *(nn.bce_with_logits, F.binary_cross_entropy_with_logits),
        *(LARGE, np.array([0.0, 0, 1, 1, 1, 1])),
    ),
    "classes": (nn.cross_entropy, F.cross_entropy, REAL, CLASSES),
    "shares": (nn.cross_entropy, F.cross_entropy, REAL, SHARES),
    "one sample": (nn.cross_entropy, F.cross_entropy, REAL[0], np.array(2)),
    "pictures": (nn.cross_entropy, F.cross_entropy, PICTURES, LABELS),
    "large scores": (nn.cross_entropy, F.cross_entropy, LARGE.reshape(3, 2), np.array([0, 1, 0])),
    "nll": (nn.nll_loss, F.nll_loss, np.log(SHARES), CLASSES),
    "nll, pictures": (nn.nll_loss, F.nll_loss, log_softmax(PICTURES, 1), LABELS),
}
OPTIONS = {
    "huber, delta": (*PAIRS["huber"], {"delta": 2.5}),
    "smooth classes": (*PAIRS["classes"], {"label_smoothing": 0.1}),
    "smooth shares": (*PAIRS["shares"], {"label_smoothing": 0.3}),
    "smooth pictures": (*PAIRS["pictures"], {"label_smoothing": 0.2}),
}


def agree(ours, theirs):
    ours = getattr(ours, "data", ours)
    np.testing.assert_allclose(ours, np.asarray(theirs), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("name", [*PAIRS, *OPTIONS])
def test_losses_and_their_gradients_agree(name, reduction):
    ours, theirs, y, t, options = (*PAIRS[name], {}) if name in PAIRS else OPTIONS[name]
    mine = Tensor(y)
    foreign = torch.tensor(y, requires_grad=True)
    loss = ours(mine, t, reduction=reduction, **options)
    reference = theirs(foreign, torch.tensor(t), reduction=reduction, **options)
    agree(loss, reference.detach())
    seed = np.random.default_rng(1).normal(size=loss.shape)
    loss.backward(seed)
    reference.backward(torch.tensor(seed))
    agree(mine.grad, foreign.grad)


def test_independent_classes_are_a_soft_margin_times_their_number():
    logits = torch.tensor(REAL, requires_grad=True)
    reference = 4 * F.multilabel_soft_margin_loss(logits, torch.tensor(YES_OR_NO))
    reference.backward()
    y = Tensor(REAL)
    loss = nn.multilabel_log_loss(y.sigmoid(), YES_OR_NO)
    loss.backward()
    agree(loss, reference.detach())
    agree(y.grad, logits.grad)


def test_certain_probabilities_cost_the_same():
    p, t = np.array([0.0, 1.0, 0.0, 1.0]), np.array([0.0, 1.0, 1.0, 0.0])
    reference = F.binary_cross_entropy(torch.tensor(p), torch.tensor(t), reduction="none")
    agree(nn.binary_cross_entropy(p, t, "none"), reference)


# First weights


SHAPES = [(40, 60), (60, 40), (12, 8, 3, 3)]
SIZED = {
    "xavier_uniform_": [{}, {"gain": 2.5}],
    "xavier_normal_": [{}, {"gain": 2.5}],
    "kaiming_uniform_": [{}, {"a": sqrt(5)}, {"mode": "fan_out"}, {"nonlinearity": "tanh"}],
    "kaiming_normal_": [{}, {"a": 0.2}, {"mode": "fan_out"}, {"nonlinearity": "relu"}],
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("name", "options"), [(name, options) for name in SIZED for options in SIZED[name]]
)
def test_random_numbers_are_drawn_from_the_same_distribution(name, options, shape, monkeypatch):
    weight = Tensor(np.zeros(shape))
    asked = []

    class Asked:
        def uniform(self, low, high, size):
            asked.extend([low, high])
            return np.zeros(size)

        def normal(self, mean, std, size):
            asked.extend([mean, std])
            return np.zeros(size)

    monkeypatch.setattr(np.random, "default_rng", lambda rng: Asked())
    getattr(init, name)(weight, **options)

    drawn = []
    kind = "uniform_" if "uniform" in name else "normal_"
    monkeypatch.setattr(torch.Tensor, kind, lambda self, *args, **_: drawn.extend(args) or self)
    getattr(torch.nn.init, name)(torch.zeros(shape), **options)
    assert asked == pytest.approx(drawn, rel=1e-12, abs=0)


def test_gains_agree():
    for name in ("linear", "conv2d", "sigmoid", "tanh", "relu", "leaky_relu"):
        assert init.calculate_gain(name) == pytest.approx(torch.nn.init.calculate_gain(name))
    gain = torch.nn.init.calculate_gain("leaky_relu", 0.3)
    assert init.calculate_gain("leaky_relu", 0.3) == pytest.approx(gain)


@pytest.mark.parametrize("shape", [*SHAPES, (5, 5)])
def test_orthogonal_weights_stand_at_right_angles_on_the_same_side(shape):
    ours = init.orthogonal_(Tensor(np.zeros(shape)), 1.5, rng=0).data.reshape(shape[0], -1)
    theirs = torch.nn.init.orthogonal_(torch.zeros(shape, dtype=torch.float64), 1.5)
    theirs = theirs.numpy().reshape(shape[0], -1)
    assert (len(ours) <= ours.shape[1]) == np.allclose(ours @ ours.T, theirs @ theirs.T)
