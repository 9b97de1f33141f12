"""Derivatives of functions: exact to the sixth order, nested without confusion, by any argument."""

from functools import partial
from inspect import signature

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numerics import EPSILON

from autograd import (
    OPS,
    GraphError,
    InfiniteGradientError,
    Tensor,
    Value,
    backprop,
    exp,
    grad,
    gradients,
    hessian,
    hvp,
    jacobian,
    jvp,
    mean,
    reshape,
    sin,
    sqrt,
    stack,
    sum,
    tanh,
    value_and_grad,
    vjp,
)
from autograd.strategies import ELEMENTWISE, calls, graphs

ORDERS = range(1, 7)
fewer = settings(max_examples=10 + settings.default.max_examples // 5)


def f(x):
    return sin(exp(x)) * tanh(x)


def nth(function, n, derive=grad):
    """Derive a function n times."""
    for _ in range(n):
        function = derive(function)
    return function


# Six orders, beside 50 digits


def exact(x):
    """The derivatives of f from the 0th to the 7th, out of its Taylor series."""
    with mpmath.workdps(50):
        series = mpmath.taylor(lambda x: mpmath.sin(mpmath.exp(x)) * mpmath.tanh(x), x, 7)
        return [float(mpmath.factorial(n) * c) for n, c in enumerate(series)]


def repeated(x):
    """The derivatives of f from the 0th to the 6th, each the gradient of the one before."""
    found = [f(x)]
    for _ in ORDERS:
        found += gradients(found[-1], [x])
    return found


POINTS = [-2.5, -1.5, -0.7, -0.5, -0.25, 0.1, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0]


@pytest.mark.parametrize("x", POINTS)
def test_six_orders_are_exact(x):
    expected = exact(x)
    found = repeated(Value(x))
    for n in ORDERS:
        # By how much a relative error of x is multiplied: no zero of the derivative is near.
        assert abs(x * expected[n + 1] / expected[n]) < 60
        assert abs(nth(f, n)(x) / expected[n] - 1) < 1e-12
        assert nth(f, n)(x) == found[n].data


@fewer
@given(st.floats(-2.5, 2.0))
def test_six_orders_are_exact_wherever_one_looks(x):
    expected = exact(x)
    for n, found in enumerate(repeated(Value(x))):
        # Near a zero of a derivative, it is measured against those beside it.
        scale = max(abs(d) for d in expected[max(0, n - 1) : n + 2])
        assert abs(found.data - expected[n]) <= 200 * EPSILON * scale


@pytest.mark.slow
def test_six_orders_of_an_array_are_those_of_its_elements():
    x = np.reshape(POINTS, (3, 4))
    leaf = Tensor(x)
    node = f(leaf)
    for n in ORDERS:
        expected = np.vectorize(nth(f, n))(x)
        (node,) = gradients(sum(node), [leaf])
        assert node.data == pytest.approx(expected, rel=1e-12)
        found = nth(f, n, lambda g: grad(lambda x: sum(g(x))))(x)
        assert np.array_equal(found, node.data)


# Perturbations are not confused


def total(y):
    return y if isinstance(y, Value) else sum(y)


def slope(function):
    """The derivative of a function of numbers, for each number of an array."""
    return grad(lambda x: total(function(x)))


def at(c, x):
    """A number as it stands in for x."""
    return c if isinstance(x, Value) else np.full(x.shape, c)


NESTED = {  # a function whose derivative is c x^p, then c and p
    "closure": (lambda x: x * slope(lambda y: x * y)(at(1.0, x)), 2, 1),
    "sum": (lambda x: x * slope(lambda y: x + y)(at(1.0, x)), 1, 0),
    "alone": (lambda x: x * slope(lambda y: y * y)(at(2.0, x)), 4, 0),
    "unused": (lambda x: x + slope(lambda y: x * x)(at(2.0, x)), 1, 0),
    "there": (lambda x: slope(lambda y: x * y)(x), 1, 0),
    "powers": (lambda x: x * slope(lambda y: x * y * y)(x), 6, 2),
    "leaf": (lambda x: x * slope(lambda y: x * y * y)(type(x)(at(1.0, x))), 4, 1),
    "constant": (
        lambda x: x * slope(lambda y: x * y * y)(type(x)(at(1.0, x), constant=True)),
        *(4, 1),
    ),
    "three levels": (
        lambda x: x * slope(lambda y: y * slope(lambda z: x * y * z)(at(1.0, x)))(at(2.0, x)),
        *(8, 1),
    ),
    "two levels out": (
        lambda x: x * slope(lambda y: y * slope(lambda z: x * z * z)(at(1.0, x)))(at(2.0, x)),
        *(4, 1),
    ),
    "three levels, there": (lambda x: slope(lambda y: slope(lambda z: x * y * z)(y))(x), 1, 0),
    "three levels, alone": (
        lambda x: x * slope(lambda y: y * slope(lambda z: z * z)(at(3.0, x)))(at(2.0, x)),
        *(6, 0),
    ),
    "twice": (lambda x: slope(slope(lambda y: x * y**3))(x), 12, 1),
    "vjp": (lambda x: x * vjp(lambda y: x * y, at(1.0, x))[1](at(1.0, x)), 2, 1),
    "vjp of x": (lambda x: x * vjp(lambda y: y**3, at(2.0, x))[1](x), 24, 1),
    "jvp": (lambda x: x * jvp(lambda y: x * y, at(1.0, x), at(1.0, x))[1], 2, 1),
    "jvp along x": (lambda x: x * jvp(lambda y: y**3, at(2.0, x), x)[1], 24, 1),
    "jvp there along x": (lambda x: jvp(lambda y: y**2, x, x)[1], 4, 1),
    "hvp": (lambda x: x * hvp(lambda y: total(x * y**2), at(1.0, x), at(1.0, x)), 4, 1),
    "hvp along x": (lambda x: x * hvp(lambda y: total(y**3), at(2.0, x), x), 24, 1),
    "hvp there along x": (lambda x: hvp(lambda y: total(y**3), x, x), 12, 1),
}

PLACES = [3.0, np.array(3.0), np.array([-2.0, 3.0]), np.array([[0.5], [4.0]], np.float32)]


def forms(x):
    """A number or array, and the nodes that may be given in its place."""
    kind = Tensor if isinstance(x, np.ndarray) else Value
    return [x, kind(x), kind(x, constant=True), kind(x) * 1.0]


def numbers(x):
    return x.data if isinstance(x, Value | Tensor) else x


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES, ids=lambda x: str(np.shape(x)))
@pytest.mark.parametrize("name", NESTED)
def test_perturbations_are_not_confused(name, place):
    function, c, p = NESTED[name]
    expected, further = c * place**p, c * p * place ** max(0, p - 1)
    one = np.ones_like(place)[()]
    for x in forms(place):
        assert np.array_equal(numbers(slope(function)(x)), expected)
        assert np.array_equal(numbers(slope(slope(function))(x)), further)
        assert np.array_equal(numbers(jvp(function, x, one)[1]), expected)
        assert np.array_equal(numbers(vjp(function, x)[1](one)), expected)
        assert np.array_equal(numbers(hvp(lambda x: total(function(x)), x, one)), further)


