"""A compiled function gives what the function gives, whichever way it goes, or it refuses."""

import copy
import math
import pickle
from concurrent.futures import ThreadPoolExecutor
from inspect import getdoc, signature

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from replays import LIMIT, counted, eager, outcome, same, some

from autograd import (
    DomainError,
    GraphError,
    ShapeError,
    Tensor,
    Value,
    compile,
    exp,
    grad,
    gradients,
    hessian,
    hvp,
    jacobian,
    jvp,
    log,
    sin,
    sqrt,
    sum,
    tanh,
    value_and_grad,
)
from autograd.strategies import graphs, values

# Straight functions


@given(graphs(), st.lists(values(-0.02, 0.02), min_size=3, max_size=3))
def test_it_gives_the_very_numbers_of_the_function(program, moves):
    f, calls = counted(program)
    for move in (0.0, *moves):
        point = [x + move for x in program.inputs]
        assert same(f(*point), eager(program, *point))
    assert len(calls) == f.recordings == 1


@given(graphs(tensors=True), st.lists(values(-0.01, 0.01), min_size=2, max_size=2))
def test_it_gives_the_very_arrays_of_the_function(program, moves):
    f, calls = counted(program)
    first = f(*program.inputs)
    kept = np.array(first)
    for move in (0.0, *moves):
        point = [np.asarray(x + move) for x in program.inputs]
        assert same(f(*point), eager(program, *point))
    assert len(calls) == 1
    np.testing.assert_array_equal(first, kept)  # later calls do not write into it


def test_results_may_be_written_into():
    f = compile(lambda x: x * 2)
    for _ in range(3):
        found = f(np.ones(2))
        assert found.tolist() == [2.0, 2.0]
        found[:] = 7.0


@pytest.mark.slow
@some
@given(graphs(), values(-0.02, 0.02))
def test_transforms_of_it_are_compiled_whichever_is_applied_first(program, move):
    argnums = range(len(program.inputs))
    inside, outside = (
        value_and_grad(compile(program), argnums),
        compile(value_and_grad(program, argnums)),
    )
    for point in (program.inputs, [x + move for x in program.inputs]):
        expected = value_and_grad(program, argnums)(*point)
        assert inside(*point) == outside(*point) == expected
    assert inside.recordings == outside.recordings == 1


@pytest.mark.parametrize("transform", [grad, value_and_grad, jacobian, hessian])
def test_every_transform_that_gives_a_function_is_compiled(transform):
    def f(x, n):
        return sum(sin(x) * x) * n

    compiled = transform(compile(f))
    for x in ([0.5, 2.0], np.array([-1.0, 0.3])):
        for part, expected in zip(compiled(x, 3.0), transform(f)(np.array(x), 3.0), strict=True):
            np.testing.assert_array_equal(part, expected)
    assert compiled.recordings == 1
    twice = grad(grad(compile(lambda x: x**4)))
    assert [twice(1.0), twice(2.0), twice.recordings] == [12.0, 48.0, 1]


# Functions with branches


def nested(x, y):
    if x < y:
        return exp(x) if y > 1 else x * y
    return (x - y if x >= 2 else y) + 0.5


def in_order(x, y):
    low, middle, high = sorted([x, y, x * y])
    return low - 2 * middle + 3 * high


def absolute(x, y):
    return (x if x.data > 0 else -x) + (y if y.item() > 0 else -y)


def doubled(x, y):
    count = 0
    while x < 3:
        x, count = x + exp(y), count + 1
    return x, count


def guarded(x, y):
    return (log(x) if x > 0 else 0 * x) + (sqrt(y) if y >= 0 else y)


def largest(x, y):
    return max(x, y) - min(x, y)


def truncated(x, y):
    return x * math.floor(y.item()) + y


BRANCHING = [nested, in_order, absolute, doubled, guarded, largest, truncated]


@pytest.mark.parametrize("f", BRANCHING, ids=lambda f: f.__name__)
@given(points=st.lists(st.tuples(values(), values()), min_size=1, max_size=12))
def test_it_goes_the_way_of_the_function(f, points):
    compiled, calls = counted(f)
    for point in (*points, *points):
        assert same(compiled(*point), eager(f, *point))
    assert len(calls) == compiled.recordings <= len(set(points))


