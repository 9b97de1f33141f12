"""Frozen layers are not trained: neither their numbers nor their statistics change."""

import numpy as np
import pytest
from trainings import fitted, numbers, table

import nn
from nn.frozen_layers import around, modes


def test_frozen_layers_keep_all_their_numbers_and_are_used_as_in_eval():
    body = nn.Sequential(nn.Linear(3, 8, rng=0), nn.BatchNorm1d(8), nn.Dropout(0.5, rng=1))
    body(np.random.default_rng(2).normal(size=(9, 3)))
    model = nn.Sequential(body, nn.Linear(8, 1, rng=3))
    body.freeze()
    before, head = numbers(body), numbers(model[1])
    seen = body.eval()(table()[0]).data
    history = fitted(model, epochs=3, batch_size=None)
    assert numbers(body) == before
    assert numbers(model[1]) != head
    again = nn.Sequential(body, nn.Linear(8, 1, rng=3))
    assert history["loss"][0] == pytest.approx(nn.mse_loss(again[1](seen), table()[1]).item())


X, Y = table(24)


def test_layers_that_are_frozen_on_the_way_are_used_from_then_on():
    body = nn.Sequential(nn.Linear(3, 4, rng=0), nn.Dropout(0.5, rng=1))
    model = nn.Sequential(body, nn.Linear(4, 1, rng=2))
    optimizer, seen = nn.SGD(model.parameters(), lr=0.05), []

    def freeze(history):
        body.freeze()
        seen.append(float(np.mean((nn.predict(model, X) - Y) ** 2)))

    how = {"loss": nn.mse_loss, "optimizer": optimizer, "batch_size": None}
    history = nn.fit(model, (X, Y), epochs=3, callbacks=[freeze], **how)
    assert history["loss"][1:] == pytest.approx(seen[:-1])


def test_a_module_rests_where_all_its_leaves_are_frozen_and_so_do_those_in_it():
    body = nn.Sequential(nn.Linear(2, 2), nn.Dropout(), nn.BatchNorm1d(2))
    model = nn.Sequential(body, nn.Dropout(), nn.Linear(2, 1))
    body.freeze()
    model[2].bias.constant = True
    paths = {id(module): path for path, module in model.named_modules()}
    assert {paths[id(module)]: is_trained for module, is_trained in modes(model)} == {
        "": True,
        "0": False,
        "0.0": False,
        "0.1": False,  # it has no leaves, and is in what rests
        "0.2": False,
        "1": True,
        "2": True,
    }
    assert all(is_trained for _, is_trained in modes(nn.BatchNorm1d(2, affine=False)))


def test_paths_of_what_something_is_in():
    assert around("layers.0.weight") == ["", "layers", "layers.0"]
    assert around("weight") == [""]
