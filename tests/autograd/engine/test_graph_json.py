"""The text of a graph may come from anywhere: it is read as it was written, or refused."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Graph, Tensor, Value, leaky_relu, sum
from autograd.strategies import graphs


def written():
    x = Tensor([[1.0, 2.0]], name="x")
    return Graph(sum(leaky_relu(x, 0.1)[0, :1] * 2)).to_json()


PLAIN = json.loads(Graph(Value(2.0, name="x") * 3).to_json())


def changed(place, value):
    """Put a value in a place of a record; the last step of the place is its key."""
    record = json.loads(json.dumps(PLAIN))
    inside = record
    for key in place[:-1]:
        inside = inside[key]
    inside[place[-1]] = value
    return json.dumps(record)


ARRAY = {"array": [1.0], "shape": [1], "dtype": "float64"}
HOSTILE = {
    "empty": "",
    "text": "no graph",
    "a number": "7",
    "nested without end": "[" * 100_000,
    "nested values": changed(["nodes", 0, "data"], 0).replace(
        '"data": 0', '"data": ' + '{"tuple": [' * 900 + "]}" * 900
    ),
    "no nodes": json.dumps({**PLAIN, "nodes": []}),
    "nodes that are none": json.dumps({**PLAIN, "nodes": [1, 2, 3]}),
    "no output": json.dumps({**PLAIN, "output": 99}),
    "an output of another type": json.dumps({**PLAIN, "output": True}),
    "a cycle": changed(["nodes", 2, "inputs"], [2, 1]),
    "an input from the end": changed(["nodes", 2, "inputs"], [-1, 1]),
    "fewer inputs": changed(["nodes", 2, "inputs"], [0]),
    "an operand too many": changed(["nodes", 2, "args"], [1.0, 2.0, 3.0]),
    "an index of another": changed(["nodes", 0, "index"], 1),
    "an op that is not here": changed(["nodes", 2, "op"], "\x1b" * 1000),
    "an op that is no text": changed(["nodes", 2, "op"], ["mul"]),
    "a param that the op has not": changed(["nodes", 2, "params"], {"slope": 1.0}),
    "params that are none": changed(["nodes", 2, "params"], [1]),
    "a name that is no text": changed(["nodes", 0, "name"], 3),
    "a scope that is no list": changed(["nodes", 0, "scope"], "abc"),
    "data that is text": changed(["nodes", 0, "data"], "x" * 10_000),
    "data beyond floats": changed(["nodes", 0, "data"], 10**400),
    "data that JSON has not": changed(["nodes", 0, "data"], 0).replace('"data": 0', '"data": NaN'),
    "more digits than Python reads": changed(["nodes", 0, "data"], 0).replace(
        '"data": 0', '"data": ' + "9" * 10_000
    ),
    "an array of text": changed(["nodes", 0, "data"], {**ARRAY, "array": ["1"]}),
    "an array of long texts": changed(["nodes", 0, "data"], {**ARRAY, "dtype": "U999999999"}),
    "an array of large parts": changed(
        ["nodes", 0, "data"], {**ARRAY, "dtype": "(99999,99999)float64"}
    ),
    "an array of objects": changed(["nodes", 0, "data"], {**ARRAY, "dtype": "object"}),
    "an array of another shape": changed(["nodes", 0, "data"], {**ARRAY, "shape": [2**40]}),
    "a shape below 0": changed(["nodes", 0, "data"], {**ARRAY, "shape": [-(2**70)]}),
    "a value of no kind": changed(["nodes", 0, "data"], {"other": 1}),
    "a key that is a list": changed(["nodes", 0, "data"], {"dict": [[[1], 2]]}),
    "a field too many": changed(["nodes", 0, "more"], 1),
    "a long version": json.dumps({**PLAIN, "version": "\n" * 10_000}),
    "a version without end": json.dumps({**PLAIN, "version": [[1]] * 10_000}),
}


def refused(text):
    with pytest.raises(ValueError, match=r"^from_json: got ") as error:
        Graph.from_json(text)
    words = str(error.value)
    assert words.isprintable()
    assert len(words) < 500
    assert "Give what to_json wrote." in words or "or give what to_json wrote." in words


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_refused_in_a_few_words(name):
    refused(HOSTILE[name])


def test_an_op_that_is_not_here_is_named_with_the_way_out():
    text = changed(["nodes", 2, "op"], "swish")
    words = "made by the op 'swish', which is not here: make it, or import the module that does"
    with pytest.raises(ValueError, match=words):
        Graph.from_json(text)


def places(record, place=()):
    """List all places of a record."""
    yield place
    if isinstance(record, list):
        record = dict(enumerate(record))
    if isinstance(record, dict):
        for key, part in record.items():
            yield from places(part, (*place, key))


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda part: st.one_of(
        st.lists(part, max_size=3),
        st.dictionaries(st.sampled_from(["array", "shape", "dtype", "tuple", "float"]), part),
    ),
    max_leaves=6,
)


@given(st.data())
def test_one_wrong_value_gives_another_graph_or_an_error(data):
    record = json.loads(written())
    place = data.draw(st.sampled_from([*places(record)][1:]))
    inside = record
    for key in place[:-1]:
        inside = inside[key]
    inside[place[-1]] = data.draw(VALUES)
    text = json.dumps(record)
    try:
        graph = Graph.from_json(text)
    except ValueError:
        refused(text)
        return
    assert Graph.from_json(graph.to_json()) == graph


@given(graphs(), st.integers(0, 10**6), st.text(max_size=3))
def test_damage_to_a_text_is_no_other_error(program, place, other):
    text = Graph(program.nodes()[program.output]).to_json()
    place %= len(text)
    text = text[:place] + other + text[place + 1 :]
    try:
        Graph.from_json(text)
    except ValueError:
        refused(text)


def test_what_is_no_text_is_another_mistake():
    with pytest.raises(TypeError):
        Graph.from_json(np.zeros(2))
