"""What all nodes have: a place in the graph, a name, copies without history, a short look."""

import copy
import pickle

import numpy as np
import pytest

import autograd
from autograd import (
    Graph,
    GraphError,
    Scope,
    Tensor,
    Value,
    backprop,
    detach,
    exp,
    grad,
    gradients,
    hessian,
    hvp,
    jacobian,
    jvp,
    mul,
    relu,
    sin,
    sum,
    tanh,
    trace,
    unroll,
    vjp,
)
from autograd.engine import grads_of, set_grads


def test_methods_equal_functions():
    for x in (-1.5, 0.0, 1.5):
        for method, function in ((Value.exp, exp), (Value.relu, relu), (Value.tanh, tanh)):
            first, second = method(Value(x)), function(Value(x))
            assert first.data == second.data
            assert first.op is second.op
            assert first.params == second.params
    x = Value(0.0)
    x.relu().backward()
    assert x.grad == 0.0


KINDS = {Value: 3.0, Tensor: [3.0, -2.0]}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("of", [lambda x: x.detach(), detach], ids=["method", "function"])
def test_a_detached_node_is_a_constant_that_was_computed(kind, of):
    x = kind(KINDS[kind], name="x")
    y = of(x)
    assert (y.op, y.inputs, y.constant, x.constant) == (detach, (x,), True, False)
    assert np.array_equal(y.data, x.data)
    with pytest.raises(GraphError, match="depends on constants only"):
        y.backward()
    with pytest.raises(GraphError, match="is a constant"):
        gradients(y * x, [y], x)
    z = y * x * of(x * x)
    z.backward(np.ones(np.shape(x.data)) if kind is Tensor else 1.0)
    assert np.array_equal(x.grad, x.data**3)
    assert not y.reached
    assert [step.node.op for step in backprop(z, x.data)] == [mul, mul, None]


@pytest.mark.parametrize("kind", KINDS)
def test_every_reader_of_a_graph_takes_a_detached_node_for_a_constant(kind):
    x = kind(KINDS[kind], name="x")
    y = x * x.detach()
    y = y if kind is Value else sum(y)
    graph = Graph(y)
    assert [(node.op, node.constant) for node in graph.nodes[:3]] == [
        (None, False),
        ("detach", True),
        ("mul", False),
    ]
    assert Graph.from_json(graph.to_json()) == graph
    (slope,) = gradients(y, [x])
    assert np.array_equal(slope.data, x.data)
    (curvature,) = gradients(slope if kind is Value else sum(slope), [x])
    assert not np.any(curvature.data)
    if kind is Tensor:
        y = unroll(y)
    assert [node.constant for node in trace(y) if node.op is detach] == [True] * np.size(x.data)
    y.backward()
    leaves = [node for node in trace(y) if node.op is None]
    assert [leaf.grad for leaf in leaves] == np.ravel(x.data).tolist()


def test_derivatives_of_functions_hold_what_is_detached():
    f = lambda x: x**2 * x.detach()  # noqa: E731
    assert grad(f)(3.0) == 18.0
    assert hessian(f)(3.0) == 6.0
    assert jvp(f, 3.0, 1.0) == (27.0, 18.0)
    assert vjp(f, 3.0)[1](1.0) == 18.0
    assert hvp(f, 3.0, 1.0) == 6.0
    assert jacobian(f)(np.array([3.0, 1.0])).tolist() == [[18.0, 0.0], [0.0, 2.0]]
    assert autograd.compile(grad(f))(3.0) == 18.0
    outer = lambda x: x * grad(lambda y: y * y * x.detach())(2.0)  # noqa: E731
    assert grad(outer)(5.0) == 20.0
    assert grad(lambda x: grad(lambda y: y * y * x.detach())(2.0))(5.0) == 0.0


def test_a_value_gives_its_number_as_a_tensor_does():
    x = Value(2.5) * 2.0
    assert type(x.item()) is float
    assert (x.item(), Tensor(5.0).item()) == (5.0, 5.0)


def test_equality_is_identity_so_values_can_be_keys():
    x, y = Value(1.0), Value(1.0)
    assert x != y
    assert x != 1.0
    assert len({x, y, x}) == 2
    assert {x: "x", y: "y"}[y] == "y"


