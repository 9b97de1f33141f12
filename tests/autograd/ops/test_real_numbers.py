"""One gate casts what comes in to real numbers, or says what it got and what to do."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from autograd import ShapeError, Tensor, Value
from autograd.ops import real_number, real_numbers


def test_an_array_of_floats_is_passed_on_as_it_is():
    for dtype in (np.float64, np.float32):
        x = np.ones(3, dtype)
        assert real_numbers("fit: X", x) is x


def test_whole_numbers_and_bool_are_left_for_who_asks():
    for x in (np.arange(3, dtype=np.uint8), np.array([True]), [1, 2]):
        assert real_numbers("fit: X", x).dtype == np.asarray(x).dtype


@pytest.mark.parametrize(
    "given",
    [Fraction(1, 3), Decimal("0.1"), [Fraction(1, 3), 2, True], np.array([[Decimal(2)]], object)],
    ids=repr,
)
def test_other_numbers_are_what_float_makes_of_them(given):
    found = real_numbers("fit: X", given)
    assert found.dtype == float
    assert found.tolist() == np.vectorize(float)(np.array(given, object)).tolist()


def test_numbers_that_are_infinite_or_nan_are_numbers():
    given = [Decimal("Infinity"), Decimal("-Infinity"), float("inf"), Decimal("NaN")]
    np.testing.assert_array_equal(real_numbers("x", given), [np.inf, -np.inf, np.inf, np.nan])


FAULTS = {
    "text": (["red", 1], TypeError, "X holds 'red'. Give real numbers: encode words first."),
    "complex": ([1j], TypeError, "X holds complex numbers. .*x.real, x.imag"),
    "date": (np.array(["2020"], "M8"), TypeError, "X holds dates. .* np.timedelta64"),
    "span": (np.array([1], "m8[s]"), TypeError, "X holds spans of time. "),
    "bytes": (b"12", TypeError, "X is bytes. "),
    "set": ({1}, TypeError, r"X holds a set. .* sorted\(x\)"),
    "dict": ({1: 2}, TypeError, r"X holds a dict. .* list\(x.values\(\)\)"),
    "generator": (iter([1]), TypeError, r"X holds a list_iterator. .* list\(x\)"),
    "too large": ([10**400], TypeError, "X holds 1000.* beyond the largest float .* scale them"),
    "missing": ([[1, None], [2, 3]], ValueError, "X holds None in row 0, which is missing"),
    "ragged": ([[1], [1, 2]], ShapeError, "X is no table.*Give rows of one length"),
    "masked": (
        np.ma.masked_array([[1.0], [2.0], [3.0]], [[0], [1], [1]]),
        ValueError,
        "X masks 2 of 3 numbers, the first in row 1; they are missing. .* fill the gaps",
    ),
    "a masked number": ([[1.0, np.ma.masked]], ValueError, "X masks 1 of 1 numbers"),
    "node": ([Value(1.0)], TypeError, "X holds a Value, from which no gradient .* give its data"),
    "nodes": (np.array([Value(1.0)], object), TypeError, "X holds a Value"),
    "signaling nan": ([Decimal("sNaN")], TypeError, "X holds a Decimal"),
    "arrays": (
        np.array([np.ones(2), None], object),
        TypeError,
        "X holds array.* rows of one length",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_wrong_is_named_with_what_to_do(name):
    given, kind, words = FAULTS[name]
    with pytest.raises(kind, match=f"^fit: {words}"):
        real_numbers("fit: X", given)


@pytest.mark.parametrize("name", ["masked", "missing", "ragged"])
def test_an_operand_is_shown_and_is_of_a_wrong_type(name):
    with pytest.raises(TypeError, match=r"^mul: got [\[m].*Give "):
        real_numbers("mul: got", FAULTS[name][0], shown=True)


def test_a_mask_that_hides_nothing_is_none():
    x = np.ma.masked_array([1, 2], [False, False])
    assert type(real_numbers("X", x)) is np.ndarray
    assert real_numbers("X", [x, x]).tolist() == [[1, 2], [1, 2]]


def test_one_number_is_a_float():
    for x in (1, True, np.uint8(1), np.array(1), np.float32(1), Fraction(1), Decimal(1)):
        assert type(real_number("x: got", x)) is float
    with pytest.raises(TypeError, match=r"^x: got \[1.0\], which is an array of shape \(1,\)"):
        real_number("x: got", [1.0])


def test_a_number_of_python_beside_a_tensor_takes_its_type():
    x = Tensor(np.ones(2, np.float32))
    for beside in (2, 2.0, True, Fraction(1, 2), Decimal(2), np.uint8(2), [1, 2]):
        assert (x * beside).dtype == np.float32
    assert (x * np.array([0.5, 0.5])).dtype == np.float64
