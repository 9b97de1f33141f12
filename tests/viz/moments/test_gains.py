"""Gains follow the norm of an adjoint; in a chain they multiply to that of the gradient."""

from math import isnan, prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numerics import EPSILON

import nn
import viz
from autograd import Scope, Tensor, relu, sigmoid, tanh
from autograd import sum as total
from autograd.strategies import graphs
from viz.moments.gains import gains
from viz.moments.passes import Pass


@given(graphs(tensors=True))
def test_the_norms_are_those_of_the_adjoints(program):
    output = program.nodes()[program.output]
    output = total(output) if isinstance(output, Tensor) else output
    run = Pass(output, {})
    for end, adjoint in run.adjoints.items():
        ((path, computed),) = gains(run, end)
        assert path.nodes[0] is output
        assert path.nodes[-1] is run.order[end]
        assert len(computed) == len(path.nodes) == len(path.norms) == len(path.factors) + 1
        assert path.share is None
        places = [run.order.index(node) for node in path.nodes]
        assert places == sorted(places, reverse=True)
        norm = np.linalg.norm(np.ravel(adjoint))
        assert abs(path.norms[-1] - norm) <= (np.size(adjoint) + 4) * EPSILON * norm
        assert path.product == path.norms[-1]


def chain(*activations):
    y = x = Tensor(np.linspace(-1, 1, 6), name="x")
    for activation in activations:
        y = activation(y)
    return x, total(y)


@given(st.lists(st.sampled_from([tanh, sigmoid, lambda x: 3 * x, lambda x: -x / 2]), max_size=8))
def test_in_a_chain_gains_multiply_to_the_norm_of_the_gradient(activations):
    x, f = chain(*activations)
    run = Pass(f, {})
    ((path, _),) = gains(run, run.order.index(x))
    f.backward()
    norm = np.linalg.norm(x.grad)
    # A norm is right to some 10 EPSILON, and each gain holds two.
    assert abs(prod(path.factors) - norm) <= 20 * len(path.factors) * EPSILON * norm
    assert abs(path.product - norm) <= 20 * EPSILON * norm


def test_what_shrinks_on_a_branch_does_not_shrink_the_whole():
    x = Tensor(np.linspace(-1, 1, 6), name="x")
    h = 0.5 * x
    h = h + 0.01 * tanh(h)  # a skip connection
    f = total(h)
    run = Pass(f, {})
    ((path, computed),) = gains(run, run.order.index(x))
    branches = [computed[k] for k in path.branches]
    assert sorted(branches) == ["0.01·v₂", "tanh(v₁)"]
    assert [label.endswith(" (branch)") for label in path.labels] == [
        k in path.branches for k in range(len(path.labels))
    ]
    assert computed[path.weakest] == "0.5·x"
    assert "(branch): other ways lead past it" in str(viz.why(x, of=f))


@given(graphs(tensors=True), st.data())
def test_all_goes_through_what_is_no_branch(program, data):
    output = program.nodes()[program.output]
    run = Pass(total(output) if isinstance(output, Tensor) else output, {})
    end = data.draw(st.sampled_from(sorted(run.adjoints)))
    ((path, _),) = gains(run, end)
    for k, node in enumerate(path.nodes[1:-1], start=1):
        without = {flow.node: [] for flow in run.flows}
        for flow in run.flows:
            if run.order[flow.target] is not node:
                without[flow.node].append(flow.target)
        reached = [run.graph.output]
        for i in reached:
            reached += [j for j in without.get(i, ()) if j not in reached]
        assert (end in reached) == (k in path.branches)


def test_what_arrives_along_two_edges_is_added_before_its_norm_is_taken():
    x = Tensor([3.0, 4.0], name="x")
    run = Pass(total(x - x), {})
    ((path, _),) = gains(run, 0)
    assert path.factors[-1] == 0.0
    assert path.norms[-1] == 0.0


def test_only_what_goes_towards_the_end_counts():
    x, w = Tensor([1.0], name="x"), Tensor([100.0], name="w")
    run = Pass(total(x * w), {})
    ((path, _),) = gains(run, run.order.index(x))
    assert path.factors == (1.0, 100.0)


def test_after_nothing_there_is_no_gain():
    x = Tensor([-1.0, -2.0], name="x")
    run = Pass(total(relu(2 * x)), {})
    ((path, _),) = gains(run, run.order.index(x))
    assert path.labels[path.weakest] == "v₂"
    assert path.factors[path.weakest] == 0.0
    assert isnan(path.factors[-1])
    assert path.norms[-1] == 0.0


@pytest.mark.parametrize("scale", [1e200, 1e-200])
def test_norms_of_very_large_and_very_small_numbers(scale):
    x = Tensor([1.0, 1.0], name="x")
    run = Pass(total(x * scale), {})
    ((path, _),) = gains(run, 0)
    assert abs(path.norms[-1] / scale - 2**0.5) < 1e-15


def test_calls_are_one_step_each_and_what_they_share_is_not_named():
    net = nn.Sequential(nn.Linear(3, 3, rng=0), nn.Tanh(), nn.Linear(3, 3, rng=1), nn.Tanh())
    x = Tensor(np.eye(3), name="x")
    f = total(net(x))
    run = Pass(f, {f: "f"})
    (by_call, computed), (by_node, _) = gains(run, run.order.index(x))
    assert len(by_call.labels) == len(set(by_call.labels)) == 6
    assert (by_call.labels[0], by_call.labels[-1]) == ("f", "x")
    assert not any("Sequential" in label for label in by_call.labels)
    assert computed[0].startswith("sum")
    assert by_call.factors == by_node.factors


def test_a_call_of_several_nodes_is_left_once():
    """A block around a call is two steps: else its gain would count what comes back."""
    x = Tensor([0.5, -0.5], name="x")
    with Scope("net"), Scope("block"):
        a = 2 * x
        with Scope("inner"):
            b = tanh(tanh(a))
        c = a + b
    f = total(c)
    run = Pass(f, {f: "f"})
    (path, computed), (by_node, _) = gains(run, run.order.index(x))
    assert path.labels == ("f", "block", "inner (branch)", "block", "x")
    assert computed == ["sum(v₄)", "v₁ + v₃", "2 steps", "2·x", ""]
    sent = by_node.norms[by_node.labels.index("v₃ (branch)")]
    back = np.linalg.norm((1 - b.data**2) * (1 - np.tanh(a.data) ** 2))
    assert abs(path.factors[2] - back / sent) < 1e-15
    assert path.product == by_node.product
