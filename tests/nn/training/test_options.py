"""Options of training that make no sense are refused before anything begins."""

import numpy as np
import pytest
from faulty_trainings import X, Y, refused_and_unchanged
from trainings import network

import nn
from nn.training.options import Options, whole

FAULTS = {
    "epochs": ((X, Y), {"epochs": -1}, ValueError, ["epochs=-1"]),
    "epochs, half": ((X, Y), {"epochs": 1.5}, ValueError, ["epochs=1.5"]),
    "batch size": ((X, Y), {"batch_size": 0}, ValueError, ["batch_size=0"]),
    "batch size, true": ((X, Y), {"batch_size": True}, ValueError, ["batch_size=True"]),
    "patience": ((X, Y), {"patience": 0}, ValueError, ["patience=0"]),
    "a loss by name": ((X, Y), {"loss": "mse"}, TypeError, ["'mse'", "nn.mse_loss"]),
    "an optimizer by name": ((X, Y), {"optimizer": "adam"}, TypeError, ["'adam'", "nn.Adam("]),
    "an optimizer class": ((X, Y), {"optimizer": nn.SGD}, TypeError, ["SGD", "nn.Adam("]),
    "a seed in words": ((X, Y), {"seed": "a"}, ValueError, ["seed='a'"]),
    "a callback alone": ((X, Y), {"callbacks": print}, TypeError, ["callbacks", "list"]),
    "no callback": ((X, Y), {"callbacks": [1]}, TypeError, ["callbacks", "functions"]),
    "metrics in a list": ((X, Y), {"metrics": [nn.accuracy]}, TypeError, ["metrics", "name"]),
    "metrics in words": ((X, Y), {"metrics": {"a": "b"}}, TypeError, ["metrics"]),
    "a metric called loss": ((X, Y), {"metrics": {"loss": nn.accuracy}}, ValueError, ["'loss'"]),
    "a metric called val": ((X, Y), {"metrics": {"val_a": nn.accuracy}}, ValueError, ["'val_a'"]),
    "a schedule by name": ((X, Y), {"schedule": "cosine"}, TypeError, ["'cosine'"]),
    "another schedule": (
        (X, Y),
        {"schedule": nn.ExponentialLR(nn.SGD(network().parameters(), lr=0.1), 0.5)},
        ValueError,
        ["another optimizer"],
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_does_not_fit_is_refused_before_anything_is_changed(name):
    refused_and_unchanged(*FAULTS[name])


@pytest.mark.parametrize("kind", [int, np.int64, np.uint8])
def test_whole_numbers_of_any_type_become_those_of_python(kind):
    found = whole("epochs", kind(3), least=3)
    assert (found, type(found)) == (3, int)
    with pytest.raises(ValueError, match=r"^fit: got epochs=.*3.*\. Give a whole number from 4 on"):
        whole("epochs", kind(3), least=4)


def test_a_generator_goes_on_and_a_number_starts_one():
    optimizer, rng = nn.SGD(network().parameters()), np.random.default_rng(3)

    def options(seed):
        return Options(nn.mse_loss, optimizer, 1, None, None, None, None, iter([print]), seed)

    assert options(rng).rng is rng
    assert options(3).rng.random() == rng.random()
    assert options(3).called == [print]
