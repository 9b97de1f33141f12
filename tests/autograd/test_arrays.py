"""Laws every row obeys on arrays: shapes, types, slopes of first and second order."""

from dataclasses import replace

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes
from numerics import close, complex_step, replaced, ulps
from samples import ARRAY_CALLS, ELEMENTWISE, ELEMENTWISE_CALLS, LINEAR, elementwise

import autograd as ag
from autograd import (
    OPS,
    Tensor,
    Value,
    concatenate,
    cumsum,
    einsum,
    flat,
    fold,
    gradients,
    log_softmax,
    logsumexp,
    mean,
    others,
    pad,
    prod,
    put,
    softmax,
    stack,
    sum_to,
    tanh,
    trace,
    unfold,
    unroll,
    var,
)
from autograd.formulas import rule
from autograd.strategies import graphs

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


def near(found, expected, tolerance=1e-12):
    """Arrays agree, measured against the largest of their numbers."""
    assert found.shape == np.shape(expected)
    largest = np.max(np.abs([1.0, *np.ravel(expected)]))
    assert np.all(np.abs(found - expected) <= tolerance * largest)


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
                assert close(slope[index], x.grad or 0.0, 1e-13)


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


def test_astype_changes_the_type_and_its_gradient_back():
    x = Tensor(np.float32([1.0, 2.0]))
    y = OPS["astype"](x, np.float64) / 3
    y.backward([1.0, 2.0])
    assert (y.dtype, x.grad.dtype) == (np.float64, np.float32)
    assert x.grad.tolist() == np.float32([1 / 3, 2 / 3]).tolist()
    for other in (int, bool, complex, np.float16):
        with pytest.raises(TypeError, match=r"^astype: got <class .*>\. Use float32 or float64\."):
            OPS["astype"](x, other)


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
    scale = np.max([1.0, *(abs(x.grad) for x in values.values() if x.grad is not None)])
    for name, value in values.items():
        tensor = tensors[name]
        assert close(tensor.item(), value.data, 1e-12)
        assert (tensor.grad is None) == (value.grad is None)
        assert value.grad is None or close(tensor.grad.item(), value.grad, 1e-11 * scale)


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


@pytest.mark.parametrize("zeros", [[], [2], [0, 3], [1, 2, 4]], ids=len)
def test_zeros_do_no_harm_to_a_product_nor_to_its_derivatives(zeros):
    numbers = np.array([2.0, -3.0, 0.5, 4.0, -1.0])
    numbers[zeros] = 0.0
    x = Tensor(numbers)
    (first,) = gradients(prod(x), [x])
    weights = np.arange(1.0, 6.0)
    (second,) = gradients(ag.sum(weights * first), [x])
    rest = [np.delete(numbers, i).prod() for i in range(5)]
    without = [[i != j and np.delete(numbers, [i, j]).prod() for i in range(5)] for j in range(5)]
    assert first.data.tolist() == rest
    assert second.data.tolist() == (np.array(without) @ weights).tolist()


def test_a_product_along_an_axis_derives_each_line_by_itself():
    x = Tensor([[2.0, 0.0, 3.0], [4.0, 5.0, 6.0]])
    (first,) = gradients(prod(x, axis=1), [x], Tensor([1.0, 10.0]))
    assert first.data.tolist() == [[0.0, 6.0, 0.0], [300.0, 240.0, 200.0]]
    (second,) = gradients(ag.sum(first), [x])
    assert second.data.tolist() == [[3.0, 5.0, 2.0], [110.0, 100.0, 90.0]]
    (third,) = gradients(ag.sum(second[0]), [x])
    assert third.data.tolist() == [[2.0, 2.0, 2.0], [0.0, 0.0, 0.0]]
    assert others(x.data, 1).tolist() == [[0.0, 6.0, 0.0], [30.0, 24.0, 20.0]]


@pytest.mark.parametrize("op", [ag.max, ag.min])
def test_elements_that_tie_share_equally(op):
    x = Tensor([[7.0, 7.0, 7.0, 7.0], [1.0, 3.0, 3.0, 1.0]])
    op(x, axis=1).backward([1.0, 3.0])
    share = [0.0, 1.5, 1.5, 0.0] if op is ag.max else [1.5, 0.0, 0.0, 1.5]
    assert x.grad.tolist() == [[0.25] * 4, share]
    x.grad = None
    op(x).backward()
    tied = x.data == (7.0 if op is ag.max else 1.0)
    assert np.array_equal(x.grad, tied / np.sum(tied))


ROWS_OF_EXPONENTIALS = (logsumexp, softmax, log_softmax)


