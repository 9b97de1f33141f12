"""Laws every row obeys on arrays: shapes, types, slopes of first and second order."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes
from numerics import close, complex_step, near, replaced, ulps
from samples import ARRAY_CALLS, ELEMENTWISE, ELEMENTWISE_CALLS, LINEAR, elementwise

import autograd as ag
from autograd import (
    OPS,
    Tensor,
    Value,
    concatenate,
    cumsum,
    einsum,
    gradients,
    log_softmax,
    logsumexp,
    mean,
    others,
    pad,
    prod,
    softmax,
    stack,
    sum_to,
    tanh,
    trace,
    unroll,
    var,
)
from autograd.strategies import graphs

pytestmark = pytest.mark.slow  # there are very many

CALLS = ELEMENTWISE_CALLS + ARRAY_CALLS
SMOOTH = [c for c in CALLS if None not in c.rules()]


# max and min are analytic off their kinks: NumPy orders complex numbers by their real parts.
ANALYTIC = [
    c for c in SMOOTH if (c.op.kinks is None or not c.op.elementwise) and c.op.name != "astype"
]

fewer = settings(max_examples=10 + settings.default.max_examples // 5)


def each(calls):
    return pytest.mark.parametrize("call", calls, ids=str)


def broadcasts(call):
    return call.op.elementwise and len({x.shape for x in call.operands}) > 1


def random_like(dice, *arrays):
    return [dice.normal(size=np.shape(x)) for x in arrays]


def dot(us, vs):
    return sum(ag.sum(u * v) for u, v in zip(us, vs, strict=True))


def grads(leaves):
    return [np.zeros(x.shape) if x.grad is None else x.grad for x in leaves]


def cells_of(tensor):
    cells = unroll(tensor)
    return list(cells.flat) if tensor.ndim else [cells]


def slopes(call, g):
    """What a backward pass with this seed leaves in the leaves."""
    leaves = call.leaves()
    call(*leaves).backward(g)
    return grads(leaves)


def by_complex_step(f, operands, g):
    """Derive sum(g * f) by every element of every operand, one after the other."""
    found = []
    for i, x in enumerate(operands):
        slope = np.empty(x.shape)
        for index in np.ndindex(x.shape):

            def moved(z, i=i, x=x, index=index):
                y = x.astype(complex)
                y[index] = z
                return np.sum(g * f(*replaced(operands, i, y)))

            slope[index] = complex_step(moved, x[index])
        found.append(slope)
    return found


def second_slopes(call, g, weights):
    """Derive the sum of weights * gradients by every operand and by the seed."""
    *leaves, seed = nodes = [*call.leaves(), Tensor(g)]
    total = dot(weights, gradients(call(*leaves), leaves, seed))
    return [x.data for x in gradients(total, nodes)]


# Values and types


@each(CALLS)
def test_a_tensor_holds_what_numpy_computes(call):
    expected = call.op.forward(*call.operands, **call.params)
    leaves = call.leaves()
    result = call(*leaves)
    assert type(result.data) is type(leaves[0].data)
    assert result.dtype == np.float64
    assert result.shape == expected.shape
    assert np.array_equal(result.data, expected)
    assert np.array_equal(call(*call.operands), expected)
    assert result.inputs == tuple(leaves)
    np.testing.assert_equal(result.params, call.options)


@each(ELEMENTWISE_CALLS)
def test_an_elementwise_row_does_on_arrays_what_it_does_on_floats(call):
    spread = np.broadcast_arrays(*call.operands)
    result = call(*call.leaves()).data
    g = call.dice().normal(size=result.shape)
    plain = call.on(spread)
    arrived = slopes(plain, g) if call in SMOOTH else ()
    for index in np.ndindex(result.shape):
        leaves = [Value(x[index]) for x in spread]
        y = call(*leaves)
        assert ulps(float(result[index]), y.data) <= 4
        if arrived:
            y.backward(g[index])
            for x, slope in zip(leaves, arrived, strict=True):
                assert close(slope[index], x.grad, 1e-13)


@each(CALLS)
def test_float32_stays_float32_in_values_and_gradients(call):
    dtype = np.float64 if call.op.name == "astype" else np.float32
    leaves = call.leaves(np.float32)
    result = call(*leaves)
    assert result.dtype == dtype
    near(result.data, call(*call.operands), 1e-5)
    if call in SMOOTH:
        (g,) = random_like(call.dice(), result.data)
        result.backward(g)
        for x, expected in zip(leaves, slopes(call, g), strict=True):
            assert x.grad is None or x.grad.dtype == np.float32
            near(np.zeros(x.shape) if x.grad is None else x.grad, expected, 1e-4)
        firsts = gradients(result, leaves, Tensor(g))
        assert {x.dtype for x in firsts} == {np.dtype(np.float32)}
        total = stack([ag.sum(first * first) for first in firsts])
        assert total.constant or {
            x.dtype for x in gradients(total, leaves, Tensor(np.ones(len(firsts))))
        } == {np.dtype(np.float32)}


@pytest.mark.parametrize("op", [op for op in ELEMENTWISE if op.arity > 1], ids=lambda op: op.name)
def test_a_number_written_beside_float32_does_not_widen_it(op):
    operands = elementwise(op, *[(2,)] * op.arity).operands
    for i in range(op.arity):
        for literal in (float(operands[i][0]), 1, True, [1, 2], np.array([1, 2])):
            x = Tensor(operands[i - 1].astype(np.float32))
            y = op(*replaced((x,) * op.arity, i, literal))
            assert y.dtype == np.float32
            y.backward([1.0, 2.0])
            assert x.grad is None or x.grad.dtype == np.float32


@pytest.mark.parametrize(
    "f",
    [
        lambda x: stack([x[0], 2.0]),
        lambda x: concatenate([x, [1, 2]]),
        lambda x: einsum(",i->i", 0.5, x),
        lambda x: x @ [1, 2],
        lambda x: pad(x, 1, 0.5),
        lambda x: mean(x) / 3 + var(x, ddof=1),
    ],
)
def test_numbers_in_and_beside_array_rows_do_not_widen_float32_either(f):
    x = Tensor(np.float32([1.5, 2.5]))
    y = f(x)
    y.backward(np.ones(y.shape))
    (first,) = gradients(y, [x], Tensor(np.ones(y.shape, np.float32)))
    assert y.dtype == x.grad.dtype == first.dtype == np.float32


def test_float64_beside_float32_widens_the_result_but_no_leaf():
    x, w = Tensor(np.float32([1.0, 2.0])), Tensor([3.0, 4.0])
    for y in (x * w, x @ w, concatenate([x, w]), x * np.float64(2), x * [0.5, 0.5]):
        x.grad = None
        assert y.dtype == np.float64
        y.backward(np.ones(y.shape))
        assert x.grad.dtype == np.float32


# Rules


@each(ANALYTIC)
def test_a_backward_pass_agrees_with_the_complex_step(call):
    g = call.dice().normal(size=np.shape(call(*call.operands)))

    def f(*xs):
        return call.op.forward(*xs, **call.params)

    expected = by_complex_step(f, call.operands, g)
    for found, slope in zip(slopes(call, g), expected, strict=True):
        near(found, slope)


@each([c for c in ANALYTIC if not broadcasts(c)])
def test_the_gradient_of_a_gradient_agrees_with_the_complex_step(call):
    """By the operands and by the seed, which is one operand more."""
    dice, rules = call.dice(), call.rules()
    (g,) = random_like(dice, call(*call.operands))
    weights = random_like(dice, *call.operands)

    def slope(*xs):
        *xs, g = xs
        y = call.op.forward(*xs, **call.params)
        firsts = [rule and rule(g, y, *xs, **call.options) for rule in rules]
        return dot(weights, [0.0 if first is None else first for first in firsts])

    expected = by_complex_step(slope, (*call.operands, g), 1.0)
    for second, exact in zip(second_slopes(call, g, weights), expected, strict=True):
        near(second, exact, 1e-11)


@each(SMOOTH)
def test_each_number_of_an_array_has_the_slope_of_its_value(call):
    leaves = call.leaves()
    y = call(*leaves)
    (g,) = random_like(call.dice(), y.data)
    total = Value(0.0)
    for x, cell in zip(g.flat, cells_of(y), strict=True):
        total = total + float(x) * cell
    total.backward()
    arrived = {node.name: node.grad for node in trace(total) if node.name}
    for x, slope in zip(leaves, slopes(call, g), strict=True):
        for index in np.ndindex(x.shape):
            name = x.name + (f"[{','.join(map(str, index))}]" if index else "")
            assert close(slope[index], arrived.get(name) or 0.0, 1e-12)


@each(SMOOTH)
def test_a_backward_pass_is_linear_in_its_seed(call):
    g, h = random_like(call.dice(), *[call(*call.operands)] * 2)
    for whole, left, right in zip(*(slopes(call, x) for x in (g + h, g, h)), strict=True):
        near(whole, left + right)
    for nothing in slopes(call, 0 * g):
        assert not np.any(nothing)


@each([c for c in ARRAY_CALLS if c.op.name in LINEAR])
def test_a_linear_row_and_its_rule_are_transposes(call):
    """<A x, g> = <x, A' g>, exactly, on whole numbers."""
    call = replace(call, params={**call.params, **({"value": 0.0} if call.op is pad else {})})
    dice = call.dice()
    xs = [48.0 * dice.integers(-9, 10, x.shape) for x in call.operands]
    y = call(*xs)
    g = 48.0 * dice.integers(-9, 10, y.shape)
    pulled = slopes(call.on(xs), g)
    assert np.sum(y * g) == dot(xs, pulled)