def test_jacobians_nest():
    def cubes(x):
        return sum(jacobian(lambda y: x * y**2)(x), 1) * x

    x = np.array([1.0, -2.0])
    assert np.array_equal(cubes(Tensor(x)).data, 2 * x**3)
    assert np.array_equal(jacobian(cubes)(x), np.diag(6 * x**2))
    assert np.array_equal(jacobian(jacobian(cubes))(x)[[0, 1], [0, 1], [0, 1]], 12 * x)
    nested = hessian(lambda x: sum(hessian(lambda y: sum(x * y**3))(x)))
    assert np.array_equal(nested(x), 12 * np.eye(2))


# Laws, over whole computations


both = st.one_of(graphs(longest=6), graphs(tensors=True, longest=5))


def everywhere(program):
    """The places of all arguments of a program."""
    return range(len(program.inputs))


def as_number(program):
    """The program, ending in one number."""
    return lambda *inputs: total(program(*inputs))


def directions(program, *arrays):
    """Something in the shape of each array, the same for the same program."""
    dice = np.random.default_rng(len(repr(program)))
    return tuple(dice.uniform(-1, 1, np.shape(x)) for x in arrays)


def scale_of(program, orders=1):
    """The largest number in the passes that a derivative is computed with."""
    nodes = program.nodes()
    leaves = [nodes[name] for name in program.leaves]
    outputs, met = [total(nodes[program.output])], [1.0]
    for _ in range(orders):
        for y in outputs:
            for step in backprop(y):
                met += [np.max(np.abs(x)) for x in step.contributions if x is not None]
        slopes = [total(g) for y in outputs for g in gradients(y, leaves)]
        outputs = [y for y in slopes if not y.constant]
    return max(met)


def flat(jacobians, size):
    """Jacobians by several arguments as one matrix."""
    return np.concatenate([np.reshape(part, (size, -1)) for part in jacobians], axis=1)


