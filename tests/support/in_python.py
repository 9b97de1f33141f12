"""What Values compute where C has no part in it, beside what they compute usually."""

import struct

import pytest

from autograd import AutogradError, Value
from autograd.engine import IMPLEMENTATION, backward

needs_core = pytest.mark.skipif(IMPLEMENTATION != "C", reason=f"Values are in {IMPLEMENTATION}")


class InPython(Value):
    """A Value that is no plain one, so that C leaves it and what follows from it to Python."""

    __slots__ = ()


InPython._results = InPython
InPython.__name__ = InPython.__qualname__ = "Value"  # in messages


def by_python(monkeypatch):
    """Let passes be those of Python from now on."""
    monkeypatch.setattr(backward, "sweep", lambda output, seed: False)


def bits(x):
    """Tell numbers apart to the last bit; no two nans are told apart."""
    return "nan" if x != x else struct.pack("d", x)


def outcome(kind, build, numbers, seed=1.0):
    """Give the bits of all results and gradients, or the message of the error in their place."""
    leaves = [kind(x) for x in numbers]
    try:
        y = build(*leaves)
    except AutogradError as error:
        return type(error), str(error)
    try:
        y.backward(seed)
    except AutogradError as error:
        return bits(y.data), type(error), str(error)
    return bits(y.data), [(x.reached, bits(x.grad)) for x in (y, *leaves)]
