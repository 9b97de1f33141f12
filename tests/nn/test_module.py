"""A module finds its parameters wherever an attribute can hold them, each once."""

import copy
import pickle
from typing import NamedTuple

import numpy as np
import pytest

from autograd import Graph, Value
from nn import MLP, Dropout, Layer, Linear, Module, Neuron, Sequential, Tanh

each_copy = pytest.mark.parametrize(
    "copied",
    [copy.deepcopy, lambda module: pickle.loads(pickle.dumps(module))],
    ids=["deepcopy", "pickle"],
)


class Pair(NamedTuple):
    first: Value
    second: Value


class Leaf(Module):
    def __init__(self, x=1.0):
        self.x = Value(x)

    def forward(self, y):
        return self.x * y


class Tree(Module):
    """Parameters in every place where one may be kept, and things that are none."""

    def __init__(self):
        self.attribute = Value(1.0)
        self.listed = [Value(2.0), [Value(3.0)]]
        self.paired = (Value(4.0), Pair(Value(5.0), Value(6.0)))
        self.keyed = {"a": Value(7.0), 1: Value(8.0)}
        self.inner = Leaf(9.0)
        self.inners = [Leaf(10.0), {"deep": (Leaf(11.0),)}]
        self.again = self.attribute
        self.inner_again = self.inner
        self.constant = Value(-1.0, constant=True)
        self.result = self.attribute * 2
        self.number, self.text, self.nothing = 3.0, "x", None

    def forward(self, y):
        return self.inner(y) + self.attribute


def test_parameters_are_found_everywhere_in_order_and_once():
    assert [parameter.data for parameter in Tree().parameters()] == [float(i) for i in range(1, 12)]


def test_parameters_have_dotted_paths():
    assert [path for path, _ in Tree().named_parameters()] == [
        "attribute",
        "listed.0",
        "listed.1.0",
        "paired.0",
        "paired.1.0",
        "paired.1.1",
        "keyed.a",
        "keyed.1",
        "inner.x",
        "inners.0.x",
        "inners.1.deep.0.x",
    ]


def test_constants_and_results_are_no_parameters():
    tree = Tree()
    found = tree.parameters()
    assert tree.constant not in found
    assert tree.result not in found


def test_parameters_are_looked_up_anew():
    leaf = Leaf()
    leaf.y = Value(2.0)
    assert [path for path, _ in leaf.named_parameters()] == ["x", "y"]
    del leaf.x
    assert [path for path, _ in leaf.named_parameters()] == ["y"]


def test_a_module_that_holds_its_owner_is_entered_once():
    tree = Tree()
    tree.inner.owner = tree
    assert len(tree.parameters()) == 11


def test_a_module_that_holds_its_owner_can_be_shown():
    tree = Tree()
    tree.inner.owner = tree
    assert "Leaf" in repr(tree)


def test_zero_grad_forgets_every_gradient():
    tree = Tree()
    tree(2.0).backward()
    assert [tree.attribute.grad, tree.inner.x.grad] == [1.0, 2.0]
    tree.zero_grad()
    assert {parameter.grad for parameter in tree.parameters()} == {None}


def test_calling_runs_forward_and_remembers_the_module():
    tree = Tree()
    y = tree(2.0)
    assert y.data == 19.0
    inner = y.inputs[0]
    assert (y.scope.name, inner.scope.name) == ("Tree", "Leaf")
    assert inner.scope.outer is y.scope
    assert [node.scope for node in Graph(y).nodes if node.op] == [("Tree", "Leaf"), ("Tree",)]


def test_two_calls_are_two_scopes():
    leaf = Leaf()
    y = leaf(leaf(2.0))
    assert [node.scope for node in Graph(y).nodes if node.op] == [("Leaf 1",), ("Leaf 2",)]


def test_a_module_without_forward_says_so():
    with pytest.raises(NotImplementedError, match=r"^Module: write its forward"):
        Module()(1.0)


def test_repr_shows_the_parts():
    assert repr(Leaf()) == "Leaf()"
    assert repr(Tree()) == (
        "Tree(\n"
        "  (inner): Leaf()\n"
        "  (inners.0): Leaf()\n"
        "  (inners.1.deep.0): Leaf()\n"
        "  (inner_again): Leaf()\n"
        ")"
    )


