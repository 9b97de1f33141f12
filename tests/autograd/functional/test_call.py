"""A call on stand-ins gives back numbers for numbers and nodes for nodes, and leaves no trace."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest

from autograd import (
    ShapeError,
    Tensor,
    Value,
    exp,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    sum,
    value_and_grad,
    vjp,
)


def test_a_number_that_depends_on_nothing_further_out_stays_a_number():
    inner = []

    def function(x):
        inner.append(grad(lambda y: y * y)(2.0))
        inner.append(grad(lambda y: x * y)(2.0))
        inner.append(vjp(lambda y: y * y, 2.0)[1](1.0))
        return x

    grad(function)(1.0)
    assert [type(x) for x in inner] == [float, Value, float]


def test_one_node_given_twice_is_two_arguments():
    x = Value(3.0)
    found = grad(lambda a, b: a * b**2, (0, 1))(x, x)
    assert [slope.data for slope in found] == [9.0, 18.0]
    assert grad(lambda a, b: a * b**2)(x, x).data == 9.0


@pytest.mark.parametrize("x", [3.0, 3, True, np.float64(3), np.float32(3), np.int64(3)], ids=repr)
def test_a_number_gives_a_float(x):
    value, slope = value_and_grad(lambda x: x**2)(x)
    assert (type(value), value) == (float, float(x) ** 2)
    assert (type(slope), slope) == (float, 2 * float(x))
    for found in (
        jacobian(exp)(x),
        hessian(exp)(x),
        *jvp(exp, x, 1),
        vjp(exp, x)[0],
        vjp(exp, x)[1](x),
        hvp(exp, x, x),
    ):
        assert type(found) is float


@pytest.mark.parametrize(
    "x",
    [
        [1.0, 2.0],
        (1.0, 2.0),
        [[1, 2], [3, 4]],
        np.arange(3),
        np.array([True, False]),
        np.ones((2, 3)),
        np.ones((2, 3), np.float32),
        np.ones((2, 3), np.float16),
        np.asfortranarray(np.ones((2, 3))),
    ],
    ids=repr,
)
def test_an_array_gives_an_array_of_its_shape(x):
    before = np.array(x)
    dtype = np.float32 if before.dtype == np.float32 else np.float64
    primal, ones = [*x] if isinstance(x, tuple) else x, np.ones(before.shape, dtype)

    def cubes(x):
        return x**3

    def number(x):
        return sum(x**3)

    assert isinstance(value_and_grad(number)(x)[0], dtype)
    pulled = vjp(cubes, x)
    found = [
        (grad(number)(x), before.shape),
        (pulled[0], before.shape),
        (pulled[1](ones), before.shape),
        *((array, before.shape) for array in jvp(cubes, primal, ones)),
        (hvp(number, primal, ones), before.shape),
        (jacobian(cubes)(x), 2 * before.shape),
        (hessian(number)(x), 2 * before.shape),
    ]
    for array, shape in found:
        assert (type(array), array.dtype, array.shape) == (np.ndarray, dtype, shape)
        array += 1.0  # it is the caller's own
    assert np.array_equal(x, before)
    assert np.array_equal(pulled[1](ones), found[2][0] - 1)


def test_a_number_beside_an_array_is_an_array_of_one_number():
    found = []

    def loss(scale, x):
        found.append(scale)
        return sum(scale * x)

    value, (by_scale, by_x) = value_and_grad(loss, (0, 1))(2.0, [1.0, 2.0])
    assert (value, by_scale, by_x.tolist()) == (6.0, 3.0, [2.0, 2.0])
    assert found[0].shape == ()
    assert isinstance(by_scale, float)
    assert grad(loss)(2.0, np.ones(3)) == 3.0
    assert grad(loss, 1)(2.0, [1.0, 2.0]).tolist() == [2.0, 2.0]
    assert found[-1] == 2.0  # what is not derived by is passed on as it is
    assert jacobian(lambda a, x: a * x)(2.0, [1.0, 2.0]).tolist() == [1.0, 2.0]
    nodes = grad(loss, (0, 1))(2.0, Tensor([1.0, 2.0]))
    assert [type(node) for node in nodes] == [Tensor, Tensor]


@pytest.mark.parametrize("kind", [Value, Tensor])
def test_a_constant_can_be_derived_by_and_is_left_alone(kind):
    x = kind(3.0, constant=True)
    (slope,) = grad(lambda x: x**2, [0])(x)
    assert (type(slope), slope.data) == (kind, 6.0)
    assert hvp(lambda x: x**3, x, 1.0).data == 18.0
    slope.backward()
    assert not x.reached
    assert x.constant


def test_a_direction_may_be_a_node():
    v = Tensor([1.0, 10.0])
    for moved in (
        jvp(lambda x: x**2, [1.0, 2.0], v)[1],
        vjp(lambda x: x**2, [1.0, 2.0])[1](v),
        hvp(lambda x: sum(x**3) / 3, [1.0, 2.0], v),
    ):
        assert moved.data.tolist() == [2.0, 40.0]
        v.grad = None
        sum(moved).backward()
        assert v.grad.tolist() == [2.0, 4.0]


@pytest.mark.parametrize("transform", [jvp, hvp])
@pytest.mark.parametrize("kind", [list, Tensor])
def test_a_direction_has_the_shape_of_what_moves(transform, kind):
    with pytest.raises(ShapeError, match=r"direction: got shape \(1,\) where the shape is \(2,\)"):
        transform(lambda x: sum(x**3), [1.0, 2.0], kind([1.0]))
    with pytest.raises(ShapeError, match="got 2 for 1 arguments"):
        transform(lambda x: sum(x**3), [1.0, 2.0], (kind([1.0]), kind([1.0])))
    with pytest.raises(ShapeError, match=r"direction: got shape \(1,\)"):
        vjp(lambda x: x**2, [1.0, 2.0])[1](kind([1.0]))


def test_a_function_may_return_its_argument():
    assert value_and_grad(lambda x: x)(3.0) == (3.0, 1.0)
    assert hessian(lambda x: x)(3.0) == 0.0
    x = np.array([1.0, 2.0], np.float32)
    matrix, row = jacobian(lambda x: x)(x), vjp(lambda x: x, x)[1]([3, 4])
    assert (matrix.tolist(), row.tolist()) == ([[1.0, 0.0], [0.0, 1.0]], [3.0, 4.0])
    assert matrix.dtype == row.dtype == np.float32
    assert jvp(lambda x: x, 3.0, 5.0) == (3.0, 5.0)
    assert vjp(lambda x: x, 3.0)[1](5.0) == 5.0
    assert hvp(lambda x: x, 3.0, 5.0) == 0.0
    assert grad(lambda x, y: y, (0, 1))(3.0, 5.0) == (0.0, 1.0)


@pytest.mark.parametrize("x", [3.0, np.array(3.0), np.ones((2, 3))], ids=repr)
def test_a_function_that_does_not_depend_on_its_argument_has_slope_zero(x):
    kind = Tensor if isinstance(x, np.ndarray) else Value

    def function(_):
        return kind(7.0, constant=True)

    zeros = np.zeros_like(x)
    value, slope = value_and_grad(function)(x)
    assert value == 7.0
    for found in (slope, jacobian(function)(x), vjp(function, x)[1](1.0), hvp(function, x, x)):
        assert np.array_equal(found, zeros)
    assert jvp(function, x, x) == (7.0, 0.0)
    assert np.array_equal(hessian(function)(x), np.zeros(2 * np.shape(x)))
    assert np.array_equal(grad(lambda x: kind(7.0))(x), zeros)


@pytest.mark.parametrize("result", [7.0, None, [Value(7.0)], (Value(7.0),), np.ones(2)], ids=repr)
def test_a_function_that_returns_no_node_is_told_what_to_do(result):
    def lost(x):
        return result

    message = "lost: it returned .*Return one node: compute with ops and operators"
    for derived in (
        grad(lost),
        jacobian(lost),
        hessian(lost),
        lambda x: vjp(lost, x),
        lambda x: jvp(lost, x, x),
        lambda x: hvp(lost, x, x),
    ):
        with pytest.raises(TypeError, match=message):
            derived(3.0)


@pytest.mark.parametrize("x", ["3", 1j, None, [Value(1.0)], [[1.0], [1.0, 2.0]]], ids=repr)
def test_what_is_no_number_is_refused(x):
    with pytest.raises(TypeError, match="got"):
        grad(lambda x: x)(x)


def test_an_exception_leaves_nothing_behind():
    kept = []

    def broken(y):
        kept.append(y)
        raise ZeroDivisionError

    def function(x):
        with pytest.raises(ZeroDivisionError):
            grad(broken)(x)
        return x * grad(lambda y: x * y)(1.0)

    with pytest.raises(ZeroDivisionError):
        grad(grad(broken))(1.0)
    assert grad(function)(3.0) == 6.0
    for outsider in kept:  # nobody derives by these any more, so numbers give numbers
        assert type(grad(lambda y, x=outsider: y * x)(2.0)) is float


def test_gradients_of_leaves_are_not_touched():
    x, w = Value(2.0), Tensor([1.0, 2.0])
    grad(lambda y: y * x)(3.0)
    grad(lambda y: sum(y * w))([3.0, 4.0])
    grad(lambda x: x**2)(x)
    assert not x.reached
    assert not w.reached


def test_threads_do_not_see_each_other():
    together = Barrier(4)

    def work(k):
        def function(x):
            together.wait()  # all are inside their functions at once
            inner = grad(lambda y: x * y**k)
            together.wait()
            return x * inner(2.0)

        together.wait()
        return [grad(function)(float(n)) for n in range(20)]

    with ThreadPoolExecutor(4) as pool:
        for k, found in enumerate(pool.map(work, range(4))):
            assert found == [2 * n * k * 2.0 ** (k - 1) for n in range(20)]


def test_argnums_may_be_whole_numbers_of_numpy():
    def f(a, b):
        return a * b

    assert grad(f, argnums=np.int64(1))(2.0, 3.0) == 2.0
    assert grad(f, argnums=np.array([0, 1]))(2.0, 3.0) == (3.0, 2.0)
    for wrong in ("a", 0.5, None):
        with pytest.raises(TypeError, match=r"^f: got argnums=.* Give the place of an argument"):
            grad(f, argnums=wrong)(2.0, 3.0)
