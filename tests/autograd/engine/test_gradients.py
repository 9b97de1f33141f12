"""gradients and backprop are the pass of backward, and gradients can be differentiated again."""

import math

import numpy as np
import pytest
from agreement import scale_of
from hypothesis import given
from hypothesis import strategies as st
from numerics import close, same

import autograd as ag
from autograd import (
    DomainError,
    GraphError,
    ShapeError,
    Tensor,
    Value,
    backprop,
    exp,
    gradients,
    relu,
    sqrt,
    trace,
)
from autograd.strategies import graphs


@given(graphs())
def test_gradients_equal_backward_bit_for_bit(program):
    slots = program.nodes()
    output = slots[program.output]
    nodes = [node for node in slots.values() if not node.constant]
    together = gradients(output, nodes)
    alone = [gradients(output, [node])[0] for node in nodes]
    assert not any(node.reached for node in slots.values())
    output.backward()
    for node, first, second in zip(nodes, together, alone, strict=True):
        assert first.data == second.data == node.grad


@given(graphs(), st.floats(-8, 8), st.floats(-8, 8))
def test_a_pass_is_linear_in_its_seed(program, a, b):
    output = program.nodes()[program.output]

    def adjoints(seed):
        return {step.node: step.grad for step in backprop(output, seed)}

    tolerance = 1e-12 * scale_of(output)
    once, twice, at_a, at_b, at_both = map(adjoints, (1.0, 2.0, a, b, a + b))
    for node in once:
        assert twice[node] == 2 * once[node]
        assert close(at_a[node], a * once[node], tolerance)
        assert close(at_both[node], at_a[node] + at_b[node], tolerance)


@given(graphs())
def test_a_leaf_out_of_reach_has_no_grad_and_slope_zero(program):
    slots = program.nodes()
    output = slots[program.output]
    beside = Value(2.0) * slots["x0"]
    output.backward()
    (slope,) = gradients(output, [beside])
    assert not beside.reached
    assert slope.data == 0.0
    assert slope.constant


@given(graphs(longest=5))
def test_mixed_second_derivatives_do_not_depend_on_the_order(program):
    slots = program.nodes()
    leaves = [slots[name] for name in program.leaves]
    table = [gradients(first, leaves) for first in gradients(slots[program.output], leaves)]
    largest = max(math.fabs(second.data) for line in table for second in line)
    for i, line in enumerate(table):
        for j, second in enumerate(line):
            assert close(second.data, table[j][i].data, 1e-9 * max(1.0, largest))


def test_gradients_refuse_a_graph_whose_leaf_was_rebound():
    a, b = Value(2.0), Value(3.0)
    y = a * b
    a.data = 5.0
    for x in (a, b):
        with pytest.raises(GraphError, match=r"^gradients: .* was 2\.0 .* Run the forward"):
            gradients(y, [x])
    a.data = 2.0
    assert [node.data for node in gradients(y, [a, b])] == [3.0, 2.0]


def test_gradients_can_be_differentiated_until_nothing_is_left():
    x = Value(2.0)
    y = x * x * x
    found = []
    for _ in range(4):
        (y,) = gradients(y, [x])
        found.append(y.data)
    assert found == [12.0, 12.0, 6.0, 0.0]


def test_gradients_by_a_result_on_the_way():
    x = Value(2.0)
    u = x * x
    y = u * u + x
    by_u, by_x, by_y = gradients(y, [u, x, y])
    assert (by_u.data, by_x.data, by_y.data) == (8.0, 33.0, 1.0)
    (again,) = gradients(by_u, [u])
    assert again.data == 2.0


def test_gradients_take_a_list_of_nodes_that_vary():
    x, c = Value(2.0), Value(3.0, constant=True)
    with pytest.raises(TypeError, match=r"^gradients: .* Give a list"):
        gradients(x * c, x)
    with pytest.raises(GraphError, match=r"^gradients: .* is a constant.* without constant=True"):
        gradients(x * c, [c])
    with pytest.raises(TypeError, match=r"^gradients: "):
        gradients(x * c, [2.0])
    assert gradients(x * c, []) == []
    assert [slope.data for slope in gradients(c * 2, [x])] == [0.0]


def test_the_same_input_may_be_asked_for_twice():
    x = Value(3.0)
    assert [slope.data for slope in gradients(x * x, [x, x])] == [6.0, 6.0]


def test_the_inputs_may_come_from_a_generator():
    x, y = Value(2.0), Value(3.0)
    assert [slope.data for slope in gradients(x * y, (node for node in (x, y)))] == [3.0, 2.0]


def test_only_what_leads_to_the_inputs_is_differentiated():
    x, y = Value(2.0), Value(0.0)
    output = x * x + sqrt(y)
    assert [slope.data for slope in gradients(output, [x])] == [4.0]
    with pytest.raises(DomainError, match=r"^sqrt\(0\): it has a value here but no finite slope"):
        gradients(output, [y])


# Of arrays


def test_backward_backprop_and_gradients_agree_bit_for_bit():
    dice = np.random.default_rng(0)
    x, w = Tensor(dice.normal(size=(4, 3))), Tensor(dice.normal(size=(3,)))
    h = relu(x @ w)
    y = ag.sum(exp(h[:2]) * h[2:]) + ag.max(x) * w[0]
    steps = {step.node: step.grad for step in backprop(y)}
    nodes = [node for node in trace(y) if not node.constant]
    found = gradients(y, nodes)
    y.backward()
    for node, slope in zip(nodes, found, strict=True):
        assert same(np.asarray(node.grad), np.asarray(steps[node]))
        assert same(np.asarray(node.grad), np.asarray(slope.data))
        assert slope.shape == node.shape


def test_a_leaf_edited_after_the_forward_pass_does_not_change_that_pass():
    x = Tensor([1.0, 2.0])
    y = ag.sum(x * x)
    x.data -= 5.0
    y.backward()
    assert (x.grad.tolist(), y.item(), x.data.tolist()) == ([2.0, 4.0], 5.0, [-4.0, -3.0])
    with pytest.raises(
        GraphError, match=r"^gradients: .* was array\(\[1\., 2\.\]\) when the graph was built"
    ):
        gradients(y, [x])


def test_gradients_of_gradients_are_tensors_like_any_other():
    x = Tensor([1.0, 2.0])
    (first,) = gradients(ag.sum(x**3), [x])
    (second,) = gradients(ag.sum(first * [1.0, 10.0]), [x])
    assert (first.data.tolist(), second.data.tolist()) == ([3.0, 12.0], [6.0, 120.0])
    ag.sum(first).backward()
    assert x.grad.tolist() == [6.0, 12.0]
    (by_seed,) = gradients(ag.sum(gradients(x**3, [x], seed := Tensor([0.0, 0.0]))[0]), [seed])
    assert by_seed.data.tolist() == [3.0, 12.0]
    (nothing,) = gradients(ag.sum(x), [Tensor([5.0, 6.0])])
    assert (nothing.data.tolist(), nothing.constant) == ([0.0, 0.0], True)


def test_gradients_refuse_a_seed_of_another_shape():
    x = Tensor([1.0, 2.0, 3.0])
    for seed in (Tensor(1.0), Tensor(np.ones((5, 3)))):
        with pytest.raises(ShapeError, match="seed"):
            gradients(x * 2, [x], seed)


def test_the_output_is_one_node():
    x = Value(2.0)
    for wrong in ([x * 2], 3.0, None):
        with pytest.raises(TypeError, match=r"^gradients: got .* for the output\. Give one node"):
            gradients(wrong, [x])
