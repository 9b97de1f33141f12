"""What NumPy and the rows make of np.array([x, y]) of Values keeps the graph, from either side."""

import operator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import ELEMENTWISE

import autograd as ag
from autograd import Tensor, Value, gradients, unroll

NUMBERS = st.floats(0.2, 0.8)
OF_ARRAYS = {
    "sum": lambda a, b, x: a.sum() * x,
    "np.sum": lambda a, b, x: np.sum(a, axis=0)[0] * x,
    "mean": lambda a, b, x: a.mean() * x,
    "np.mean": lambda a, b, x: np.mean([x, x * 2, a[0, 1]]) * x,
    "prod": lambda a, b, x: np.prod(a) * x,
    "cumsum": lambda a, b, x: (np.cumsum(a) * np.arange(4.0)).sum(),
    "a + b": lambda a, b, x: (a + b).sum() * x,
    "a - x": lambda a, b, x: ((a - x) * (x - b)).sum(),
    "x * a": lambda a, b, x: (x * a).sum(),
    "a * x": lambda a, b, x: (a * x).sum(),
    "a / x": lambda a, b, x: (a / x).sum() + (x / a).sum(),
    "a ** x": lambda a, b, x: (a**x).sum() + (x**a).sum() + (a**2).sum(),
    "-a": lambda a, b, x: (-a * b).sum() + np.abs(-a)[0, 0] * x,
    "a @ b": lambda a, b, x: (a @ b).sum() * x,
    "a @ numbers": lambda a, b, x: (a @ np.array([1.0, 2.0])).sum() * x,
    "numbers @ a": lambda a, b, x: (np.array([1.0, 2.0]) @ a).sum() * x,
    "np.dot": lambda a, b, x: np.dot(a[0], [3.0, 4.0]) * np.dot(a, b)[0, 1] * x,
    "np.outer": lambda a, b, x: np.outer(a[0], b[1]).sum() * x,
    "np.exp": lambda a, b, x: (np.exp(a[0]) + np.log(b[1]) + np.sqrt(a[0])).sum() * x,
    "np.max": lambda a, b, x: (np.max(a) + np.minimum(a, b).sum()) * x,
    "a += x": lambda a, b, x: _added(a.copy(), x).sum() * x,
    "a += b": lambda a, b, x: _added(a.copy(), b).sum() * x,
    "a.T, a[i, j]": lambda a, b, x: a.T[0, 1] * a[1, 1] * x,
    "zeros += x": lambda a, b, x: (_added(np.zeros((2, 2), object), x) * a).sum(),
    "ones * x": lambda a, b, x: (np.ones(2, object) * x * a[0]).sum(),
    "a[i] = x": lambda a, b, x: _stored(a.copy(), x).sum() * x,
    "concatenate": lambda a, b, x: np.concatenate([a, b]).sum() * x,
    "where": lambda a, b, x: np.where(a > b, a, b).sum() * x,
    "ag.exp": lambda a, b, x: (ag.exp(a) * ag.sin(b)).sum() * x,
    "ag.maximum": lambda a, b, x: ag.sum(ag.maximum(a, x) * ag.minimum(0.4, b)),
    "ag.sum": lambda a, b, x: ag.sum(a) * ag.mean(b) * ag.sum(a, axis=1)[0],
    "ag.matmul": lambda a, b, x: ag.sum(ag.matmul(a, b)) * x,
    "ag.max": lambda a, b, x: ag.max(a) * ag.sum(ag.min(b, axis=0)) * x,
    "ag.softmax": lambda a, b, x: (ag.softmax(a) * b).sum() + ag.logsumexp(a) * x,
    "ag.var": lambda a, b, x: ag.var(a) * x,
    "ag.stack": lambda a, b, x: ag.sum(ag.stack([a, b])[1] * a) * x,
    "ag.reshape": lambda a, b, x: ag.sum(ag.reshape(a, 4) * np.arange(4.0)) * x,
}


def _added(array, x):
    array += x
    return array


def _stored(array, x):
    array[0, 0] = x
    return array


def _slopes_of_values(f, numbers):
    x, y, z = (Value(n) for n in numbers)
    out = f(np.array([[x, y], [y * z, 0.3]]), np.array([[z, 0.7], [x * y, y]]), x)
    assert type(out) is Value
    return [out.data, *(slope.data for slope in gradients(out, [x, y, z]))]


def _slopes_of_differences(f, numbers):
    def at(numbers):
        x, y, z = numbers
        return f(np.array([[x, y], [y * z, 0.3]]), np.array([[z, 0.7], [x * y, y]]), x)

    steps = np.eye(3) * 1e-6
    slopes = [(at(numbers + step) - at(numbers - step)) / 2e-6 for step in steps]
    return [at(numbers), *slopes]


@pytest.mark.parametrize("f", OF_ARRAYS.values(), ids=OF_ARRAYS)
@given(numbers=st.tuples(NUMBERS, NUMBERS, NUMBERS))
def test_an_array_of_values_keeps_its_graph(f, numbers):
    x, y, z = numbers
    elements = [x, y, y * z, 0.3, z, 0.7, x * y, 0.4]
    gaps = [abs(a - b) for i, a in enumerate(elements) for b in elements[:i]]
    if min(gaps) < 1e-4:
        return  # extremes have kinks there, at which differences say nothing
    found, right = _slopes_of_values(f, numbers), _slopes_of_differences(f, np.array(numbers))
    np.testing.assert_allclose(found, right, rtol=2e-6, atol=2e-7)


