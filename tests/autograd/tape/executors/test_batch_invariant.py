"""What is the same for all samples is computed once, and says so where it has no value."""

import math

import numpy as np
import pytest
from tapes import each_executor

from autograd import DomainError, Op, Tape, Value, log, where
from autograd.tape.executors.batch_invariant import Once


@pytest.mark.slow
@each_executor
def test_what_an_op_raises_is_explained(executor):
    def positive(x):
        if x <= 0:
            raise ValueError("not positive")
        return x

    op = Op(
        name=f"positive_on_{executor}",
        forward=lambda x: np.where(x > 0, x, np.nan),
        scalar=positive,
        vjps=(lambda g, y, x: g,),
        latex="{0}",
        doc="Positive numbers.",
    )
    x = Value(1.0)
    tape = Tape([op(x)], inputs=[x], executor=executor)
    assert tape(2.0) == [2.0]
    with pytest.raises(DomainError, match=r"^positive_on_"):
        tape(-1.0)
    np.testing.assert_array_equal(tape([2.0, -1.0])[0], [2.0, np.nan])


@each_executor
def test_an_op_without_a_value_at_a_single_number_says_so(executor):
    x, y = Value(1.0), Value(1.0)
    tape = Tape([where(x, log(y), x) * 2.0], inputs=[x, y], executor=executor)
    with pytest.raises(DomainError, match=r"^log\(-1\): no real value here"):
        tape(0.0, -1.0)
    assert tape(0.0, 1.0) == [0.0]
    tape = Tape([x * y], inputs=[x, y], executor=executor)
    assert tape(1e300, 1e300) == [math.inf]


def test_only_what_no_batch_reaches_is_computed_here():
    calls = []

    def scalar(x):
        calls.append(x)
        return 2 * x

    op = Op(
        name="counted_for_once",
        forward=lambda x: 2 * x,
        scalar=scalar,
        vjps=(None,),
        latex="{0}",
        doc="Twice, and counted.",
    )
    x, y, w = Value(1.0), Value(2.0), Value(3.0)
    code = Tape([op(y) * w, op(x) + op(y)], inputs=[x, y]).code
    once = Once(code, [True, False])
    calls.clear()
    assert once.run([np.ones(5), 2.0], [3.0])[3:] == [4.0, 12.0, None, None]
    assert calls == [2.0]
    assert once.varying == {0, 5, 6}
