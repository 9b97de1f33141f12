"""A Value is a number that remembers: it must behave as a number wherever fingers expect one."""

import math
import operator
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value

numbers = st.floats(-100, 100)


# micrograd's code runs with the import swapped


def test_the_example_of_micrograds_readme():
    a = Value(-4.0)
    b = Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    assert f"{g.data:.4f}" == "24.7041"
    g.backward()
    assert f"{a.grad:.4f}" == "138.8338"
    assert f"{b.grad:.4f}" == "645.5773"


def test_micrograds_names_are_there():
    a, b = Value(2.0), Value(3.0)
    c = a * b
    assert c._prev == {a, b}
    assert c._op == "*"
    assert a._prev == set()
    assert a._op == ""
    results = (a + b, a - b, a / b, a**b, -a, a.relu(), a.tanh(), a.exp())
    assert [x._op for x in results] == ["+", "-", "/", "**", "-", "relu", "tanh", "exp"]
    assert (a * a)._prev == {a}


def test_a_training_step_is_written_as_in_micrograd():
    p = Value(3.0)
    for expected in (2.4, 1.92):
        p.grad = 0
        (p * p).backward()
        p.data -= 0.1 * p.grad
        assert p.data == pytest.approx(expected, rel=1e-15)
        assert type(p.data) is float


# Comparing and converting


@given(numbers, numbers)
def test_comparisons_compare_the_numbers(a, b):
    for op in (operator.lt, operator.le, operator.gt, operator.ge):
        for pair in ((Value(a), Value(b)), (Value(a), b), (a, Value(b)), (np.float64(a), Value(b))):
            assert op(*pair) is op(a, b)
    assert max(Value(a), Value(b)).data == max(a, b)
    assert [x.data for x in sorted([Value(a), Value(b)])] == sorted([a, b])


@pytest.mark.parametrize("op", [operator.lt, operator.le, operator.gt, operator.ge])
@pytest.mark.parametrize("other", ["3", "text", None, [1.0]], ids=repr)
def test_a_value_is_not_ordered_against_anything_else(op, other):
    with pytest.raises(TypeError):
        op(Value(1.0), other)


def test_a_value_converts_to_plain_numbers():
    x = Value(2.5)
    assert float(x) == 2.5
    assert math.sqrt(x) == math.sqrt(2.5)
    assert f"{x:.2f} {x:>8.3g}" == "2.50      2.5"
    assert f"{x}" == str(x) == repr(x)


def test_numpy_reads_the_numbers():
    x, y = Value(1.0), Value(2.0)
    array = np.asarray(x)
    assert (array.shape, array.dtype, array.item()) == ((), np.float64, 1.0)
    assert np.asarray([[x, y], [y, x]]).tolist() == [[1.0, 2.0], [2.0, 1.0]]
    assert np.asarray(x, dtype=np.float32).dtype == np.float32
    assert np.mean([x, y]) == 1.5


# Making one


@pytest.mark.parametrize(
    "data",
    [2, 2.0, True, np.float32(2), np.int64(2), np.array(2.0), Fraction(2), float("inf")],
    ids=repr,
)
def test_any_real_number_makes_a_value(data):
    x = Value(data)
    assert type(x.data) is float
    assert x.data == float(data)
    assert (x.op, x.inputs, x.args, x.constant, x.name) == (None, (), (), False, None)


@pytest.mark.parametrize(
    "data",
    [
        "2",
        b"2",
        None,
        2j,
        np.complex128(2j),
        [2.0],
        np.array([2.0]),
        np.arange(3.0),
        10**400,
        Value(2.0),
    ],
    ids=lambda data: f"{type(data).__name__}",
)
def test_what_is_no_real_number_is_refused(data):
    with pytest.raises(TypeError, match=r"^Value: got .*(Give it a real number|Use it as it is)"):
        Value(data)
    leaf = Value(1.0)
    with pytest.raises(TypeError, match=r"^Value: got "):
        leaf.data = data
    assert leaf.data == 1.0


def test_a_subclass_of_value_is_a_value():
    class Weight(Value):
        pass

    w = Weight(2.0)
    y = 3 * w * w + w
    y.backward()
    assert (y.data, w.grad) == (14.0, 13.0)
