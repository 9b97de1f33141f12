"""An op that has a fault is found by the trial that the fault is about; no right op is blamed."""

import math
import re
import sys
from inspect import Parameter

import numpy as np
import pytest
from wrong_rules import detached

from autograd import OPS, GradientError, Op, cos, detach, sin
from autograd.checking import check_op

PLAIN = [
    op
    for op in OPS.values()
    if op.elementwise and op is not detach and Parameter.empty not in op.defaults.values()
]
EYE = np.arange(6.0).reshape(2, 3) / 3 - 0.8
IMAGE = np.sin(np.arange(32.0)).reshape(1, 2, 4, 4)
ARRAYS = {
    "sum": ((), ()),
    "max": ((), ()),
    "softmax": ((), ()),
    "matmul": ((), ()),
    "linear": ((), ()),
    "concatenate": ((), ()),
    "pad": ((), ({"widths": 1, "value": 0.5},)),
    "getitem": ((EYE,), ({"index": [0, 0, 1]},)),
    "max_pool2d": ((IMAGE,), ({"kernel_size": 2, "stride": 2},)),
    "clip": ((), ({"low": -1.0, "high": 1.0},)),
}


def changed(op, **fields):
    """Copy an op that is right but for some fields; the table does not see it."""
    copy = object.__new__(Op)
    copy.__dict__.update(vars(op), written=(), composition=None, **fields)
    return copy


@pytest.mark.slow
@pytest.mark.parametrize("op", PLAIN, ids=lambda op: op.name)
def test_no_row_is_blamed(op):
    report = check_op(op)
    assert report.failure is None
    found = {trial.what: trial.calls for trial in report}
    assert found["floats"] == found["C"] == found["JavaScript"] == 1
    assert found["tape"] == found["arrays"] == found["symbols"] == 3
    assert any(op.vjps[i] is None for i in range(op.arity)) or found["first derivative"] == 3


@pytest.mark.slow
@pytest.mark.parametrize("name", ARRAYS)
def test_no_row_on_arrays_is_blamed(name):
    operands, params = ARRAYS[name]
    report = check_op(OPS[name], *operands, params=params)
    assert report.failure is None
    assert {t.what: t.calls for t in report}["second derivative"] >= 1


def mutating(x):
    y = np.sin(x)
    x += 1.0
    return y


def in_memory_order(x):
    return np.sin(x) + 1e-6 * np.arange(x.size)[np.argsort(x.ravel(order="K"))].reshape(x.shape)


FAULTS = {
    "a factor": (changed(sin, vjps=(lambda g, y, x: 1.001 * g * cos(x),)), "first derivative"),
    "a sign": (changed(sin, vjps=(lambda g, y, x: -g * cos(x),)), "first derivative"),
    "a rule of numbers": (
        changed(sin, vjps=(lambda g, y, x: g * np.cos(detached(x)),)),
        "second derivative",
    ),
    "a tie counted twice": (
        changed(
            OPS["maximum"],
            vjps=(lambda g, y, a, b: g * (a >= b), lambda g, y, a, b: g * (b >= a)),
        ),
        "numbers that tie",
    ),
    "another function of floats": (
        changed(sin, scalar=lambda x: math.sin(x) * (1 + 1e-9)),
        "floats",
    ),
    "a number for a float": (
        changed(sin, forward=lambda x: np.sin(x) + np.max(x) * 0),
        "empty arrays",
    ),
    "double precision": (changed(sin, forward=lambda x: np.sin(np.asarray(x, float))), "float32"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_by_the_trial_it_is_about(name):
    op, what = FAULTS[name]
    with pytest.raises(GradientError) as error:
        check_op(op)
    assert re.search(rf"^{what} +wrong +\d+ +{op.name}\(", str(error.value), re.MULTILINE)


@pytest.mark.parametrize("forward", [mutating, in_memory_order])
def test_what_changes_operands_or_depends_on_memory_is_found(forward):
    with pytest.raises(GradientError):
        check_op(changed(sin, forward=forward))


def test_what_is_not_there_is_not_tried(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.setattr("shutil.which", lambda name: None)
    found = {trial.what: (trial.verdict, trial.found) for trial in check_op(sin)}
    assert found["C"] == ("not tried", "no C compiler")
    assert found["JavaScript"] == ("not tried", "no node")
    assert found["torch"][0] == "not tried"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: check_op(OPS["clip"]), r"clip has no default for low, high\. Give params"),
        (
            lambda: check_op(OPS["matmul"], [1.0], [1.0, 2.0]),
            r"no call of matmul.*ended in ValueError",
        ),
    ],
)
def test_what_cannot_be_called_says_what_to_give(call, message):
    with pytest.raises(TypeError, match=message):
        call()


def test_the_table_has_a_row_for_each_trial():
    report = check_op(sin)
    lines = str(report).splitlines()
    assert lines[0].split() == ["sin", "verdict", "calls", "found"]
    assert len(lines) == len(report) + 1
