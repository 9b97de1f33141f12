"""A Value is a number that remembers: it must behave as a number wherever fingers expect one."""

import copy
import math
import operator
import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import GraphError, Scope, ShapeError, Value, exp, relu, sin, tanh

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


def test_methods_equal_functions():
    for x in (-1.5, 0.0, 1.5):
        for method, function in ((Value.exp, exp), (Value.relu, relu), (Value.tanh, tanh)):
            first, second = method(Value(x)), function(Value(x))
            assert first.data == second.data
            assert first.op is second.op
            assert first.params == second.params
    x = Value(0.0)
    x.relu().backward()
    assert x.grad == 0.0


# Operators

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
        assert literal.grad is None


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


def test_equality_is_identity_so_values_can_be_keys():
    x, y = Value(1.0), Value(1.0)
    assert x != y
    assert x != 1.0
    assert len({x, y, x}) == 2
    assert {x: "x", y: "y"}[y] == "y"


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


# Making and changing leaves


@pytest.mark.parametrize(
    "data",
    [2, 2.0, True, np.float32(2), np.int64(2), np.array(2.0), Fraction(2), float("inf")],
    ids=repr,
)
def test_any_real_number_makes_a_value(data):
    x = Value(data)
    assert type(x.data) is float
    assert x.data == float(data)
    assert (x.grad, x.op, x.inputs, x.args, x.constant, x.name) == (None, None, (), (), False, None)


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


def test_the_data_of_a_result_cannot_be_set():
    y = Value(2.0) * 3
    with pytest.raises(GraphError, match=r"^mul: the data of a result .* Set the data of a leaf"):
        y.data = 7.0
    assert y.data == 6.0


def test_unknown_attributes_are_refused():
    with pytest.raises(AttributeError):
        Value(1.0).gard = 0.0


def test_options_are_given_by_name():
    x = Value(1.0, constant=True, name="x")
    assert (x.constant, x.name) == (True, "x")
    with pytest.raises(TypeError):
        Value(1.0, True)


def test_a_result_is_constant_when_all_its_inputs_are():
    x, c = Value(1.0), Value(2.0, constant=True)
    assert (c * 2).constant
    assert sin(c).constant
    assert not (c * x).constant
    assert not (x * c).constant


def test_later_nodes_have_larger_ids():
    x = Value(1.0)
    y = x * 2
    assert x.id < y.inputs[1].id < y.id


def test_a_subclass_of_value_is_a_value():
    class Weight(Value):
        pass

    w = Weight(2.0)
    y = 3 * w * w + w
    y.backward()
    assert (y.data, w.grad) == (14.0, 13.0)


# Showing and storing


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (Value(1.0), "Value(1.0)"),
        (Value(1.0, name="x"), "Value(1.0, name='x')"),
        (Value(1.0, constant=True), "Value(1.0, constant=True)"),
        (Value(1.0) * 3, "Value(3.0, op=mul)"),
    ],
)
def test_repr_shows_what_there_is_to_know(node, text):
    assert repr(node) == text


def test_repr_shows_the_gradient_once_there_is_one():
    x = Value(3.0)
    (x * x).backward()
    assert repr(x) == "Value(3.0, grad=6.0)"


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))]
)
def test_a_copy_keeps_number_name_and_gradient_but_no_history(copied):
    x = Value(3.0, name="x")
    y = x * x
    y.backward()
    for node in (x, y, Value(1.0, constant=True)):
        twin = copied(node)
        assert twin is not node
        assert (twin.data, twin.name, twin.grad) == (node.data, node.name, node.grad)
        assert twin.constant or not node.constant
        assert (twin.op, twin.inputs, twin.args) == (None, (), ())
        assert twin.id > node.id
    leaf = copied(y)
    leaf.data = 5.0
    assert y.data == 9.0


def test_a_deep_copy_shares_what_was_shared():
    x = Value(3.0)
    first, second, third = copy.deepcopy([x, x, Value(3.0)])
    assert first is second
    assert third is not first


def test_a_deep_graph_can_be_copied_for_nothing_is_followed():
    y = x = Value(1.0)
    for _ in range(5000):
        y = y + x
    assert pickle.loads(pickle.dumps(y)).data == 5001.0


def test_a_node_remembers_its_scope():
    with Scope("here") as scope:
        x = Value(1.0)
        y = x * 2
    assert (x.scope, y.scope, y.inputs[1].scope) == (scope, scope, scope)
    assert (x * 2).scope is None


def test_errors_are_also_the_builtin_ones():
    assert issubclass(GraphError, RuntimeError)
    assert issubclass(ShapeError, ValueError)
