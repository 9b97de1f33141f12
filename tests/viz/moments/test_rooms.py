"""Rooms divide any graph: nothing is lost, nothing is shown twice, and every room can be read."""

import time
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import Graph, Scope, Tensor, Value, concatenate, tanh
from autograd.strategies import graphs
from viz.moments.folding import MOST, MOST_WITH_CALLS
from viz.moments.notation import Notation
from viz.moments.rooms import contents, outermost

DETAILS = st.sampled_from(("auto", "auto", "full", 1, 2, 3))


@st.composite
def scoped(draw):
    """A graph whose nodes were made in nested calls, with data and leaves that calls share."""
    nodes = [Value(1.0, name="x")]
    latest = st.integers(0, 60).map(lambda i: nodes[-1 - i % len(nodes)])
    kinds = st.sampled_from(["leaf", "input", "data", "mul", "mul", "run", "call", "call"])

    def block(depth):
        for kind in draw(st.lists(kinds, max_size=6)):
            if kind == "leaf":
                nodes.append(Value(2.0, name=draw(st.sampled_from([None, "net.w", "net.a.w"]))))
            elif kind == "input":
                nodes.append(Value(2.0, name="x"))
            elif kind == "data":
                nodes.append(draw(latest) + 1.0)
            elif kind == "mul":
                nodes.append(draw(latest) * draw(latest))
            elif kind == "run":
                for _ in range(draw(st.integers(1, 50))):
                    nodes.append(nodes[-1] * draw(latest))
            elif depth:
                with Scope(draw(st.sampled_from("AB"))):
                    block(depth - 1)

    block(3)
    # All of it counts, whether it was used or not.
    return Graph(sum(nodes[1:], nodes[0]) if draw(st.booleans()) else -nodes[-1])


def chain(length):
    y = x = Value(1.0, name="x")
    for _ in range(length):
        y = y * x
    return Graph(y)


def wide(width, depth=2):
    """Layers of nodes that all use two of the layer before, under leaves of many names."""
    layer = [Value(1.0, name=f"net.{i // 9}.w{i}") for i in range(width)]
    for _ in range(depth):
        layer = [a * b for a, b in zip(layer, layer[1:] + layer[:1], strict=True)]
    return Graph(sum(layer[1:], layer[0]))


def leaves_made_late(count):
    y = Value(1.0, name="y")
    for i in range(count):
        y = y * Value(2.0, name=f"x{i}")
    return Graph(y)


def two_calls(length):
    y = Value(1.0, name="x")
    for name in "AB":
        with Scope(name):
            for _ in range(length):
                y = -y
    return Graph(-y)


def nested(depth):
    """A function that calls itself, with a scope for each call."""

    def call(x, depth):
        with Scope("call"):
            return -call(x * 2.0, depth - 1) if depth else x

    return Graph(call(Value(1.0, name="x"), depth))


def mlp(sizes, samples=1):
    """The sum of what one model says about several samples."""
    net = nn.MLP(sizes[0], list(sizes[1:]), rng=np.random.default_rng(0))
    x = [[Value(i + k + 0.5, name=f"x{i}") for i in range(sizes[0])] for k in range(samples)]
    said = [net(each) for each in x]
    return Graph(sum(said[1:], said[0]), {p: f"net.{n}" for n, p in net.named_parameters()})


def shared_module():
    line = nn.Linear(3, 3, rng=0)
    y = Tensor(np.ones((1, 3)), constant=True, name="X")
    for _ in range(60):
        y = tanh(line(y))
    return Graph(y.sum(), {p: f"line.{n}" for n, p in line.named_parameters()})


