"""Equal ops in one call give what they give one by one, in blocks that fit."""

import math

import numpy as np
from numerics import close
from tapes import each_executor

from autograd import Op, Tape, Value, gradients, relu, tanh
from autograd.tape.executors import levels
from autograd.tape.executors.levels import Levels


@each_executor
def test_a_network_of_single_numbers_is_run_as_one_of_arrays(executor, monkeypatch):
    monkeypatch.setattr(levels, "_NUMBERS", 80_000)  # so that there are several blocks
    rng = np.random.default_rng(0)
    w, v = ([Value(x) for x in rng.normal(size=32)] for _ in range(2))
    x = [Value(0.1), Value(0.2)]
    hidden = [tanh(w[2 * k] * x[0] + w[2 * k + 1] * x[1]) for k in range(16)]
    loss = relu(sum(v[k] * hidden[k] for k in range(16)))
    tape = Tape([loss, *gradients(loss, w)], inputs=x, executor=executor)
    X = rng.normal(size=(1000, 2))
    W, V = (np.array([p.data for p in ps]) for ps in (w, v))
    H = np.tanh(X @ W.reshape(16, 2).T)
    scores = H @ V[:16]
    slope = ((scores > 0)[:, None] * V[:16] * (1 - H * H))[:, :, None] * X[:, None, :]
    for width in (1000, 7):
        total, *slopes = tape(*X[:width].T, reduce="mean")
        assert close(total, np.maximum(scores[:width], 0).mean(), 1e-12)
        np.testing.assert_allclose(slopes, slope[:width].mean(0).ravel(), rtol=1e-11)
    if executor == "numpy":
        assert all(isinstance(plan, Levels) for plan in tape._plans.values())


@each_executor
def test_a_long_batch_is_computed_in_blocks(executor):
    x, w = Value(1.0), Value(2.0)
    tape = Tape([relu(w * x), w * w, x], inputs=[x], executor=executor)
    X = np.arange(-70000.0, 70000.0)
    np.testing.assert_array_equal(tape(X)[0], np.maximum(2 * X, 0))
    np.testing.assert_array_equal(tape(X)[1], np.full(140000, 4.0))
    np.testing.assert_array_equal(tape(X)[2], X)
    assert tape(X, reduce="sum") == [math.fsum(np.maximum(2 * X, 0)), 560000.0, X.sum()]
    assert tape(X, reduce="mean")[1] == 4.0


def test_equal_ops_that_do_not_wait_for_each_other_are_one_call():
    calls = []

    def forward(x, power=2):
        calls.append(x.shape)
        return x**power

    op = Op(
        name="counted_for_levels",
        forward=forward,
        scalar=lambda x, power=2: x**power,
        vjps=(None,),
        latex="{0}",
        doc="A power that counts.",
    )
    x, y = Value(2.0), Value(3.0)
    first = [op(a * k) for a in (x, y) for k in (1.5, 2.5, 3.5)]
    code = Tape([*first, op(x, 3), op(first[0])], inputs=[x, y]).code
    calls.clear()
    found = Levels(code, [True, True], None).run([np.full(4, 2.0), np.full(4, 3.0)], [])
    assert calls == [(1, 4), (6, 4), (1, 4)]  # another param is another call, and so is a level
    assert [one[0] for one in found] == [9.0, 25.0, 49.0, 20.25, 56.25, 110.25, 8.0, 81.0]
