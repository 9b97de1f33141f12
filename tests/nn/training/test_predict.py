"""Predictions are those of evaluation, for any number of rows."""

import numpy as np
import pytest
from trainings import network, numbers

import nn
from autograd import ShapeError


def test_predict_changes_nothing_and_takes_any_number_of_rows():
    model = network(nn.Dropout(0.5, rng=0), nn.BatchNorm1d(8)).train()
    before, X = numbers(model), np.random.default_rng(0).normal(size=(700, 3))
    whole = nn.predict(model, X)
    assert whole.shape == (700, 1)
    np.testing.assert_allclose(whole[600:], nn.predict(model, X[600:]), rtol=1e-12)
    assert numbers(model) == before
    assert all(part.training for _, part in model.named_modules())


@pytest.mark.parametrize(
    ("X", "error", "words"),
    [
        (np.ones((0, 3)), ShapeError, r"^predict: X has shape \(0, 3\)\. Give at least one sample"),
        ([[1.0, 2.0, np.nan]], ValueError, r"^predict: X holds nan in row 0, column 2"),
        ([["a", "b", "c"]], TypeError, r"^predict: X holds 'a'"),
    ],
)
def test_what_is_no_sample_is_refused(X, error, words):
    with pytest.raises(error, match=words):
        nn.predict(network(), X)


def test_a_model_that_fails_is_in_its_mode_again():
    model = network(nn.Dropout(0.5, rng=0)).train()
    with pytest.raises(ShapeError):
        nn.predict(model, np.ones((2, 4)))
    assert all(part.training for _, part in model.named_modules())


ROWS = {
    "tensors": lambda: nn.Linear(1, 2, rng=0),
    "two features": lambda: nn.Linear(2, 1, rng=0),
    "values": lambda: nn.MLP(1, [1], rng=0),
}


@pytest.mark.parametrize("name", ROWS)
def test_samples_that_are_single_numbers_are_made_rows_as_advised(name):
    model, x = ROWS[name](), np.linspace(-1, 1, 6)
    x = x[:2] if name == "two features" else x  # it would pass for one sample
    with pytest.raises(
        (ShapeError, TypeError), match=r"^predict: .*X\.reshape\(-1, 1\)\. Of a single"
    ):
        nn.predict(model, x)
    x = x.reshape(1, -1) if name == "two features" else x.reshape(-1, 1)
    assert len(nn.predict(model, x)) == len(x)


def test_models_of_single_numbers_take_them():
    class Square(nn.Module):
        def forward(self, x):
            return x * x

    assert nn.predict(Square(), [1.0, 2.0, 3.0]).tolist() == [1.0, 4.0, 9.0]
