"""A recording computes nothing in vain, nothing twice, and nothing that is known already."""

import numpy as np
import pytest
from hypothesis import given
from tapes import recorded

from autograd import GraphError, Tape, Tensor, Value, neg, where
from autograd.strategies import graphs


@given(program=graphs())
def test_no_line_is_computed_in_vain_or_twice(program):
    _, _, tape = recorded(program)
    code = tape.code
    read = {slot for line in code.lines for slot in line.operands} | set(code.outputs)
    assert read >= set(range(code.first_line, code.first_line + len(code.lines)))
    keys = [(line.op, line.operands, repr(line.params)) for line in code.lines]
    assert len(keys) == len(set(keys))
    assert len(code.lines) <= code.recorded


@pytest.mark.parametrize(
    ("same", "lines"),
    [
        (lambda x: x * 1.0, 0),
        (lambda x: 1.0 * x, 0),
        (lambda x: 0.0 + x, 0),
        (lambda x: x - 0.0, 0),
        (lambda x: x / 1.0, 0),
        (lambda x: x**1.0, 0),
        (lambda x: neg(neg(x)), 0),
        (lambda x: x + (Value(2.0, constant=True) - 2.0), 0),
        (lambda x: where(x, x * 2.0, 2.0 * x), 1),
        (lambda x: x * 2.0 + 2.0 * x, 2),
        (lambda x: 0.0 - x, 1),
        (lambda x: 1.0 / x, 1),
        (lambda x: x - x, 1),
    ],
)
def test_what_need_not_be_computed_is_not(same, lines):
    x = Value(3.0)
    tape = Tape([same(x)], inputs=[x])
    assert len(tape.code.lines) == lines
    for number in (3.0, -0.5):
        assert tape(number) == [same(Value(number)).data]


def test_what_broadcasts_or_promotes_is_computed():
    x = Tensor(np.ones(3, np.float32))
    for same, shape, dtype in [
        (lambda x: x * np.ones((2, 1), np.float32), (2, 3), np.float32),
        (lambda x: x + np.zeros(3), (3,), np.float64),
        (lambda x: where(np.ones((2, 1)), x, 0.0), (2, 3), np.float32),
    ]:
        (found,) = Tape([same(x)], inputs=[x])(x.data)
        assert (found.shape, found.dtype) == (shape, dtype)


def test_what_changes_nothing_is_left_out_of_tensors_too():
    x = Tensor(np.ones((2, 3)))
    tape = Tape([x * 1.0 + 0.0], inputs=[x])
    assert tape.code.lines == ()
    (found,) = tape(np.full((2, 3), 5.0))
    np.testing.assert_array_equal(found, np.full((2, 3), 5.0))


def test_an_input_may_be_a_result_on_the_way():
    x = Value(2.0)
    middle = x * x
    tape = Tape([middle + 1.0], inputs=[middle])
    assert tape(10.0) == [11.0]
    assert tape.code.leaves == ()


def test_a_constant_edited_before_the_recording_is_not_overlooked():
    x, c = Value(1.0), Value(2.0, constant=True)
    y = x * (c * 3.0) + c
    c.data = 5.0
    with pytest.raises(GraphError, match=r"was 2\.0 when the graph was built\. Build the graph"):
        Tape([y], inputs=[x])