MANY = {
    "one node": lambda: Graph(Value(1.0)),
    "one op": lambda: Graph(-Value(1.0)),
    "chain of 39": lambda: chain(39),
    "chain of 40": lambda: chain(40),
    "chain of 2,000": lambda: chain(2000),
    "two calls, 40 nodes": lambda: two_calls(19),
    "two calls, 42 nodes": lambda: two_calls(20),
    "wide": lambda: wide(300),
    "leaves made late": lambda: leaves_made_late(200),
    "one op of many operands": lambda: Graph(concatenate([Tensor([1.0]) for _ in range(200)])),
    "one op of one leaf": lambda: Graph(concatenate([Tensor([1.0])] * 200)),
    "calls in calls": lambda: nested(150),
    "MLP": lambda: mlp((2, 16, 16, 1)),
    "MLP of 10 samples": lambda: mlp((2, 16, 16, 1), 10),
    "MLP of 100 inputs": lambda: mlp((100, 4, 1)),
    "one Linear many times": shared_module,
}
named = pytest.mark.parametrize("graph", MANY.values(), ids=MANY.keys())


def check(graph, detail="auto"):
    """State what rooms promise; any graph keeps it."""
    notation = Notation(graph)
    made = [*outermost(notation, detail).walk()]
    drawn = tuple(n.index for n in graph.nodes if not notation.is_literal(n.index))
    assert made[0].nodes == drawn
    assert made[0].outer is None
    assert not made[0].around
    assert len({room.id for room in made}) == len(made)
    users = {i: set() for i in range(len(graph.nodes))}
    for node in graph.nodes:
        for x in node.inputs:
            users[x].add(node.index)
    opened = [part.room for room in made for part in room.parts if part.room]
    assert sorted(room.id for room in opened) == sorted(room.id for room in made[1:])
    for room in made:
        check_parts(graph, room, users)
        check_around(notation, room)
        ids = [part.id for part in [*room.around, *room.parts]]
        assert len(set(ids)) == len(ids)
        titles = [part.title for part in [*room.around, *room.parts]]
        assert sorted(set(titles)) == sorted(titles)
        if detail == "auto" or room.outer:
            assert len(room.parts) <= MOST
    return made


def check_parts(graph, room, users):
    assert sorted(i for part in room.parts for i in part.nodes) == sorted(room.nodes)
    place = {i: k for k, part in enumerate(room.parts) for i in part.nodes}
    for part in room.parts:
        assert [*part.nodes] == sorted(part.nodes)
        outside = [i for i in part.nodes if i == graph.output or users[i] - {*part.nodes}]
        assert [*part.outputs] == outside
        assert (part.room is None) == (len(part.nodes) == 1)
        if part.room:
            assert part.room.outer is room
            assert part.room.nodes == part.nodes
            assert part.room.title == part.title
            assert len(part.room.parts) > 1
            assert part.room.path == [*room.path, part.room]
    for i in room.nodes:
        for x in graph.nodes[i].inputs:
            assert place.get(x, -1) <= place[i], "an arrow against the order"


def check_around(notation, room):
    inside = {*room.nodes}
    operands = {x for i in room.nodes for x in notation.graph.nodes[i].inputs}
    needed = {x for x in operands - inside if not notation.is_literal(x)}
    assert sorted(i for part in room.around for i in part.nodes) == sorted(needed)
    assert room.part_of.keys() == needed | inside


@given(scoped(), DETAILS)
def test_rooms_of_nested_calls_keep_their_promises(graph, detail):
    check(graph, detail)


@given(graphs(longest=60), DETAILS)
def test_rooms_of_any_computation_keep_their_promises(program, detail):
    check(Graph(program.nodes()[program.output]), detail)


@given(st.integers(1, 300), st.integers(0, 4))
def test_rooms_of_wide_graphs_keep_their_promises(width, depth):
    check(wide(width, depth))


@named
@pytest.mark.parametrize("detail", ["auto", "full", 1, 2])
def test_rooms_of_many_shapes_keep_their_promises(graph, detail):
    check(graph(), detail)


@named
def test_up_to_forty_nodes_none_is_folded_or_fewer_where_calls_can_be(graph):
    graph = graph()
    outer, *inner = check(graph)
    calls = {graph.nodes[i].scope for i in outer.nodes if graph.nodes[i].op}
    assert bool(inner) == (len(outer.nodes) > (MOST if len(calls) == 1 else MOST_WITH_CALLS))


