"""Models of Tensors give rows for rows, a part of them at a time."""

import numpy as np
import pytest
from faulty_trainings import X, Y
from trainings import Penalized, with_penalty

import nn


def test_a_model_that_gives_no_tensor_is_refused():
    class Two(nn.Module):
        def __init__(self):
            self.linear = nn.Linear(3, 1, rng=0)

        def forward(self, x):
            return {"y": self.linear(x)}

    model = Two()
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    with pytest.raises(TypeError, match=r"gives a dict.*one Tensor"):
        nn.fit(model, (X, Y), loss=nn.mse_loss, optimizer=optimizer)


def test_a_loss_made_in_forward_is_measured_with_the_rows_it_belongs_to():
    rows = np.random.default_rng(0).normal(size=(700, 3))
    model = Penalized()
    optimizer = nn.SGD(model.parameters(), lr=0.0)
    loss = with_penalty(model, optimizer, None)
    history = nn.fit(model, (X, Y), loss=loss, optimizer=optimizer, validation=(rows, rows[:, :1]))
    y = nn.predict(model, rows)
    expected = np.mean((y - rows[:, :1]) ** 2) + np.mean(y**2)
    assert history["val_loss"] == pytest.approx([expected])


def test_a_loss_of_pairs_is_never_asked_about_all_rows_at_once():
    sizes = []

    def pairs(p, t):
        sizes.append(len(p))
        return ((p - p.T) ** 2).mean()

    model, rows = nn.Linear(3, 1, rng=0), np.ones((3000, 3))
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    data = (rows, rows[:, :1])
    nn.fit(model, data, loss=pairs, optimizer=optimizer, batch_size=16, validation=data)
    assert max(sizes) <= 256
