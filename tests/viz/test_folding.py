"""Large graphs are folded by module calls: these are the boxes a model comes down to."""

import numpy as np
import pytest

import nn
from autograd import Graph, Scope, Value
from viz.folding import READABLE, box_keys, nearest


def keys(output, detail):
    graph = Graph(output)
    return box_keys(graph, list(range(len(graph.nodes))), detail)


@pytest.fixture(scope="module")
def model():
    return nn.MLP(2, [16, 16, 1], rng=np.random.default_rng(0))([Value(0.5), Value(-1.0)])


@pytest.mark.parametrize(
    ("detail", "boxes"),
    [
        (1, {("MLP",)}),
        (2, {("MLP", "Layer 1"), ("MLP", "Layer 2"), ("MLP", "Layer 3")}),
        (
            3,
            {("MLP", "Layer 1", f"Neuron {i}") for i in range(1, 17)}
            | {("MLP", "Layer 2", f"Neuron {i}") for i in range(1, 17)}
            | {("MLP", "Layer 3", "Neuron")},
        ),
    ],
)
def test_a_model_folds_into_its_calls_at_each_depth(model, detail, boxes):
    calls = {key for key in keys(model, detail).values() if isinstance(key, tuple)}
    assert calls == boxes


def test_auto_folds_as_little_as_makes_a_picture_readable(model):
    assert keys(model, "auto") == keys(model, 3)


def test_deeper_than_the_deepest_call_nothing_is_folded(model):
    assert keys(model, 4) == keys(model, "full")


def test_full_folds_nothing(model):
    assert all(key == i for i, key in keys(model, "full").items())


def test_parameters_go_with_the_call_that_uses_them():
    w, b = Value(2.0), Value(1.0)
    with Scope("line"):
        y = w * 3.0 + b
    found = keys(y * 2, 1)
    assert [found[i] for i in range(5)] == [("line",)] * 5
    assert found[6] == 6


def test_what_several_calls_use_together_makes_a_box_of_its_own():
    pixels = [Value(float(i)) for i in range(3)]
    outputs = []
    for name in ("left", "right"):
        with Scope(name):
            outputs.append(pixels[0] * pixels[1] + pixels[2])
    found = keys(outputs[0] * outputs[1], 1)
    assert {found[i] for i in range(3)} == {frozenset({("left",), ("right",)})}


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


def test_up_to_the_limit_nothing_is_folded():
    with Scope("all"):
        small, large = chain(READABLE), chain(READABLE + 1)
    assert keys(small, "auto") == keys(small, "full")
    assert len(set(keys(large, "auto").values())) == 1


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


@pytest.mark.parametrize("detail", [0, -1, 1.0, "1", "all", None])
def test_any_other_detail_is_refused(detail):
    with pytest.raises(ValueError, match=r"Give 'auto', 'full' or a number from 1 up"):
        keys(-Value(1.0), detail)
