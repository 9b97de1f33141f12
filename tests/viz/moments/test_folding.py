"""Large graphs are folded by module calls: these are the boxes a model comes down to."""

import numpy as np
import pytest

import nn
from autograd import Graph, Scope, Value
from viz.moments.folding import folded_at, is_input, nearest


def keys(output, depth, shared=0):
    graph = Graph(output)
    return folded_at(graph, list(range(len(graph.nodes))), depth, shared)


@pytest.fixture(scope="module")
def model():
    return nn.MLP(2, [16, 16, 1], rng=np.random.default_rng(0))([Value(0.5), Value(-1.0)])


@pytest.mark.parametrize(
    ("detail", "boxes"),
    [
        (1, {("MLP",)}),
        (2, {("MLP", "layers.0"), ("MLP", "layers.1"), ("MLP", "layers.2")}),
        (
            3,
            {("MLP", "layers.0", f"neurons.{i}") for i in range(16)}
            | {("MLP", "layers.1", f"neurons.{i}") for i in range(16)}
            | {("MLP", "layers.2", "neurons.0")},
        ),
    ],
)
def test_a_model_folds_into_its_calls_at_each_depth(model, detail, boxes):
    calls = {key for key in keys(model, detail).values() if isinstance(key, tuple)}
    assert calls == boxes


def test_deeper_than_the_deepest_call_nothing_is_folded(model):
    assert all(key == i for i, key in keys(model, 4).items())


def test_calls_that_all_nodes_have_in_common_are_left_out_of_the_keys(model):
    calls = {key for key in keys(model, 2, shared=1).values() if isinstance(key, tuple)}
    assert calls == {("layers.0",), ("layers.1",), ("layers.2",)}


def test_parameters_go_with_the_call_that_uses_them():
    w, b = Value(2.0), Value(1.0)
    with Scope("line"):
        y = w * b + b
    found = keys(-y, 1)
    assert [found[i] for i in range(4)] == [("line",)] * 4
    assert found[4] == 4


def test_what_several_calls_use_together_makes_a_box_of_its_own():
    weights = [Value(float(i)) for i in range(3)]
    outputs = []
    for name in ("left", "right"):
        with Scope(name):
            outputs.append(weights[0] * weights[1] + weights[2])
    found = keys(outputs[0] * outputs[1], 1)
    assert {found[i] for i in range(3)} == {frozenset({("left",), ("right",)})}


@pytest.mark.parametrize(
    ("leaf", "stays"),
    [
        (Value(1.0, name="x"), True),
        (Value(1.0, constant=True), True),
        (Value(1.0), False),
        (Value(1.0, name="layers.0.w"), False),
        (Value(1.0, name="w[0]"), False),
        (-Value(1.0, name="x"), False),
    ],
)
def test_data_and_what_somebody_named_with_a_word_are_inputs(leaf, stays):
    graph = Graph(leaf)
    assert is_input(graph, graph.output) is stays


def test_inputs_stay_outside_of_the_calls_that_use_them():
    x, w = Value(2.0, name="x"), Value(3.0, name="net.w")
    with Scope("net"):
        y = x * w + 1.0
    found = keys(y * 2, 1)
    assert found[0] == 0
    assert [found[i] for i in (1, 2)] == [("net",)] * 2


def test_a_call_of_one_node_stays_that_node():
    with Scope("negation"):
        y = -(Value(2.0) ** 2)
    with Scope("alone"):
        z = -y
    found = keys(z * 2, 1)
    assert found[Graph(z).output] == Graph(z).output


def chain(length):
    nodes = [Value(1.0)]
    while len(nodes) < length:
        nodes.append(-nodes[-1])
    return nodes[-1]


def test_the_nearest_nodes_are_those_fewest_edges_away():
    graph = Graph(chain(10))
    single = {i: i for i in range(10)}
    assert [*nearest(graph, single, 5, 5)] == [3, 4, 5, 6, 7]
    assert [*nearest(graph, single, 0, 3)] == [0, 1, 2]
    assert [*nearest(graph, single, 9, 1)] == [9]
    assert nearest(graph, single, 4, 99) == single


def test_what_is_not_drawn_is_no_way_to_get_near():
    x = Value(1.0)
    graph = Graph((x * 2) + (x * 3))
    assert [*nearest(graph, {i: i for i in (0, 2, 4)}, 0, 99)] == [0, 2, 4]
    assert [*nearest(graph, {i: i for i in (0, 2, 5)}, 0, 99)] == [0, 2, 5]


def test_a_folded_box_is_one_box_and_one_step_away():
    graph = Graph(chain(10))
    folded = {i: "box" if 3 <= i <= 7 else i for i in range(10)}
    assert [*nearest(graph, folded, 9, 3)] == [3, 4, 5, 6, 7, 8, 9]
    assert [*nearest(graph, folded, 4, 3)] == [2, 3, 4, 5, 6, 7, 8]
    assert nearest(graph, folded, 9, 5).keys() == {*range(1, 10)}
