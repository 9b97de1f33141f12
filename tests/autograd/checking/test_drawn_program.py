"""A Program runs on numbers of any kind and prints as the Python that computes the same."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from autograd import OPS
from autograd.checking import Instruction, numbered
from autograd.strategies import graphs

both = st.one_of(graphs(), graphs(tensors=True))


@given(both)
def test_a_graph_prints_as_python_that_computes_the_same(program):
    slots = {}
    exec(repr(program), slots)
    nodes = program.nodes()
    for name, node in nodes.items():
        assert type(slots[name]) is type(node)
        assert np.array_equal(slots[name].data, node.data)
        assert (slots[name].constant, slots[name].name) == (node.constant, node.name)
    assert slots["output"] is slots[program.output]


@given(both)
def test_it_computes_on_numbers_what_it_computes_on_nodes(program):
    nodes = program.nodes()
    found = program.run(program.leaves)
    assert found.keys() == nodes.keys()
    for name, node in nodes.items():
        assert np.array_equal(found[name], node.data)
    assert np.array_equal(program(*program.inputs), nodes[program.output].data)


@given(both)
def test_whoever_applies_the_ops_is_given_names_operands_and_options(program):
    seen = []

    def apply(name, *operands, **params):
        seen.append((name, len(operands), params))
        op = OPS[name]
        return op(list(operands), **params) if op.arity is None else op(*operands, **params)

    assert repr(program.run(program.leaves, apply)) == repr(program.run(program.leaves))
    assert seen == [(call.op, len(call.operands), call.params) for call in program.instructions]


def test_an_op_of_many_operands_is_written_with_a_list():
    call = Instruction("stack", ("x", "y"), {"axis": 1})
    assert str(call) == "stack([x, y], axis=1)"
    assert call.compute({"x": np.zeros(2), "y": np.ones(2)}).tolist() == [[0.0, 1.0], [0.0, 1.0]]
    assert str(Instruction("pow", ("x", 2.0), {})) == "pow(x, 2.0)"
    assert str(Instruction("einsum", ("x",), {"subscripts": "ij->ji"})) == "einsum('ij->ji', x)"


def test_what_is_not_kept_leaves_no_gap_in_the_names():
    leaves, constants = {"a": 1.0, "b": 2.0, "c": 3.0}, {"d": 4.0, "e": 5.0}
    calls = {
        "f": Instruction("exp", ("a",), {}),
        "g": Instruction("mul", ("c", "e"), {}),
        "h": Instruction("add", ("g", 0.5), {}),
    }
    program = numbered(leaves, constants, calls, {"a", "c", "e", "g", "h"})
    assert (program.leaves, program.constants) == ({"x0": 1.0, "x1": 3.0}, {"c0": 5.0})
    assert [call.operands for call in program.instructions] == [("x1", "c0"), ("v0", 0.5)]
    assert program.output == "v1"
    assert program(*program.inputs) == 15.5
