"""A trace lists what a node was computed from, inputs first."""

from hypothesis import given

from autograd import Value, trace
from autograd.strategies import graphs


@given(graphs())
def test_a_trace_lists_inputs_before_outputs_and_nothing_twice(program):
    output = program.nodes()[program.output]
    nodes = trace(output)
    assert nodes[-1] is output
    assert len(nodes) == len(set(nodes))
    assert [node.id for node in nodes] == sorted(node.id for node in nodes)
    for i, node in enumerate(nodes):
        assert set(node.inputs) <= set(nodes[:i])
        assert node is output or any(node in later.inputs for later in nodes[i:])
    assert trace(output, constants=False) == [node for node in nodes if not node.constant]


def test_several_outputs_are_traced_together():
    x, y = Value(1.0), Value(2.0)
    shared = x * y
    left, right = shared + 1.0, shared * shared
    one, nodes = left.inputs[1], trace(right, left, right)
    assert nodes == [x, y, shared, one, left, right]


def test_what_was_computed_from_constants_alone_is_left_out_with_them():
    x, c = Value(1.0), Value(2.0, constant=True)
    folded = c * c
    y = x * folded
    assert trace(y, constants=False) == [x, y]
    assert trace(folded, constants=False) == [folded]  # what was asked for is always there


def test_no_depth_is_too_deep():
    y = x = Value(1.0)
    for _ in range(20_000):
        y = y + x
    assert len(trace(y)) == 20_001
