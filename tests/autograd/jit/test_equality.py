"""Things that a function could tell apart are not taken for the same."""

import math
import pickle

import numpy as np
import pytest
from replays import counted

from autograd.jit.equality import alike


@pytest.mark.parametrize("before", [0.0, 1, ["a", 1], {"a": 1}, (1.0, "b"), {1}])
@pytest.mark.parametrize("after", [-0.0, True, 1.0, ["a", True], {"a": 1.0}, (1, "b"), {True}])
def test_numbers_are_told_apart_by_type_and_sign(before, after):
    held = before
    compiled, calls = counted(lambda x: (x, repr(held)))
    assert compiled(1.0) == (1.0, repr(before))
    held = after
    assert compiled(1.0) == (1.0, repr(after))
    assert len(calls) == 2


THINGS = [
    *(1, 1.0, True, 1 + 0j, "1", b"1", np.float64(1.0), np.float32(1.0), np.True_, None),
    *(0.0, -0.0, 0, False, math.inf, range(3), range(4), slice(1), slice(2)),
    *((1,), (1.0,), [1], [True], [[1]], {1}, {True}, frozenset({1})),
    *({"a": 1}, {"a": 1.0}, {"b": 1}),
    *({"a": 1, "b": 2}, {"b": 2, "a": 1}),  # a function may go through them in order
]


@pytest.mark.parametrize("a", THINGS, ids=repr)
def test_a_thing_is_like_a_copy_of_it_and_like_nothing_else(a):
    assert alike(a, pickle.loads(pickle.dumps(a)))
    assert [b for b in THINGS if alike(a, b)] == [a]
    assert alike(((a, [a]), {"k": a}), ((a, [a]), {"k": a}))


class Equal:
    def __eq__(self, other):
        return True

    __hash__ = object.__hash__


def test_objects_are_like_themselves_whatever_they_say():
    a, b = Equal(), Equal()
    assert alike(a, a)
    assert alike([a], [a])
    assert alike({a}, {a})
    assert not alike(a, b)
    assert not alike([a], [b])
    assert not alike({a}, {b})
    x = np.ones(2)
    assert alike(x, x)
    assert not alike(x, x.copy())  # which may be written into
