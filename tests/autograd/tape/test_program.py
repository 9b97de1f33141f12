"""A code knows its slots and names, and tells equal things from different ones."""

import math
from copy import deepcopy

import numpy as np
import pytest

from autograd import GraphError, Op, Tape, Value, noise
from autograd.tape.executors.levels import Levels
from autograd.tape.executors.line_by_line import Lines
from autograd.tape.program import identity


def test_params_are_told_apart_by_all_their_numbers():
    table = Op(
        name="table_for_tapes",
        forward=lambda x, numbers=(0.0,): x * 0.0 + numbers[len(numbers) // 2],
        scalar=lambda x, numbers: x * 0.0 + float(numbers[len(numbers) // 2]),
        vjps=(lambda g, y, x, numbers: g * 0.0,),
        latex="{0}",
        doc="The middle one of many numbers.",
    )
    x = Value(1.0)
    many = [np.where(np.arange(3001) == 1500, k, 0.0) for k in range(8)]
    code = Tape([table(x, numbers) for numbers in many], inputs=[x]).code
    assert len(code.lines) == 8
    for plan in (Lines, Levels):
        found = plan(code, [True], None).run([np.ones(2)], [])
        assert [one[0] for one in found] == list(range(8))
    with pytest.raises(GraphError, match=r"^numba: table_for_tapes was given numbers=.* numbers o"):
        Tape([table(x, many[0])], inputs=[x], executor="numba")(1.0)


def test_slots_hold_inputs_then_leaves_then_constants_then_results():
    x, w = Value(2.0, name="x"), Value(3.0, name="w")
    drawn = noise(lambda size: np.full(size or (), 0.5))
    code = Tape([(x * w + drawn) * 7.0], inputs=[x]).code
    assert (code.inputs, code.given, code.noise) == ((x, drawn), 1, (drawn,))
    assert (code.leaves, code.constants) == ((w,), (7.0,))
    assert code.first_line == 4
    assert [line.operands for line in code.lines] == [(0, 2), (4, 1), (5, 3)]
    assert code.outputs == (6,)


def test_names_stand_in_one_line_and_are_told_apart():
    given = [Value(1.0, name=name) for name in ("a", "a", None, "two\nlines", "v1", "x2")]
    read = [Value(1.0, name=name) for name in (None, "a_", "v1")]
    drawn = noise(lambda size: np.full(size or (), 0.5))
    names = Tape([*given, *read, drawn], inputs=given).code.names
    assert names == ("a", "a_", "x2", "two lines", "v1_", "x2_", "noise0", "w0", "a__", "v1__")
    assert len(set(names)) == len(names)


DIFFERENT = [
    *(1, True, 1.0, 0.0, -0.0, "1", None, ...),
    *([1], (1,), (1.0,), {"a": 1}, {"a": True}, slice(1), slice(None, 1, 1)),
    *(np.array(1.0), np.array([1.0]), np.float32([1.0]), np.array([1]), np.array([[1.0]])),
    *(np.dtype("float32"), np.array([0.0]), np.array([-0.0]), np.array([0]), math.nan, math.inf),
]


def test_what_differs_in_type_sign_or_shape_is_not_identical():
    found = [identity(x) for x in DIFFERENT]
    assert len(set(found)) == len(DIFFERENT)
    assert found == [identity(deepcopy(x)) for x in DIFFERENT]
