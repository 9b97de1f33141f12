"""What every module gives, and its shape, can be looked at; looking changes nothing."""

import numpy as np
import pytest
from trees import Leaf, Pile

from autograd import Value, trace
from nn import (
    MLP,
    BatchNorm1d,
    Conv2d,
    Dropout,
    LayerNorm,
    LeNet5,
    Linear,
    Module,
    Neuron,
    Sequential,
    Tanh,
)
from nn.inspection import calls, evaluating, is_of_values, nested, nodes_of, numbers_in, type_of


def test_activations_are_what_every_module_gave():
    model = Pile()
    found = model.activations(1.0)
    assert list(found) == [
        *("input", "parts.0.inner", "parts.0.inner#2", "parts.0"),
        *("parts.1.inner", "parts.1.inner#2", "parts.1", "output"),
    ]
    assert found["input"] == 1.0
    assert found["parts.0"].data == 18.5
    assert found["output"].data == model(1.0).data


def test_a_summary_shows_shapes_and_counts_and_changes_nothing():
    shared = Linear(3, 3)
    model = Sequential(Dropout(0.5), shared, Sequential(Tanh(), shared)).train()
    model[1].eval()
    assert model.summary((3,)).splitlines() == [
        "layer  module          output shape  parameters",
        "0      Dropout(p=0.5)  (3,)                   0",
        "1      Linear(3, 3)    (3,)                  12",
        "2.0    Tanh()          (3,)                   0",
        "1#2    Linear(3, 3)    (3,)               again",
        "total                                        12",
    ]
    modes = {path: module.training for path, module in model.named_modules()}
    assert [path for path in modes if not modes[path]] == ["1"]


def test_summaries_of_values_are_read_sample_by_sample():
    assert MLP(2, [3, 1]).summary(2).splitlines()[-2:] == [
        "layers.1.neurons.0  Neuron(3, linear)  ()                     4",
        "total                                                        13",
    ]


def test_a_module_that_is_in_no_attribute_shows_under_its_kind():
    class Outer(Module):
        def forward(self, y):
            return Leaf(2.0)(y)

    assert list(Outer().activations(1.0)) == ["input", "Leaf", "output"]


def test_a_model_that_fails_is_in_its_modes_again():
    model = Sequential(Dropout(0.5), Linear(2, 2)).train()
    model[1].eval()
    seen = []

    def fail():
        with evaluating(model):
            seen.extend(part.training for _, part in model.named_modules())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert seen == [False] * 3
    assert [part.training for _, part in model.named_modules()] == [True, True, False]


def test_calls_are_noted_only_while_activations_are_asked_for():
    model = Pile()
    with pytest.raises(TypeError):
        model.activations("no number")
    assert calls.get() is None
    model(1.0)
    assert calls.get() is None


def test_the_type_of_a_model_is_that_of_its_tensors():
    assert type_of(Linear(2, 2, dtype=np.float32)) == np.float32
    assert type_of(MLP(2, [1])) == type_of(Tanh()) == np.float64
    assert is_of_values(MLP(2, [1]))
    assert not is_of_values(Linear(2, 2))


def test_nodes_are_found_and_numbers_read_in_lists_as_they_stand():
    a, b, c = Value(1.0), Value(2.0), Value(3.0)
    assert nodes_of({"x": [a, (b,)], "y": c, "z": 4.0}) == [a, b, c]
    assert numbers_in([a, (b, c)]) == [1.0, [2.0, 3.0]]
    assert nested(iter([1, 2, 3, 4, 5, 6]), (3, 2)) == [[1, 2], [3, 4], [5, 6]]
    assert nested(iter([1]), ()) == 1


class Two(Module):
    """Takes what its first layer with parameters takes."""

    def __init__(self, first):
        self.activation, self.first, self.second = Tanh(), first, Linear(7, 2)

    def forward(self, x):
        return self.second(self.first(self.activation(x)))


SHAPES = {
    "Linear": (Linear(3, 7), (3,)),
    "an activation": (Tanh(), None),
    "inside": (Two(Linear(3, 7)), (3,)),
    "a convolution": (Sequential(Tanh(), Conv2d(1, 2, 3), Linear(3, 4)), None),
    "a neuron": (Neuron(5), (5,)),
    "MLP": (MLP(4, [2, 1]), (4,)),
    "LeNet5": (LeNet5(channels=3), (3, 32, 32)),
    "BatchNorm1d": (BatchNorm1d(6), (6,)),
    "LayerNorm": (LayerNorm((2, 3)), (2, 3)),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_model_takes_samples_of_the_shape_that_its_first_layer_tells(name):
    model, shape = SHAPES[name]
    assert model.input_shape == shape
    if shape is None:
        with pytest.raises(ValueError, match=f"^{type(model).__name__}: its first layer does not"):
            model.example()
    else:
        assert model.example()


def test_an_example_is_computed_as_when_a_model_is_used():
    model = Sequential(Dropout(0.5), Linear(3, 2)).train()
    x = np.ones((4, 3))
    (y,) = model.example(x)
    assert np.array_equal(y.data, model.eval()(x).data)
    assert y.inputs[0].name == "x"


def test_an_example_of_values_has_names_and_takes_nodes():
    x = Value(2.0, name="mine")
    (y,) = MLP(2, [1]).example([x, 3.0])
    names = {node.name: node.data for node in trace(y) if node.op is None and node.name}
    assert names == {"mine": 2.0, "x2": 3.0}