# Broadcasting


@st.composite
def broadcasting_calls(draw):
    op = draw(st.sampled_from([op for op in ELEMENTWISE if op.arity > 1]))
    shapes = mutually_broadcastable_shapes(num_shapes=op.arity, min_side=0, max_dims=3, max_side=3)
    return elementwise(op, *draw(shapes).input_shapes)


@given(broadcasting_calls())
def test_broadcasting_is_tiling(call):
    tiled = call.on(map(np.array, np.broadcast_arrays(*call.operands)))
    y = call(*call.leaves())
    assert np.array_equal(y.data, tiled(*tiled.operands))
    (g,) = random_like(call.dice(), y.data)
    for found, slope in zip(slopes(call, g), slopes(tiled, g), strict=True):
        near(found, sum_to(slope, found.shape))

    weights = random_like(call.dice(), *call.operands)
    wide = [np.broadcast_to(x, y.shape) for x in weights]
    found, expected = second_slopes(call, g, weights), second_slopes(tiled, g, wide)
    for second, tile in zip(found, expected, strict=True):
        near(second, sum_to(tile, second.shape), 1e-11)


# Whole graphs


@fewer
@given(graphs(), st.sampled_from([(), (1,), (1, 1)]))
def test_a_tensor_of_one_number_is_a_value(program, shape):
    values = program.nodes()
    tensors = program.run(
        {name: Tensor(np.full(shape, x)) for name, x in program.leaves.items()}
        | {name: Tensor(x, constant=True) for name, x in program.constants.items()}
    )
    values[program.output].backward()
    tensors[program.output].backward()
    scale = np.max([1.0, *(abs(x.grad) for x in values.values())])
    for name, value in values.items():
        tensor = tensors[name]
        assert close(tensor.item(), value.data, 1e-12)
        assert tensor.reached == value.reached
        assert not value.reached or close(tensor.grad.item(), value.grad, 1e-11 * scale)


