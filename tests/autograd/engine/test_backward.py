"""backward() leaves in `grad` what other ways find, adds it up in leaves, and harms nothing."""

import gc
import math
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import naive
import numpy as np
import pytest
from agreement import scale_of
from hypothesis import given
from hypothesis import strategies as st
from naive import twins_of
from numerics import close, complex_step, differences, same

import autograd as ag
from autograd import (
    OPS,
    DomainError,
    GraphError,
    ShapeError,
    Tensor,
    Value,
    backprop,
    gradients,
    log,
    mean,
    pow,
    reshape,
    sigmoid,
    sign,
    sqrt,
    step,
    tanh,
    trace,
)
from autograd.engine import grads_of
from autograd.strategies import ELEMENTWISE, graphs

ANALYTIC = tuple(op for op in ELEMENTWISE if op.kinks is None)


# Slopes found in other ways


@given(graphs())
def test_backward_agrees_with_the_naive_twin(program):
    slots, twins = program.nodes(), twins_of(program)
    tolerance = 1e-9 * scale_of(slots[program.output])
    slots[program.output].backward()
    naive.backward(twins[program.output])
    for name, node in slots.items():
        assert close(node.data, twins[name].data, 1e-9), name
        assert node.reached == (twins[name].grad is not None)
        assert close(node.grad, twins[name].grad or 0.0, tolerance), name


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
        assert close(slots[name].grad, expected, tolerance), name


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
        assert math.fabs(slots[name].grad - slope) <= 10 * error + 1e-12


# backward and backprop are one pass


@given(graphs())
def test_backward_keeps_what_backprop_yields_bit_for_bit(program):
    slots = program.nodes()
    steps = {step.node: step.grad for step in backprop(slots[program.output])}
    assert not any(node.reached for node in slots.values())
    slots[program.output].backward()
    for node in trace(slots[program.output]):
        assert node.reached == (node in steps)
        assert node.grad == steps.get(node, 0.0)


@given(graphs())
def test_a_second_backward_doubles_the_leaves_and_only_them(program):
    output = program.nodes()[program.output]
    output.backward()
    first = {node: node.grad for node in trace(output)}
    output.backward()
    for node, grad in first.items():
        assert node.grad == (2 * grad if node.op is None else grad)


@given(graphs(), st.data())
def test_a_pass_describes_the_forward_computation_that_ran(program, data):
    slots, fresh = program.nodes(), program.nodes()
    for name in program.leaves:
        slots[name].data = data.draw(st.floats(-1e3, 1e3))
    slots[program.output].backward()
    fresh[program.output].backward()
    for name in slots:
        assert slots[name].grad == fresh[name].grad
        assert slots[name].reached == fresh[name].reached


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
    assert (a.grad, b.grad) == (24.0, 0.0)
    assert (a.reached, b.reached) == (True, False)


def test_a_leaf_edited_after_the_forward_pass_does_not_change_that_pass():
    a = Value(2.0)
    b = a * a
    a.data = 5.0
    b.backward()
    assert (b.data, a.grad) == (4.0, 4.0)


def test_constants_never_get_a_grad():
    x, c = Value(2.0), Value(3.0, constant=True)
    folded = c * c + 1
    y = x * folded * 4
    y.backward()
    assert x.grad == 40.0
    assert [node.reached for node in trace(y) if node.constant] == [False] * 5
    with pytest.raises(GraphError, match=r"constants only.* Make a leaf without constant=True"):
        folded.backward()
    with pytest.raises(GraphError, match="constants only"):
        backprop(folded)


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
    before = grads_of(trace(output))
    with pytest.raises(error):
        output.backward()
    assert grads_of(trace(output)) == before
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
    assert not x.reached


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


@pytest.mark.slow
def test_a_million_operations_in_a_row():
    x = Value(1.0)
    y = x
    for _ in range(500_000):
        y = y * 1.000001 + x
    y.backward()
    assert x.grad == pytest.approx(y.data)
    del y
    assert gc.isenabled()


@pytest.mark.slow
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


# Passes over arrays


def test_a_pass_reaches_every_leaf_in_its_own_shape():
    x, w, b = Tensor(np.ones((5, 3))), Tensor(np.ones((3, 2))), Tensor(np.zeros(2))
    y = tanh(x @ w + b)
    loss = mean(y * y)
    loss.backward()
    assert [t.grad.shape for t in (x, w, b, y)] == [t.shape for t in (x, w, b, y)]
    assert loss.grad == 1.0
    slope = 2 * np.tanh(3) * (1 - np.tanh(3) ** 2) / 10
    assert np.allclose(w.grad, 5 * slope, 1e-14)
    assert np.allclose(b.grad, 5 * slope, 1e-14)


