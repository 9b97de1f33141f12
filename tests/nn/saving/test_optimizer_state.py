"""What an optimizer remembers is packed into few arrays, and only its own parameters unpack it."""

import numpy as np
import pytest
from checkpoints import MODELS, OPTIMIZER, Run, adam, array, exact, put, refusal, refused, rewritten

import nn

library = pytest.importorskip("safetensors.numpy")


def test_values_with_different_histories(path):
    def some(parameters, numbers):
        for p, x in zip(parameters, numbers, strict=True):
            p.grad = x

    model, other = nn.MLP(2, [2, 1], rng=0), nn.MLP(2, [2, 1], rng=1)
    adam, resumed = nn.Adam(model.parameters()), nn.Adam(other.parameters())
    numbers = [None, *[1.0] * 8]
    for _ in range(3):
        some(model.parameters(), numbers)
        adam.step()
        numbers = [None, None, *numbers[:-2], 2.0]
        numbers = numbers[:9]
    nn.save_checkpoint(path, model, adam)
    nn.load_checkpoint(path, other, resumed)
    assert exact(resumed.state_dict()) == exact(adam.state_dict())
    for parameters in (model.parameters(), other.parameters()):
        some(parameters, range(9))
    adam.step()
    resumed.step()
    assert exact(other.state_dict()) == exact(model.state_dict())


def test_the_state_of_values_is_in_few_arrays(path):
    model = nn.MLP(2, [16, 16, 1], rng=0)
    adam = nn.Adam(model.parameters())
    for p in model.parameters():
        p.grad = 1.0
    adam.step()
    nn.save_checkpoint(path, model, adam)
    names = library.load_file(path).keys() - model.state_dict().keys()
    assert names == {"stepgrad/optimizer/0/exp_avg", "stepgrad/optimizer/0/exp_avg_sq"}


@pytest.mark.parametrize("shape", [(), (8,), (10,), (9, 1), (1, 9)])
def test_numbers_for_other_values_are_refused(shape, path):
    run = Run(MODELS["Values"], nn.Adam).train()
    nn.save_checkpoint(path, *run.things)
    rewritten(path, array("stepgrad/optimizer/0/exp_avg", np.ones(9)))
    assert refusal(path, run)[1] is None
    rewritten(path, array("stepgrad/optimizer/0/exp_avg", np.ones(shape)))
    refused(path, run, "the array 0/exp_avg of the optimizer is not of these parameters")


def test_tensors_are_not_taken_for_values(path):
    run = adam(0)
    nn.save_checkpoint(path, *run.things)
    rewritten(path, put(OPTIMIZER, "state", 0, "params", to=[3, 4, 5, 6]))
    refused(path, run)