@fewer
@given(graphs(rows={c.op for c in ANALYTIC}, tensors=True))
def test_a_backward_pass_through_a_graph_agrees_with_the_complex_step(program):
    def forward(*arrays):
        slots = dict(zip(program.leaves, arrays, strict=True))
        return program.run(slots, lambda name, *xs, **params: OPS[name].forward(*xs, **params))

    nodes = program.nodes()
    y = nodes[program.output]
    (g,) = random_like(np.random.default_rng(y.size), y.data)
    y.backward(g)
    scale = np.max([np.max(np.abs(x.grad)) for x in nodes.values() if x.grad is not None])
    expected = by_complex_step(lambda *xs: forward(*xs)[program.output], program.inputs, g)
    for found, slope in zip(grads(map(nodes.get, program.leaves)), expected, strict=True):
        near(found, slope, 1e-11 * np.maximum(1.0, scale))


def test_the_second_derivatives_of_a_network_are_symmetric():
    dice = np.random.default_rng(0)
    x, w1, w2 = (dice.normal(size=shape) for shape in [(5, 3), (3, 4), (4, 2)])
    leaves = [Tensor(w1), Tensor(w2)]

    def loss(w1, w2):
        return mean(logsumexp(tanh(x @ w1) @ w2, axis=1)) + var(w1 @ w2)

    def hessian_times(directions):
        firsts = gradients(loss(*leaves), leaves)
        return [second.data for second in gradients(dot(firsts, directions), leaves)]

    u, v = (random_like(dice, w1, w2) for _ in range(2))
    assert dot(u, hessian_times(v)) == pytest.approx(dot(v, hessian_times(u)), rel=1e-12)


# Where formulas give out


def test_the_same_operand_may_come_twice():
    x = Tensor([1.0, 2.0])
    for f, g, expected in [
        (lambda: concatenate([x, x]), [1.0, 2.0, 3.0, 4.0], [4.0, 6.0]),
        (lambda: stack([x, x], axis=1), [[1.0, 2.0], [3.0, 4.0]], [3.0, 7.0]),
        (lambda: einsum("i,i->", x, x), 1.0, [2.0, 4.0]),
        (lambda: x @ x, 1.0, [2.0, 4.0]),
    ]:
        x.grad = None
        f().backward(g)
        assert x.grad.tolist() == expected


def test_array_rows_take_python_numbers_too():
    for op in (ag.sum, mean, ag.max, ag.min, prod, logsumexp, softmax):
        assert op(3.0) == (1.0 if op is softmax else 3.0)
    assert (var(3.0), others(3.0), log_softmax(3.0)) == (0.0, 1.0, 0.0)
    assert cumsum(3.0).tolist() == [3.0]
