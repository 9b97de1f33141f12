"""What is said of how ops are called is true: the calls are made, and give numbers."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from autograd import OPS, Op
from autograd.checking.signatures import SHAPES, signature
from autograd.ops import FUNCTIONS

ON_ARRAYS = [op for name, op in OPS.items() if name in FUNCTIONS and not op.elementwise]
VARIANTS = range(12)


def found(op, shapes=SHAPES):
    return [x for shape in shapes for n in VARIANTS if (x := signature(op, shape, n))]


def call(op, operands, params):
    """Apply an op to numbers that are all different, where no certain ones are asked for."""
    arrays = [
        x if isinstance(x, np.ndarray) else np.linspace(0.5, 2.5, int(np.prod(x))).reshape(x)
        for x in operands
    ]
    return op.forward(*arrays, **params)


@pytest.mark.parametrize("op", [op for op in ON_ARRAYS if op.name != "astype"], ids=repr)
def test_rows_take_what_is_said(op):
    calls = found(op)
    taken = 0
    for operands, params in calls:
        assert params.keys() == op.defaults.keys()
        assert len(operands) == (op.arity or len(operands))
        try:
            taken += np.size(call(op, operands, params)) > 0
        except (ValueError, IndexError):  # an option does not fit the shape
            continue
    assert taken > len(calls) / 2


def test_an_op_that_needs_what_nobody_knows_is_not_called():
    assert not found(OPS["astype"])
    assert not found(OPS["conv2d"], [(), (2, 3)])


def test_labels_are_classes_that_exist():
    calls = found(OPS["cross_entropy"], [(2, 3)])
    labels = [(t, params["axis"]) for (_, t), params in calls if isinstance(t, np.ndarray)]
    for t, axis in labels:
        assert t.size == 6 // (2, 3)[axis]
        assert_array_equal(t, t.astype(int))
        assert t.max() < (2, 3)[axis]
    assert {axis for _, axis in labels} == {-1, -2}


def test_ops_of_authors_are_called_as_in_a_check():
    scaled = Op(
        name="scaled_in_signatures",
        forward=lambda x, by, axis=0: x / np.sum(by, axis=axis, keepdims=True),
        vjps=(None, None),
        latex="{0}",
        elementwise=False,
        doc="Only its calls matter.",
    )
    operands = {tuple(operands) for operands, _ in found(scaled)}
    assert ((2, 3), (3,)) in operands
    assert {params["axis"] for _, params in found(scaled)} >= {0, -1}
