"""Random numbers that are nodes are drawn anew by each replay."""

import numpy as np
import pytest
from tapes import each_executor

from autograd import ShapeError, Tape, Tensor, Value, heaviside, noise


def test_random_numbers_are_drawn_again_for_each_call():
    rng = np.random.default_rng(0)
    x = Tensor(np.ones((2, 3)), name="x")
    dropped = x * heaviside(noise(rng.random, (2, 3)) - 0.5)
    tape = Tape([dropped], inputs=[x])
    eager, rng = np.random.default_rng(0), np.random.default_rng(0)
    eager.random((2, 3))  # what the recording drew
    for _ in range(3):
        (kept,) = tape(np.ones((2, 3)))
        np.testing.assert_array_equal(kept, eager.random((2, 3)) > 0.5)


@pytest.mark.slow
@each_executor
def test_each_sample_has_random_numbers_of_its_own(executor):
    rng = np.random.default_rng(0)
    x = Value(1.0, name="x")
    tape = Tape([x + noise(rng.normal)], inputs=[x], executor=executor)
    assert "given x, noise0" in str(tape)
    (found,) = tape(np.zeros(1000))
    assert len(set(found.tolist())) == 1000
    assert tape(0.0) != tape(0.0)


@pytest.mark.parametrize("shape", [None, (2, 3), ()])
def test_it_is_a_constant_in_the_shape_that_was_asked_for(shape):
    asked = []

    def draw(size):
        asked.append(size)
        return np.full(size or (), 0.5)

    node = noise(draw, shape)
    assert type(node) is (Value if shape is None else Tensor)
    assert asked == [shape]
    assert node.constant
    x = Value(3.0) if shape is None else Tensor(np.full(shape, 3.0))
    (x * node).backward(1.0 if shape is None else np.ones(shape))
    assert not node.reached
    assert np.all(x.grad == 0.5)


def test_numbers_in_another_shape_are_refused():
    with pytest.raises(ShapeError, match=r"^noise: got numbers of shape \(3,\), asked were \(2,\)"):
        noise(lambda size: np.zeros(3), (2,))
