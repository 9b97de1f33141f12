"""A module finds its parameters wherever an attribute can hold them, each once."""

import copy
import pickle

import numpy as np
import pytest
from trees import Leaf, Pile, Tree

import nn
from autograd import Graph, Value
from nn import MLP, Layer, Module, Neuron

each_copy = pytest.mark.parametrize(
    "copied",
    [copy.deepcopy, lambda module: pickle.loads(pickle.dumps(module))],
    ids=["deepcopy", "pickle"],
)


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
    assert not any(parameter.reached for parameter in tree.parameters())


def test_calling_runs_forward_and_remembers_the_module():
    tree = Tree()
    y = tree(2.0)
    assert y.data == 19.0
    inner = y.inputs[0]
    assert (y.scope.name, inner.scope.name) == ("Tree", "Leaf")
    assert inner.scope.outer is y.scope
    assert [node.scope for node in Graph(y).nodes if node.op] == [("Tree", "inner"), ("Tree",)]


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
    assert not model.parts[0].scale.reached
    assert model.parts[1].scale.reached
    assert {*model.state_dict()} == {*Pile().state_dict()}
    model.unfreeze()
    assert len(model.parameters()) == 5
    assert all(leaf.constant for _, leaf in model.named_buffers())


def test_what_is_frozen_forgets_its_gradient_and_what_others_gave_it():
    model = Pile()
    model(2.0).backward()
    model.parts[0].freeze()
    assert not model.parts[0].scale.reached
    model.parts[1].scale.grad = 1.0
    model.parts[1].scale.constant = True
    model.zero_grad()
    assert not model.parts[1].scale.reached


def test_a_module_that_holds_itself_is_walked_once():
    model = Leaf()
    model.again = model
    assert [path for path, _ in model.named_leaves()] == ["x"]


def test_in_place_operators_are_refused_too_and_numbers_set_as_advised():
    layer = nn.Linear(2, 1, rng=0)
    kept, numbers = layer.weight, layer.weight.data
    with pytest.raises(TypeError, match=r"a result of mul .*weight\.data = "):
        layer.weight *= 2.0
    layer.weight.data = 2.0 * layer.weight.data
    assert layer.weight is kept
    assert (layer.weight.data == 2 * numbers).all()


def test_results_arrays_and_states_may_come_and_go_where_no_parameter_is():
    class Cell(Module):
        def __init__(self):
            self.w, self.state = Value(0.5), Value(0.0, constant=True)
            self.seen = None

        def forward(self, x):
            self.seen = self.state = self.state * self.w + x
            return self.state

    cell = Cell()
    assert cell(1.0).data == 1.0
    assert cell(1.0).data == 1.5
    cell.seen = np.ones(3)
    assert copy.deepcopy(cell)(1.0).data == 1.75
