"""A pass steps through each node once, when its adjoint is complete, and runs no rule in vain."""

import sys

import naive
import numpy as np
import pytest
from hypothesis import given
from naive import twins_of

import autograd as ag
from autograd import (
    OPS,
    Each,
    GraphError,
    Op,
    Tape,
    Tensor,
    Value,
    backprop,
    gradients,
    sign,
    step,
)
from autograd.ops.op import _table
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


# Ops of any number of operands

ONE_GROUP = {"einsum"}  # NumPy takes 64 operands at most
total = Op(
    name="total of many",
    forward=lambda *xs: sum(xs),
    scalar=lambda *xs: sum(xs),
    vjps=Each(lambda places, g, y, *xs: [g for _ in places], at_once=True),
    latex="{0}",
    doc="Sum of numbers, given in a list.",
    elementwise=False,
)
del _table[total.name]  # other tests go over all rows
JOINS = [op for op in OPS.values() if op.arity is None and op.name not in ONE_GROUP] + [total]
PASSES = {
    "backward": lambda y, xs: y.backward(),
    "backprop": lambda y, xs: list(backprop(y)),
    "gradients": gradients,
    "tape": lambda y, xs: Tape(gradients(y, xs), xs)(*(x.data for x in xs)),
}


def work(act, rule_of):
    """Count the calls of functions, and the operands that are handed to the rule of many."""
    count = 0
    rule = rule_of._rule

    def counting(*args, **params):
        nonlocal count
        count += len(args)
        return rule(*args, **params)

    def called(frame, event, arg):
        nonlocal count
        count += event in ("call", "c_call")

    rule_of._rule = counting
    before = sys.getprofile()
    sys.setprofile(called)
    try:
        act()
    finally:
        sys.setprofile(before)
        rule_of._rule = rule
    return count


@pytest.mark.parametrize("how", PASSES)
@pytest.mark.parametrize("op", JOINS, ids=repr)
def test_a_pass_through_an_op_of_many_operands_does_work_in_proportion_to_them(op, how):
    def cost(n):
        on_values = op is total
        xs = [Value(1.0) if on_values else Tensor([1.0]) for _ in range(n)]
        y = op(xs) if on_values else ag.sum(op(xs) ** 2)
        return work(lambda: PASSES[how](y, xs), op.vjps)

    cost(10)  # what is done once only
    few, many, most = map(cost, (50, 100, 200))
    assert most - many < 2.2 * (many - few)


@pytest.mark.parametrize("op", JOINS, ids=repr)
def test_an_op_of_many_operands_gives_each_at_once_what_it_gives_it_alone(op):
    dice = np.random.default_rng(0)
    xs = (dice.normal(size=(2, 3)), dice.normal(size=(2, 3)), dice.normal(size=(2, 3)))
    y = op(list(xs))
    g = dice.normal(size=y.shape)
    params = dict(op.defaults)
    together = op.vjps.passed([2, 0], g, y, xs, params)
    for i, passed in zip([2, 0], together, strict=True):
        assert np.array_equal(passed, op.vjps[i](g, y, *xs, **params))


def test_an_op_of_many_operands_passes_nothing_to_constants_among_them():
    x, c, z = Tensor([1.0]), Tensor([2.0], constant=True), Tensor([3.0])
    for op in JOINS:
        if op is not total:
            y = ag.sum(op([x, c, z, x]) ** 2)
            (step,) = [step for step in backprop(y) if step.node.op is op]
            assert [None if p is None else p.item() for p in step.contributions] == [2, None, 6, 2]
            x.grad = z.grad = None
            y.backward()
            assert (x.grad.item(), c.grad, z.grad.item()) == (4.0, None, 6.0)


def test_a_rule_that_gives_too_few_or_too_many_is_refused():
    for amiss in (lambda g: [g], lambda g: [g, g, g]):
        op = Op(
            name="too few",
            forward=lambda *xs: sum(xs),
            scalar=lambda *xs: sum(xs),
            elementwise=False,
            vjps=Each(lambda places, g, y, *xs, amiss=amiss: amiss(g), at_once=True),
            latex="{0}",
            doc="Sum.",
        )
        x = Value(1.0)
        for act in PASSES.values():
            with pytest.raises(ValueError, match="zip"):
                act(op([x, x]), [x])
