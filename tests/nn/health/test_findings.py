"""What was seen is numbers and words alone: it can be copied, and keeps no model."""

import copy
import gc
import pickle
import weakref

import numpy as np
import pytest
from patients import fitted, of_tensors, of_values, stack, train

import nn
from nn.health.findings import Health


def test_health_is_copied_and_pickled():
    model = stack(nn.ReLU, 64, 8, 10)
    health, _ = train(model, nn.SGD(model.parameters(), 0.1), updates=2)
    assert repr(copy.deepcopy(health)) == repr(health)
    assert repr(pickle.loads(pickle.dumps(health))) == repr(health)


@pytest.mark.slow
@pytest.mark.parametrize("make", [of_values, of_tensors])
def test_a_history_does_not_keep_the_model(make):
    model = make()
    model.scale = lambda x: x
    history = fitted(model, epochs=2)
    assert repr(pickle.loads(pickle.dumps(history)).health) == repr(history.health)
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None
    assert history.health.updates == [1, 2]


def test_curves_have_one_length_whenever_a_layer_is_seen():
    health = Health()
    assert repr(health) == "Health: no look was taken yet"
    health.add(1, {"0": {"gradient_norm": 0.5}})
    health.add(2, {"2": {"gradient_norm": 0.25, "dead": 1.0}})
    assert health.updates == [1, 2]
    assert {len(curve) for curves in health.values() for curve in curves.values()} == {2}
    np.testing.assert_array_equal(health["0"]["gradient_norm"], [0.5, np.nan])
    np.testing.assert_array_equal(health["2"]["gradient_norm"], [np.nan, 0.25])
    health.findings.append("something is wrong")
    assert repr(health).splitlines() == [
        "after update 2",
        "layer  gradient  update/weight  dead  saturated",
        "0             -              -     -          -",
        "2       2.5e-01              -  100%          -",
        "something is wrong",
    ]
