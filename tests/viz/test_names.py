"""Pictures call nodes as the caller's variables do, so this checks whose names are found."""

from hypothesis import given
from hypothesis import strategies as st

import nn
import viz
from autograd import Graph, Value
from viz.names import variable_names

a_global = Value(1.0)
shadowed = Value(2.0)


# Pictures are drawn before they are asserted on: within an assert, pytest adds variables.
def named(picture):
    """Names in the picture's graph, by number: the tests give each node a number of its own."""
    return {node.data: node.name for node in picture.graph.nodes if node.name}


def drawn(output):
    """A helper of the user's own: its caller's variables are not its own."""
    return viz.draw(output)


def test_variables_of_the_calling_function_name_nodes():
    x, y = Value(3.0), Value(5.0)
    f = x * y
    for picture in (viz.draw(f), viz.step(f).picture):
        assert named(picture) == {3.0: "x", 5.0: "y", 15.0: "f"}


def test_names_come_from_the_function_that_calls_draw():
    x = Value(3.0)
    picture = drawn(x * 2)
    assert named(picture) == {6.0: "output"}


def test_globals_name_nodes_too():
    picture = viz.draw(a_global * 7)
    assert named(picture) == {1.0: "a_global"}


def test_a_local_variable_hides_a_global_one():
    hidden, shadowed = globals()["shadowed"], Value(3.0)
    picture = viz.draw(hidden * shadowed)
    assert named(picture) == {2.0: "hidden", 3.0: "shadowed"}


def test_a_local_variable_is_preferred_to_a_global_one():
    near = a_global
    picture = viz.draw(near * 7)
    assert named(picture) == {1.0: "near"}


def test_parts_of_containers_and_modules_are_named_by_their_place():
    x = Value(9.0)
    w = [Value(float(i)) for i in range(3)]
    pair = Value(4.0), Value(5.0)
    table = {"a": Value(6.0), 1: Value(7.0)}
    neuron = nn.Neuron(2)
    neuron.w[0].data, neuron.w[1].data, neuron.b.data = 20.0, 21.0, 22.0
    total = sum([*w, *pair, *table.values(), *neuron.parameters()], x)
    picture = viz.draw(total)
    assert named(picture) == {
        9.0: "x",
        0.0: "w[0]",
        1.0: "w[1]",
        2.0: "w[2]",
        4.0: "pair[0]",
        5.0: "pair[1]",
        6.0: "table['a']",
        7.0: "table[1]",
        20.0: "neuron.w.0",
        21.0: "neuron.w.1",
        22.0: "neuron.b",
        total.data: "total",
    }


def test_a_variable_is_preferred_to_a_place_in_a_container():
    everything = [Value(3.0), Value(4.0)]
    x = everything[0]
    picture = viz.draw(x * everything[1])
    assert named(picture) == {3.0: "x", 4.0: "everything[1]"}


def test_the_first_of_two_variables_names_a_node():
    x = Value(3.0)
    assert variable_names({"a": x, "b": x}) == {x: "a"}


def test_a_name_of_its_own_is_preferred_to_any_variable():
    x = Value(3.0, name="mine")
    picture = viz.draw(x * 2)
    assert named(picture) == {3.0: "mine"}


def test_underscores_name_nothing():
    _ = _x = __ = Value(3.0)
    _w = [Value(4.0)]
    picture = viz.draw(_ * _w[0])
    assert named(picture) == {}


def test_names_can_be_given_instead():
    x = Value(3.0)
    line = nn.Neuron(1, None)
    line.w[0].data, line.b.data = 5.0, 0.25
    f = line([x])
    picture = viz.draw(f, names={"input": x, "line": line})
    assert named(picture) == {
        3.0: "input",
        5.0: "line.w.0",
        0.25: "line.b",
    }
    picture = viz.draw(f, names={})
    assert named(picture) == {}
    assert named(viz.step(f, names={"out": f}).picture) == {f.data: "out"}


def test_in_a_comprehension_its_variable_names_the_node():
    outputs = [a_global * k for k in (3, 4)]
    assert [named(viz.draw(each)) for each in outputs] == [
        {1.0: "a_global", 3.0: "each"},
        {1.0: "a_global", 4.0: "each"},
    ]


def test_a_graph_keeps_the_names_it_was_made_with():
    x = Value(3.0)
    graph = Graph(x * 2, {x: "kept"})
    picture = viz.draw(graph)
    assert named(picture) == {3.0: "kept"}


@given(st.dictionaries(st.text(), st.none() | st.text() | st.lists(st.integers()) | st.floats()))
def test_whatever_else_variables_hold_is_let_be(variables):
    x = Value(3.0)
    assert variable_names({**variables, "x": x}) == {x: "x"}


def test_objects_that_answer_to_any_attribute_are_let_be():
    class Anything:
        def __getattr__(self, name):
            raise RuntimeError(name)

    assert variable_names({"thing": Anything(), "kind": nn.Neuron}) == {}
