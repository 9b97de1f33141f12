"""Laws of the backward pass, on graphs drawn by Hypothesis, against slopes found in other ways."""

import gc
import math

import naive
import pytest
from hypothesis import given
from hypothesis import strategies as st
from naive import Twin
from numerics import close, complex_step, differences

from autograd import (
    OPS,
    DomainError,
    GraphError,
    Op,
    Value,
    backprop,
    gradients,
    log,
    pow,
    sigmoid,
    sign,
    sqrt,
    step,
    tanh,
    trace,
)
from autograd.strategies import ELEMENTWISE, graphs

ANALYTIC = tuple(op for op in ELEMENTWISE if op.kinks is None)


def scale_of(output):
    """The largest contribution of a pass: rounding errors are measured against it."""
    passed = [x for step in backprop(output) for x in step.contributions if x is not None]
    return max([1.0, *map(math.fabs, passed)])


# The order of a pass


@given(graphs())
def test_each_node_is_stepped_once_and_after_all_its_consumers(program):
    output = program.nodes()[program.output]
    nodes = [step.node for step in backprop(output)]
    assert nodes[0] is output
    assert len(nodes) == len(set(nodes))
    for i, node in enumerate(nodes):
        assert not any(node in later.inputs for later in nodes[i:])


@given(graphs())
def test_a_pass_visits_what_something_flows_to_and_no_constant(program):
    slots = program.nodes()
    twins = twins_of(program)
    stepped = {step.node for step in backprop(slots[program.output])}
    for name, node in slots.items():
        flows = not node.constant and naive.slope(twins[program.output], twins[name]) is not None
        assert (node in stepped) == flows, name


@given(graphs())
def test_an_adjoint_is_the_sum_of_the_contributions_sent_to_it(program):
    output = program.nodes()[program.output]
    sent = {output: [1.0]}
    for node, grad, contributions in backprop(output):
        assert grad == sum(sent[node])
        assert len(contributions) == len(node.inputs)
        for x, contribution in zip(node.inputs, contributions, strict=True):
            if contribution is not None:
                assert not x.constant
                sent.setdefault(x, []).append(contribution)


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


# Slopes found in other ways


def twins_of(program):
    leaves = {name: Twin(x) for name, x in program.leaves.items()}
    constants = {name: Twin(x, constant=True) for name, x in program.constants.items()}
    return program.run(leaves | constants, naive.apply)


@given(graphs())
def test_backward_agrees_with_the_naive_twin(program):
    slots, twins = program.nodes(), twins_of(program)
    tolerance = 1e-9 * scale_of(slots[program.output])
    slots[program.output].backward()
    naive.backward(twins[program.output])
    for name, node in slots.items():
        assert close(node.data, twins[name].data, 1e-9), name
        assert close(node.grad, twins[name].grad, tolerance), name


@given(graphs(rows=ANALYTIC))
def test_backward_agrees_with_the_complex_step(program):
    def f(z, name):
        slots = program.run({**program.leaves, name: z}, lambda op, *xs, **_: OPS[op].forward(*xs))
        return complex(slots[program.output])

    slots = program.nodes()
    tolerance = 1e-9 * scale_of(slots[program.output])
    slots[program.output].backward()
    for name, x in program.leaves.items():
        expected = complex_step(lambda z, name=name: f(z, name), x)
        assert close(slots[name].grad or 0.0, expected, tolerance), name


@given(graphs())
def test_backward_agrees_with_differences(program):
    def f(x, name):
        return program.run({**program.leaves, name: x})[program.output]

    def sides(x, name):
        """On which side of each kink the program runs; None outside a domain."""
        found = []

        def apply(name, *operands, **params):
            op = OPS[name]
            found.append(op.kinks and op.kinks(*operands, **params) > 0)
            return op(*operands, **params)

        try:
            program.run({**program.leaves, name: x}, apply)
        except DomainError:
            return None
        return found

    slots = program.nodes()
    slots[program.output].backward()
    for name, x in program.leaves.items():
        h = 1e-3
        while not sides(x - h, name) == sides(x, name) == sides(x + h, name):
            h /= 4
        slope, error = differences(lambda x, name=name: f(x, name), x, h)
        assert math.fabs((slots[name].grad or 0.0) - slope) <= 10 * error + 1e-12


# backward, backprop and gradients are one pass


