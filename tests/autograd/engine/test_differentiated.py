"""What is differentiated decides as it would on numbers, or is refused."""

import operator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd as ag
from autograd import Tensor, Value, compile, grad, jvp, value_and_grad
from autograd.engine import differentiated

NUMBERS = st.sampled_from([0.0, -0.0, 1.0, 2.0, float("inf")])
DECISIONS = {
    "x == 0": lambda x, y: x == 0,
    "0 == x": lambda x, y: operator.eq(0, x),
    "x != 1.0": lambda x, y: x != 1.0,
    "x == y": lambda x, y: x == y,
    "x != y": lambda x, y: x != y,
    "x == x": lambda x, y: x == x,
    "x": lambda x, y: x,
    "not x": lambda x, y: not x,
    "x and y": lambda x, y: x and y,
    "x in list": lambda x, y: x in [0.0, 2.0],
    "number in tuple": lambda x, y: 1.0 in (y, x),
    "x in nodes": lambda x, y: x * 1 in [y, y + 1],
    "count": lambda x, y: [0.0, 1.0, 0.0].count(x) == 2,
    "index": lambda x, y: [0.0, 1.0, 2.0, float("inf")].index(x) > 1,
    "filter": lambda x, y: len(list(filter(None, [x, y, x - y]))) > 1,
    "any": lambda x, y: any([x, y]),
    "x is None": lambda x, y: x == None,  # noqa: E711
    "x == 'a'": lambda x, y: x == "a",
    "x < y": lambda x, y: x < y,
    "max": lambda x, y: max(x, y) == x,
    "match": lambda x, y: _matched(x),
}


def _matched(x):
    match x:
        case 0.0:
            return True
        case _:
            return False


@pytest.mark.parametrize("decide", DECISIONS.values(), ids=DECISIONS)
@given(x=NUMBERS, y=NUMBERS)
def test_a_decision_is_that_of_the_numbers(decide, x, y):
    def f(x, y):
        return (x * 2 + y) if decide(x, y) else (y * 3 + x)

    if x == y == float("inf") and decide is DECISIONS["filter"]:
        return  # inf - inf is refused
    right, slopes = f(x, y), (2.0, 1.0) if decide(x, y) else (1.0, 3.0)
    assert value_and_grad(f, argnums=(0, 1))(x, y) == (right, slopes)
    assert jvp(f, (x, y), (1.0, 0.0)) == (right, slopes[0])
    arrays = np.array(x), np.array(y)
    assert value_and_grad(f, argnums=(0, 1))(*arrays) == (right, slopes)
    assert grad(lambda x: grad(f, argnums=1)(x, y) * x)(x) == slopes[1]


@given(x=NUMBERS)
def test_nan_is_not_equal_to_itself(x):
    f = lambda x: x * 2 if x != x else x * 3  # noqa: E731
    assert grad(f)(x) == 3.0
    assert grad(f)(float("nan")) == 2.0
    recorded = compile(grad(f))
    assert [recorded(y) for y in (x, float("nan"), x)] == [3.0, 2.0, 3.0]


@pytest.mark.parametrize(
    "decide", [DECISIONS[key] for key in ("x == 0", "x != 1.0", "x", "not x", "x in list")]
)
def test_what_is_recorded_decides_likewise(decide):
    recorded = compile(value_and_grad(lambda x: x * 2 if decide(x, x) else x * 3))
    for x in (0.0, 1.0, 2.0, 0.0, 5.0, 1.0):
        assert recorded(x) == value_and_grad(lambda x: x * 2 if decide(x, x) else x * 3)(x)


def test_comparing_arrays_is_done_element_by_element():
    x = np.array([0.0, 1.0, 2.0])
    slopes = grad(lambda x: ag.sum(ag.where(x == 1.0, 10 * x, x)))(x)
    assert slopes.tolist() == [1.0, 10.0, 1.0]
    slopes = grad(lambda x: ag.sum(ag.where(x != x[0], 10 * x, x)))(x)
    assert slopes.tolist() == [1.0, 10.0, 10.0]
    with pytest.raises(ValueError, match="ambiguous"):
        grad(lambda x: ag.sum(x) if x else x)(x)


@pytest.mark.parametrize("compare", [operator.eq, operator.ne])
def test_a_number_and_a_node_of_outside_are_not_compared(compare):
    w = Value(1.0)
    with pytest.raises(TypeError, match=r"^==: one node depends .* x\.data == y\.data"):
        grad(lambda x: x if compare(x, w) else x * 2)(1.0)
    with pytest.raises(TypeError, match=r"^==: one node depends"):
        grad(lambda x: x if w in [x * 1.0] else x * 2)(1.0)


def test_nodes_that_have_nothing_to_do_with_it_are_told_apart():
    v, w = Value(1.0), Value(1.0)
    same, other = grad(lambda x: x if v == v else x * 2), grad(lambda x: x if v == w else x * 2)
    assert (same(1.0), other(1.0)) == (1.0, 2.0)
    assert grad(lambda x: x * 2 if w else x)(1.0) == 2.0
    assert grad(lambda x: x if w == 1.0 else x * 2)(1.0) == 2.0


def test_outside_nodes_are_told_apart():
    for kind in (Value, Tensor):
        x, y = kind(1.0), kind(1.0)
        assert x == x
        assert x != y
        assert (x == 1.0) is False
        assert len({x, y, x}) == 2
        assert [y, x].index(x) == 1
    assert Value(0.0)


def test_sets_and_dicts_go_on_working_in_a_transform():
    def f(x):
        nodes = [x * i for i in range(50)]
        seen = set(nodes) | {x}
        assert len(seen) == 51
        assert all(node in seen for node in nodes)
        slopes = {node: i for i, node in enumerate(nodes)}
        return sum(node * slopes[node] for node in nodes)

    assert grad(f)(2.0) == sum(i * i for i in range(50))


@pytest.mark.parametrize("decide", [DECISIONS[key] for key in ("x == 0", "x", "x in list", "max")])
@given(x=NUMBERS)
def test_a_detached_number_decides_like_the_number(decide, x):
    f = lambda x: x * 5 if decide(x.detach(), x * 1.0) else x * 2  # noqa: E731
    right = 5.0 if decide(x, x) else 2.0
    assert grad(f)(x) == right
    assert grad(f)(np.array(x)) == right


def test_asking_in_each_step_of_a_loop_looks_back_no_farther_than_the_step_before():
    steps = []

    class Counted(set):
        def __contains__(self, x):
            steps.append(x)
            return super().__contains__(x)

    def f(x, n):
        for _ in range(n):
            x = x * 1.0001
            if x == 0:
                break
        return x

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(differentiated, "_following", Counted())
        for n in (100, 400):
            steps.clear()
            grad(f)(1.0, n)
            assert len(steps) <= 3 * n