@pytest.mark.slow
@some
@given(st.lists(st.tuples(values(), values()), min_size=40, max_size=60, unique=True))
def test_where_ways_are_too_many_it_refuses_rather_than_be_wrong(points):
    compiled, calls = counted(absolute)
    refused = 0
    for point in (*points, *points):
        try:
            assert same(compiled(*point), eager(absolute, *point))
        except GraphError:
            refused += 1
    assert len(calls) == compiled.recordings == LIMIT
    assert refused == 2 * (len(points) - LIMIT)


@pytest.mark.parametrize("f", BRANCHING[:2] + BRANCHING[4:6], ids=lambda f: f.__name__)
@given(points=st.lists(st.tuples(values(), values()), min_size=1, max_size=8))
def test_gradients_go_the_way_of_the_function(f, points):
    compiled = value_and_grad(compile(f), (0, 1))
    for point in (*points, *points):
        assert outcome(compiled, point) == outcome(value_and_grad(f, (0, 1)), point)


@st.composite
def wanderings(draw):
    """Draw a function that looks at its numbers on the way and goes on as they are."""
    steps = draw(st.lists(st.tuples(st.integers(0, 7), *[st.integers(0, 9)] * 3), max_size=12))

    def f(*xs):
        xs = list(xs)
        for kind, i, j, k in steps:
            a, b, c = (xs[n % len(xs)] for n in (i, j, k))
            if kind < 3:
                xs.append((a * b, tanh(a) + b, sin(a - b))[kind])
            elif kind == 3:
                xs.append(a if b < c else b)
            elif kind == 4:
                xs.insert(0, a * 2 if b >= k - 5 else c)
            elif kind == 5:
                xs.append(a + (1.0 if math.copysign(1, b.data) > 0 else c))
            elif kind == 6:
                xs.sort(key=Value.item)
            else:
                xs.append(gradients(a * tanh(b), [b])[0] if a <= c else a)
        return xs[-1], [xs[0]]

    return f


@given(wanderings(), st.lists(st.tuples(values(), values()), min_size=2, max_size=6))
def test_a_function_that_asks_often_is_followed(f, points):
    compiled = compile(f)
    for point in (*points, *points):
        assert same(compiled(*point), eager(f, *point))


# What is passed, and what comes back


def test_it_is_the_same_call_by_place_and_by_name():
    def f(x, y, z=1.0, *, w=0.0):
        return x * y / z + w

    compiled = compile(f)
    for found in (compiled(3.0, 4.0), compiled(3.0, y=4.0), compiled(y=4.0, x=3.0)):
        assert found == 12.0
    assert compiled.recordings == 1
    assert [compiled(3.0, 4.0, w=1.0), compiled(x=3.0, w=1.0, y=4.0)] == [13.0, 13.0]
    assert compiled.recordings == 2
    assert [compiled(3.0, z=2.0, y=4.0), compiled(3.0, 4.0, 2.0)] == [6.0, 6.0]
    assert compiled.recordings == 3
    for wrong in ({"x": 1.0}, {"y": 1.0, "v": 2.0}):
        with pytest.raises(TypeError, match=r"f\(\) (got|missing)"):
            compiled(1.0, **wrong)


def test_among_nodes_it_is_the_function_itself():
    f = compile(lambda x: x * x)
    x = Value(3.0)
    (f(x) * 2).backward()
    assert x.grad == 12.0
    assert [f([x])[0] for f in [compile(lambda xs: xs)]] == [x]
    assert grad(lambda x: f(x) * x)(2.0) == 12.0
    assert [jvp(f, 3.0, 1.0), hvp(f, 3.0, 1.0)] == [(9.0, 6.0), 2.0]
    assert f.recordings == 0
    product = compile(lambda x, v: jvp(lambda x: x * x, x, v)[1])
    assert [product(3.0, 1.0), product(3.0, 2.0), product.recordings] == [6.0, 12.0, 1]
    outer, _ = counted(lambda x: f(x) + f(2.0) * x)
    assert [outer(1.0), outer(3.0), f.recordings] == [5.0, 21.0, 0]
    w = Value(2.0)
    assert grad(lambda x: compile(lambda y: x * y * w)(5.0))(3.0) == 10.0