@pytest.mark.parametrize("shape", [(), (1,), (2, 3)])
def test_a_second_pass_doubles_leaves_and_sets_results(shape):
    x = Tensor(np.full(shape, 3.0))
    y = x * x
    total = ag.sum(y + y)
    total.backward()
    first = x.grad
    total.backward()
    assert same(x.grad, np.full(shape, 24.0))
    assert np.array_equal(first, np.full(shape, 12.0))
    assert np.array_equal(y.grad, np.full(shape, 2.0))
    x.grad = 0  # as loops for micrograd do
    total.backward()
    assert same(x.grad, np.full(shape, 12.0))


def test_the_grad_of_a_leaf_without_axes_stays_an_array():
    x = Tensor(2.0)
    (x * x).backward()
    (x * x).backward()
    x.grad[...] = 0


def test_constants_get_no_grad():
    x, c = Tensor([1.0]), Tensor([2.0], constant=True)
    y = x * c * [3.0] + c
    y.backward()
    assert [node.grad is None for node in trace(y)] == [node.constant for node in trace(y)]
    with pytest.raises(GraphError, match="constants only"):
        (c * 2).backward()


def test_a_pass_starts_from_one_number_or_from_a_seed_of_the_right_shape():
    x = Tensor(np.ones((32, 1)))
    y = 2 * x
    with pytest.raises(GraphError) as caught:
        y.backward()
    assert str(caught.value) == (
        "backward() starts from one number; this Tensor has shape (32, 1). "
        "Reduce it: mean(loss).backward()."
    )
    for differentiate in (backprop, lambda y: gradients(y, [x])):
        with pytest.raises(GraphError, match="one number"):
            differentiate(y)
    for seed in ([1.0, 2.0], np.ones(32), np.ones((1, 32)), [1.0]):
        with pytest.raises(
            ShapeError, match=r"^backward: got a seed of shape .* for a Tensor of shape \(32, 1"
        ):
            y.backward(seed)
    y.backward(np.arange(32).reshape(32, 1))
    assert x.grad.ravel().tolist() == list(range(0, 64, 2))
    z = Tensor([[3.0]])
    (z * z).backward()
    assert z.grad.tolist() == [[6.0]]
    (z * z).backward(0.5)
    assert z.grad.tolist() == [[9.0]]


def test_a_seed_is_a_copy():
    x, seed = Tensor([1.0, 2.0]), np.ones(2)
    y = x + 0
    y.backward(seed)
    seed[:] = 9.0
    assert x.grad.tolist() == y.grad.tolist() == [1.0, 1.0]


def test_the_grad_of_a_leaf_is_its_own_array():
    a, b, c = (Tensor([[1.0, 2.0]]) for _ in range(3))
    y = reshape(a + b, (2,)) + c.reshape(2)
    y.backward([1.0, 10.0])
    arrays = [a.grad, b.grad, c.grad, y.grad, *(np.asarray(x.data) for x in (a, b, c))]
    for i, left in enumerate(arrays):
        assert left.flags.writeable == (i < 4)
        assert not any(np.shares_memory(left, right) for right in arrays[:i])
    a.grad *= 0.5
    b.grad[...] = 0
    assert (a.grad.tolist(), b.grad.tolist()) == ([[0.5, 5.0]], [[0.0, 0.0]])
    assert (c.grad.tolist(), y.grad.tolist()) == ([[1.0, 10.0]], [1.0, 10.0])
    y.backward([1.0, 10.0])
    assert (a.grad.tolist(), b.grad.tolist()) == ([[1.5, 15.0]], [[1.0, 10.0]])


def test_passes_in_many_threads_lose_nothing():
    w, start = Tensor(np.ones(3)), Barrier(4)

    def work(i):
        start.wait()
        for _ in range(300):
            ag.sum(w * float(i) + w[0]).backward()

    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(work, range(4)))
    finally:
        sys.setswitchinterval(usual)
    assert w.grad.tolist() == [300 * 6 + 300 * 4 * 3, 300 * 6, 300 * 6]


def test_a_gradient_of_another_shape_spoils_no_other():
    a, b = Tensor([1.0, 2.0]), Tensor([3.0, 4.0])
    a.grad, b.grad = np.ones(2), np.zeros(5)
    with pytest.raises(ValueError, match="shape"):
        (a * b).sum().backward()
    assert a.grad.tolist() == [1.0, 1.0]
    assert b.grad.shape == (5,)


@pytest.mark.parametrize("seed", [None, "3", [None]])
def test_a_seed_is_made_of_numbers(seed):
    with pytest.raises(TypeError, match=r"^backward: got the seed .* Give real numbers"):
        Tensor([1.0]).backward(seed)