@given(graphs())
def test_backward_keeps_what_backprop_yields_bit_for_bit(program):
    slots = program.nodes()
    steps = {step.node: step.grad for step in backprop(slots[program.output])}
    assert all(node.grad is None for node in slots.values())
    slots[program.output].backward()
    for node in trace(slots[program.output]):
        assert node.grad == steps.get(node)


@given(graphs())
def test_gradients_equal_backward_bit_for_bit(program):
    slots = program.nodes()
    output = slots[program.output]
    nodes = [node for node in slots.values() if not node.constant]
    together = gradients(output, nodes)
    alone = [gradients(output, [node])[0] for node in nodes]
    assert all(node.grad is None for node in slots.values())
    output.backward()
    for node, first, second in zip(nodes, together, alone, strict=True):
        assert first.data == second.data == (node.grad or 0.0)


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
def test_a_second_backward_doubles_the_leaves_and_only_them(program):
    output = program.nodes()[program.output]
    output.backward()
    first = {node: node.grad for node in trace(output)}
    output.backward()
    for node, grad in first.items():
        twice = node.op is None and grad is not None
        assert node.grad == (2 * grad if twice else grad)


@given(graphs(), st.data())
def test_a_pass_describes_the_forward_computation_that_ran(program, data):
    slots, fresh = program.nodes(), program.nodes()
    for name in program.leaves:
        slots[name].data = data.draw(st.floats(-1e3, 1e3))
    slots[program.output].backward()
    fresh[program.output].backward()
    for name in slots:
        assert slots[name].grad == fresh[name].grad


@given(graphs())
def test_a_leaf_out_of_reach_has_no_grad_and_slope_zero(program):
    slots = program.nodes()
    output = slots[program.output]
    beside = Value(2.0) * slots["x0"]
    output.backward()
    (slope,) = gradients(output, [beside])
    assert beside.grad is None
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


# Examples that teach


def test_a_node_used_twice_by_one_op_is_counted_twice():
    a = Value(3.0)
    b = a + a
    c = b + b
    c.backward()
    assert (b.grad, a.grad) == (2.0, 4.0)
    x = Value(5.0)
    (x * x).backward()
    assert x.grad == 10.0


def test_paths_through_a_diamond_add_up():
    x = Value(2.0)
    left, right = x * 3, x + 4
    (left * right).backward()
    assert (left.grad, right.grad, x.grad) == (6.0, 6.0, 24.0)


def test_a_diamond_of_diamonds_has_one_step_a_node():
    x = Value(1.0)
    y = x
    for _ in range(60):
        y = y + y
    y.backward()
    assert x.grad == 2.0**60
    assert len(list(backprop(y))) == 61


def test_the_second_pass_of_2a_squared_gives_24_and_then_48():
    a = Value(3.0)
    b = 2 * a
    c = b**2
    c.backward()
    assert (a.grad, b.grad) == (24.0, 12.0)
    c.backward()
    assert (a.grad, b.grad) == (48.0, 12.0)


def test_a_pass_from_another_output_overwrites_results_and_adds_to_leaves():
    a = Value(3.0)
    b = 2 * a
    (b * b).backward()
    (b * 5).backward()
    assert (a.grad, b.grad) == (34.0, 5.0)


def test_a_result_that_nothing_flows_to_does_not_keep_a_stale_grad():
    a = Value(3.0)
    b = 2 * a
    (b * b).backward()
    sign(b).backward()
    assert (a.grad, b.grad) == (24.0, None)


def test_a_leaf_edited_after_the_forward_pass_does_not_change_that_pass():
    a = Value(2.0)
    b = a * a
    a.data = 5.0
    b.backward()
    assert (b.data, a.grad) == (4.0, 4.0)


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


def test_constants_never_get_a_grad():
    x, c = Value(2.0), Value(3.0, constant=True)
    folded = c * c + 1
    y = x * folded * 4
    y.backward()
    assert x.grad == 40.0
    assert [node.grad for node in trace(y) if node.constant] == [None] * 5
    with pytest.raises(GraphError, match=r"constants only.* Make a leaf without constant=True"):
        folded.backward()
    with pytest.raises(GraphError, match="constants only"):
        backprop(folded)


def test_rules_do_not_run_for_inputs_that_need_no_gradient():
    x = Value(-2.0)
    (x**3).backward()  # the rule of the exponent would take a logarithm of x
    assert x.grad == 12.0


