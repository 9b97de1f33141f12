"""Large arrays within reach of a function are not copied; what it writes into them is undone."""

import tracemalloc
from contextlib import contextmanager
from functools import partial

import numpy as np
import pytest

from autograd import GraphError, Value, compile, exp
from autograd.jit import dry_run, recorded, untouched

LARGE = np.ones(2_000_000)  # 16 MB


@contextmanager
def without_a_copy():
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < LARGE.nbytes / 10
    finally:
        tracemalloc.stop()


def mention(x):
    return [x * 2 if LARGE is not None else x]


def leaf():
    return Value(1.0, constant=True)


def write(array):
    array[-1] = 7.0
    return float(array[-1])


class Holder:
    def __init__(self, array):
        self.array = array


def test_nothing_is_copied_to_put_it_back():
    with without_a_copy():
        dry_run(lambda: mention(leaf()), mention)


def test_nothing_is_copied_for_a_recording_or_to_see_that_it_is_current():
    with without_a_copy():
        _, _, is_current = recorded(mention, [leaf()])
        assert is_current()


def test_nothing_is_copied_by_compile_which_tells_arrays_apart_by_identity():
    held = LARGE

    @compile
    def f(x):
        return exp(x) * float(held[0])

    with without_a_copy():
        assert f(0.0) == f(0.0) == 1.0
    held = np.full(3, 2.0)
    assert f(0.0) == 2.0


@pytest.mark.parametrize("place", [0, 1_234_567, -1])
@pytest.mark.parametrize("number", [2.0, np.nan])
def test_a_recording_notices_a_change_anywhere_in_an_array(place, number):
    large = LARGE.copy()
    _, _, is_current = recorded(lambda x: [x if large is not None else -x], [leaf()])
    large[place] = number
    assert not is_current()
    large[place] = 1.0
    assert is_current()


def test_a_recording_notices_that_numbers_change_places():
    large = np.arange(2_000_000.0)
    _, _, is_current = recorded(lambda x: [x if large is not None else -x], [leaf()])
    large[:] = large[::-1].copy()
    assert not is_current()


@pytest.mark.parametrize("size", [3, 2_000_000])
def test_arrays_in_defaults_and_nested_tuples_are_looked_at_too(size):
    array, held = np.ones(size), ((np.ones(size),),)

    def f(x, scale=array):
        return [x * 2 if held else x]

    _, _, is_current = recorded(f, [leaf()])
    for x in (array, held[0][0]):
        x[0] = 2.0
        assert not is_current()
        x[0] = 1.0
        assert is_current()


@pytest.mark.parametrize("size", [3, 2_000_000])
def test_a_dry_run_may_write_into_an_array(size):
    array = np.ones(size)
    assert dry_run(partial(write, array), [array]) == 7.0
    assert (array == 1).all()
    array[0] = 2.0  # it is not left read-only


def test_many_small_arrays_are_large_together():
    arrays = [np.ones(50_000) for _ in range(40)]
    with without_a_copy():
        dry_run(lambda: None, arrays)
    assert dry_run(lambda: [write(x) for x in arrays], arrays) == [7.0] * 40
    assert all((x == 1).all() for x in arrays)


def test_what_is_to_stay_untouched_may_be_written_into():
    holder = Holder(np.ones(2_000_000))
    with untouched(holder):
        write(holder.array)
    assert (holder.array == 1).all()
    assert holder.array.flags.writeable


def test_a_function_that_could_catch_the_error_meets_no_array_that_is_read_only():
    large = LARGE.copy()

    def f(x):
        try:
            large[0] = 7.0
        except ValueError:
            return [x * 100]
        return [x * 2]

    assert dry_run(lambda: f(leaf())[0].data, f) == 2.0
    with pytest.raises(GraphError, match="changes what it can reach"):
        recorded(f, [leaf()])
    assert large[0] == 1.0


def test_what_else_was_changed_before_a_write_is_undone_before_the_second_call():
    holder, counts = Holder(np.ones(2_000_000)), [0]

    def f():
        counts[0] += 1
        return counts[0], write(holder.array)

    assert dry_run(f, holder, counts) == (1, 7.0)
    assert counts == [0]


def test_who_fails_anyway_fails_and_everything_is_put_back():
    large, calls = LARGE.copy(), []

    def f():
        calls.append(large.flags.writeable)
        large[0] = 7.0
        raise KeyError("late")

    with pytest.raises(KeyError, match="late"):
        dry_run(f, [large])
    assert calls == [False, True]
    assert large[0] == 1.0


def test_an_error_of_this_project_is_no_reason_to_call_again_with_copies(capsys):
    def f(x):
        print("called", LARGE.shape)
        return [x * 2 if x > 0 else -x]

    def fail():
        print("called", LARGE.shape)
        raise GraphError("it is wrong")

    with without_a_copy():
        with pytest.raises(GraphError, match="asked"):
            recorded(f, [leaf()])
        with pytest.raises(GraphError, match="wrong"):
            dry_run(fail, fail)
    assert capsys.readouterr().out.count("called") == 2


def test_a_function_that_writes_into_a_large_array_is_refused_as_one_that_changes_something():
    large = LARGE.copy()

    def f(x):
        large[0] = 7.0
        return [x * 2]

    with pytest.raises(GraphError, match="changes what it can reach"):
        recorded(f, [leaf()])
    assert large[0] == 1.0


def test_an_array_of_objects_is_compared_by_what_these_are():
    objects = np.array([object(), [1]], object)
    _, _, is_current = recorded(lambda x: [x if objects is not None else -x], [leaf()])
    assert is_current()
    objects[0] = object()
    assert not is_current()