@pytest.mark.parametrize("graph", [chain, leaves_made_late, wide])
def test_rooms_of_ten_thousand_nodes_are_few_deep_and_soon_there(graph):
    graph = graph(10_000 if graph is chain else 4_000)
    notation = Notation(graph)
    start = time.process_time()
    made = [*outermost(notation).walk()]
    assert time.process_time() - start < 2
    assert sum(graph.nodes[part.nodes[-1]].op is not None for part in made[0].parts) <= 12
    assert max(len(room.path) for room in made) <= 1 + log(len(made[0].nodes)) / log(5)


def is_divided(room):
    return "_divided" in vars(room)


@named
def test_a_room_is_divided_when_somebody_looks_into_it_and_no_sooner(graph):
    outer = outermost(Notation(graph()))
    assert not is_divided(outer)
    inner = [part.room for part in outer.parts if part.room]
    assert not any(map(is_divided, inner))
    for room, _ in zip(outer.walk(), range(1 + len(inner)), strict=False):
        assert room is outer or not is_divided(room)


@pytest.mark.parametrize("detail", [0, -1, 1.0, "1", "all", None])
def test_any_other_detail_is_refused(detail):
    with pytest.raises(ValueError, match=r"Give 'auto', 'full' or a number from 1 up"):
        outermost(Notation(Graph(-Value(1.0))), detail)


def test_calls_nested_hundreds_deep_are_divided_soon():
    graph = nested(200)
    start = time.process_time()
    assert len(check(graph)) > 1
    assert time.process_time() - start < 2


def test_titles_of_calls_are_of_one_length_as_short_as_tells_them_apart():
    y = Value(1.0, name="x")
    for outer in ("encoder", "decoder"):
        with Scope(outer):
            for inner in ("same", outer[:2]):
                with Scope(inner):
                    y = -(y * y)
    titles = [part.title for part in outermost(Notation(Graph(y)), 2).parts]
    first, second = ["encoder › same", "encoder › en"], ["decoder › same", "decoder › de"]
    assert titles == ["x", *first, *second]


def test_a_call_that_is_named_like_a_variable_gives_way():
    x = Value(3.0, name="x")
    with Scope("f"):
        y = -(x * x)
    z = y * x
    z.name = "f"
    titles = [part.title for part in outermost(Notation(Graph(z)), 1).parts]
    assert titles == ["x", "v₁ … v₂", "f"]


def test_parameters_that_calls_share_are_named_by_their_path():
    outer = outermost(Notation(mlp((2, 4, 1), samples=3)), 1)
    assert "net.layers" in [part.title for part in outer.parts]


def test_neurons_come_in_their_order():
    outer = outermost(Notation(mlp((2, 12, 1))), 3)
    titles = [part.title for part in outer.parts]
    assert titles == [
        "x0",
        "x1",
        *(f"layers.0 › neurons.{i}" for i in range(12)),
        "layers.1 › neurons.0",
    ]


def test_inputs_stay_boxes_and_where_there_are_too_many_go_together():
    few = outermost(Notation(mlp((16, 64, 64, 1))))
    assert [part.title for part in few.parts] == [
        *(f"x{i}" for i in range(16)),
        *(f"layers.{i}" for i in range(3)),
    ]
    many = outermost(Notation(mlp((100, 4, 1))))
    assert [part.title for part in many.parts] == ["x0 … x99", "layers.0", "layers.1"]
    inputs = [part.title for part in many.parts[0].room.parts]
    assert inputs == [*(f"x{i} … x{min(i + 6, 99)}" for i in range(0, 98, 7)), "x98 … x99"]


