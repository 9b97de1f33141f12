"""Ops of one's own take along the helpers that they call."""

import ast

import numpy as np
import pytest
from written import agree

from autograd import GraphError, Op, Tape, Value, relu
from autograd.tape.export.python_functions import Helpers

LIMIT = (0.5, [1, 2])


def _bent(x: float, by: float = LIMIT[0]) -> float:
    bound: float = LIMIT[0] + by
    return np.where(x > bound, relu(x), abs(x))


def made(forward, name="made_for_python"):
    vjps = (None,)
    return Op(name=name, forward=forward, vjps=vjps, latex="{0}", doc="Made here.")


def test_an_op_of_ones_own_takes_along_what_it_refers_to():
    x = Value(0.3, name="x")
    for forward in (_bent, lambda x: _bent(x) * LIMIT[0], lambda x: np.exp2(x), np.cbrt):
        agree(Tape([made(forward)(x) + 1.0], inputs=[x]), 0.7)


def test_what_cannot_be_written_is_refused():
    x, helper, thing = Value(0.3, name="x"), eval("lambda x: x + 1"), object()
    for forward, reason in [
        (eval("lambda x: x + 1"), "its source cannot be read"),
        (lambda x: helper(x), "its source cannot be read"),
        (lambda x: x if thing else -x, "has no form in source text"),
        (np.frompyfunc(lambda x: x, 1, 1), "is not NumPy's"),
    ]:
        y = made(np.cos)(x)
        object.__setattr__(y.op, "forward", forward)
        with pytest.raises(GraphError, match=f"^to_python: made_for_python cannot be .*{reason}"):
            Tape([y], inputs=[x]).to_python()


def test_what_two_ops_call_is_defined_once_and_before_them():
    x = Value(0.3, name="x")
    first = made(lambda x: _bent(x) + 1.0, "first_made")
    second = made(lambda x: _bent(x) * 2.0, "second_made")
    source = Tape([first(x), first(x + 1.0), second(x)], inputs=[x]).to_python()
    assert source.count("def first_made") == 1
    assert source.count("def _bent") == 1
    assert source.index("LIMIT = ") < source.index("def _bent(") < source.index("def first_made(")


def test_names_that_mean_something_else_are_not_taken():
    x = Value(0.3, name="_bent")
    y = Value(2.0, name="LIMIT")
    agree(Tape([made(lambda x: _bent(x) + 1.0, "made_beside")(x) * y], inputs=[x, y]), 0.7, 3.0)
    helpers = Helpers(["_bent"])
    call = helpers.apply(made(_bent, "_bent"), [ast.Name("x")], {"by": 0.5})
    assert ast.unparse(call) == "_bent_(x)"
    assert "def _bent_(x, by=" in helpers.definitions[-1]