@pytest.mark.parametrize(
    "op", [op for op in ELEMENTWISE if op.arity < 3 and op.name != "clip"], ids=repr
)
def test_every_elementwise_row_is_applied_to_each(op):
    numbers = np.array([[0.3, 0.6], [0.45, 0.75]])
    values = np.frompyfunc(Value, 1, 1)(numbers)
    x = Value(0.5)
    calls = [(values,)] if op.arity == 1 else [(values, values.T), (values, x), (x, values)]
    for operands in calls:
        made = op(*operands)
        assert (type(made), made.dtype, made.shape) == (np.ndarray, object, (2, 2))
        spread = np.broadcast_arrays(*(np.asarray(each, object) for each in operands))
        for index in np.ndindex(2, 2):
            alone = op(*(each[index] for each in spread))
            assert made[index].op is op
            assert made[index].inputs == alone.inputs
            assert made[index].data == alone.data


def test_a_single_number_comes_out_as_a_value():
    x, y = Value(1.0), Value(2.0)
    assert type(ag.sum(np.array([x, y]))) is Value
    assert type(np.array([x, y]).sum()) is Value
    assert type(ag.exp(np.array([x, y]))[0]) is Value
    assert ag.sum(np.array([x, y]), axis=0, keepdims=True).shape == (1,)


@pytest.mark.parametrize("op", [operator.matmul, operator.mul, operator.add])
def test_what_cannot_be_combined_is_refused(op):
    values = np.array([Value(1.0), Value(2.0)])
    if op is operator.matmul:
        with pytest.raises(TypeError, match="matmul: got a Value"):
            Value(1.0) @ values
    for pair in ((Tensor([1.0, 2.0]), values), (values, Tensor([1.0, 2.0]))):
        with pytest.raises(TypeError, match=r"^\w+: got .*Operands of a (Tensor|Value) are"):
            op(*pair)


def test_numbers_are_not_taken_out_of_an_array_unseen():
    values = np.array([Value(1.0), Value(2.0)])
    with pytest.raises(UserWarning, match="no gradient flows through the plain number"):
        values.astype(float)
    with pytest.raises(TypeError, match="being differentiated"):
        ag.grad(lambda x: x * np.array([x, x]).astype(float).sum())(1.0)


def test_the_cells_of_a_tensor_can_be_computed_with():
    x = Tensor([0.3, 0.6], name="x")
    cells = unroll(ag.exp(x))
    total = (cells * np.array([1.0, 2.0])).sum()
    total.backward()
    leaves = [node for node in ag.trace(total) if node.op is None and not node.constant]
    np.testing.assert_allclose(
        [leaf.grad for leaf in leaves], [np.exp(0.3), 2 * np.exp(0.6)], rtol=1e-15
    )


@pytest.mark.parametrize("compare", ["==", "!=", "<", "<=", ">", ">="])
def test_an_array_is_compared_with_a_value_element_by_element(compare):
    x, y = Value(1.0), Value(2.0)
    values = np.array([x, y])
    numbers = np.array([1.0, 2.0])
    right = eval(f"numbers {compare} 1.0", {"numbers": numbers}).tolist()
    assert eval(f"values {compare} x", {"values": values, "x": x}).tolist() == right
    if compare not in ("==", "!="):
        assert eval(f"numbers {compare} x", {"numbers": numbers, "x": x}).tolist() == right
        assert eval(f"values {compare} 1.0", {"values": values}).tolist() == right


def test_a_list_of_values_is_an_operand_of_what_looks_at_many_numbers():
    x, y, z = (Value(n) for n in (0.5, -1.0, 2.0))
    parts = ag.softmax([x, y, z])
    assert isinstance(parts, list)
    expected = ag.softmax(np.array([0.5, -1.0, 2.0]))
    np.testing.assert_allclose([p.data for p in parts], expected, rtol=1e-15)
    assert [p.data for p in ag.softmax((x, 1.0, z))] == [
        p.data for p in ag.softmax([x, Value(1.0), z])
    ]
    rows = ag.softmax([[x, y], [y, z]])
    assert [len(row) for row in rows] == [2, 2]
    assert ag.logsumexp([x, y]).data == pytest.approx(np.logaddexp(0.5, -1.0))
    assert ag.sum([x, y, z]).data == 1.5
    assert ag.cross_entropy([x, y, z], 2).data == pytest.approx(-np.log(expected[2]))
    costs = ag.cross_entropy([[x, y], [y, z]], [0, 1])
    assert [type(cost) for cost in costs] == [Value, Value]
    slopes = [slope.data for slope in gradients(parts[0], [x, y, z])]
    np.testing.assert_allclose(slopes, expected[0] * (np.eye(3)[0] - expected), rtol=1e-12)


@pytest.mark.parametrize("wrong", [[1.0, 2.0], [], [[Value(1.0)], [Value(1.0), Value(2.0)]]])
def test_other_lists_are_refused(wrong):
    with pytest.raises(TypeError, match=r"^softmax: got \[.*, a list\. .*have equal lengths"):
        ag.softmax(wrong)
