"""Data to make faults in, and a look at whether a fault changed anything."""

import numpy as np
import pytest
from trainings import network

import nn


def everything(model, optimizer):
    """Give all numbers of a model and an optimizer, bit for bit."""
    state = optimizer.state_dict()
    remembered = {
        (i, name): np.asarray(x).tobytes()
        for i, memory in state["state"].items()
        for name, x in memory.items()
    }
    numbers = {name: x.tobytes() for name, x in model.state_dict().items()}
    return numbers, remembered, repr(state["param_groups"])


def with_one(X, place, number):
    X = X.copy()
    X[place] = number
    return X


DICE = np.random.default_rng(5)
X, Y = DICE.normal(size=(20, 3)), DICE.normal(size=(20, 1))
CLASSES = np.arange(20) % 3


def refused_and_unchanged(data, options, error, words):
    """See that fit says what does not fit, and leaves model and optimizer as they are."""
    outputs = 3 if options.get("loss") is nn.cross_entropy else 1
    model = network(nn.BatchNorm1d(8), nn.Dropout(0.2, rng=1), outputs=outputs)
    optimizer = nn.Adam(model.parameters())
    before = everything(model, optimizer)
    model[0].eval()
    modes = [part.training for _, part in model.named_modules()]
    with pytest.raises(error) as caught:
        nn.fit(model, data, **{"loss": nn.mse_loss, "optimizer": optimizer, **options})
    assert all(word in str(caught.value) for word in words), caught.value
    assert everything(model, optimizer) == before
    assert [part.training for _, part in model.named_modules()] == modes
