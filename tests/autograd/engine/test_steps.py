"""A pass steps through each node once, when its adjoint is complete, and runs no rule in vain."""

import naive
import pytest
from hypothesis import given
from naive import twins_of

import autograd as ag
from autograd import GraphError, Op, Tensor, Value, backprop, gradients, sign, step
from autograd.strategies import graphs


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


def test_a_diamond_of_diamonds_has_one_step_a_node():
    x = Value(1.0)
    y = x
    for _ in range(60):
        y = y + y
    y.backward()
    assert x.grad == 2.0**60
    assert len(list(backprop(y))) == 61


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


def test_a_mistake_in_a_rule_of_ones_own_arrives_as_it_is():
    broken = Op(name="broken", forward=lambda x: x, vjps=(lambda g, x: g,), latex="", doc="")
    for differentiate in (Value.backward, lambda y: list(backprop(y))):
        with pytest.raises(TypeError, match="positional argument") as caught:
            differentiate(broken(Value(1.0)))
        assert caught.value.__cause__ is not caught.value


def test_nothing_flows_through_flat_slopes_and_a_step_refuses():
    x = Tensor([1.0, -1.0])
    ag.sum(sign(x)).backward()
    assert x.grad is None
    with pytest.raises(GraphError, match=r"^step: it has no gradient"):
        ag.sum(step(x)).backward()
