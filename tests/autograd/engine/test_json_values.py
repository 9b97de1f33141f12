"""What a graph holds survives strict JSON, with its type, down to nan and the sign of zero."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.engine.json_values import plain, restored

numbers = st.one_of(st.floats(), st.integers(), st.booleans())
keys = st.one_of(st.text(max_size=5), st.integers(), st.tuples(st.integers(), st.integers()))
nested = st.recursive(
    st.one_of(numbers, st.none(), st.text(max_size=5), st.just(...), st.slices(9)),
    lambda part: st.one_of(
        st.lists(part, max_size=3),
        st.lists(part, max_size=3).map(tuple),
        st.dictionaries(keys, part, max_size=3),
    ),
    max_leaves=8,
)


def through_json(x):
    return restored(json.loads(json.dumps(plain(x), allow_nan=False)))


@given(nested)
def test_numbers_options_and_what_holds_them_are_read_back_as_they_were(x):
    assert repr(through_json(x)) == repr(x)  # in which nan is like nan, and 0.0 not like -0.0


@pytest.mark.parametrize("word", ["float", "array", "tuple", "dict", "slice", "dtype", "ellipsis"])
def test_a_dict_is_not_taken_for_what_stands_for_something_else(word):
    assert through_json({word: [1, 2]}) == {word: [1, 2]}


@pytest.mark.parametrize(
    "array",
    [
        np.array([[0.0, -0.0], [math.nan, -math.inf]]),
        np.array([0.1, math.inf], np.float32),
        np.array(2.5),
        np.zeros((2, 0, 3)),
        np.array([[True], [False]]),
        np.arange(3),
    ],
)
def test_arrays_keep_shape_type_and_every_number_and_cannot_be_edited(array):
    found = through_json((array,))[0]
    assert (found.dtype, found.shape) == (array.dtype, array.shape)
    np.testing.assert_array_equal(found, array)
    assert np.array_equal(np.signbit(found), np.signbit(array))
    assert not found.flags.writeable


def test_types_are_known_by_their_names_and_numbers_of_numpy_become_plain_ones():
    assert through_json(np.dtype("float32")) == through_json(np.float32) == np.dtype("float32")
    assert type(plain(np.float32(0.5))) is float
    assert type(plain(np.int64(3))) is int