def test_of_several_samples_each_call_is_a_box_with_its_inputs_and_one_is_what_the_loss_does():
    net = nn.MLP(2, [16, 16, 1], rng=0)
    data = [([0.5 + k, -1.0], float(k)) for k in range(10)]
    loss = sum((net(x) - y) ** 2 for x, y in data) / 10
    loss.name = "loss"
    names = {p: f"net.{path}" for path, p in net.named_parameters()}
    outer = outermost(Notation(Graph(loss, {**names, net: "net"})))
    assert [part.title for part in outer.parts] == [
        "net.layers",
        *(
            each
            for k in range(10)
            for each in (f"x{_low(2 * k + 1)} … x{_low(2 * k + 2)}", f"net {k + 1}")
        ),
        "v₆₄₁ … loss",
    ]
    assert {part.call for part in outer.parts if part.call} == {
        (f"net {k + 1}",) for k in range(10)
    }


def _low(number):
    return str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def test_many_calls_that_do_not_use_one_another_go_together():
    net = nn.MLP(2, [4, 1], rng=0)
    outer = outermost(Notation(Graph(sum(net([k + 0.5, -1.0]) for k in range(60)))))
    titles = [part.title for part in outer.parts]
    assert [title for title in titles if title.startswith("MLP")][:2] == [
        "MLP 1 … MLP 5",
        "MLP 6 … MLP 10",
    ]
    assert len(titles) <= MOST


def test_of_much_that_comes_in_a_room_shows_the_boxes_it_is_in():
    outer = outermost(Notation(mlp((100, 4, 1))))
    inner = next(part.room for part in outer.parts if part.title == "layers.0")
    assert [part.title for part in inner.around] == [p.title for p in outer.parts[:-2]]
    assert sum(len(part.nodes) for part in inner.around) == 100


def test_neurons_that_too_many_arrows_join_are_folded_into_layers():
    outer = outermost(Notation(mlp((2, 16, 16, 1))))
    titles = [part.title for part in outer.parts]
    assert titles == ["x0", "x1", "layers.0", "layers.1", "layers.2"]


def test_in_a_call_results_of_others_are_called_by_them_and_paths_of_parameters_are_short():
    net = nn.MLP(2, [16, 16, 1], rng=0)
    graph = Graph(net([0.5, 1.0]), {p: f"net.{path}" for path, p in net.named_parameters()})
    layers = {part.title: part.room for part in outermost(Notation(graph)).parts if part.room}
    neuron = next(p.room for p in layers["layers.1"].parts if p.title == "neurons.3")
    assert [part.title for part in neuron.around] == [f"layers.0 › neurons.{i}" for i in range(16)]
    first = layers["layers.0"].parts[0].room
    assert {part.title for part in first.parts if not graph.nodes[part.nodes[0]].op} == {
        *("w.0", "w.1", "b")
    }


def test_a_leaf_that_one_stretch_uses_is_in_it():
    y = Value(1.0, name="x")
    for _ in range(60):
        y = y * Value(2.0)
    titles = [part.title for part in outermost(Notation(Graph(y))).parts]
    assert titles[0] == "x"
    assert len(titles) == 9


def test_a_layer_sees_the_layer_before_it_as_one_box_where_arrows_would_be_too_many():
    for width, expected in ((16, ["layers.0"]), (9, None)):
        net = nn.MLP(2, [width, width, 1], rng=0)
        outer = outermost(Notation(Graph(net([Value(0.5), Value(-1.0)]))))
        (layer,) = (part.room for part in outer.parts if part.title == "layers.1")
        titles = [part.title for part in layer.around]
        assert titles == expected if expected else len(titles) == width


def test_data_that_gradients_pass_to_is_told_from_parameters():
    def what(build):
        notation = Notation(Graph(build))
        return [contents(notation, part) for part in outermost(notation, 1).parts if part.call]

    x = [Value(0.5), Value(-1.0)]
    assert what(nn.MLP(2, [4, 1], rng=0)(x)) == ["MLP(2 → 1)"]
    assert what(nn.Neuron(2, rng=0)(x)) == ["Neuron(… → 1)"]  # which are its weights?
    named = [Value(0.5, name="x"), Value(-1.0, name="y")]
    assert what(nn.Neuron(2, rng=0)(named)) == ["Neuron(2 → 1)"]
