"""What training could not change does not take the place of a parameter, in any module."""

import numpy as np
import pytest
from picklable import SAMPLES
from trees import Leaf, Tree

import nn
from autograd import Node
from nn.module import parts_of


def places_of(module):
    """Give the attributes that hold leaves, with one of them."""
    return {
        path.partition(".")[0]: leaf
        for path, leaf in reversed(parts_of(module, Node))
        if leaf.op is None
    }


def is_module(name):
    kind = vars(nn).get(name.removeprefix("nn."))
    return isinstance(kind, type) and issubclass(kind, nn.Module)


MODULES = {name: make for name, make in SAMPLES.items() if is_module(name) and places_of(make())}
MODULES["Tree"] = Tree
NO_LEAVES = {
    "a result": lambda leaf: leaf * 2.0,
    "an array": lambda leaf: np.ones(np.shape(leaf.data)),
    "numbers": lambda leaf: np.ones(np.shape(leaf.data)).tolist(),
    "a list of results": lambda leaf: [leaf * 2.0],
    "a dict of arrays": lambda leaf: {"a": np.ones(3)},
    "a word": lambda leaf: "weight",
}
LEAVES = {
    "another leaf": lambda leaf: type(leaf)(leaf.data),
    "a constant": lambda leaf: type(leaf)(leaf.data, constant=True),
    "leaves": lambda leaf: [type(leaf)(leaf.data), (leaf,)],
    "nothing": lambda leaf: None,
    "a module": lambda leaf: Leaf(),
}


def test_all_kinds_of_modules_with_leaves_are_found():
    assert {"nn.Linear", "nn.Conv2d", "nn.BatchNorm1d", "nn.LayerNorm", "nn.Neuron"} < {*MODULES}


@pytest.mark.parametrize("new", NO_LEAVES)
@pytest.mark.parametrize("name", MODULES)
def test_what_cannot_be_a_parameter_does_not_take_the_place_of_one(name, new):
    module = MODULES[name]()
    places = places_of(module)
    assert places
    for place, leaf in places.items():
        before = vars(module)[place]
        if leaf.constant and place not in module.buffer_names and "result" in new:
            continue  # a state, which forward may compute
        with pytest.raises(TypeError, match=rf": {place}.*parameter.*\.data = "):
            setattr(module, place, NO_LEAVES[new](leaf))
        assert vars(module)[place] is before


@pytest.mark.parametrize("new", LEAVES)
@pytest.mark.parametrize("name", MODULES)
def test_leaves_modules_and_nothing_take_the_place_of_a_parameter(name, new):
    module = MODULES[name]()
    for place, leaf in places_of(module).items():
        thing = LEAVES[new](leaf)
        setattr(module, place, thing)
        assert vars(module)[place] is thing
