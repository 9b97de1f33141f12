"""A Graph is a frozen picture: it survives JSON, and nothing that happens later changes it."""

import dataclasses
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Graph, Scope, Value, leaky_relu, trace
from autograd.strategies import graphs


def picture(program):
    return Graph(program.nodes()[program.output])


@given(graphs(), st.booleans())
def test_a_graph_survives_json(program, after_a_pass):
    output = program.nodes()[program.output]
    if after_a_pass:
        output.backward()
    graph = Graph(output)
    text = graph.to_json()
    assert Graph.from_json(text) == graph
    assert Graph.from_json(text).to_json() == text
    written = json.loads(text)
    assert (written["format"], written["version"]) == ("stepgrad.graph", 1)
    assert written["output"] == graph.output
    before_versions = {key: x for key, x in written.items() if key not in ("format", "version")}
    assert Graph.from_json(json.dumps(before_versions)) == graph


@pytest.mark.parametrize(
    ("about", "got"),
    [
        ({"version": 2}, "stepgrad.graph of version 2"),
        ({"format": "stepgrad.steps"}, "stepgrad.steps of version 1"),
    ],
)
def test_a_later_or_another_format_is_refused(about, got):
    text = json.dumps({**json.loads(Graph(Value(2.0)).to_json()), **about})
    words = f"got {got}, known is stepgrad.graph of version 1. Update stepgrad, or give what"
    with pytest.raises(ValueError, match=f"^from_json: {re.escape(words)}"):
        Graph.from_json(text)


@given(graphs())
def test_a_graph_shows_each_node_as_it_is(program):
    output = program.nodes()[program.output]
    nodes = trace(output)
    graph = Graph(output)
    assert len(graph.nodes) == len(nodes)
    assert nodes[graph.output] is output
    for i, (shown, node) in enumerate(zip(graph.nodes, nodes, strict=True)):
        assert shown.index == i
        assert shown.op == (node.op and node.op.name)
        assert tuple(nodes[k] for k in shown.inputs) == node.inputs
        assert all(k < i for k in shown.inputs)
        assert (shown.data, shown.constant) == (node.data, node.constant)
        assert shown.grad == (node.grad if node.reached else None)
        assert (shown.name, shown.params) == (node.name, node.params)


@given(graphs())
def test_the_same_program_gives_the_same_graph(program):
    assert picture(program) == picture(program)


@given(graphs())
def test_a_graph_does_not_change_when_its_nodes_do(program):
    slots = program.nodes()
    output = slots[program.output]
    graph = Graph(output)
    text = graph.to_json()
    output.backward()
    for name in program.leaves:
        slots[name].data = 99.0
        slots[name].name = "renamed"
    assert graph.to_json() == text
    assert graph != Graph(output)


def test_a_graph_is_frozen():
    graph = Graph(Value(2.0) * 3)
    with pytest.raises(dataclasses.FrozenInstanceError):
        graph.output = 0
    with pytest.raises(dataclasses.FrozenInstanceError):
        graph.nodes[0].data = 5.0


def test_equal_graphs_can_be_keys():
    program = [Graph(leaky_relu(Value(2.0), 0.1)) for _ in range(2)]
    assert hash(program[0]) == hash(program[1])


def test_a_node_used_twice_is_drawn_once_with_two_edges():
    x = Value(3.0)
    graph = Graph(x * x)
    assert [node.inputs for node in graph.nodes] == [(), (0, 0)]


def test_before_a_pass_there_is_no_gradient_to_show():
    x = Value(3.0)
    y = x * 2
    assert [node.grad for node in Graph(y).nodes] == [None, None, None]
    y.backward()
    assert [node.grad for node in Graph(y).nodes] == [2.0, None, 1.0]


def test_names_are_given_for_nodes_that_have_none():
    x, y = Value(1.0, name="own"), Value(2.0)
    z = x * y
    graph = Graph(z, names={x: "other", y: "y", z: "z"})
    assert [node.name for node in graph.nodes] == ["own", "y", "z"]
    assert [node.name for node in Graph(z).nodes] == ["own", None, None]


def test_the_output_is_the_node_asked_for():
    x = Value(1.0)
    middle = x * 2
    assert middle * 3
    graph = Graph(middle)
    assert graph.nodes[graph.output].op == "mul"
    assert len(graph.nodes) == 3
    assert repr(graph) == "Graph(3 nodes, output 2)"


