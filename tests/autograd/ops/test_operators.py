"""Operators work between nodes, numbers and arrays, on either side."""

import operator
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numerics import same

from autograd import Tensor, Value

numbers = st.floats(-100, 100)
BINARY = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow]

KINDS = [
    *(float, int, Fraction, np.float64, np.float32, np.int64, np.array, Value),
    lambda x: Value(x, constant=True),
]


@pytest.mark.parametrize("op", BINARY, ids=lambda op: op.__name__)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: getattr(kind, "__name__", "constant"))
def test_a_value_meets_a_number_of_any_kind_on_either_side(op, kind):
    x = Value(3.0)
    assert op(x, kind(2)).data == op(3.0, 2.0)
    assert op(kind(2), x).data == op(2.0, 3.0)
    for result in (op(x, kind(2)), op(kind(2), x)):
        assert type(result) is Value
        assert type(result.data) is float
        assert all(type(number) is float for number in result.args)


@pytest.mark.parametrize("op", BINARY, ids=lambda op: op.__name__)
def test_a_literal_becomes_a_constant_and_keeps_its_place(op):
    x = Value(3.0)
    for result, place in ((op(x, 2), 1), (op(2, x), 0)):
        literal = result.inputs[place]
        assert result.inputs[1 - place] is x
        assert literal.constant
        assert literal.data == 2.0
        result.backward()
        assert not literal.reached


@given(numbers, numbers)
def test_operators_compute_what_python_computes(a, b):
    x, y = Value(a), Value(b)
    assert (x + y).data == a + b
    assert (x - y).data == a - b
    assert (x * y).data == a * b
    assert (-x).data == -a
    assert abs(x).data == abs(a)
    assert +x is x
    if b:
        assert (x / y).data == a / b


@pytest.mark.parametrize("op", BINARY, ids=lambda op: op.__name__)
@pytest.mark.parametrize("array", [np.arange(1.0, 4.0), np.ones((1,)), np.ones((2, 2))], ids=repr)
def test_an_array_does_not_mix_with_a_value(op, array):
    for pair in ((array, Value(2.0)), (Value(2.0), array)):
        with pytest.raises(TypeError, match=r"(?s)got array.* are Values and numbers"):
            op(*pair)


def test_augmented_assignment_makes_a_new_node():
    a = Value(1.0)
    b = a
    b += 2
    b *= 3
    b -= 1
    b /= 2
    b **= 2
    assert (a.data, b.data) == (1.0, 16.0)
    b.backward()
    assert a.grad == 12.0


def test_builtin_sum_works():
    xs = [Value(float(i)) for i in range(5)]
    total = sum(x * x for x in xs)
    assert total.data == 30.0
    total.backward()
    assert [x.grad for x in xs] == [0.0, 2.0, 4.0, 6.0, 8.0]


SPELLED = [
    operator.add,
    operator.sub,
    operator.mul,
    operator.truediv,
    operator.pow,
]


@pytest.mark.parametrize("op", SPELLED, ids=lambda op: op.__name__)
@pytest.mark.parametrize(
    "other",
    [
        3,
        0.5,
        True,
        np.float32(2),
        np.float64(2),
        np.int64(2),
        [1.0, 2.0],
        (1, 2),
        np.array(3.0),
        np.array([1.0, 2.0]),
        np.array([[1.0], [2.0]], np.float32),
        np.arange(1, 3),
    ],
    ids=repr,
)
def test_numbers_lists_and_arrays_may_stand_on_either_side(op, other):
    x = Tensor([2.0, 3.0])
    for y, expected in [
        (op(x, other), op(x.data, np.asarray(other, float))),
        (op(other, x), op(np.asarray(other, float), x.data)),
    ]:
        assert isinstance(y, Tensor)
        assert same(np.asarray(y.data), expected)
        assert [node.constant for node in y.inputs].count(True) == 1


def test_matrices_multiply_with_arrays_on_either_side():
    a, b = np.arange(6.0).reshape(2, 3), np.arange(3.0)
    for y in (Tensor(a) @ b, a @ Tensor(b), Tensor(a) @ [0, 1, 2], a.tolist() @ Tensor(b)):
        assert isinstance(y, Tensor)
        assert y.data.tolist() == (a @ b).tolist()


def test_signs_and_in_place_operators_make_new_nodes():
    x = y = Tensor([1.0, -2.0])
    y += 1
    y *= x
    assert (+x) is x
    assert ((-x).data.tolist(), abs(x).data.tolist()) == ([-1.0, 2.0], [1.0, 2.0])
    assert (x.data.tolist(), y.data.tolist()) == ([1.0, -2.0], [2.0, 2.0])
