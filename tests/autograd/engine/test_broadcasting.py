"""What flows back to an operand has its shape and its type, however it was broadcast."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import mutually_broadcastable_shapes

from autograd import OPS, ShapeError
from autograd.engine.broadcasting import fitted


@given(mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3))
def test_what_was_repeated_is_added_up(shapes):
    operand = np.zeros(shapes.input_shapes[0])
    passed = np.ones(shapes.result_shape)
    found = fitted(OPS["add"], passed, operand)
    assert found.shape == operand.shape
    assert found.sum() == passed.sum()
    if operand.size:
        assert (found == passed.size / operand.size).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_type_is_that_of_the_operand(dtype):
    for passed in (np.ones(3), np.ones(3, np.float32), np.ones((2, 3))):
        assert fitted(OPS["mul"], passed, np.zeros(3, dtype)).dtype == dtype


def test_what_fits_is_passed_on_as_it_is():
    passed = np.ones((2, 3))
    assert fitted(OPS["mul"], passed, np.zeros((2, 3))) is passed


@pytest.mark.parametrize(("op", "shape"), [("sum", (2, 3)), ("add", ())])
def test_a_rule_that_gives_another_shape_is_named(op, shape):
    """Only an elementwise op broadcasts, and only to more axes."""
    with pytest.raises(ShapeError, match=rf"^{op}: its rule gave .* of shape \(3,\)"):
        fitted(OPS[op], np.ones(shape), np.zeros(3))