def joined(parts):
    return np.concatenate([np.ravel(part) for part in parts])


@given(both)
def test_a_gradient_is_what_a_backward_pass_leaves(program):
    nodes = program.nodes()
    output = total(nodes[program.output])
    output.backward()
    value, found = value_and_grad(as_number(program), everywhere(program))(*program.inputs)
    assert value == output.data
    for name, slope in zip(program.leaves, found, strict=True):
        assert np.shape(slope) == np.shape(program.leaves[name])
        assert np.all(slope == (nodes[name].grad if nodes[name].reached else 0.0))


@given(both)
def test_a_row_of_a_jacobian_is_what_a_backward_pass_leaves(program):
    found = jacobian(program, everywhere(program))(*program.inputs)
    value = program(*program.inputs)
    for index in np.ndindex(np.shape(value)):
        nodes = program.nodes()
        seed = np.zeros(np.shape(value))
        seed[index] = 1.0
        nodes[program.output].backward(seed)
        for name, part in zip(program.leaves, found, strict=True):
            assert np.shape(part) == np.shape(value) + np.shape(program.leaves[name])
            expected = nodes[name].grad if nodes[name].reached else 0.0
            assert np.all(np.asarray(part)[index] == expected)


@given(both)
def test_products_with_the_jacobian_need_no_jacobian(program):
    matrix = flat(
        jacobian(program, everywhere(program))(*program.inputs),
        np.size(program(*program.inputs)),
    )
    output, pull = vjp(program, *program.inputs)
    (v,) = directions(program, output)
    w = directions(program, *program.inputs)
    pulled = pull(v) if len(w) > 1 else (pull(v),)
    value, pushed = jvp(program, program.inputs, w)
    tolerance = 1e-12 * scale_of(program) * matrix.size
    assert np.array_equal(output, program(*program.inputs))
    assert np.array_equal(value, output)
    assert np.shape(pushed) == np.shape(output)
    assert [np.shape(x) for x in pulled] == [np.shape(x) for x in program.inputs]
    assert joined(pulled) == pytest.approx(np.ravel(v) @ matrix, abs=tolerance)
    assert np.ravel(pushed) == pytest.approx(matrix @ joined(w), abs=tolerance)
    assert np.sum(v * pushed) == pytest.approx(joined(pulled) @ joined(w), abs=tolerance)


@given(both)
def test_second_derivatives_are_symmetric_and_multiply_without_being_computed(program):
    function, places = as_number(program), everywhere(program)
    blocks = hessian(function, places)(*program.inputs)
    for row, x in zip(blocks, program.inputs, strict=True):
        for block, z in zip(row, program.inputs, strict=True):
            assert np.shape(block) == np.shape(x) + np.shape(z)
    matrix = np.concatenate(
        [flat(row, np.size(x)) for row, x in zip(blocks, program.inputs, strict=True)]
    )
    w = directions(program, *program.inputs)
    product = hvp(function, program.inputs, w)
    product = product if len(w) > 1 else (product,)
    tolerance = 1e-12 * scale_of(program, orders=2) * matrix.size
    assert matrix == pytest.approx(matrix.T, abs=tolerance)
    assert joined(product) == pytest.approx(matrix @ joined(w), abs=tolerance)
    pushed = jvp(grad(function, places[-1]), program.inputs, w)[1]
    assert pushed == pytest.approx(product[-1], abs=tolerance)


