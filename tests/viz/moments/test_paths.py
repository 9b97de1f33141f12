"""Paths are ranked, counted and summed as a list of all of them would be, without that list."""

import re
import time
from collections import Counter
from math import fsum, prod

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numerics import EPSILON

from autograd import Value, relu, where
from autograd.strategies import graphs
from viz.moments.passes import Pass
from viz.moments.paths import Ranking

MANY = 3000  # paths that are listed one by one


def made(program):
    return Pass(program.nodes()[program.output], {})


@st.composite
def woven(draw):
    """A pass with many paths of many sizes: each node is a sum of two nodes shortly before it."""
    factor, step = st.sampled_from((-2.0, -0.5, 0.25, 0.75, 1.0, 3.0)), st.integers(1, 3)
    nodes = [Value(0.0, name="x")]
    for _ in range(draw(st.integers(3, 9))):
        a, b = (nodes[-min(draw(step), len(nodes))] * draw(factor) for _ in range(2))
        nodes.append(a + b)
    return Pass(nodes[-1], {})


runs = st.one_of(graphs().map(made), woven())


def all_paths(run):
    """List the paths from the output to each node, as tuples of flows, one by one."""
    leaving = {}
    for flow in run.flows:
        leaving.setdefault(flow.node, []).append(flow)
    counts = {run.graph.output: 1}
    for flow in run.flows:
        counts[flow.target] = counts.get(flow.target, 0) + counts[flow.node]
    assume(sum(counts.values()) <= MANY)
    found, waiting = {}, [(run.graph.output, ())]
    for node, path in waiting:
        found.setdefault(node, []).append(path)
        waiting += [(flow.target, (*path, flow)) for flow in leaving.get(node, ())]
    return found


def product(path):
    total = 1.0
    for flow in path:
        total *= flow.local
    return total


def rounding(run, most, sizes):
    """How far sums of these products may be apart that are computed in other orders.

    A rule may differ from local times upstream by 8 EPSILON, see below, and each product and each
    sum by one. There are as many products as edges, at most `most` + 1 sums an edge in a ranking,
    and one in a pass. What underflows is lost, times all factors that follow.
    """
    operations = (8 + 1 + 1 + most + 1) * len(run.flows)
    lost = 2.0**-1074 * prod(1 + abs(flow.local) for flow in run.flows)
    return operations * (EPSILON * sizes + lost)


@given(graphs())
def test_rules_multiply_what_comes_in_by_the_local_derivative(program):
    for flow in made(program).flows:
        expected = flow.local * flow.upstream
        assert abs(flow.passed - expected) <= 8 * EPSILON * abs(expected) + 2.0**-1070


@given(runs, st.integers(1, 6))
def test_the_ranking_is_that_of_a_list_of_all_paths(run, most):
    listed = all_paths(run)
    ranking = Ranking(run, most, run.adjoints)
    for i in range(len(run.order)):
        found, every = ranking.paths(i), listed.get(i, [])
        assert sum(path.count for path in found) == len(every)
        single = [path for path in found if path.nodes]
        assert len(single) == min(len(every), most)
        sizes = sorted((abs(product(path)) for path in every), reverse=True)
        assert [abs(path.product) for path in single] == sizes[: len(single)]
        known = Counter(
            (tuple(run.order[flow.target] for flow in path), tuple(flow.local for flow in path))
            for path in every
        )
        assert Counter((path.nodes[1:], path.factors) for path in single) <= known
        for path in single:
            assert path.nodes[0] is run.order[-1]
            assert path.count == 1
            assert path.product == prod(path.factors)
            labels = [run.notation.labels[run.order.index(node)] for node in path.nodes]
            assert [re.sub(r"^\d+(st|nd) ", "", label) for label in path.labels] == labels
        for rest in found[len(single) :]:
            assert (rest.nodes, rest.factors, rest.labels) == ((), (), ())
            expected = fsum(map(product, every)) - fsum(path.product for path in single)
            assert abs(rest.product - expected) <= rounding(run, most, sum(sizes))


@given(runs, st.sampled_from((1, 2, 20)))
def test_products_sum_to_the_gradient_and_shares_to_one(run, most):
    ranking = Ranking(run, most, run.adjoints)
    output = run.order[-1]
    output.backward()
    for i, node in enumerate(run.order):
        found = ranking.paths(i)
        sizes = ranking._found[i].size if i in ranking._found else 0.0
        sizes += sum(abs(path.product) for path in found if path.nodes)
        gradient = node.grad if i in run.adjoints else 0.0
        total = fsum(path.product for path in found)
        assert abs(total - gradient) <= rounding(run, most, sizes)
        shares = [path.share for path in found]
        if sizes:
            assert abs(fsum(shares) - 1) <= (most + 2) * len(run.flows) * EPSILON + EPSILON
            assert all(0 <= share <= 1 for share in shares)
        else:
            assert set(shares) <= {None}


