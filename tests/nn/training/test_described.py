"""Things are described in plain words: what Python remembers of them only by chance is left out."""

import json
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import nn
from autograd import tanh
from nn.training.described import CHANGES, described, differing, lasting

ROOT = Path(__file__).parents[3]


class Focal:
    def __init__(self, gamma):
        self.gamma = gamma

    def __call__(self, p, t):
        return p


def closed_over(rate):
    return lambda p, t: rate * p


def test_names_arguments_and_attributes_are_told():
    assert described(
        loss=partial(partial(nn.huber_loss, delta=2.0), reduction="sum"),
        own=Focal(np.float32(0.5)),
        method=Focal(1).__call__,
        ops=[tanh, None],
        kind=nn.SGD,
        infinite=float("inf"),
        nothing={},
    ) == {
        "loss": "huber_loss",
        "loss.delta": 2.0,
        "loss.reduction": "sum",
        "own": "Focal",
        "own.gamma": 0.5,
        "method": "__call__",
        "method.self": "Focal",
        "method.self.gamma": 1,
        "ops.0": "tanh",
        "ops.1": None,
        "kind": "SGD",
        "infinite": "inf",
        "nothing": None,
    }


def test_functions_without_a_name_are_told_apart_by_code_and_what_they_close_over():
    def differ(f, g):
        return bool(differing(described(f=f), described(f=g)))

    assert not differ(lambda p, t: p + 0.5, lambda p, t: p + 0.5)
    assert differ(lambda p, t: p + 0.5, lambda p, t: p + 0.25)
    assert differ(lambda p: p.sum(), lambda p: p.mean())
    assert differ(lambda p: [x + 1 for x in p], lambda p: [x + 2 for x in p])
    assert differ(closed_over(0.1), closed_over(0.2))
    assert not differ(closed_over(0.1), closed_over(0.1))


def test_what_holds_itself_is_told_once_and_arrays_by_their_numbers():
    model = nn.Sequential(nn.Tanh())
    model.owner = model
    model.mask = np.ones(3)
    found = described(model=model)
    assert [*found] == ["model", "model.0", "model.0.op", "model.0.params", "model.mask"]
    model.mask = np.zeros(3)
    assert [*differing(found, described(model=model))] == ["model.mask"]
    assert described(many=list(range(10**6))) == {"many": "1000000 things"}


def test_what_changes_while_it_is_trained_tells_nothing_apart():
    before, now = {"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 5, "d": 4}
    kept = lasting(before, now)
    assert kept == {"a": 1, "b": CHANGES, "c": CHANGES, "d": CHANGES}
    assert differing(kept, {"a": 1, "b": 7}) == {}
    assert differing(kept, {"a": 2, "e": None}) == {"a": (1, 2)}


DESCRIBING = """
import json, nn
from nn.training.described import described
loss = lambda p, t: p if t in {"one", "two", "three"} else 2 * p
print(json.dumps(described(model=nn.LeNet5(rng=0), loss=loss)))
"""


@pytest.mark.slow
def test_another_process_tells_the_same():
    found = {
        subprocess.run(
            [sys.executable, "-c", DESCRIBING],
            cwd=ROOT,
            check=True,
            capture_output=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1
    assert json.loads(found.pop())["model.0"] == "Conv2d"


def test_code_of_another_python_is_not_compared():
    assert differing({"f.code of Python 3.9": "a"}, {"f.code of Python 3.10": "b"}) == {}
