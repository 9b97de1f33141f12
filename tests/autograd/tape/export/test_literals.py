"""Numbers, arrays and options are written so that they are read back the same."""

import ast
import math

import numpy as np
import pytest
from written import run

from autograd import Tape, Tensor, Value
from autograd.tape.export.literals import Unwritten, literal


def test_a_double_beside_single_precision_stays_one():
    x = Tensor(np.array([0.1, 0.7], np.float32), name="x")
    tape = Tape([x * Tensor(0.3, constant=True), x * 0.3], inputs=[x])
    ours, theirs = tape(x.data), run(tape.to_python(), x.data)
    for a, b in zip(ours, theirs, strict=True):
        assert a.dtype == b.dtype
        np.testing.assert_array_equal(a, b)


def test_the_sign_of_zero_is_kept():
    x = Value(1.0, name="x")
    (found,) = run(Tape([x * -0.0], inputs=[x]).to_python(), 2.0)
    assert np.signbit(found)


HELD = [
    *(0, -3, 10**20, 0.1, -0.0, 1e-300, math.inf, -math.inf, True, None, "a 'b' \"c\"", 1j, ...),
    *(slice(1, None, -2), (1,), (), [1.5, (2, [None])], range(1, 9, 2), {"a": (1, -2.0), 3: []}),
    *(np.float64(0.1), np.dtype("int64"), np.array([0.1, -0.0, np.nan, np.inf, -np.inf])),
    *(np.array([1 / 3, 1e-30], np.float32), np.array([[True], [False]]), np.arange(3)),
    *(np.zeros((2, 0), np.float32), np.array(2.5), np.linspace(0, 1, 2000).reshape(20, 100)),
    np.array([1, 2], np.int8),
]


@pytest.mark.parametrize("x", HELD, ids=lambda x: " ".join(repr(x).split())[:40])
def test_what_was_written_is_read_back_the_same(x):
    found = eval(ast.unparse(literal(x)), {"np": np})
    if isinstance(x, np.ndarray):
        assert (found.dtype, found.shape) == (x.dtype, x.shape)
        assert found.tobytes() == x.tobytes()
    else:
        assert found == x
        assert repr(found) == repr(x) or isinstance(x, np.generic | np.dtype)


def test_nan_is_written_as_numpy_has_it():
    assert ast.unparse(literal((math.nan, [-math.inf]))) == "(np.nan, [-np.inf])"


@pytest.mark.parametrize(
    ("index", "text"),
    [
        (np.s_[1:], "x[1:]"),
        (np.s_[:, ::-2], "x[:, ::-2]"),
        (np.s_[..., None, 0], "x[..., None, 0]"),
        (slice(None), "x[:]"),
    ],
)
def test_between_brackets_slices_have_colons(index, text):
    written = ast.Subscript(ast.Name("x"), literal(index, index=True), ast.Load())
    assert ast.unparse(written) == text


@pytest.mark.parametrize("x", [object(), {1}, lambda x: x, [object()], str, Tensor([1.0])])
def test_what_has_no_form_in_source_text_is_refused(x):
    with pytest.raises(Unwritten, match="has no form in source text"):
        literal(x)