@given(runs)
def test_a_ranking_for_some_nodes_is_the_ranking_for_all(run):
    every = Ranking(run, 3, run.adjoints)
    for i in range(len(run.order)):
        assert Ranking(run, 3, [i]).paths(i) == every.paths(i)


def doubled(times):
    y = Value(1.0, name="x")
    for _ in range(times):
        y = y + y
    return Pass(y, {})


def test_more_paths_than_anyone_can_list_take_milliseconds():
    run = doubled(40)
    best = 1.0
    for _ in range(5):
        start = time.process_time()
        *single, rest = Ranking(run, 20, [0]).paths(0)
        best = min(best, time.process_time() - start)
    assert (len(single), rest.count) == (20, 2**40 - 20)
    assert rest.product == 2**40 - 20
    assert best < 0.05


def test_counts_are_exact_where_floats_are_not():
    *_, rest = Ranking(doubled(100), 1, [0]).paths(0)
    assert rest.count == 2**100 - 1


def test_each_operand_is_an_edge():
    x = Value(3.0)
    first, second = Ranking(Pass(x * x, {}), 20, [0]).paths(0)
    assert (first.factors, second.factors) == ((3.0,), (3.0,))
    assert (first.share, second.share) == (0.5, 0.5)


@given(runs)
def test_no_two_paths_read_the_same(run):
    for i in run.adjoints:
        routes = [path.labels for path in Ranking(run, 50, run.adjoints).paths(i) if path.nodes]
        assert len(set(routes)) == len(routes)


def test_each_use_of_an_operand_is_counted_in_words():
    x = Value(3.0, name="x")
    found = Ranking(Pass(x * x + x, {}), 20, [0]).paths(0)
    assert [path.labels for path in found] == [
        ("v₂", "v₁", "1st x"),
        ("v₂", "v₁", "2nd x"),
        ("v₂", "x"),
    ]


def test_paths_of_equal_size_come_in_the_order_of_the_pass():
    x = Value(2.0, name="x")
    a, b = x + 0.0, x - 0.0
    run = Pass(a - b, {a: "a", b: "b"})
    assert [path.labels[1] for path in Ranking(run, 20, run.adjoints).paths(0)] == ["b", "a"]
    first, rest = Ranking(run, 1, run.adjoints).paths(0)
    assert (first.labels[1], rest.count, rest.product) == ("b", 1, 1.0)


def test_where_all_products_are_zero_no_share_is_defined():
    x = Value(-1.0)
    (path,) = Ranking(Pass(relu(x), {}), 20, [0]).paths(0)
    assert (path.factors, path.product, path.share) == ((0.0,), 0.0, None)


def test_nodes_that_no_gradient_passes_to_have_no_paths():
    x, c = Value(1.0), Value(2.0, constant=True)
    mask = x * 1.0
    run = Pass(where(mask, x, c), {})
    ranking = Ranking(run, 20, run.adjoints)
    for node in (c, mask):
        assert ranking.paths(run.order.index(node)) == []


@pytest.mark.parametrize("most", [1, 2, 20])
def test_what_is_not_finite_comes_first_and_leaves_no_shares(most):
    """0 times an infinite factor is nan, which no comparison would put anywhere."""
    x = Value(1e200, name="x")
    infinite = x * x
    nothing = Value(0.0) * infinite * x
    run = Pass(nothing + x * 5.0 + x * 7.0, {})
    every = Ranking(run, 20, run.adjoints).paths(run.order.index(x))
    broken = [path for path in every if abs(path.product) < float("inf")]
    assert every[-len(broken) :] == broken
    assert [path.product for path in broken[:2]] == [7.0, 5.0]
    assert {path.share for path in every} == {None}
    found = Ranking(run, most, run.adjoints).paths(run.order.index(x))
    assert sum(path.count for path in found) == len(every)
    assert {path.share for path in found} == {None}


def test_a_chain_of_any_length_has_its_path():
    y = x = Value(1.0)
    for _ in range(20_000):
        y = -y
    (path,) = Ranking(Pass(y, {}), 20, [0]).paths(0)
    assert len(path.factors) == 20_000
    assert path.product == 1.0
    assert path.nodes[-1] is x