def test_repr_indents_parts_of_parts():
    class Two(Module):
        def __init__(self):
            self.model = MLP(2, [3, 1])
            self.head = Layer(1, 2, activation=None)
            self.neuron = Neuron(2)

    assert repr(Two()) == (
        "Two(\n"
        "  (model): MLP(\n"
        "    (layers.0): Layer(2, 3, relu)\n"
        "    (layers.1): Layer(3, 1, linear)\n"
        "  )\n"
        "  (head): Layer(1, 2, linear)\n"
        "  (neuron): Neuron(2, relu)\n"
        ")"
    )


@each_copy
def test_a_copy_of_a_module_is_independent(copied):
    model = MLP(2, [3, 1])
    twin = copied(model)
    assert twin([1.0, 2.0]).data == model([1.0, 2.0]).data
    before = [p.data for p in model.parameters()]
    for p in twin.parameters():
        p.data = 0.0
    assert [p.data for p in model.parameters()] == before


@each_copy
def test_a_copy_has_the_parameters_of_the_original(copied):
    tree = Tree()
    twin = copied(tree)
    assert twin.again is twin.attribute
    assert [(path, p.data) for path, p in twin.named_parameters()] == [
        (path, p.data) for path, p in tree.named_parameters()
    ]


class Averaging(Module):
    """Parameters, a buffer and a module in it that is used twice."""

    buffer_names = ("running",)

    def __init__(self):
        self.scale = Value(2.0)
        self.running = Value(0.5, constant=True)
        self.inner = Leaf(3.0)

    def forward(self, y):
        return self.inner(self.inner(y)) * self.scale + self.running


class Pile(Module):
    def __init__(self):
        self.parts = [Averaging(), Averaging()]
        self.own = Value(7.0)

    def forward(self, y):
        return self.parts[1](self.parts[0](y)) * self.own


def test_buffers_are_saved_and_never_trained():
    model = Pile()
    paths = ["own", *(f"parts.{i}.{name}" for i in (0, 1) for name in ("scale", "inner.x"))]
    assert [path for path, _ in model.named_parameters()] == paths
    assert [path for path, _ in model.named_buffers()] == ["parts.0.running", "parts.1.running"]
    assert {*model.state_dict()} == {*paths, "parts.0.running", "parts.1.running"}


def test_training_and_evaluation_reach_every_module():
    model = Pile()
    assert all(module.training for _, module in model.named_modules())
    assert model.eval() is model
    assert not any(module.training for _, module in model.named_modules())
    assert [path for path, _ in model.train().named_modules()] == [
        *("", "parts.0", "parts.0.inner", "parts.1", "parts.1.inner"),
    ]
    assert all(module.training for _, module in model.named_modules())


def test_what_is_frozen_is_left_alone_and_comes_back():
    model = Pile()
    model.parts[0].freeze()
    assert [path for path, _ in model.named_parameters()] == [
        *("own", "parts.1.scale", "parts.1.inner.x")
    ]
    model(2.0).backward()
    assert model.parts[0].scale.grad is None
    assert model.parts[1].scale.grad is not None
    assert {*model.state_dict()} == {*Pile().state_dict()}
    model.unfreeze()
    assert len(model.parameters()) == 5
    assert all(leaf.constant for _, leaf in model.named_buffers())


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


def test_what_is_frozen_forgets_its_gradient_and_what_others_gave_it():
    model = Pile()
    model(2.0).backward()
    model.parts[0].freeze()
    assert model.parts[0].scale.grad is None
    model.parts[1].scale.grad = 1.0
    model.parts[1].scale.constant = True
    model.zero_grad()
    assert model.parts[1].scale.grad is None


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


def test_a_module_that_holds_itself_is_walked_once():
    model = Leaf()
    model.again = model
    assert [path for path, _ in model.named_leaves()] == ["x"]


def test_a_module_that_is_in_no_attribute_shows_under_its_kind():
    class Outer(Module):
        def forward(self, y):
            return Leaf(2.0)(y)

    assert list(Outer().activations(1.0)) == ["input", "Leaf", "output"]
