"""What is no probability has no log loss, and is refused with the loss that takes it."""

import numpy as np
import pytest
from losses import OF_PROBABILITIES, sample

import nn
from autograd import Tensor, Value, compile, log_softmax, softmax

FORMS = {
    "array": lambda p: p,
    "float32": lambda p: p.astype(np.float32),
    "constant": lambda p: Tensor(p, constant=True),
    "leaf": Tensor,
    "result": lambda p: Tensor(p) * 1.0,
    "lists": lambda p: p.tolist(),
}
every_form = pytest.mark.parametrize("form", FORMS)


@every_form
@pytest.mark.parametrize("wrong", [-0.01, 1.01, -np.inf, np.inf])
@pytest.mark.parametrize("name", sorted(OF_PROBABILITIES))
def test_every_loss_of_probabilities_refuses_what_is_none(name, wrong, form):
    p, t = sample(name)
    loss = getattr(nn, name)
    assert np.isfinite(loss(FORMS[form](p), t).item())
    p[2, 1] = wrong
    with pytest.raises(ValueError, match=rf"got the prediction {wrong:.4g}\..*bce_with_logits"):
        loss(FORMS[form](p), t)


@pytest.mark.parametrize("form", [lambda p: p, Value, lambda p: [Value(0.5), Value(p)]])
@pytest.mark.parametrize("wrong", [-0.01, 1.01])
def test_a_value_that_is_no_probability_is_refused(wrong, form):
    with pytest.raises(ValueError, match="takes probabilities"):
        nn.bce(form(wrong), 1 if isinstance(form(wrong), Value | float) else [1, 1])


@every_form
@pytest.mark.parametrize("shape", [(4,), (5, 4), (5, 4, 3)])
def test_nll_loss_refuses_what_are_no_logarithms_of_probabilities(shape, form):
    rng = np.random.default_rng(0)
    axis = -max(1, len(shape) - 1)
    z, t = rng.normal(size=shape), rng.integers(0, 4, np.delete(shape, axis))
    logarithms = log_softmax(z, axis)
    assert np.isfinite(nn.nll_loss(FORMS[form](logarithms), t).item())
    for wrong in (z, z - z.max() - 5, softmax(z, axis), logarithms - 0.1, logarithms + 0.1):
        with pytest.raises(ValueError, match=r"^nll_loss: got .*cross_entropy.*log_softmax"):
            nn.nll_loss(FORMS[form](wrong), t)


def test_certain_predictions_and_few_digits_are_probabilities():
    assert nn.bce([0.0, 1.0], [0, 1]).item() == 0
    assert nn.nll_loss([[0.0, -np.inf], [-0.1, -2.3]], [0, 0]).item() == 0.05
    assert nn.nll_loss(np.full((1, 3), np.log(np.float32(1 / 3))), [0]).item() > 1


def test_nan_has_its_cause_elsewhere():
    with np.errstate(invalid="ignore"):
        assert np.isnan(nn.bce([0.5, np.nan], [0, 1]).item())
    assert np.isnan(nn.nll_loss([[np.nan, -1.0]], [0]).item())


def test_a_recording_is_not_hindered():
    f = compile(lambda z: nn.bce(z.sigmoid(), [1, 0]) + nn.nll_loss(log_softmax(z), 0))
    assert f(np.array([0.5, 1.0])) == pytest.approx(f(np.array([0.5, 1.0])))
    assert "1 recording" in repr(f)
