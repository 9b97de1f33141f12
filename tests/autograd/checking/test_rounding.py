"""Rounding is measured by the precision that a graph was built in."""

import math

import numpy as np
import pytest
from checks import rejected, words
from hypothesis import given
from wrong_rules import spoiled

from autograd import (
    Tensor,
    Value,
    abs,
    backprop,
    check_gradients,
    cross_entropy,
    exp,
    log_softmax,
    mean,
    relu,
    sigmoid,
    softmax,
    softmax_error,
    sum,
    tanh,
    trace,
)
from autograd.checking.rounding import copied, epsilon, noise, reading_only, rerun
from autograd.strategies import graphs


def test_single_precision_is_measured_by_its_own_rounding():
    x = np.linspace(-2, 2, 12).reshape(3, 4).astype(np.float32)
    deep = lambda x: sum(tanh(softmax(x) @ sigmoid(x).T))  # noqa: E731
    for f in (deep, lambda x: relu(deep(x) - 1.0), lambda x: abs(mean(x - 1e4) + 9e3)):
        assert words(check_gradients(f, x)) == ["pass"]
    slightly = spoiled(tanh, lambda g, y, x: g * (1 - y * y) * 1.001)
    assert rejected(lambda x: sum(slightly(x)), x).startswith("wrong")


@pytest.mark.parametrize("score", [3.0, 6.0, 12.0, 20.0])
@pytest.mark.parametrize(
    "f",
    [
        lambda z: cross_entropy(z, np.array(1)),
        lambda z: cross_entropy(z, np.array([0.25, 0.5, 0.25])),
        lambda z: softmax_error(z, np.array(1)),
        lambda z: log_softmax(z)[1],
        lambda z: -sum(log_softmax(z) * np.array([0.0, 1.0, 0.0])),
    ],
)
def test_what_rounds_inside_a_rule_is_known(f, score):
    assert set(words(check_gradients(f, np.array([0.0, score, -1.0]), order=2))) == {"pass"}


def test_a_wrong_factor_is_seen_beside_what_rounds_inside_a_rule():
    slightly = spoiled(
        log_softmax, lambda g, y, x, axis: (g - exp(y) * sum(g, axis, True)) * 1.0001
    )
    for score in (3.0, 12.0):
        assert rejected(lambda z: slightly(z)[1], np.array([0.0, score, -1.0])).startswith("wrong")


@given(graphs())
def test_a_graph_is_run_again_on_other_numbers(program):
    nodes = program.nodes()
    order = trace(*nodes.values())
    moved = {nodes[name]: x + 0.01 for name, x in program.leaves.items()}
    fresh = program.run({name: x + 0.01 for name, x in program.leaves.items()})
    found = rerun(order, moved)
    for name, node in nodes.items():
        if node in found:
            assert float(found[node]) == pytest.approx(float(fresh[name]), rel=1e-12, abs=1e-12)
        else:
            assert node.data == fresh[name]


def test_only_what_depends_on_what_moves_is_computed_again():
    x, y = Value(2.0), Value(3.0)
    apart, together = y * y, x * y
    total = apart + together
    found = rerun(trace(total), {x: 5.0})
    assert {node: float(number) for node, number in found.items()} == {
        x: 5.0,
        together: 15.0,
        total: 24.0,
    }


def test_imaginary_steps_are_carried_and_never_dropped():
    x = Tensor(np.float32([0.5, 2.0]))
    y = exp(x) * 3.0
    z = rerun(trace(y), {x: x.data + 1j * np.array([1e-30, 0.0])})[y]
    assert z.real.tolist() == y.data.tolist()
    np.testing.assert_allclose(z.imag / 1e-30, [3 * math.exp(0.5), 0.0], rtol=1e-6)
    with pytest.raises(TypeError, match=r"^abs: its forward function drops imaginary parts"):
        rerun(trace(abs(x)), {x: x.data + 1e-30j})


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_bound_of_rounding_holds_and_is_not_far_off(dtype):
    dice = np.random.default_rng(0)
    assert epsilon(dtype(1)) == np.finfo(dtype).eps
    for _ in range(20):
        numbers = dice.normal(size=1000).astype(dtype)
        y = sum(exp(Tensor(numbers)) * 3.0)
        exact = math.fsum(3 * math.exp(x) for x in numbers.tolist())
        bound = noise(backprop(y), doubled=False)
        assert math.fabs(y.item() - exact) <= bound <= 1e5 * np.finfo(dtype).eps * exact


def test_a_copy_gives_the_same_gradients_and_its_rules_can_write_to_no_g():
    seen = []
    watched = spoiled(tanh, lambda g, y, x: seen.append(g.flags.writeable) or g * (1 - y * y))
    x = Tensor([0.5, 2.0])
    z = sum(watched(x) * 3.0)
    copies = copied(trace(z), reading_only, {}, {})
    grads = {step.node: step.grad for step in backprop(copies[z])}
    assert grads[copies[x]].tolist() == (3 * (1 - np.tanh(x.data) ** 2)).tolist()
    assert seen == [False]
    assert reading_only(None) is None
