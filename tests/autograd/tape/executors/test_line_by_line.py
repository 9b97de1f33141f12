"""Line by line, in few registers, a batch gives what it gives in any other order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tapes import few, recorded, samples

from autograd import Tape, Value, tanh
from autograd.strategies import graphs
from autograd.tape.executors.levels import Levels
from autograd.tape.executors.line_by_line import Lines


@pytest.mark.slow
@few
@given(program=graphs(), data=st.data())
def test_however_lines_are_put_together_the_results_are_the_same(program, data):
    leaves, _, tape = recorded(program)
    near = samples(data, leaves, tape, count=7)
    batched = [data.draw(st.booleans()) for _ in near]
    mixed = [x if differs else float(x[0]) for x, differs in zip(near, batched, strict=True)]
    for reduce in (None, "sum", "mean"):
        plans = [kind(tape.code, batched, reduce) for kind in (Lines, Levels)]
        for a, b in zip(*(plan.run(mixed, []) for plan in plans), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-300)


def test_a_long_program_needs_few_registers():
    x, y = Value(0.5), Value(0.5)
    for _ in range(1000):
        x = tanh(x) * y
    lines = Lines(Tape([x], inputs=[y]).code, [True], None)
    assert lines._registers <= 3


def test_blocks_are_put_together_again(monkeypatch):
    monkeypatch.setattr("autograd.tape.executors.line_by_line._BLOCK", 3)
    x, w = Value(1.0), Value(2.0)
    code = Tape([w * x, w * w], inputs=[x]).code
    batch = np.arange(8.0)
    assert [list(y) for y in Lines(code, [True], None).run([batch], [2.0])] == [
        list(2 * batch),
        [4.0] * 8,
    ]
    assert Lines(code, [True], "mean").run([batch], [2.0]) == [7.0, 4.0]
