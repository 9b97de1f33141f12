"""No number gets out of a recording unnoticed, and what cannot be repeated is refused."""

from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from replays import counted, eager, same, some

from autograd import (
    DomainError,
    Graph,
    GraphError,
    Tensor,
    Value,
    backprop,
    compile,
    log,
    sum,
    unroll,
)
from autograd.strategies import values


@some
@given(st.lists(st.tuples(values(), values(), values()), min_size=1, max_size=6))
def test_masks_of_arrays_are_asked_for_again(points):
    def f(x):
        kept = x[x > 0.5]
        return sum(kept * kept) if len(kept) else sum(x)

    compiled, calls = counted(f)
    for point in (*points, *points):
        assert same(compiled(np.array(point)), eager(f, np.array(point)))
    assert len(calls) == len({tuple(x > 0.5 for x in point) for point in points})


READINGS = {
    "data": lambda x: x.data,
    "copy": lambda x: deepcopy(x).data,
    "list": lambda x: np.array([x.data]).tolist(),
    "item": lambda x: x.item(),
    "tolist": lambda x: np.asarray(x.data).tolist(),
}


@pytest.mark.parametrize("read", READINGS.values(), ids=READINGS)
@pytest.mark.parametrize("kind", [float, np.array])
def test_no_number_gets_out_unnoticed(read, kind):
    compiled, calls = counted(lambda x: (x * 2, read(x * 1)))
    for x in (1.25, 0.0, 2.5, 1.25, 0.0):
        product, found = compiled(kind(x))
        assert product == 2 * x
        assert found == read((Value if kind is float else Tensor)(x, constant=True))
    assert len(calls) == compiled.recordings == 3


def test_a_comparison_is_kept_with_the_numbers_of_that_moment():
    def f(x):
        limits = np.array([1.0, 2.0])
        kept = x[x > limits]
        limits[:] = 9.0
        return kept.sum()

    compiled, calls = counted(f)
    assert [compiled([3.0, 3.0]), compiled([4.0, 4.0]), len(calls)] == [6.0, 8.0, 1]


def test_numbers_that_depend_on_literals_only_are_no_way():
    def f(x):
        two = Value(1.0, constant=True) + 1.0
        return x * two if two > 1 and two.data == 2.0 else x

    compiled = compile(f)
    assert [compiled(1.0), compiled(5.0), compiled.recordings] == [2.0, 10.0, 1]


def sets(x):
    W.data = 3.0
    return x


def goes_on(x):
    try:
        return log(x)
    except DomainError:
        return x * 0


W = Value(1.0)

REFUSED = {
    "it calls backward": lambda x: (x * W).backward(),
    "it sets the data of a leaf": sets,
    "it takes a picture of numbers": lambda x: x * Graph(x).nodes[0].data,
    "it looks at numbers of a pass": lambda x: [s.grad for s in backprop(x * x)],
    "log has no value and the function goes on": goes_on,
}


@pytest.mark.parametrize("words", REFUSED)
def test_what_a_replay_would_not_repeat_is_refused(words):
    compiled = compile(REFUSED[words])
    with pytest.raises(GraphError, match=words):
        compiled(-1.0)
    assert W.data == 1.0
    assert not W.reached
    assert compiled.recordings == 0


def test_unroll_would_cut_the_graph():
    with pytest.raises(GraphError, match=r"takes a Tensor apart.*unroll"):
        compile(lambda x: list(unroll(x * 2)))(np.ones(2))


def test_nothing_is_watched_after_an_error():
    with pytest.raises(ZeroDivisionError):
        compile(lambda x: 1 / 0)(1.0)
    x = Value(1.0)
    x.data = 2.0
    (x * x).backward()
    assert x.grad == 4.0


def test_answers_may_be_written_into():
    def f(x):
        mask = x > 0
        any_, mask[:] = bool(mask.any()), True
        return x * 2 if any_ else x * 3

    compiled = compile(f)
    for x in (-1.0, 1.0, -2.0, 2.0):
        assert compiled(np.array([x])).tolist() == [x * 2 if x > 0 else x * 3]


def asks(x):
    return -x if x < 0 else x


def is_there(x):
    return x if x else x + 5.0


def tries(x):
    try:
        return log(x)
    except DomainError:
        return x * 0


def paints(x):
    return x * Graph(x * 1.0).nodes[0].data


def reads(x):
    return x if x.data > 0 else -x


@pytest.mark.parametrize("f", [asks, reads, is_there, tries, paints])
def test_threads_of_the_function_are_watched_on_what_follows_from_arguments(f):
    def inside(x):
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(f, x * 1.0).result()

    compiled, here = compile(inside), compile(f)
    for x in (-1.0, 2.0, -3.0, 0.0, 4.0):
        try:
            expected = here(x)
        except GraphError as error:
            with pytest.raises(GraphError, match=str(error).removeprefix(f.__name__)):
                compiled(x)
        else:
            assert compiled(x) == expected


SHOWN = {"str": str, "repr": repr, "format": "{}".format, "digits": "{:.3f}".format}


@pytest.mark.parametrize("show", SHOWN.values(), ids=SHOWN)
def test_what_is_shown_of_a_number_is_the_number(show):
    f = compile(lambda x: (x * 2, show(x)))
    with pytest.warns(UserWarning, match="it uses the text of x. So compile runs it as"):
        assert f(1.0) == (2.0, show(1.0))
    assert f(2.5) == (5.0, show(2.5))
    assert "runs as it is, for it uses the text of x" in repr(f)
    assert repr(Value(1.0)) == "Value(1.0)"


def test_one_thread_does_not_watch_another():
    x = Value(3.0)

    def elsewhere():
        x.data = 4.0
        (x * x).backward()
        return x > 1

    def f(y):
        with ThreadPoolExecutor(1) as pool:
            return y if pool.submit(elsewhere).result() else -y

    compiled = compile(f)
    assert [compiled(1.0), compiled(2.0), compiled.recordings, x.grad] == [1.0, 2.0, 1, 8.0]
