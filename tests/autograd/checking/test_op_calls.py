"""Calls that an op is tried on lie inside its domain, and are all that it takes."""

from inspect import Parameter

import numpy as np
import pytest

from autograd import OPS
from autograd.checking.op_calls import MARGIN, calls

DRAWN = [op for op in OPS.values() if Parameter.empty not in op.defaults.values()]
DRAWN = [op for op in DRAWN if op.name != "batch_norm"]


@pytest.mark.parametrize("op", DRAWN, ids=lambda op: op.name)
def test_operands_are_in_the_domain_and_off_the_kinks(op):
    found = calls(op, (), (), np.random.default_rng(0))
    for call in found:
        assert np.isfinite(call(*call.operands)).all()
        for domain, x in zip(op.domain, call.operands, strict=False):
            assert ((domain.low < x) & (x < domain.high)).all()
        if op.kinks:
            assert (np.abs(op.kinks(*call.operands, **call.params)) > MARGIN).all()
    if op.elementwise:
        assert all(x.shape == () for x in found[0].operands)
        assert len(found) == 3


def test_all_axes_are_tried():
    found = calls(OPS["sum"], (), (), np.random.default_rng(0))
    assert {call.params["axis"] for call in found} == {None, 0, -1}
    assert {call.params["keepdims"] for call in found} == {False, True}


def test_what_is_given_is_taken():
    (call,) = calls(OPS["sum"], ([[1, 2]],), ({"axis": 1},), np.random.default_rng(0))
    assert (call.operands[0].tolist(), call.params) == ([[1.0, 2.0]], {"axis": 1})
    assert str(call) == "sum((1,2), axis=1)"
