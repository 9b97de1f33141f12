"""A module finds its parameters wherever an attribute can hold them, each once."""

import copy
import pickle
from typing import NamedTuple

import pytest

from autograd import Graph, Value
from nn import MLP, Layer, Module, Neuron

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
