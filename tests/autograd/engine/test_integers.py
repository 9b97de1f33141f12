"""Samples of whole numbers are indices, and floats in the first op that computes with them."""

import copy
import pickle

import numpy as np
import pytest

import autograd as ag
from autograd import OPS, Tensor, Value
from autograd.engine import Integers

TABLE = np.arange(12.0).reshape(4, 3)
INDEX = np.array([[3, 0], [1, 1]], np.uint8)


def test_they_index_tensors_and_arrays_as_arrays_do():
    table, x = Tensor(TABLE), Integers(INDEX)
    for found, expected in (
        (table[x].data, TABLE[INDEX]),
        (table[x[:, 0]].data, TABLE[INDEX[:, 0]]),
        (table[x, 1].data, TABLE[INDEX, 1]),
        (table[x[0, 0]].data, TABLE[3]),
        (table[ag.reshape(x, -1)].data, TABLE[INDEX.ravel()]),
        (table[x.T].data, TABLE[INDEX.T]),
        (ag.getitem(table, x).data, TABLE[INDEX]),
        (TABLE[x], TABLE[INDEX]),
        ([*TABLE][x[0, 1]], TABLE[0]),
    ):
        np.testing.assert_array_equal(found, expected)
    assert not x.is_computed_with


def test_gradients_reach_each_row_as_often_as_it_is_taken():
    table = Tensor(TABLE)
    ag.sum(table[Integers(INDEX)]).backward()
    assert table.grad.tolist() == [[1.0] * 3, [2.0] * 3, [0.0] * 3, [1.0] * 3]


def test_an_op_that_computes_takes_floats():
    w = Tensor(np.ones((2, 2)))
    for f in (
        lambda x: x * 100,
        lambda x: 255 - x,
        lambda x: -x,
        lambda x: x**-1.0 if x is w else x + 0.5,
        lambda x: x @ w,
        lambda x: w @ x,
        lambda x: ag.exp(x * 100.0),
        lambda x: x.mean(axis=0),
        lambda x: ag.where(ag.heaviside(x - 1.0), x, w),
        lambda x: ag.concatenate([x, w]),
        lambda x: ag.stack([x, x]),
        lambda x: x[:, 0] / 2,
        lambda x: ag.reshape(x, -1) * 100,
        lambda x: x.T + 200,
        lambda x: x.sum() if x is not None else None,
    ):
        found, expected = f(Integers(INDEX)), f(Tensor(INDEX, constant=True))
        assert (type(found), found.dtype) == (Tensor, expected.dtype)
        np.testing.assert_array_equal(found.data, expected.data)


@pytest.mark.parametrize("op", [op for op in OPS.values() if op.arity == 1 and op.elementwise])
def test_every_row_gives_what_it_gives_for_floats(op):
    if op.__module__.startswith("autograd.") and not any(
        value is op.__signature__.empty for value in op.defaults.values()
    ):
        x = np.array([[1]], np.uint8)
        with np.errstate(all="ignore"):
            found, expected = op(Integers(x)), op(Tensor(x, constant=True))
        np.testing.assert_array_equal(found.data, expected.data)
        assert found.dtype == np.float64


def test_floats_are_of_the_type_of_the_model_and_of_one_node():
    x = Integers(INDEX, np.float32)
    assert (x / 255.0).dtype == np.float32
    assert x.floats is x.floats
    assert x.is_computed_with
    part = x[:, 0]
    assert (part * 2.0).inputs[0].inputs == (x.floats,)


def test_they_compare_as_numbers():
    x = Integers(INDEX)
    assert (x == 1).tolist() == (INDEX == 1).tolist()
    assert (x != 1).tolist() == (INDEX != 1).tolist()
    assert (x > 0).tolist() == (INDEX > 0).tolist()
    assert len({x, Integers(INDEX)}) == 2


def test_no_number_is_lost():
    large = np.array([2**53 + 1, 2**63 + 1], np.uint64)
    assert Integers(large).tolist() == large.tolist()
    assert Integers(INDEX).dtype == np.int64
    assert Integers(INDEX).astype(np.int8).dtype == np.int8


def test_they_are_copied_and_pickled():
    x = Integers(INDEX, np.float32)
    for y in (copy.deepcopy(x), pickle.loads(pickle.dumps(x))):
        assert (type(y), y.tolist(), y.floats.dtype) == (Integers, INDEX.tolist(), np.float32)


def test_a_float_is_no_index_and_a_value_no_companion():
    x = Integers(INDEX)
    with pytest.raises(IndexError, match="getitem: got the index"):
        Tensor(TABLE)[x + 1]
    with pytest.raises(TypeError, match="Operands of a"):
        x * Value(1.0)
