"""A pass is `backward()` as data: the same numbers, one flow for each edge, nothing changed."""

from copy import copy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import GraphError, Tensor, Value, backprop, stack, trace
from autograd import sum as total
from autograd.strategies import graphs
from viz.moments.passes import Pass

anything = st.one_of(graphs(), graphs(tensors=True))


def made(program):
    output = program.nodes()[program.output]
    return total(output) if isinstance(output, Tensor) else output


@given(anything)
def test_adjoints_are_the_gradients_of_backward_and_no_node_is_changed(program):
    output = made(program)
    before = [copy(node.grad) for node in trace(output)]
    run = Pass(output, {})
    for node, grad in zip(run.order, before, strict=True):
        np.testing.assert_equal(node.grad, grad)
    output.backward()
    for i, node in enumerate(run.order):
        if i in run.adjoints:
            np.testing.assert_array_equal(run.adjoints[i], node.grad)
        else:
            assert node.grad is None or not np.any(node.grad)


@given(anything)
def test_each_edge_that_a_gradient_flows_along_has_its_flow_in_the_order_of_the_pass(program):
    output = made(program)
    run = Pass(output, {})
    assert run.order == trace(output)
    edges = [
        (run.order.index(step.node), k, run.order.index(step.node.inputs[k]))
        for step in backprop(output)
        for k, passed in enumerate(step.contributions)
        if passed is not None
    ]
    assert [(flow.node, flow.operand, flow.target) for flow in run.flows] == edges


@given(anything)
def test_what_flows_adds_up(program):
    run = Pass(made(program), {})
    sums = {}
    for flow in run.flows:
        before = sums.get(flow.target)
        np.testing.assert_equal(flow.before, before)
        sums[flow.target] = flow.passed if before is None else before + flow.passed
        np.testing.assert_array_equal(flow.total, sums[flow.target])
        np.testing.assert_array_equal(flow.upstream, run.adjoints[flow.node])
    seed = {run.graph.output: run.adjoints[run.graph.output]}
    assert run.adjoints.keys() == (seed | sums).keys()
    np.testing.assert_array_equal(seed[run.graph.output], 1.0)


@given(graphs())
def test_of_numbers_local_times_upstream_is_what_flows(program):
    for flow in Pass(program.nodes()[program.output], {}).flows:
        np.testing.assert_allclose(flow.local * flow.upstream, flow.passed, rtol=1e-12)


@given(graphs(tensors=True))
def test_of_arrays_no_local_derivative_is_told(program):
    run = Pass(made(program), {})
    assert all(flow.local is None for flow in run.flows)


def test_names_are_those_of_the_graph():
    x = Value(2.0)
    run = Pass(x * x, {x: "x"})
    assert run.notation.labels == ("x", "v₁")
    assert run.notation.graph is run.graph


def test_what_no_gradient_flows_from_is_refused():
    with pytest.raises(GraphError):
        Pass(Value(1.0, constant=True), {})


@given(anything, st.data())
def test_the_flows_towards_some_nodes_are_those_on_paths_that_end_there(program, data):
    run = Pass(made(program), {})
    ends = data.draw(st.sets(st.integers(0, len(run.order) - 1), max_size=3))
    behind = {i: {i} for i in range(len(run.order))}  # what gradients reach from a node
    for flow in reversed(run.flows):
        behind[flow.node] |= behind[flow.target]
    expected = [flow for flow in run.flows if behind[flow.target] & ends]
    found = run.towards(ends)
    assert len(found) == len(expected)
    assert all(a is b for a, b in zip(found, expected, strict=True))


def test_uses_are_counted_as_english_counts():
    x = Tensor([1.0, 2.0])
    run = Pass(stack([x] * 23).sum(), {})
    assert [run.use(run.flow_of[1, k]) for k in (0, 1, 2, 3, 10, 11, 12, 20, 21, 22)] == (
        ["1st ", "2nd ", "3rd ", "4th ", "11th ", "12th ", "13th ", "21st ", "22nd ", "23rd "]
    )
    assert run.use(run.flow_of[2, 0]) == ""
