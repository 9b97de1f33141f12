"""Whatever kind of number the functions of an op give, nodes and tapes hold floats."""

from decimal import Decimal
from fractions import Fraction
from itertools import count

import numpy as np
import pytest

import autograd as ag
from autograd import OPS, Each, Op, Tape, Tensor, Value
from autograd.ops import flat, written

numbers = count()


def made(forward, scalar=None, vjps=(flat,), **how):
    how = {"latex": "{0}", "doc": "Of a test.", **how}
    return Op(name=f"result{next(numbers)}", forward=forward, scalar=scalar, vjps=vjps, **how)


TYPES = [*np.typecodes["AllInteger"], *np.typecodes["Float"], "?"]
NUMBERS = [int, bool, Fraction, Decimal, np.bool_, np.uint8, np.float16, np.float32, np.longdouble]


@pytest.mark.parametrize("char", TYPES)
@pytest.mark.parametrize("operand", [Value(3.0), Tensor([3.0, 4.0])], ids=["Value", "Tensor"])
def test_arrays_of_every_real_type_become_float64(operand, char):
    op = made(lambda x: (x > 0).astype(char))
    y = op(operand)
    assert type(y.data) is float if isinstance(y, Value) else y.dtype == np.float64 or char == "f"
    assert np.all(np.equal(y.data, 1.0))
    if char != "f":  # in which 200 is too large indeed
        large = ag.exp(y * 200.0)  # inf in float16
        np.testing.assert_allclose(large.data, np.exp(200.0), rtol=1e-15)
        given = operand.data if isinstance(operand, Tensor) else np.array([3.0, 4.0])
        tape = Tape([op(operand), large], [operand])
        for found, expected in zip(tape(given), (1.0, np.exp(200.0)), strict=True):
            assert np.asarray(found).dtype == float
            np.testing.assert_allclose(found, expected, rtol=1e-15)


@pytest.mark.parametrize("kind", NUMBERS)
def test_one_number_of_every_kind_becomes_a_float(kind):
    op = made(np.sign, scalar=lambda x: kind(1))
    x = Value(3.0)
    assert (type(op(x).data), op(x).data) == (float, 1.0)
    assert (type(op(3.0)), type(op(3))) == (float, float)
    tape = Tape([op(x) + x], [x])
    assert [(type(found), found) for found in tape(3.0)] == [(float, 4.0)]


def test_whole_numbers_take_the_type_of_the_operands():
    op = made(lambda x: np.sign(x).astype(int))
    assert op(Tensor(np.ones(2, np.float32))).dtype == np.float32
    assert op(np.ones(2, np.float32)).dtype == np.float32  # rules compute on arrays


def test_an_op_in_a_rule_gives_floats_there_too():
    gate = made(lambda x: (x > 0).astype(np.uint8))
    op = made(lambda x: x * (x > 0), vjps=(lambda g, y, x: -200.0 * g * (gate(x) + gate(x)),))
    for x in (Value(1.0), Tensor([1.0])):
        op(x).backward()
        assert x.grad == -400.0


@pytest.mark.parametrize(
    "wrong",
    [
        lambda x: np.full(np.shape(x), "a"),
        lambda x: None,
        lambda x: np.full(np.shape(x), 1, "M8[D]"),
    ],
)
def test_what_is_no_number_is_refused(wrong):
    op = made(wrong, elementwise=True)
    for x in (Value(1.0), Tensor([1.0])):
        with pytest.raises(TypeError, match=r"^result\d+: the result is .* give real numbers\.$"):
            op(x)


def test_complex_results_of_real_operands_are_refused():
    op = made(np.emath.sqrt)
    with pytest.raises(TypeError, match=r"the result is .* of complex128"):
        op(Tensor([-1.0]))
    with pytest.raises(ag.DomainError, match="no real value here"):
        op(Value(-1.0))
    assert op(np.array([-1.0 + 0j])).dtype == complex  # checks compute with complex numbers


def test_masked_results_are_refused():
    op = made(lambda x: np.ma.masked_less(x, 0.0))
    assert op(Tensor([1.0])).data.tolist() == [1.0]
    with pytest.raises(TypeError, match="the result is"):
        op(Tensor([-1.0, 1.0]))


def test_the_rows_of_the_project_are_called_as_they_are_written():
    ours = [op for op in OPS.values() if op.__module__.startswith("autograd.")]
    assert len(ours) > 40
    for op in ours:
        assert written(op.forward) is op.forward
        assert written(op.scalar) is op.scalar


def test_what_an_author_wrote_can_be_read():
    def forward(x):
        return x

    op = made(forward, scalar=abs)
    assert written(op.forward) is forward
    assert written(op.scalar) is abs


SLOPES = {
    "uint8": (np.uint8(200), 400.0),
    "int8": (np.int8(100), 200.0),
    "bool": (np.True_, 2.0),
    "int": (3, 6.0),
    "Fraction": (Fraction(1, 3), 1 / 3 + 1 / 3),
    "float16": (np.float16(0.5), 1.0),
    "array of one": (np.array(1.5), 3.0),
}


def rules_of(how, slope):
    if how == "one":
        return (lambda g, y, x: slope,)
    if how == "each":
        return Each(lambda i, g, y, x: slope)
    return Each(lambda places, g, y, x: [slope for _ in places], at_once=True)


def called(op, x):
    return op([x]) if isinstance(op.vjps, Each) else op(x)


@pytest.mark.parametrize("how", ["one", "each", "at once"])
@pytest.mark.parametrize(("slope", "right"), SLOPES.values(), ids=SLOPES)
@pytest.mark.parametrize("kind", [Value, Tensor])
def test_slopes_of_authors_are_floats(kind, slope, right, how):
    op = made(lambda x: 3 * x, vjps=rules_of(how, slope))
    x = kind(2.0)
    (called(op, x) + called(op, x)).backward()
    assert x.grad == right
    assert type(x.grad) is float if kind is Value else x.grad.dtype == float
    with pytest.raises(TypeError, match=r"^result\d+: a rule gave .*\. Let it multiply g"):
        ag.grad(lambda x: called(op, x))(1.0)


@pytest.mark.parametrize("how", ["one", "each", "at once"])
@pytest.mark.parametrize("slope", [1j, "a", [3.0, 4.0], np.ones(2), np.ma.masked], ids=repr)
@pytest.mark.parametrize("kind", [Value, Tensor])
def test_what_is_no_slope_is_refused(kind, slope, how):
    op = made(lambda x: 3 * x, vjps=rules_of(how, slope))
    x = kind(2.0)
    with pytest.raises(TypeError, match=r"^result\d+: a rule gave .*\. Let it give"):
        called(op, x).backward()
    assert not x.reached