SHAPES = [(), (3,), (1,), (2, 3), (0,), (2, 0)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("wanted", SHAPES)
def test_a_jacobian_has_the_shape_of_the_output_and_then_of_the_argument(shape, wanted):
    x = np.ones(shape, np.float32)
    weights = 1 + np.arange(np.prod(wanted + shape), dtype=np.float32).reshape(wanted + shape)
    axes = tuple(range(len(wanted), len(wanted + shape)))
    found = jacobian(lambda x: sum(weights * x, axes))(x)
    assert (found.shape, found.dtype) == (wanted + shape, np.float32)
    assert np.array_equal(found, weights)
    assert np.array_equal(jacobian(lambda y, x: sum(weights * x, axes) + y, 1)(x.sum(), x), weights)
    assert vjp(lambda x: sum(weights * x, axes), x)[1](np.ones(wanted)).shape == shape
    assert jvp(lambda x: sum(weights * x, axes), x, x)[1].shape == wanted
    assert hessian(lambda x: sum(x**2))(x).shape == shape + shape


@pytest.mark.slow
@pytest.mark.parametrize("row", [op for op in ELEMENTWISE if None not in op.vjps], ids=repr)
@settings(max_examples=10)
@given(st.data())
def test_a_row_is_derived_like_any_function(row, data):
    operands, params = data.draw(calls(row))
    y, found = value_and_grad(row, range(row.arity))(*operands, **params)
    assert y == row(*operands, **params)
    for i, slope in enumerate(found):
        assert slope == (row.vjps[i](1.0, y, *operands, **params) or 0.0)


# Which arguments


def product(a, b, c, power=1.0):
    """Multiply three numbers."""
    return a * b * c**power


@pytest.mark.parametrize(
    ("argnums", "expected"),
    [
        (0, 15.0),
        (1, 10.0),
        (-1, 6.0),
        (-3, 15.0),
        ((0,), (15.0,)),
        ((2, 0), (6.0, 15.0)),
        ([0, -2], (15.0, 10.0)),
        (range(3), (15.0, 10.0, 6.0)),
        ((1, 1), (10.0, 10.0)),
        ((1, -2), (10.0, 10.0)),
        ((), ()),
    ],
    ids=str,
)
def test_argnums_chooses_arguments(argnums, expected):
    def function(*args):
        return product(*args) + Value(0.0)  # a node, even where no argument is one

    assert grad(function, argnums)(2.0, 3.0, 5.0) == expected
    assert jacobian(function, argnums)(2.0, 3.0, 5.0) == expected


@pytest.mark.parametrize("argnums", [3, -4, (0, 3)])
@pytest.mark.parametrize("transform", [grad, value_and_grad, jacobian, hessian])
def test_an_argument_that_is_not_there_is_named(transform, argnums):
    wrong = argnums[1] if isinstance(argnums, tuple) else argnums
    message = f"product: argnums names argument {wrong}, but it got 3 positional arguments"
    with pytest.raises(TypeError, match=message):
        transform(product, argnums)(2.0, 3.0, 5.0)
    with pytest.raises(TypeError, match="argument 0, but it got 0 positional"):
        transform(product)(a=2.0, b=3.0, c=5.0)


def test_keywords_pass_through():
    for transform in (grad, jacobian):
        assert transform(product, 2)(2.0, 3.0, 5.0, power=2.0) == 60.0
    assert value_and_grad(product)(2.0, 3.0, c=5.0) == (30.0, 15.0)
    assert hessian(product, 2)(2.0, 3.0, 5.0, power=2.0) == 12.0


def test_jvp_and_hvp_move_the_arguments_that_tangents_belong_to():
    primals = (2.0, 3.0, 5.0)
    assert jvp(product, primals, (1.0, 10.0, 100.0)) == (30.0, 15 + 100 + 600)
    assert jvp(product, primals, 10.0, 1) == (30.0, 100.0)
    assert jvp(product, primals, (10.0, 1.0), (-1, 0)) == (30.0, 75.0)
    assert jvp(product, primals, (1.0, 10.0), (1, 1)) == (30.0, 110.0)
    assert hvp(product, primals, (1.0, 0.0, 0.0)) == (0.0, 5.0, 3.0)
    assert hvp(product, primals, (1.0, 10.0), (0, 2)) == (30.0, 3.0)
    assert hvp(product, primals, 1.0, 0) == 0.0
    assert hvp(lambda x: x**3, 2.0, 1.0) == 12.0


def test_a_hessian_by_several_arguments_is_a_matrix_of_blocks():
    dice = np.random.default_rng(0)
    x, w, b = dice.normal(size=(4, 3)), dice.normal(size=(3, 2)), dice.normal(size=2)

    def loss(w, x, b):
        return mean(tanh(x @ w + b) ** 2)

    places = (0, 2, 1)
    shapes = [w.shape, b.shape, x.shape]
    blocks = hessian(loss, places)(w, x, b)
    for i, row in enumerate(blocks):
        for k, block in enumerate(row):
            assert block.shape == shapes[i] + shapes[k]
            n = len(shapes[i])
            turned = np.moveaxis(block, range(n), range(-n, 0))
            assert turned == pytest.approx(blocks[k][i], abs=1e-15)
            assert np.max(np.abs(block)) > 1e-3
    assert np.array_equal(hessian(loss, 2)(w, x, b), blocks[1][1])
    assert np.array_equal(jacobian(grad(loss, 2), 0)(w, x, b), blocks[1][0])


def test_a_function_keeps_its_name_and_its_signature():
    for transform in (grad, value_and_grad, jacobian, hessian, partial(hessian, argnums=(0, 1))):
        derived = transform(product)
        assert derived.__name__ == "product"
        assert derived.__doc__ == "Multiply three numbers."
        assert signature(derived) == signature(product)


def test_anything_that_can_be_called_can_be_derived():
    class Cube:
        def __call__(self, x):
            return x**3

    assert grad(grad(Cube()))(2.0) == 12.0
    assert grad(partial(product, 2.0))(3.0, 5.0) == 10.0
    assert grad(OPS["square"])(3.0) == 6.0
    with pytest.raises(TypeError, match="argnums names argument 1"):
        grad(Cube(), 1)(2.0)


# What is given, and what comes back


@pytest.mark.parametrize("x", [Value(2.0, name="x"), Tensor([2.0, 3.0], name="x")], ids=repr)
def test_nodes_give_nodes_that_can_be_derived_further(x):
    def number(x):
        return total(x**3)

    ones = np.ones_like(x.data)
    found = [
        total(grad(number)(x)),
        value_and_grad(number)(x)[0],
        total(total(jacobian(lambda x: x**3)(x))),
        total(total(hessian(number)(x))),
        total(vjp(lambda x: x**3, x)[0]),
        total(vjp(lambda x: x**3, x)[1](ones)),
        total(jvp(lambda x: x**3, x, ones)[0]),
        total(jvp(lambda x: x**3, x, ones)[1]),
        total(hvp(number, x, ones)),
    ]
    n = x.data
    second, first = 6 * n, 3 * n**2
    expected = [second, first, second, 6 * ones, first, second, first, second, 6 * ones]
    for y, slope in zip(found, expected, strict=True):
        assert type(y) is type(x)
        x.grad = None
        y.backward()
        assert np.array_equal(x.grad, slope)


def test_a_pull_can_be_used_again_with_nodes_and_with_arrays():
    _, pull = vjp(lambda x: x**2, [1.0, 2.0])
    assert isinstance(pull(Tensor([1.0, 1.0])), Tensor)
    assert isinstance(pull([1.0, 1.0]), np.ndarray)
    assert np.array_equal(pull([1.0, 0.0]) + pull([0.0, 1.0]), pull([1.0, 1.0]))


# What a function may return


def test_a_gradient_starts_from_one_number():
    for derived in (grad(exp), hessian(exp), lambda x: hvp(exp, x, x)):
        with pytest.raises(GraphError, match=r"this Tensor has shape \(2,\)"):
            derived([1.0, 2.0])
    assert grad(lambda x: reshape(sum(x), (1, 1)))([1.0, 2.0]).tolist() == [1.0, 1.0]


def test_an_infinite_slope_is_refused_in_every_direction():
    for derived in (
        grad(sqrt),
        jacobian(sqrt),
        lambda x: vjp(sqrt, x)[1]([1.0]),
        lambda x: jvp(sqrt, x, [1.0]),
        lambda x: hvp(lambda x: sqrt(x) ** 3, x, [1.0]),
    ):
        with pytest.raises(InfiniteGradientError, match="sqrt"):
            derived([0.0])


# In use


def test_newtons_method_finds_the_lowest_point_in_a_few_steps():
    dice = np.random.default_rng(0)
    features, labels = dice.normal(size=(40, 3)), dice.integers(0, 2, 40) * 2.0 - 1

    def loss(w):
        return mean(OPS["softplus"](-labels * (features @ w))) + 0.01 * sum(w**2)

    w = np.zeros(3)
    for _ in range(8):
        w = w - np.linalg.solve(hessian(loss)(w), grad(loss)(w))
    assert np.max(np.abs(grad(loss)(w))) < 1e-15
    assert np.all(np.linalg.eigvalsh(hessian(loss)(w)) > 0)


def test_the_residual_of_a_differential_equation_is_a_loss():
    def u(x, p):
        return p[0] * sin(p[1] * x)

    def residual(p):
        return stack([grad(grad(u))(x, p) + u(x, p) for x in map(Tensor, (0.5, 1.0, 2.0))])

    def loss(p):
        return mean(residual(p) ** 2)

    a, w = 0.7, 1.5
    s = np.sin(w * np.array([0.5, 1.0, 2.0]))
    assert residual(Tensor([a, w])).data == pytest.approx(a * (1 - w**2) * s, rel=1e-14)
    by_a = np.mean(2 * a * ((1 - w**2) * s) ** 2)
    assert grad(loss)([a, w])[0] == pytest.approx(by_a, rel=1e-13)
    assert np.array_equal(grad(loss)([a, 1.0]), [0.0, 0.0])
