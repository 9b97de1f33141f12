"""Data are arrays of finite numbers, row by row, or are refused."""

import numpy as np
import pytest
from faulty_trainings import X, Y, refused_and_unchanged, with_one
from hypothesis import given
from hypothesis import strategies as st
from trainings import network

import nn
from autograd import ShapeError
from nn.training.data import batches, checked

FAULTS = {
    "nan": ((with_one(X, (4, 1), np.nan), Y), {}, ValueError, ["X", "nan", "row 4", "column 1"]),
    "infinite target": ((X, with_one(Y, 7, np.inf)), {}, ValueError, ["y", "inf", "row 7"]),
    "lengths": ((X, Y[:-1]), {}, ShapeError, ["20 samples", "(19, 1)"]),
    "empty": ((X[:0], Y[:0]), {}, ShapeError, ["(0, 3)"]),
    "a number": ((X, 1.0), {}, ShapeError, ["()"]),
    "no pair": (X, {}, TypeError, ["ndarray", "(X, y)"]),
    "strings": ((X, np.array(["a"] * 20)), {}, TypeError, ["'a'", "encode"]),
    "nothing": ((np.array([[None] * 3] * 20), Y), {}, ValueError, ["nan", "row 0"]),
    "ragged": (([[1.0, 2.0], [3.0]], Y), {}, ShapeError, ["one length"]),
    "a table of tables": (({"X": X}, Y), {}, TypeError, ["dict"]),
    "things": ((np.array([[object()] * 3] * 20), Y), {}, TypeError, ["object"]),
    "validation": ((X, Y), {"validation": (X, Y[1:])}, ShapeError, ["validation", "19"]),
    "validation nan": ((X, Y), {"validation": (X * np.nan, Y)}, ValueError, ["validation", "nan"]),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_does_not_fit_is_refused_before_anything_is_changed(name):
    refused_and_unchanged(*FAULTS[name])


def test_tables_of_several_types_are_numbers_too():
    model = network()
    rows = [[1.0, True, 2]] * 4
    table = np.array(rows, dtype=object)
    np.testing.assert_array_equal(nn.predict(model, table), nn.predict(model, rows))


def test_numbers_that_float32_cannot_hold_are_refused():
    model = nn.Linear(3, 1, dtype=np.float32)
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    with pytest.raises(ValueError, match="float32"):
        nn.fit(model, (X * 1e39, Y), loss=nn.mse_loss, optimizer=optimizer)


@given(st.integers(1, 30), st.integers(1, 30))
def test_each_row_comes_once_in_batches_of_one_size(count, size):
    size = min(size, count)
    found = [np.arange(count)[rows] for rows in batches(count, size, np.random.default_rng(0))]
    assert sorted(np.concatenate(found)) == list(range(count))
    assert {len(rows) for rows in found[:-1]} <= {size}
    assert len(found) == -(-count // size)


def test_all_rows_at_once_come_as_they_stand_and_nothing_is_drawn():
    rng = np.random.default_rng(0)
    assert [*batches(5, 5, rng)] == [slice(None)]
    assert rng.random() == np.random.default_rng(0).random()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_samples_take_the_type_of_the_model_and_classes_stay_whole(dtype):
    for y, kind in (([1, 0], "int64"), ([0.5, 1.0], dtype), ([True, False], dtype)):
        data = checked("fit", ([[1, 2], [3, 4]], y), dtype)
        assert (data.X.dtype, data.y.dtype) == (dtype, kind)
        assert data.y.tolist() == y