@pytest.mark.parametrize("op", ROWS_OF_EXPONENTIALS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shift", [0, -1000, 1000, 2**23, -(2**23)])
def test_exponentials_do_not_overflow_and_a_shift_loses_no_digit(op, dtype, shift):
    numbers = np.array([0.0, -2.0, 1.0, -80.0])
    exact = [mpmath.exp(x) for x in numbers]
    total = mpmath.fsum(exact)
    expected = {
        logsumexp: shift + mpmath.log(total),
        softmax: [x / total for x in exact],
        log_softmax: [mpmath.log(x / total) for x in exact],
    }[op]
    x = Tensor((numbers + shift).astype(dtype))
    y = op(x, -1)
    assert np.allclose(y.data.tolist(), np.array(expected, float), 8 * np.finfo(dtype).eps, 0.0)
    (first,) = gradients(y[..., :1] if y.ndim else y, [x])
    (second,) = gradients(first[0], [x])
    assert np.all(np.isfinite(second.data))
    share = np.array([float(x / total) for x in exact])
    if op is logsumexp:
        assert np.allclose(first.data, share, 8 * np.finfo(dtype).eps, 0.0)
    elif op is log_softmax:
        near(first.data, [1, 0, 0, 0] - share, 8 * np.finfo(dtype).eps)


def test_what_is_masked_with_minus_infinity_takes_no_part():
    for op in ROWS_OF_EXPONENTIALS:
        x, few = Tensor([1.0, -np.inf, 2.0]), Tensor([1.0, 2.0])
        y, z = op(x, -1), op(few, -1)
        if op is not logsumexp:
            assert y.data[1] == (-np.inf if op is log_softmax else 0.0)
            y = y[[0, 2]]
        assert np.array_equal(y.data, z.data)
        (first,) = gradients(y, [x], Tensor(np.cos(y.data)))
        (less,) = gradients(z, [few], Tensor(np.cos(z.data)))
        assert first.data[[0, 2]].tolist() == less.data.tolist()
        assert first.data[1] == 0.0
        (second,) = gradients(ag.sum(first * [1.0, 1.0, 3.0]), [x])
        (fewer,) = gradients(ag.sum(less * [1.0, 3.0]), [few])
        near(second.data[[0, 2]], fewer.data)
        assert second.data[1] == 0.0


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_sum_of_exponentials_of_infinities_is_none_or_infinite():
    assert logsumexp(np.array([-np.inf, -np.inf])) == -np.inf
    assert logsumexp(np.array([np.inf, 0.0])) == np.inf


def test_the_variance_of_samples_divides_by_one_less():
    x = Tensor([1.0, 2.0, 6.0])
    assert var(x).item() == pytest.approx(14 / 3)
    assert var(x, ddof=1).item() == 7.0
    var(x, ddof=1).backward()
    assert x.grad.tolist() == [-2.0, -1.0, 3.0]


def test_pad_takes_widths_by_axis_where_numpy_does():
    x = Tensor(np.ones((2, 3)))
    try:
        y = pad(x, {-1: (1, 2)})
    except TypeError:
        pytest.skip("this NumPy does not")
    y.backward(np.arange(12.0).reshape(2, 6))
    assert x.grad.tolist() == [[1.0, 2.0, 3.0], [7.0, 8.0, 9.0]]


def test_windows_that_overlap_add_up_and_gaps_stay_empty():
    x = np.ones(7)
    assert fold(unfold(x, (3,)), (7,), (3,)).tolist() == [1, 2, 3, 3, 3, 2, 1]
    assert fold(unfold(x, (1,), 3), (7,), (1,), 3).tolist() == [1, 0, 0, 1, 0, 0, 1]
    assert unfold(np.arange(5), (2,), 2).tolist() == [[0, 2], [1, 3]]  # 4 fits in no window


def test_a_convolution_is_unfold_and_matmul():
    dice = np.random.default_rng(1)
    image, kernel = dice.normal(size=(2, 5, 6)), dice.normal(size=(3, 2, 2, 3))
    columns = unfold(image, (2, 3), 2).swapaxes(0, 0).reshape(2 * 2 * 3, -1)
    found = (kernel.reshape(3, -1) @ columns).reshape(3, 2, 2)
    for o, i, j in np.ndindex(found.shape):
        window = image[:, 2 * i : 2 * i + 2, 2 * j : 2 * j + 3]
        assert found[o, i, j] == pytest.approx(np.sum(window * kernel[o]))


def test_einsum_without_an_arrow_orders_letters_by_the_alphabet():
    x = np.arange(6.0).reshape(2, 3)
    assert np.array_equal(einsum("ba", Tensor(x)).data, x.T)
    assert np.array_equal(einsum("kj , ji", Tensor(x), x.T).data, (x @ x.T).T)
    assert einsum("i,i", Tensor(x[0]), x[0]).item() == 5.0


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


# Formulas

FORMULAS = {
    "sum": "spread(g, shape=shape(x))",
    "mean": "spread(g/(size(x)/size(y)), shape=shape(x))",
    "logsumexp": "spread(g, shape=shape(x))·softmax(x, axis=None)",
    "softmax": "y·(g - sum(g·y, axis=-1, keepdims=True))",
    "log_softmax": "g - exp(y)·sum(g, axis=-1, keepdims=True)",
    "prod": "spread(g, shape=shape(x))·others(x)",
    "transpose": "gᵀ",
    "reshape": "reshape(g, shape=shape(x))",
    "broadcast_to": "sum_to(g, shape=shape(x))",
    "getitem": "put(g, shape=shape(x), index=index)",
    "unfold": "fold(g, shape=shape(x), size=size)",
}


@pytest.mark.parametrize("op", ELEMENTWISE, ids=lambda op: op.name)
def test_every_rule_of_an_elementwise_row_is_a_formula(op):
    for i, vjp in enumerate(op.vjps):
        formula = rule(op, i)
        if vjp in (None, flat):
            assert formula == ("0" if vjp else "refused")
        else:
            assert "g" in formula
            assert "algebraic" not in formula


@pytest.mark.parametrize("name", FORMULAS)
def test_a_rule_of_an_array_row_reads_as_a_person_would_write_it(name):
    assert rule(OPS[name], 0) == FORMULAS[name]


def test_the_rules_of_a_matrix_product_are_those_of_the_books():
    assert [rule(OPS["matmul"], i) for i in range(2)] == ["g @ bᵀ", "aᵀ @ g"]


def test_ways_back_of_slices_and_windows_keep_the_order_in_memory():
    x = np.ones((4, 5, 6)).transpose(2, 0, 1)
    assert put(x, (6, 8, 5), np.s_[:, ::2, :]).transpose(1, 2, 0).flags.c_contiguous
    windows = np.ones((2, 3, 4, 5, 6)).transpose(4, 0, 1, 2, 3)
    assert fold(windows, (6, 5, 7), (2, 3)).transpose(1, 2, 0).flags.c_contiguous
