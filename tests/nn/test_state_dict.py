"""The numbers of a model go to another by their paths; what does not fit changes nothing."""

import numpy as np
import pytest
from trees import Pile, Tree

from autograd import Value
from nn import Linear, Sequential, Tanh


def test_a_state_goes_from_one_model_to_another():
    model, other = Pile(), Pile()
    for k, (_, leaf) in enumerate(model.named_leaves()):
        leaf.data = k + 0.5
    other.load_state_dict(model.state_dict())
    assert other(1.5).data == model(1.5).data
    state = model.state_dict()
    state["own"][...] = 100.0
    assert model.own.data == 0.5


def test_a_state_that_does_not_fit_is_refused_with_all_faults():
    model = Pile()
    before = model.state_dict()
    state = {**before, "own": np.zeros(2), "parts.1.scale": 9.0, "extra": 1.0}
    del state["parts.0.scale"]
    with pytest.raises(ValueError, match=r"\.0\.scale is missing; extra is not known here; own "):
        model.load_state_dict(state)
    assert model.state_dict() == before
    with pytest.raises(ValueError, match=r"own has shape \(2,\), here \(\)\. Give the state"):
        model.load_state_dict(state, strict=False)
    assert model.state_dict() == before
    del state["own"]
    model.load_state_dict(state, strict=False)
    assert model.parts[1].scale.data == 9.0


def test_a_state_of_words_changes_nothing():
    model = Pile()
    before = model.state_dict()
    with pytest.raises(ValueError, match=r"own holds <U1, not real numbers"):
        model.load_state_dict({**before, "parts.0.scale": 9.0, "own": "a"})
    assert model.state_dict() == before


def test_leaves_of_one_name_are_not_lost():
    model = Tree()
    model.keyed["1"] = Value(0.0)
    with pytest.raises(ValueError, match=r"^Tree: two leaves are called 'keyed\.1'\. Rename"):
        model.state_dict()


def test_a_shared_module_has_all_its_names():
    shared = Linear(2, 2)
    model = Sequential(shared, Tanh(), shared)
    assert list(model.state_dict()) == ["0.weight", "0.bias", "2.weight", "2.bias"]
    assert [path for path, _ in model.named_parameters()] == ["0.weight", "0.bias"]
    model.load_state_dict(model.state_dict())