def test_params_are_shown():
    graph = Graph(leaky_relu(Value(-2.0), slope=0.2))
    assert graph.nodes[-1].params == {"slope": 0.2, "at_zero": 0.0}


def test_a_deep_graph_needs_no_recursion():
    x = y = Value(0.0)
    for _ in range(5000):
        y = y + x
    graph = Graph(y)
    assert Graph.from_json(graph.to_json()) == graph


# Scopes


def paths(output):
    return [node.scope for node in Graph(output).nodes]


def test_a_scope_alone_has_no_number():
    x = Value(1.0)
    with Scope("block"):
        y = x.exp()
    assert paths(y) == [(), ("block",)]


def test_scopes_of_one_name_are_numbered_in_order():
    y = Value(1.0)
    for _ in range(3):
        with Scope("block"):
            y = y.exp()
    assert paths(y) == [(), ("block 1",), ("block 2",), ("block 3",)]


def test_scopes_are_numbered_among_siblings():
    y = Value(1.0)
    for _ in range(2):
        with Scope("outer"):
            y = y.exp()
            for _ in range(2):
                with Scope("inner"):
                    y = y.tanh()
    assert paths(y) == [
        (),
        ("outer 1",),
        ("outer 1", "inner 1"),
        ("outer 1", "inner 2"),
        ("outer 2",),
        ("outer 2", "inner 1"),
        ("outer 2", "inner 2"),
    ]


def test_a_scope_without_nodes_of_its_own_still_encloses():
    y = Value(1.0)
    with Scope("outer"), Scope("inner"):
        y = y.exp()
    assert paths(y) == [(), ("outer", "inner")]


def test_scopes_that_left_no_node_in_the_graph_are_not_counted():
    x = Value(1.0)
    with Scope("block"):
        assert x.exp()
    with Scope("block"):
        y = x.exp()
    assert paths(y) == [(), ("block",)]


def test_names_of_scopes_survive_json():
    with Scope('a "quoted" <name>'):
        y = Value(1.0).exp()
    graph = Graph(y)
    assert Graph.from_json(graph.to_json()) == graph


class Model:
    """Anything that finds its parts, each once, is a module, as those of nn are."""

    def __init__(self, **parts):
        self.parts = parts

    def named_modules(self):
        found = {self: ""}
        for path, part in self.parts.items():
            for inner, module in part.named_modules():
                found.setdefault(module, f"{path}.{inner}".rstrip("."))
        return [(path, module) for module, path in found.items()]

    def __call__(self, x):
        with Scope(type(self).__name__, self):
            for part in self.parts.values():
                x = part(x)
            return x.exp()


def test_a_call_is_labelled_by_where_its_module_is_in_the_one_around_it():
    inner = Model()
    model = Model(first=Model(body=inner), last=inner)
    y = model(Value(0.0))
    assert paths(y) == [
        (),
        ("Model", "first", "body"),
        ("Model", "first"),
        ("Model", "first.body"),  # the first of its paths
        ("Model",),
    ]
    calls = Graph(y).calls
    assert set(calls.values()) == {"Model"}
    assert set(calls) == {path for path in paths(y) if path}
    assert Graph.from_json(Graph(y).to_json()).calls == calls


def test_a_module_called_twice_in_another_is_numbered():
    shared = Model()
    twice = Model(one=shared, two=shared)
    assert paths(twice(Value(0.0)))[1:3] == [("Model", "one 1"), ("Model", "one 2")]


def test_a_part_whose_path_is_a_number_keeps_the_name_of_its_class():
    assert paths(Model(**{"0": Model()})(Value(0.0)))[1] == ("Model", "Model 0")


def test_a_call_inside_of_a_block_of_a_call_is_a_part_of_that_call():
    part = Model()

    class Outer(Model):
        def __call__(self, x):
            with Scope("Outer", self), Scope("block"):
                return part(x)

    y = Outer(body=part)(Value(0.0))
    assert paths(y)[1] == ("Outer", "block", "body")
    assert Graph(y).calls == {("Outer",): "Outer", ("Outer", "block", "body"): "Model"}


def test_the_outermost_module_may_have_a_name():
    model = Model(first=Model())
    y = model(Value(0.0))
    scopes = [node.scope for node in Graph(y, {model: "net"}).nodes]
    assert scopes == [(), ("net", "first"), ("net",)]


def test_graphs_written_before_there_were_calls_are_read():
    text = Graph(Value(2.0).exp()).to_json().replace(', "calls": []', "")
    assert "calls" not in text
    assert Graph.from_json(text).calls == {}