def test_a_compiled_function_shows_what_it_is():
    @compile
    def square(x):
        """Give x * x."""
        return x * x

    assert repr(square) == "<compiled square: 0 recordings>"
    square(1.0)
    assert repr(square) == "<compiled square: 1 recording>"
    assert getdoc(square) == "Give x * x."
    assert str(signature(square)) == "(x)"
    assert str(square.tapes[0]).splitlines()[1:] == ["given x", "v1 = x·x", "give v1"]


def test_arguments_of_too_many_kinds_are_forgotten():
    f, calls = counted(lambda x, word: x)
    for k in range(300):
        f(1.0, str(k))
    assert f.recordings <= 256
    f(1.0, "299")
    assert len(calls) == 300


# Parameters


def test_parameters_are_read_afresh():
    w, b = Value(2.0), Tensor([1.0, 2.0])
    f, calls = counted(lambda x: w * x)
    g = compile(lambda x: b * x)
    assert [f(3.0), g(2.0 * np.ones(1)).tolist()] == [6.0, [2.0, 4.0]]
    w.data, b.data = 5.0, [3.0, 3.0]
    assert [f(3.0), g(2.0 * np.ones(1)).tolist()] == [15.0, [6.0, 6.0]]
    assert len(calls) == 1


def test_a_step_of_training_is_compiled():
    w = Value(0.0)

    @compile
    def step(x, y):
        loss = (w * x - y) ** 2
        return loss, gradients(loss, [w])

    for _ in range(60):
        loss, (slope,) = step(2.0, 6.0)
        w.data -= 0.1 * slope
    assert loss < 1e-12
    assert step.recordings == 1


# Errors and threads


def test_errors_are_those_of_the_function_and_leave_no_recording():
    f, calls = counted(log)
    for _ in range(2):
        with pytest.raises(DomainError, match=r"^log\(-1\): no real value"):
            f(-1.0)
    assert [f.recordings, len(calls)] == [0, 2]
    assert [f(1.0), f(math.e), f.recordings] == [0.0, 1.0, 1]
    with pytest.raises(DomainError, match=r"^log\(-1\): no real value"):
        f(-1.0)
    assert [f(1.0), f.recordings] == [0.0, 1]
    with pytest.raises(ShapeError):
        compile(lambda a, b: a @ b)(np.ones(2), np.ones(3))


def test_it_may_be_called_from_threads_that_its_function_waits_for():
    def f(x):
        if x > 1:
            pool = ThreadPoolExecutor(1)
            try:
                return x * pool.submit(compiled, 0.5).result(timeout=5)
            finally:
                pool.shutdown(wait=False)
        return x

    compiled = compile(f)
    assert [compiled(2.0), compiled(3.0), compiled.recordings] == [1.0, 1.5, 2]


def test_threads_share_what_is_recorded():
    def slow(x):
        len([*range(200_000)])
        return sum(tanh(x) * x) if sum(x) > 0 else sum(x)

    f, calls = counted(slow)
    points = [np.full(500, k / 7 - 10) for k in range(140)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(f, points))
    assert f.recordings == 2
    assert len(calls) <= 2 * 8  # a thread does not wait for what another is recording
    assert found[::7] == [eager(slow, x) for x in points[::7]]


def test_only_functions_are_compiled():
    with pytest.raises(TypeError, match=r"^compile: got 3, a int\. Give a function\."):
        compile(3)


@compile
def by_name(x):
    return x * 3


def plain_function(x):
    return x * 2


def test_copies_and_pickles_have_recorded_nothing():
    compiled = compile(plain_function)
    compiled(1.0)
    for again in (copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))):
        other = again(compiled)
        assert (other.recordings, other(2.0), compiled.recordings) == (0, 4.0, 1)
        assert again(by_name) is by_name
        assert again([by_name])[0](2.0) == 6.0
    with pytest.raises((AttributeError, pickle.PicklingError), match="lambda"):
        pickle.dumps(compile(lambda x: x))
    assert copy.deepcopy(compile(lambda x: x * 5))(1.0) == 5.0


@pytest.mark.filterwarnings("ignore:.*runs it as it is:UserWarning")
def test_a_function_that_gave_up_may_go_on_after_an_error():
    count = iter(range(9))

    def f(x):
        try:
            return log(x) + next(count)
        except DomainError:
            return x * next(count)

    compiled = compile(f)
    assert [compiled(1.0), compiled(-1.0), compiled(-1.0)] == [0.0, -1.0, -2.0]