@pytest.mark.parametrize(
    "differentiate",
    [
        lambda y, x: y.backward(),
        lambda y, x: list(backprop(y)),
        lambda y, x: gradients(y, [x]),
    ],
    ids=["backward", "backprop", "gradients"],
)
def test_every_rule_runs_at_most_once_an_edge(differentiate):
    ran = []

    def rule(operand):
        return lambda g, y, *_, **__: ran.append(operand) or g

    def probe(names, **params):
        return Op(
            name="probe",
            forward=lambda *operands, **_: operands[0],
            vjps=tuple(map(rule, names)),
            latex="",
            doc="",
        )

    x, c = Value(1.0), Value(2.0, constant=True)
    y = probe("ab")(probe("cd")(c, x), probe("efg")(c, x, 3.0))
    differentiate(y, x)
    assert ran == ["a", "b", "f", "d"]


def test_only_what_leads_to_the_inputs_is_differentiated():
    x, y = Value(2.0), Value(0.0)
    output = x * x + sqrt(y)
    assert [slope.data for slope in gradients(output, [x])] == [4.0]
    with pytest.raises(DomainError, match=r"^sqrt\(0\): it has a value here but no finite slope"):
        gradients(output, [y])


@pytest.mark.parametrize(
    ("last", "error"),
    [
        (lambda x: sqrt(x - x), DomainError),
        (lambda x: pow(x - x, 0.5), DomainError),
        (lambda x: pow(-x, x), DomainError),
        (lambda x: step(x), GraphError),
    ],
    ids=["sqrt(0)", "0 ** 0.5", "negative ** x", "step"],
)
def test_a_pass_that_fails_touches_no_grad(last, error):
    x, y = Value(2.0), Value(3.0)
    first = x * y
    first.backward()
    output = first + last(x) * y
    before = [node.grad for node in trace(output)]
    with pytest.raises(error):
        output.backward()
    assert [node.grad for node in trace(output)] == before
    with pytest.raises(error):
        list(backprop(output))
    with pytest.raises(error):
        gradients(output, [x])


@pytest.mark.parametrize(
    ("f", "near_zero"),
    [(lambda x: 1 / x, 1e-200), (log, 5e-324), (lambda x: x**-0.5, 1e-300)],
    ids=["1/x", "log", "x**-0.5"],
)
def test_a_slope_beyond_the_floats_is_refused(f, near_zero):
    x = Value(near_zero)
    y = f(x)
    with pytest.raises(DomainError, match="no finite slope"):
        y.backward()
    assert x.grad is None


def test_a_mistake_in_a_rule_of_ones_own_arrives_as_it_is():
    broken = Op(name="broken", forward=lambda x: x, vjps=(lambda g, x: g,), latex="", doc="")
    for differentiate in (Value.backward, lambda y: list(backprop(y))):
        with pytest.raises(TypeError, match="positional argument") as caught:
            differentiate(broken(Value(1.0)))
        assert caught.value.__cause__ is not caught.value


def test_a_seed_scales_the_pass():
    x = Value(3.0)
    (x * x).backward(0.5)
    assert x.grad == 3.0
    x.grad = None
    (x * x).backward(seed=-2)
    assert x.grad == -12.0


def test_backward_from_a_leaf_gives_it_the_seed():
    x = Value(3.0)
    x.backward()
    assert x.grad == 1.0
    assert [(step.node, step.grad, step.contributions) for step in backprop(x, 2.0)] == [
        (x, 2.0, ())
    ]


def test_a_grad_set_by_hand_is_where_the_next_pass_starts():
    x = Value(3.0)
    x.grad = 100.0
    (x * 2).backward()
    assert x.grad == 102.0
    x.grad = 0
    (x * 2).backward()
    assert x.grad == 2.0


def test_saturated_units_pass_on_nothing_but_no_nan():
    for f in (tanh, sigmoid):
        x = Value(1e308)
        f(x).backward()
        assert x.grad == 0.0


# Size and memory


def test_a_million_operations_in_a_row():
    x = Value(1.0)
    y = x
    for _ in range(500_000):
        y = y * 1.000001 + x
    y.backward()
    assert x.grad == pytest.approx(y.data)
    del y
    assert gc.isenabled()


def test_a_graph_is_no_garbage_for_the_cyclic_collector():
    gc.collect()
    gc.disable()
    try:
        x = Value(0.5)
        y = tanh(x * x + 1) / (x + 2)
        y.backward()
        list(backprop(y))
        gradients(gradients(y, [x])[0], [x])
        del x, y
        assert gc.collect() == 0
    finally:
        gc.enable()
