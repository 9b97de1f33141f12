"""A plain call of NumPy is written itself, and anything else is left to a helper."""

import ast

import numpy as np
import pytest
from agreement import CALLS, apart

from autograd import OPS, Op
from autograd.tape.export.inlining import in_place
from autograd.tape.export.source import definition

LAMBDAS = [call for call in CALLS if getattr(call.op.forward, "__name__", "") == "<lambda>"]


def names(count):
    return [ast.Name(f"x{k}") for k in range(count)]


def written(op, *operands, **params):
    """Write a call of an op in place; None where it cannot be."""
    made = in_place(op, definition(op.forward), list(operands), {**op.defaults, **params})
    return made and ast.unparse(ast.fix_missing_locations(made))


@pytest.mark.parametrize("call", LAMBDAS, ids=str)
def test_what_is_written_computes_what_the_row_computes(call):
    text = written(call.op, *names(len(call.operands)), **call.params)
    if text is not None:
        space = {f"x{k}": x for k, x in enumerate(call.operands)}
        assert apart(eval(text, {"np": np}, space), call(*call.operands)) <= 1e-15


def test_most_rows_that_call_numpy_are_written_in_place():
    x, y = names(2)
    assert written(OPS["sum"], x) == "np.sum(x0)"
    assert written(OPS["sum"], x, axis=0, keepdims=True) == "np.sum(x0, axis=0, keepdims=True)"
    assert written(OPS["getitem"], x, index=np.s_[:, 1:]) == "x0[:, 1:]"
    assert written(OPS["transpose"], x, axes=(1, 0)) == "np.transpose(x0, (1, 0))"
    assert written(OPS["where"], x, y, ast.Constant(1.5)).startswith("np.where(x0")


def own(forward):
    vjps = (None,)
    return Op(name="made_in_place", forward=forward, vjps=vjps, latex="{0}", doc="Made here.")


def squared(x):
    return x * x


def test_what_is_no_plain_call_of_numpy_is_left_to_a_helper():
    (x,) = names(1)
    for op in (
        own(lambda x: np.exp(x) + 1.0),
        own(lambda x: np.exp(np.sin(x))),
        own(lambda x: squared(x)),
        own(lambda x: np.nothing_of_this_name(x)),
        own(lambda x: np.clip(x, 0.0, CONFIGURED)),
    ):
        assert written(op, x) is None


CONFIGURED = 2.0


def test_operands_stand_where_their_names_stood():
    x = ast.parse("a + b", mode="eval").body
    assert written(own(lambda x, power=2: np.power(x, power)), x, power=3) == "np.power(a + b, 3)"
    assert written(own(lambda x: np.roll(x, 1, axis=0)), x) == "np.roll(a + b, 1, axis=0)"
