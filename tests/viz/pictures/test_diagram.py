"""A diagram is consistent however a graph is folded, and says what it leaves out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
import viz
from autograd import Graph, GraphError, Scope, Tensor, Value, exp, maximum, sigmoid, tanh
from autograd.formulas import number
from autograd.strategies import graphs
from viz.moments.notation import Notation
from viz.moments.rooms import outermost
from viz.pictures.diagram import Edge, diagram, marked, pictured, several

NO_GRADIENTS = "no gradients yet: call backward()"


@st.composite
def scoped(draw):
    """A graph whose nodes were made in nested calls, some of them with data or shared leaves."""
    nodes = [Value(1.0, name="x")]
    pick = st.integers(0, 9).map(lambda i: nodes[-1 - i % len(nodes)])

    def block(depth):
        for kind in draw(st.lists(st.sampled_from(["leaf", "data", "mul", "mul", "call", "call"]))):
            if kind == "leaf":
                nodes.append(Value(2.0))
            elif kind == "data":
                nodes.append(draw(pick) + 1.0)
            elif kind == "mul":
                nodes.append(draw(pick) * draw(pick))
            elif depth:
                with Scope(draw(st.sampled_from("AB"))):
                    block(depth - 1)

    block(3)
    nodes.append(draw(pick) * draw(pick))
    return Graph(nodes[-1])


DETAILS = st.sampled_from(("auto", "full", 1, 2, 3))


def drawn(graph):
    notation = Notation(graph)
    return [node for node in graph.nodes if not notation.is_literal(node.index)]


@given(scoped(), DETAILS)
def test_every_node_but_literals_is_in_one_box(graph, detail):
    shown = diagram(graph, detail)
    ids = [box.id for box in shown.boxes]
    assert len(ids) == len(set(ids))
    assert sorted(shown.box_of) == [node.index for node in drawn(graph)]
    assert set(shown.box_of.values()) == set(ids)


@given(scoped(), DETAILS)
def test_an_edge_joins_two_boxes_whenever_one_feeds_the_other(graph, detail):
    shown = diagram(graph, detail)
    ends = {edge.id: (edge.tail, edge.head) for edge in shown.edges}
    assert len(ends) == len(shown.edges)
    assert all(tail != head for tail, head in ends.values())
    expected = {
        (node.index, position): (shown.box_of[x], shown.box_of[node.index])
        for node in drawn(graph)
        for position, x in enumerate(node.inputs)
        if x in shown.box_of and shown.box_of[x] != shown.box_of[node.index]
    }
    assert {key: ends[edge] for key, edge in shown.edge_of.items()} == expected
    assert set(shown.edge_of.values()) == set(ends)


@given(scoped(), DETAILS)
def test_a_folded_picture_has_no_cycle(graph, detail):
    shown = diagram(graph, detail)
    last = {}
    for i, box in shown.box_of.items():
        last[box] = max(i, last.get(box, 0))
    assert all(last[edge.tail] < last[edge.head] for edge in shown.edges)


@given(scoped(), DETAILS)
def test_an_edge_between_two_nodes_has_its_slope_and_stands_alone(graph, detail):
    shown = diagram(graph, detail)
    single = {box.id for box in shown.boxes if box.id.startswith("n")}
    notation = Notation(graph)
    for key, edge_id in shown.edge_of.items():
        (edge,) = [edge for edge in shown.edges if edge.id == edge_id]
        if {edge.tail, edge.head} <= single:
            assert edge.id == f"e{key[0]}_{key[1]}"
            assert edge.slope == notation.slope_text(*key)
        else:
            assert edge.slope == ""


@given(graphs())
def test_up_to_forty_nodes_each_has_its_box(program):
    output = program.nodes()[program.output]
    graph = Graph(output)
    shown = diagram(graph)
    assert {box.id for box in shown.boxes} == {f"n{node.index}" for node in drawn(graph)}
    assert shown == diagram(graph, "full")


@given(scoped(), DETAILS)
def test_no_title_comes_twice(graph, detail):
    titles = [box.title for box in diagram(graph, detail).boxes]
    assert sorted(set(titles)) == sorted(titles)


def mlp():
    model = nn.MLP(2, [16, 16, 1])
    x = [Value(0.5, name="x1"), Value(-1.0, name="x2")]
    return model(x)


LAYER = [f"neurons.{i}" for i in range(16)]
NEURONS = [
    "x1",
    "x2",
    *(f"layers.0 › {neuron}" for neuron in LAYER),
    *(f"layers.1 › {neuron}" for neuron in LAYER),
    "layers.2 › neurons.0",
]


@pytest.mark.parametrize(
    ("detail", "titles"),
    [
        ("auto", ["x1", "x2", "layers.0", "layers.1", "layers.2"]),
        (3, NEURONS),
        (2, ["x1", "x2", "layers.0", "layers.1", "layers.2"]),
        (1, ["x1", "x2", "MLP"]),
    ],
)
def test_a_model_has_a_box_for_each_of_its_parts_in_their_order_after_its_inputs(detail, titles):
    assert [box.title for box in diagram(Graph(mlp()), detail).boxes] == titles


def test_few_neurons_are_shown_each_by_itself():
    x = [Value(0.5, name="x1"), Value(-1.0, name="x2")]
    shown = diagram(Graph(nn.MLP(2, [4, 1])(x)))
    neurons = [f"layers.0 › neurons.{i}" for i in range(4)]
    assert [box.title for box in shown.boxes] == ["x1", "x2", *neurons, "layers.1 › neurons.0"]


def test_constants_given_to_a_network_are_boxes():
    x = [Value(0.5, constant=True), Value(-1.0, constant=True)]
    loss = (nn.MLP(2, [2, 1])(x) - 1.0) ** 2
    boxes = diagram(Graph(loss)).boxes
    assert [box.data for box in boxes[:2]] == ["0.5", "-1"]
    assert [box.formula for box in boxes[2:]] == [
        *["Neuron(2 → 1)", "Neuron(2 → 1)", "Neuron(2 → 1)"],
        *["layers.1 › neurons.0 - 1", "v₁₅²"],
    ]


def test_a_layer_that_is_one_step_says_what_it_makes_of_what_where_its_formula_is_long():
    net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(18, 3))
    x = Tensor(np.zeros((4, 1, 5, 5)), constant=True, name="images")
    names = {leaf: f"net.{path}" for path, leaf in net.named_parameters()}
    formulas = [box.formula for box in diagram(Graph(net(x), names)).boxes if box.formula]
    assert formulas == [
        "Conv2d(1×5×5 → 2×3×3)",
        "relu(Conv2d 0)",
        "Flatten(2×3×3 → 18)",
        "Linear(18 → 3)",
    ]


def test_of_a_call_of_several_steps_no_step_has_its_name():
    class Two(nn.Module):
        def forward(self, x):
            return maximum(tanh(x * 2.5 + 0.5), sigmoid(x * 2.5 + 0.5))

    x = Tensor(np.ones(3), name="a_long_name_of_x")
    formulas = [box.formula for box in diagram(Graph(Two()(x))).boxes]
    assert not any("Two" in formula for formula in formulas)


def test_a_folded_box_shows_all_that_comes_out_of_it_and_after_a_pass_its_gradients():
    x = Value(3.0, name="x")
    with Scope("both"):
        square, double = x * x, x * 2
    f = square * double
    box = diagram(Graph(f), 1).boxes[1]
    assert (box.title, box.formula, box.data, box.grad) == ("both", "2 steps", "[9, 6]", "")
    f.backward()
    assert diagram(Graph(f), 1).boxes[1].grad == "[6, 9]"


def test_a_layer_shows_the_numbers_of_all_its_neurons():
    output = mlp()
    output.backward()
    _, _, first, second, last = diagram(Graph(output), 2).boxes
    assert all(box.data.startswith("16: ") for box in (first, second))
    assert all(box.grad.startswith("16: ") for box in (first, second))
    assert (last.data, last.grad) == (number(output.data), "1")


def test_of_arrays_of_several_shapes_it_is_said_how_many_there_are():
    x = Tensor([1.0, 2.0], name="x")
    with Scope("both"):
        parts = exp(x), x.sum()
    shown = diagram(Graph((parts[0] * parts[1]).sum()), 1)
    assert [box.data for box in shown.boxes if box.title == "both"] == ["2 arrays"]


@pytest.mark.parametrize(
    ("numbers", "words"),
    [([2.0], "2"), ([np.eye(2)], "[[1, 0], [0, 1]]"), ([1.0, 2.5], "[1, 2.5]")],
)
def test_several_numbers_are_written_as_one_array(numbers, words):
    assert several(numbers) == words


def test_a_room_shows_what_is_inside_and_what_it_uses():
    x, y = Value(3.0, name="x"), Value(2.0, name="y")
    with Scope("line"):
        z = x * y + y
    notation = Notation(Graph(z * x))
    outer, line = outermost(notation, 1).walk()
    shown = pictured(notation, line, {})
    assert [box.title for box in shown.boxes] == ["x", "y", "v₁", "v₂"]
    assert {(edge.tail, edge.head) for edge in shown.edges} == {
        ("n0", "n2"),
        ("n1", "n2"),
        ("n1", "n3"),
        ("n2", "n3"),
    }
    assert [box.title for box in pictured(notation, outer, {}).boxes] == ["x", "y", "line", "v₃"]


def test_what_a_room_uses_of_another_is_said_to_be_values_not_steps():
    x = [Value(0.5, name="x1"), Value(-1.0, name="x2")]
    notation = Notation(Graph(nn.MLP(2, [64, 8, 1])(x)))
    (layer,) = [room for room in outermost(notation, 2).walk() if room.title == "layers.1"]
    box = pictured(notation, layer, {}).boxes[0]
    assert (box.title, box.formula) == ("layers.0", "64 values")


@given(scoped())
def test_every_room_can_be_pictured(graph):
    notation = Notation(graph)
    for room in outermost(notation, 1).walk():
        shown = pictured(notation, room, {})
        ids = [part.id for part in [*room.around, *room.parts]]
        assert [box.id for box in shown.boxes] == ids
        assert shown.box_of == {i: part.id for i, part in room.part_of.items()}
        assert {end for edge in shown.edges for end in (edge.tail, edge.head)} <= {*ids}


def test_a_box_shows_name_formula_value_and_gradient():
    x, y = Value(2.0, name="x"), Value(0.5, name="y")
    f = x * y
    f.backward()
    assert [(b.id, b.title, b.formula, b.data, b.grad) for b in diagram(Graph(f)).boxes] == [
        ("n0", "x", "", "2", "0.5"),
        ("n1", "y", "", "0.5", "2"),
        ("n2", "v₁", "x·y", "1", "1"),
    ]
    assert diagram(Graph(f)).edges == [
        Edge("e2_0", "n0", "n2", "0.5", False),
        Edge("e2_1", "n1", "n2", "2", False),
    ]


def test_a_node_used_twice_has_two_edges():
    x = Value(3.0)
    assert [edge.id for edge in diagram(Graph(x * x)).edges] == ["e1_0", "e1_1"]


def test_a_long_formula_makes_way_for_the_name_of_its_op():
    x, y = Value(1.0, name="a_long_name"), Value(2.0, name="another_long_name")
    shown = diagram(Graph(x * y))
    assert [box.formula for box in shown.boxes if box.id == "n2"] == ["mul"]


def test_gradients_may_come_from_a_pass_that_the_nodes_know_nothing_of():
    x = Value(3.0)
    shown = diagram(Graph(-x).with_grads({0: -1.0}))
    assert {box.id: box.grad for box in shown.boxes} == {"n0": "-1", "n1": ""}
    assert shown.note == ""


def test_a_picture_says_that_there_are_no_gradients_yet():
    f = -Value(3.0)
    assert diagram(Graph(f)).note == NO_GRADIENTS
    f.backward()
    assert diagram(Graph(f)).note == ""


def chain(length):
    nodes = [Value(1.0)]
    while len(nodes) < length:
        nodes.append(-nodes[-1])
    return nodes


@pytest.mark.parametrize("length", [41, 1000, 5000])
def test_a_chain_too_long_to_read_is_folded_and_nothing_is_left_out(length):
    nodes = chain(length)
    nodes[-1].backward()
    shown = diagram(Graph(nodes[-1]))
    assert sorted(shown.box_of) == list(range(length))
    assert 5 <= len(shown.boxes) <= 40
    assert len(shown.edges) == len(shown.boxes) - 1
    assert (
        shown.note == f"{length} values in {len(shown.boxes)} boxes; detail='full' shows them all"
    )


def test_literals_are_not_counted():
    output = sum([Value(1.0)] * 400)
    assert len(Graph(output).nodes) == 402
    assert diagram(Graph(output)).note.startswith("401 values in ")


def blocks(count):
    """So many calls of a block in a row, each followed by one node outside of all calls."""
    node = Value(1.0)
    for _ in range(count):
        with Scope("block"):
            for _ in range(10):
                node = -node
        node = -node
    node.backward()
    return Graph(node)


@pytest.mark.parametrize("count", [20, 150, 400])
def test_calls_stay_together_even_where_there_are_too_many_to_show_each(count):
    graph = blocks(count)
    shown = diagram(graph)
    assert len(shown.boxes) <= 40
    boxes = {}
    for i, box in shown.box_of.items():
        if scope := graph.nodes[i].scope:
            boxes.setdefault(scope, set()).add(box)
    assert len(boxes) == count
    assert all(len(box) == 1 for box in boxes.values())


def test_a_node_is_shown_with_its_thirty_neighbors():
    nodes = chain(100)
    nodes[-1].backward()
    shown = viz.draw(nodes[-1], around=nodes[50], names={}).shown
    assert sorted(shown.box_of) == list(range(35, 65))
    assert shown.note == "30 nodes around v₅₀ of 100"


def test_a_number_in_an_expression_is_drawn_if_it_is_asked_for():
    f = Value(2.0, name="x") * 3
    shown = viz.draw(f, around=f.inputs[1], names={}).shown
    assert [box.title for box in shown.boxes] == ["x", "3", "v₁"]


def test_only_a_node_of_the_graph_can_be_shown_around():
    with pytest.raises(ValueError, match="not part of this graph"):
        viz.draw(-Value(1.0), around=Value(2.0))


def test_too_many_boxes_are_refused_with_their_number_and_the_ways_on():
    output = chain(1501)[-1]
    message = r"1501 boxes.*max_nodes=1500.*detail='auto'.*detail=1.*around=node.*max_nodes"
    with pytest.raises(GraphError, match=message):
        viz.draw(output, detail="full")
    with pytest.raises(GraphError, match="2 boxes, more than max_nodes=1"):
        viz.draw(-Value(1.0), max_nodes=1)
    assert len(viz.draw(output, detail="full", max_nodes=1501).shown.boxes) == 1501


def test_a_note_that_is_given_comes_first():
    note = diagram(Graph(chain(400)[-1]), note="slow").note
    assert note.startswith("slow; ")
    assert note.endswith(NO_GRADIENTS)


def test_a_folded_picture_says_how_to_see_everything():
    with Scope("block"):
        f = -(Value(1.0) * 2)
    f.backward()
    assert diagram(Graph(-f), 1).note == "4 values in 2 boxes; detail='full' shows them all"


def test_one_box_is_not_called_boxes():
    with Scope("block"):
        f = -(Value(1.0) * 2)
    f.backward()
    assert diagram(Graph(f), 1).note == "3 values in 1 box; detail='full' shows them all"


def test_boxes_that_are_marked_are_lit_and_say_why_folded_ones_too():
    x = Value(0.5, name="x")
    with Scope("gate"):
        y = tanh(x) * sigmoid(x)
    remarks = {0: "<b>", 1: "wrong", 2: "too"}
    found = {box.title: box.remark for box in marked(diagram(Graph(y)), remarks).boxes if box.lit}
    assert list(found.values()) == ["<b>", "wrong", "too"]
    (_, folded) = marked(diagram(Graph(y), detail=1), remarks).boxes
    assert folded.lit
    assert folded.remark == "wrong; too"
    assert "&lt;b&gt;" in viz.pictures.to_dot(marked(diagram(Graph(y)), remarks))
