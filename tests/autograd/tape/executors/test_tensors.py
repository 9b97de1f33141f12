"""Arrays are made once and used again, and no result is written over while it is read."""

import tracemalloc

import numpy as np

from autograd import (
    Op,
    Tape,
    Tensor,
    Value,
    concatenate,
    exp,
    fold,
    gradients,
    matmul,
    softmax,
    tanh,
    transpose,
    unfold,
)
from autograd.tape.executors.levels import Levels
from autograd.tape.executors.line_by_line import Lines


def test_outputs_of_tensors_may_be_inputs_leaves_and_views():
    a, b = Tensor([1.0, 2.0]), Tensor([3.0, 4.0])
    found = Tape([a, b, a[:1], a + b], inputs=[a])([5.0, 6.0])
    assert [list(x) for x in found] == [[5, 6], [3, 4], [5], [8, 10]]
    found[1][0] = 100.0
    assert list(b.data) == [3.0, 4.0]


def test_views_and_reused_arrays_do_not_meet():
    x = Tensor(np.arange(12.0).reshape(3, 4))
    a = x + 1.0
    turned = transpose(a)  # a view: a must stay while this is read
    b = exp(a * 0.01)
    c = (b * 2.0 + 1.0) * 3.0
    d = concatenate([turned @ c, turned @ b], axis=1)
    windows = unfold(c, (2, 2))
    back = fold(windows * 2.0, c.shape, (2, 2))
    output = softmax(d) @ (d - 1.0).T + back.sum()
    found = [output, turned, *gradients(output.sum(), [x])]
    tape = Tape(found, inputs=[x])
    for _ in range(3):
        for one, other in zip(tape(x.data), found, strict=True):
            np.testing.assert_array_equal(one, other.data)


def test_nothing_is_computed_on_arrays_that_hold_nothing_yet(monkeypatch):
    def unset(like):
        made = np.ones_like(like)
        made.flat[::2] = 1e300
        return made

    monkeypatch.setattr(np, "empty_like", unset)
    x = Tensor(np.zeros((2, 3)))
    tape = Tape([(exp(x) * 2.0).var() + x], inputs=[x])
    with np.errstate(all="raise"):
        tape(np.zeros((2, 3)))


def test_arrays_are_made_once(monkeypatch):
    x = Tensor(np.ones((300, 300)))
    y = x
    for _ in range(20):
        y = tanh(matmul(y, x) * 0.01)
    tape = Tape([y.sum()], inputs=[x])
    made, empty_like = [], np.empty_like
    monkeypatch.setattr(np, "empty_like", lambda like: made.append(like) or empty_like(like))
    tape(x.data)
    assert 2 <= len(made) <= 3
    tracemalloc.start()
    tape(x.data)
    assert tracemalloc.get_traced_memory()[1] < x.data.nbytes / 10
    tracemalloc.stop()


def reversing(name):
    """An op that gives what it gets, the very array, and turns the gradient around."""
    return Op(
        name=name, forward=lambda x: x, vjps=(lambda g, y, x: -g,), latex="{0}", doc="Reversal."
    )


def test_an_op_may_give_back_its_operand():
    reverse = reversing("reverse_for_tapes")
    x = Tensor(np.arange(3.0))
    y = exp(reverse(exp(x * 0.1)) * 2.0) + reverse(x)
    found = [reverse(x), y, *gradients(y.sum(), [x])]
    tape = Tape(found, inputs=[x])
    given = np.arange(3.0)
    first = tape(given)
    kept = [np.array(one) for one in first]
    given += 5.0
    tape(given)
    for one, before, node in zip(first, kept, found, strict=True):
        np.testing.assert_array_equal(one, before)
        np.testing.assert_array_equal(one, node.data)
    v = Value(0.3)
    y = exp(reverse(exp(v * 0.1)) * 2.0) + exp(v) * 0.5
    tape = Tape([y, *gradients(y, [v])], inputs=[v], executor="numpy")
    for plan in (Lines, Levels):
        batch = plan(tape.code, [True], None).run([np.array([0.3, 0.7])], [])
        for k, number in enumerate((0.3, 0.7)):
            np.testing.assert_allclose([one[k] for one in batch], tape(number), rtol=1e-14)


def test_each_output_is_an_array_of_its_own():
    x = Tensor(np.arange(6.0).reshape(2, 3))
    y = exp(x)
    found = Tape([y, y, y.T, x.reshape(-1), x], inputs=[x])(np.asfortranarray(x.data))
    for k, one in enumerate(found):
        assert not any(np.may_share_memory(one, other) for other in found[:k])
