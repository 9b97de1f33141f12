"""A tape that works hard is compiled, and what cannot be compiled is left to NumPy."""

import sys
from importlib.util import find_spec

import numpy as np
import pytest

from autograd import GraphError, Op, Tape, Value, gradients, tanh
from autograd.tape.executors import numba_codegen as loop


@pytest.mark.skipif(not find_spec("numba"), reason="no numba")
def test_a_tape_that_works_hard_is_compiled():
    x = Value(0.5)
    y = x
    for _ in range(50):
        y = tanh(y) + x
    tape = Tape([y], inputs=[x])
    X = np.linspace(-1, 1, 20000)
    before = tape(X)
    assert tape.executor == "numpy"
    while tape.executor == "numpy":
        tape._work += 5e5  # as if it had worked half a second more
        tape(X)
    np.testing.assert_allclose(tape(X), before, rtol=1e-14)
    settled = Tape([y], inputs=[x], executor="numpy")
    settled._work = 1e9
    assert [np.array_equal(*settled(X), *before) for _ in range(2)] == [True, True]
    assert settled.executor == "numpy"


def own_op(name, **kinds):
    return Op(
        name=name,
        forward=lambda x: x**3,
        vjps=(lambda g, y, x: g * 3 * x**2,),
        latex="{0}^3",
        doc="A cube.",
        **kinds,
    )


@pytest.mark.slow
@pytest.mark.skipif(not find_spec("numba"), reason="no numba")
def test_an_op_of_ones_own_is_compiled_or_left_to_numpy():
    cube = own_op("cube_for_tapes", scalar=lambda x: x * x * x)
    x = Value(2.0)
    slope = gradients(cube(x), [x])
    assert Tape([cube(x), *slope], inputs=[x], executor="numba")(3.0) == [27.0, 27.0]
    unknown = own_op("cube_for_numpy")
    tape = Tape([unknown(x)], inputs=[x])
    tape._work = 1e9
    assert [tape(3.0) for _ in range(2)] == [[27.0], [27.0]]
    assert tape.executor == "numpy"
    with pytest.raises(GraphError, match=r"^numba: cube_for_numpy cannot be compiled\. Write"):
        Tape([unknown(x)], inputs=[x], executor="numba")(3.0)


def test_numba_is_asked_for_by_name(monkeypatch):
    x = Value(1.0)
    monkeypatch.setitem(sys.modules, "numba", None)
    loop.loop.cache_clear()
    with pytest.raises(ImportError, match=r"pip install 'stepgrad\[fast\]'"):
        Tape([x * x], inputs=[x], executor="numba")(2.0)
