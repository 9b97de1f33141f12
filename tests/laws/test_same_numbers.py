"""One rule says whether held numbers are the same: nan is like nan, and 0.0 is not like -0.0."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import GraphError, Tensor, Value, gradients
from autograd.engine import fingerprint, same_numbers
from autograd.jit.equality import alike
from autograd.tape.program import identity

NUMBERS = [0.0, -0.0, 1.0, -1.0, math.inf, -math.inf, math.nan, 5e-324]
some = st.sampled_from(NUMBERS)


def told_apart(a, b):
    return str(a) != str(b)


@given(some, some)
def test_all_answers_for_two_numbers_agree(a, b):
    same = not told_apart(a, b)
    assert same_numbers(a, b) == same
    assert same_numbers(np.array([1.0, a]), np.array([1.0, b])) == same
    assert alike([a], [float(str(b))]) == same
    assert alike(np.float32(a), np.float32(b)) == (str(np.float32(a)) == str(np.float32(b)))
    if not math.isnan(a):  # as a key a nan may be another each time: then it is held twice
        assert (identity(a) == identity(b)) == same


@pytest.mark.parametrize(("a", "b"), [(1, True), (1, 1.0), (1.0, np.float64(1.0)), ("a", "b")])
def test_containers_tell_types_apart(a, b):
    assert not alike(a, b)


def test_the_sign_of_a_nan_is_nothing_that_an_op_could_tell():
    nan = np.array([math.nan])
    assert same_numbers(nan, -nan)
    assert same_numbers(math.nan, -math.nan)


@pytest.mark.parametrize("other", [np.ones(2), np.ones((3, 1)), np.ones((1, 3)), 1.0])
def test_shapes_are_told_apart(other):
    assert not same_numbers(np.ones(3), other)
    assert not same_numbers(other, np.ones(3))


@pytest.mark.parametrize("a", [np.array([True, False]), np.arange(2), True, 3])
def test_answers_that_are_no_floats_are_compared_too(a):
    assert same_numbers(a, np.array(a))
    assert not same_numbers(a, np.array(a) + 1)


@pytest.mark.parametrize("kind", [Value, lambda x: Tensor([x, 1.0])])
def test_a_nan_in_a_leaf_is_no_new_number(kind):
    """It is bound again, as `load_state_dict` and optimizers do, to what it was."""
    x, a = kind(math.nan), kind(2.0)
    y = a * 3.0 + x if kind is Value else (a * 3.0 + x).sum()
    x.data = float("nan") if kind is Value else np.array(x.data)
    (slope,) = gradients(y, [a])
    assert np.array_equal(slope.data, np.full_like(a.data, 3.0))


@pytest.mark.parametrize("kind", [Value, lambda x: Tensor([x, 1.0])])
def test_another_number_is_refused(kind):
    for before, after in [(0.0, -0.0), (math.nan, 1.0), (1.0, math.nan)]:
        x = kind(before)
        y = x * 2.0 if kind is Value else (x * 2.0).sum()
        x.data = kind(after).data
        with pytest.raises(GraphError, match="when the graph was built"):
            gradients(y, [x])


@pytest.mark.parametrize("few", [0, 1024])  # bytes that are no digest
@pytest.mark.parametrize("dtype", ["f8", "f4", "i2", "c16", "M8[s]", "U3", "f8,i4"])
@pytest.mark.parametrize(
    "layout",
    [
        lambda x: x,
        lambda x: np.asfortranarray(x),
        lambda x: np.repeat(x, 2, axis=0)[::2],
        lambda x: x[::-1][::-1],
        lambda x: x.copy()[:, ::-1][:, ::-1],
    ],
)
def test_a_fingerprint_is_that_of_the_contents_however_they_lie_in_memory(
    monkeypatch, few, dtype, layout
):
    monkeypatch.setattr("autograd.engine.arrays._FEW", few)
    plain = np.arange(12).reshape(4, 3).astype(dtype)
    array = layout(plain)
    before = fingerprint(array)
    assert before == fingerprint(plain)
    assert before != fingerprint(plain.reshape(3, 4))
    assert before != fingerprint(plain.reshape(3, 4).T)  # the same bytes, in another order
    array[3, 2] = plain[0, 0]
    assert fingerprint(array) != before


@given(st.integers(1, 40_000), st.integers(0), st.booleans())
def test_every_number_of_an_array_counts(size, place, is_strided):
    x = np.zeros(2 * size)[:: 2 if is_strided else 1]
    before = fingerprint(x)
    assert fingerprint(x.copy()) == before
    x[place % len(x)] = -0.0
    assert fingerprint(x) != before