def test_the_data_of_a_result_cannot_be_set():
    y = Value(2.0) * 3
    with pytest.raises(GraphError, match=r"^mul: the data of a result .* Set the data of a leaf"):
        y.data = 7.0
    assert y.data == 6.0


def test_unknown_attributes_are_refused():
    with pytest.raises(AttributeError):
        Value(1.0).gard = 0.0


def test_options_are_given_by_name():
    x = Value(1.0, constant=True, name="x")
    assert (x.constant, x.name) == (True, "x")
    with pytest.raises(TypeError):
        Value(1.0, True)


def test_a_result_is_constant_when_all_its_inputs_are():
    x, c = Value(1.0), Value(2.0, constant=True)
    assert (c * 2).constant
    assert sin(c).constant
    assert not (c * x).constant
    assert not (x * c).constant


def test_later_nodes_have_larger_ids():
    x = Value(1.0)
    y = x * 2
    assert x.id < y.inputs[1].id < y.id


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (Value(1.0), "Value(1.0)"),
        (Value(1.0, name="x"), "Value(1.0, name='x')"),
        (Value(1.0, constant=True), "Value(1.0, constant=True)"),
        (Value(1.0) * 3, "Value(3.0, op=mul)"),
    ],
)
def test_repr_shows_what_there_is_to_know(node, text):
    assert repr(node) == text


def test_repr_shows_the_gradient_once_there_is_one():
    x = Value(3.0)
    (x * x).backward()
    assert repr(x) == "Value(3.0, grad=6.0)"


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))]
)
def test_a_copy_keeps_number_name_and_gradient_but_no_history(copied):
    x = Value(3.0, name="x")
    y = x * x
    y.backward()
    for node in (x, y, Value(1.0, constant=True)):
        twin = copied(node)
        assert twin is not node
        assert (twin.data, twin.name) == (node.data, node.name)
        assert (twin.grad, twin.reached) == (node.grad, node.reached)
        assert twin.constant or not node.constant
        assert (twin.op, twin.inputs, twin.args) == (None, (), ())
        assert twin.id > node.id
    leaf = copied(y)
    leaf.data = 5.0
    assert y.data == 9.0


def test_a_pickle_of_0_1_with_the_0_of_a_reset_gives_a_number():
    """It kept what was assigned, and took it for a gradient."""
    restore, (data, constant, name, _, params) = Value(1.0).__reduce__()
    x = restore(data, constant, name, 0, params)
    assert (type(x.grad), x.grad, x.reached) == (float, 0.0, True)


def test_gradients_are_listed_and_set_as_a_pass_does():
    x, y, z = Value(1.0), Tensor([1.0, 2.0]), Tensor(3.0)
    assert (grads_of([x, y, z]), [x.grad, y.grad, z.grad]) == ([None] * 3, [0.0, None, None])
    found = [np.float32(0.0), np.zeros(2), np.array(0.0)]
    set_grads([x, y, z], found)
    assert (type(x.grad), x.grad, y.grad is found[1], z.grad is found[2]) == (
        float,
        0.0,
        True,
        True,
    )
    assert [node.reached for node in (x, y, z)] == [True] * 3
    set_grads([x, y], [None, None])
    assert [node.reached for node in (x, y, z)] == [False, False, True]
    with pytest.raises(ValueError, match="zip"):
        set_grads([x, y], [0.0])


def test_the_grad_of_a_tensor_is_what_it_is_set_to():
    x = Tensor([1.0, 2.0])
    for given in (None, 0, np.zeros(2)):
        x.grad = given
        assert x.grad is given
        assert x.reached == (given is not None)


def test_a_deep_copy_shares_what_was_shared():
    x = Value(3.0)
    first, second, third = copy.deepcopy([x, x, Value(3.0)])
    assert first is second
    assert third is not first


def test_a_deep_graph_can_be_copied_for_nothing_is_followed():
    y = x = Value(1.0)
    for _ in range(5000):
        y = y + x
    assert pickle.loads(pickle.dumps(y)).data == 5001.0


def test_a_node_remembers_its_scope():
    with Scope("here") as scope:
        x = Value(1.0)
        y = x * 2
    assert (x.scope, y.scope, y.inputs[1].scope) == (scope, scope, scope)
    assert (x * 2).scope is None
