"""What a Tensor does beyond its ops: types, operators, passes, errors, memory."""

import copy
import gc
import operator
import pickle
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest

import autograd as ag
from autograd import (
    GraphError,
    Op,
    Scope,
    ShapeError,
    Tensor,
    Value,
    backprop,
    concatenate,
    einsum,
    exp,
    gradients,
    log,
    mean,
    pad,
    relu,
    reshape,
    sign,
    stack,
    step,
    tanh,
    trace,
    unfold,
    where,
)


def raises(error, text):
    return pytest.raises(error, match=text)


def same(a, b):
    return a.shape == b.shape and a.dtype == b.dtype and np.array_equal(a, b)


# Making one


@pytest.mark.parametrize(
    ("data", "dtype"),
    [
        (2, np.float64),
        (2.5, np.float64),
        (True, np.float64),
        ([1, 2], np.float64),
        ([[1.0], [2.0]], np.float64),
        (np.float32(2), np.float32),
        (np.zeros((2, 0), np.float32), np.float32),
        (np.zeros(3, np.float16), np.float64),
        (np.zeros(3, np.uint8), np.float64),
        (np.zeros(3, ">f8"), np.float64),
        (range(3), np.float64),
        ([], np.float64),
    ],
    ids=repr,
)
def test_float32_stays_and_every_other_kind_of_number_becomes_float64(data, dtype):
    x = Tensor(data)
    assert same(np.asarray(x.data), np.array(data, dtype))
    assert (x.shape, x.ndim, x.size) == (np.shape(data), np.ndim(data), np.size(data))
    assert (x.dtype, x.op, x.inputs, x.grad) == (dtype, None, (), None)


@pytest.mark.parametrize(
    "data", [None, "3", ["3"], 1j, [1j], object(), {}, np.datetime64(3, "D"), 10**400], ids=repr
)
def test_what_is_no_array_of_real_numbers_is_refused(data):
    with raises(TypeError, r"^Tensor: got .*Give an array of real numbers"):
        Tensor(data)
    with raises(TypeError, r"^mul: got .*Operands of a Tensor are Tensors, arrays and numbers"):
        Tensor([1.0]) * data


def test_rows_of_different_length_are_refused():
    with raises(TypeError, r"^Tensor: got \[\[1.0\], \[1.0, 2.0\]\]\. Give rows of one length\."):
        Tensor([[1.0], [1.0, 2.0]])


def test_nodes_are_not_taken_for_numbers_not_even_in_a_list():
    x, v = Tensor([1.0, 2.0]), Value(1.0)
    for data in (x, v, [v, v], [x[0], x[1]], ([x],)):
        with raises(TypeError, r"^Tensor: got .*of a node, give its data. stack\(\[a, b\]\)"):
            Tensor(data)
    for f in (lambda: x * v, lambda: v * x, lambda: x * [v, v], lambda: concatenate([x, v])):
        with raises(TypeError, r"^(mul|concatenate): got .*Operands of a (Tensor|Value) are"):
            f()
    with raises(TypeError, r"unroll\(tensor\) gives Values, Tensor\(value.data\) a Tensor"):
        x + v


def test_a_row_for_arrays_refuses_values():
    for f in (lambda v: ag.sum(v), lambda v: stack([v, v]), lambda v: v @ v):
        with raises(TypeError, r"^\w+: got a Value, which holds one number; it works on Tensors"):
            f(Value(1.0))


def test_the_numbers_are_a_copy_and_later_edits_of_the_original_change_nothing():
    original, mask, index = np.ones(2), np.array([True, False]), np.array([0, 0])
    x = Tensor(original)
    beside, masked, picked = x * original, x[mask], x[index]
    original[:], mask[:], index[:] = 7.0, False, 1
    ag.sum(concatenate([beside, masked, picked])).backward()
    assert x.data.tolist() == beside.data.tolist() == [1.0, 1.0]
    assert x.grad.tolist() == [1.0 + 1.0 + 2.0, 1.0]


def test_names_constants_and_scopes_are_those_of_nodes():
    with Scope("block") as scope:
        x = Tensor([1.0], name="x", constant=True)
        y = x * 2
    assert (x.name, x.constant, x.scope, y.constant, y.scope) == ("x", True, scope, True, scope)


# Operators

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


@pytest.mark.parametrize("op", [operator.lt, operator.le, operator.gt, operator.ge])
def test_comparisons_give_arrays_of_bool(op):
    x = Tensor([1.0, 2.0, 3.0])
    for other in (2, 2.0, np.float32(2), [3, 2, 1], np.array([3.0, 2.0, 1.0]), Tensor([3, 2, 1])):
        numbers = np.asarray(other)
        assert same(op(x, other), op(x.data, numbers))
        assert same(op(other, x), op(numbers, x.data))


def test_equality_is_identity_so_that_nodes_can_be_kept_in_sets():
    x, y = Tensor([1.0]), Tensor([1.0])
    assert x == x
    assert x != y
    assert len({x, y, x}) == 2


# Looking at one


def test_one_number_is_read_as_a_float():
    for x in (Tensor(2.5), Tensor([2.5]), Tensor([[2.5]]), Tensor(np.float32(2.5))):
        assert type(x.item()) is type(float(x)) is float
        assert (x.item(), float(x), f"{x:.2f}", bool(x)) == (2.5, 2.5, "2.50", True)
    assert not Tensor(0.0)
    two = Tensor([1.0, 2.0])
    for look in (float, bool, "{:.2f}".format, Tensor.item):
        with raises(ValueError, "size 1|more than one element"):
            look(two)


def test_a_tensor_writes_itself_down():
    x = Tensor([1.0, 2.0], name="x")
    assert repr(x) == f"{x}" == "Tensor(array([1., 2.]), name='x')"
    y = ag.sum(x)
    y.backward()
    assert repr(y) == "Tensor(array(3.), op=sum, grad=array(1.))"
    assert repr(Tensor(1.0, constant=True)) == "Tensor(array(1.), constant=True)"
    assert repr(x.data) == "array([1., 2.])"


def test_length_and_iteration_are_those_of_the_first_axis():
    x = Tensor([[1.0, 2.0], [3.0, 4.0]])
    first, second = x
    assert len(x) == 2
    (first * second).backward([1.0, 10.0])
    assert x.grad.tolist() == [[3.0, 40.0], [1.0, 20.0]]
    for f in (len, iter, list):
        with raises(TypeError, "unsized|0-d"):
            f(Tensor(1.0))


def test_numpy_reads_a_tensor_as_a_copy():
    x = Tensor(np.float32([1.0, 2.0]))
    array = np.asarray(x)
    array[0] = 5.0
    assert x.data.tolist() == [1.0, 2.0]
    assert same(np.array(x, float), np.array([1.0, 2.0]))
    with raises(TypeError, "ufunc"):
        np.exp(x)


def test_methods_are_the_ops_of_that_name():
    numbers = np.arange(1.0, 7.0).reshape(2, 3)
    x = Tensor(numbers)
    for name in ("exp", "log", "sqrt", "tanh", "sigmoid", "relu"):
        assert same(np.asarray(getattr(x, name)().data), np.asarray(getattr(ag, name)(numbers)))
    for name in ("sum", "mean", "var", "max", "min"):
        y = getattr(x, name)(axis=1, keepdims=True)
        assert same(np.asarray(y.data), getattr(np, name)(numbers, axis=1, keepdims=True))
        assert y.op is getattr(ag, name)
    assert x.var(ddof=1).item() == pytest.approx(numbers.var(ddof=1))


def test_shapes_change_as_in_numpy():
    x = Tensor(np.arange(24.0).reshape(2, 3, 4))
    assert x.T.shape == (4, 3, 2)
    assert same(np.asarray(x.mT.data), np.asarray(x.data).mT)
    for y in (x.reshape(6, 4), x.reshape((6, 4)), x.reshape([6, -1]), reshape(x, (6, 4))):
        assert same(np.asarray(y.data), np.arange(24.0).reshape(6, 4))
    assert x.reshape(-1).shape == (24,)
    assert Tensor([[3.0]]).reshape().shape == ()
    with raises(ShapeError, r"^mT: a Tensor of shape \(3,\) holds no matrices. Use T."):
        _ = Tensor([1.0, 2.0, 3.0]).mT


# Passes


def test_a_pass_reaches_every_leaf_in_its_own_shape():
    x, w, b = Tensor(np.ones((5, 3))), Tensor(np.ones((3, 2))), Tensor(np.zeros(2))
    y = tanh(x @ w + b)
    loss = mean(y * y)
    loss.backward()
    assert [t.grad.shape for t in (x, w, b, y)] == [t.shape for t in (x, w, b, y)]
    assert loss.grad == 1.0
    slope = 2 * np.tanh(3) * (1 - np.tanh(3) ** 2) / 10
    assert np.allclose(w.grad, 5 * slope, 1e-14)
    assert np.allclose(b.grad, 5 * slope, 1e-14)


def test_backward_backprop_and_gradients_agree_bit_for_bit():
    dice = np.random.default_rng(0)
    x, w = Tensor(dice.normal(size=(4, 3))), Tensor(dice.normal(size=(3,)))
    h = relu(x @ w)
    y = ag.sum(exp(h[:2]) * h[2:]) + ag.max(x) * w[0]
    steps = {step.node: step.grad for step in backprop(y)}
    nodes = [node for node in trace(y) if not node.constant]
    found = gradients(y, nodes)
    y.backward()
    for node, slope in zip(nodes, found, strict=True):
        assert same(np.asarray(node.grad), np.asarray(steps[node]))
        assert same(np.asarray(node.grad), np.asarray(slope.data))
        assert slope.shape == node.shape


@pytest.mark.parametrize("shape", [(), (1,), (2, 3)])
def test_a_second_pass_doubles_leaves_and_sets_results(shape):
    x = Tensor(np.full(shape, 3.0))
    y = x * x
    total = ag.sum(y + y)
    total.backward()
    first = x.grad
    total.backward()
    assert same(x.grad, np.full(shape, 24.0))
    assert np.array_equal(first, np.full(shape, 12.0))
    assert np.array_equal(y.grad, np.full(shape, 2.0))
    x.grad = 0  # as loops for micrograd do
    total.backward()
    assert same(x.grad, np.full(shape, 12.0))


def test_the_grad_of_a_leaf_without_axes_stays_an_array():
    x = Tensor(2.0)
    (x * x).backward()
    (x * x).backward()
    x.grad[...] = 0


def test_nothing_flows_through_flat_slopes_and_a_step_refuses():
    x = Tensor([1.0, -1.0])
    ag.sum(sign(x)).backward()
    assert x.grad is None
    with raises(GraphError, "^step: it has no gradient"):
        ag.sum(step(x)).backward()


def test_constants_get_no_grad():
    x, c = Tensor([1.0]), Tensor([2.0], constant=True)
    y = x * c * [3.0] + c
    y.backward()
    assert [node.grad is None for node in trace(y)] == [node.constant for node in trace(y)]
    with raises(GraphError, "constants only"):
        (c * 2).backward()


def test_a_pass_starts_from_one_number_or_from_a_seed_of_the_right_shape():
    x = Tensor(np.ones((32, 1)))
    y = 2 * x
    with pytest.raises(GraphError) as caught:
        y.backward()
    assert str(caught.value) == (
        "backward() starts from one number; this Tensor has shape (32, 1). "
        "Reduce it: mean(loss).backward()."
    )
    for differentiate in (backprop, lambda y: gradients(y, [x])):
        with raises(GraphError, "one number"):
            differentiate(y)
    for seed in ([1.0, 2.0], np.ones(32), np.ones((1, 32)), [1.0]):
        with raises(ShapeError, r"^backward: got a seed of shape .* for a Tensor of shape \(32, 1"):
            y.backward(seed)
    y.backward(np.arange(32).reshape(32, 1))
    assert x.grad.ravel().tolist() == list(range(0, 64, 2))
    z = Tensor([[3.0]])
    (z * z).backward()
    assert z.grad.tolist() == [[6.0]]
    (z * z).backward(0.5)
    assert z.grad.tolist() == [[9.0]]


def test_a_seed_is_a_copy():
    x, seed = Tensor([1.0, 2.0]), np.ones(2)
    y = x + 0
    y.backward(seed)
    seed[:] = 9.0
    assert x.grad.tolist() == y.grad.tolist() == [1.0, 1.0]


def test_the_grad_of_a_leaf_is_its_own_array():
    a, b, c = (Tensor([[1.0, 2.0]]) for _ in range(3))
    y = reshape(a + b, (2,)) + c.reshape(2)
    y.backward([1.0, 10.0])
    arrays = [a.grad, b.grad, c.grad, y.grad, *(np.asarray(x.data) for x in (a, b, c))]
    for i, left in enumerate(arrays):
        assert left.flags.writeable == (i < 4)
        assert not any(np.shares_memory(left, right) for right in arrays[:i])
    a.grad *= 0.5
    b.grad[...] = 0
    assert (a.grad.tolist(), b.grad.tolist()) == ([[0.5, 5.0]], [[0.0, 0.0]])
    assert (c.grad.tolist(), y.grad.tolist()) == ([[1.0, 10.0]], [1.0, 10.0])
    y.backward([1.0, 10.0])
    assert (a.grad.tolist(), b.grad.tolist()) == ([[1.5, 15.0]], [[1.0, 10.0]])


def test_a_leaf_edited_after_the_forward_pass_does_not_change_that_pass():
    x = Tensor([1.0, 2.0])
    y = ag.sum(x * x)
    x.data -= 5.0
    y.backward()
    assert (x.grad.tolist(), y.item(), x.data.tolist()) == ([2.0, 4.0], 5.0, [-4.0, -3.0])
    with raises(GraphError, r"^gradients: .* was array\(\[1\., 2\.\]\) when the graph was built"):
        gradients(y, [x])


def test_gradients_of_gradients_are_tensors_like_any_other():
    x = Tensor([1.0, 2.0])
    (first,) = gradients(ag.sum(x**3), [x])
    (second,) = gradients(ag.sum(first * [1.0, 10.0]), [x])
    assert (first.data.tolist(), second.data.tolist()) == ([3.0, 12.0], [6.0, 120.0])
    ag.sum(first).backward()
    assert x.grad.tolist() == [6.0, 12.0]
    (by_seed,) = gradients(ag.sum(gradients(x**3, [x], seed := Tensor([0.0, 0.0]))[0]), [seed])
    assert by_seed.data.tolist() == [3.0, 12.0]
    (nothing,) = gradients(ag.sum(x), [Tensor([5.0, 6.0])])
    assert (nothing.data.tolist(), nothing.constant) == ([0.0, 0.0], True)


def test_gradients_refuse_a_seed_of_another_shape():
    x = Tensor([1.0, 2.0, 3.0])
    for seed in (Tensor(1.0), Tensor(np.ones((5, 3)))):
        with raises(ShapeError, "seed"):
            gradients(x * 2, [x], seed)


def test_indices_pick_and_gradients_return_to_where_they_came_from():
    x = Tensor(np.arange(12.0).reshape(3, 4))
    ag.sum(x[[0, 0, 2], 1] * [1.0, 10.0, 100.0]).backward()
    expected = np.zeros((3, 4))
    expected[0, 1], expected[2, 1] = 11.0, 100.0
    assert np.array_equal(x.grad, expected)
    x.grad = None
    ag.sum(x[x > 5] * 2).backward()
    assert np.array_equal(x.grad, 2.0 * (x.data > 5))
    assert same(np.asarray(x[np.int64(1), np.uint8(2)].data), np.array(6.0))
    assert x[[]].shape == x[x > 50].reshape(-1, 4).shape == (0, 4)


# Errors at the moment an op is applied

M = Tensor(np.ones((32, 3)))


@pytest.mark.parametrize(
    ("f", "text"),
    [
        (
            lambda: M @ Tensor(np.ones((4, 16))),
            r"^matmul: \(32, 3\) @ \(4, 16\): 3 columns meet 4 rows\. "
            r"Transpose one, or check in_features\.$",
        ),
        (lambda: M @ [1.0, 2.0], r"^matmul: \(32, 3\) @ \(2,\): 3 columns meet 2 rows"),
        (lambda: [1.0, 2.0] @ M, r"^matmul: \(2,\) @ \(32, 3\): 2 columns meet 32 rows"),
        (lambda: M @ 2.0, r"^matmul: \(32, 3\) @ \(\): a single number is no matrix\. Use \*"),
        (
            lambda: np.ones((2, 1, 3)) @ (Tensor(np.ones((5, 3, 1)))),
            r"the batches \(2,\) and \(5,\) do not broadcast\. Reshape one\.$",
        ),
        (
            lambda: M + np.ones((32, 4)),
            r"^add\(\(32, 3\), \(32, 4\)\): axis -1 has length 3 and 4\. Reshape one",
        ),
        (lambda: M * np.ones((4, 1)), r"^mul\(.*\): axis -2 has length 4 and 32\."),
        (
            lambda: where(np.ones(2), M, np.ones((3, 1, 1))),
            r"^where\(.*\): axis -1 has length 2 and 3\.",
        ),
        (
            lambda: M.reshape(5, 5),
            r"^reshape\(\(32, 3\), shape=\(5, 5\)\): cannot reshape array of",
        ),
        (lambda: M.sum(axis=2), r"^sum\(\(32, 3\), axis=2, keepdims=False\): axis 2 is out of"),
        (lambda: M.max(axis=(0, 0)), r"^max\(\(32, 3\).*duplicate"),
        (lambda: ag.softmax(M, 5), r"^softmax\(.*axis 5 is out of bounds"),
        (lambda: ag.transpose(M, (0, 0)), r"^transpose\(.*repeated axis"),
        (lambda: concatenate([M, np.ones((32, 4))]), r"^concatenate\(\(32, 3\), \(32, 4\), axis=0"),
        (lambda: concatenate([M, 1.0]), r"^concatenate\(\(32, 3\), \(\), axis=0\)"),
        (lambda: stack([M, M.T]), r"^stack\(\(32, 3\), \(3, 32\), axis=0\): .*same shape"),
        (lambda: stack([M, M], axis=3), r"^stack\(.*axis 3 is out of bounds"),
        (lambda: pad(M, -1), r"^pad\(.*negative"),
        (lambda: unfold(M, (33,), 1), r"^unfold\(.*larger than input"),
        (lambda: unfold(M, (2, 2), (1, 1, 1)), r"^unfold\(.*one for all axes or one for each"),
        (lambda: unfold(M, (2,), -1), r"^unfold\(.*a stride is at least 1"),
        (lambda: einsum("ij,jk->ik", M, M), r"^einsum\(\(32, 3\), \(32, 3\), subscripts='ij,jk"),
        (lambda: einsum("ii->", M), r"^einsum: got 'ii->'\. Write letters, each once in a group"),
        (lambda: einsum("i...->", M), r"^einsum: got 'i\.\.\.->'"),
        (lambda: einsum("ij,jk", M), r"^einsum: 'ij,jk' describes 2 operands; got 1"),
        (lambda: einsum("ij->ik", M), r"^einsum: .*only their letters after ->"),
    ],
)
def test_shapes_that_do_not_meet_are_refused_in_words(f, text):
    with raises(ShapeError, text):
        f()


@pytest.mark.parametrize(
    ("index", "text"),
    [
        (32, r"^getitem\(\(32, 3\), index=32\): index 32 is out of bounds for axis 0"),
        ((0, 3), "out of bounds for axis 1"),
        ((0, 0, 0), "too many indices"),
        (np.ones(3, bool), "boolean index did not match"),
        ([0, 40], "out of bounds"),
        (1.0, r"^getitem: got the index 1\.0\. Use whole numbers, slices, None"),
        ("a", "got the index 'a'"),
        ([0.5], r"got the index \[0\.5\]"),
        (Tensor([1.0]), r"such as x\[x > 0\]\.$"),
        ((0, Value(1.0)), r"got the index Value\(1\.0\)"),
    ],
)
def test_a_bad_index_is_an_index_error(index, text):
    with raises(IndexError, text):
        M[index]


def test_a_call_that_failed_left_no_trace():
    x = Tensor([1.0, 2.0])
    before = sys.getrefcount(x)
    for _ in range(10):
        with raises(ShapeError, "reshape"):
            x.reshape(3)
    assert sys.getrefcount(x) == before


# Copies


@pytest.mark.parametrize(
    "again", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))]
)
def test_a_leaf_is_copied_with_its_name_type_and_gradient(again):
    x = Tensor(np.float32([1.0, 2.0]), name="x")
    ag.sum(x * x).backward()
    y = again(x)
    assert (y.name, y.constant, y.op, y.id == x.id) == ("x", False, None, False)
    assert same(np.asarray(y.data), np.asarray(x.data))
    assert same(y.grad, x.grad)
    y.data += 1.0
    ag.sum(y * y).backward()
    assert (x.data.tolist(), x.grad.tolist()) == ([1.0, 2.0], [2.0, 4.0])
    result = again(x * 2)
    assert (result.op, result.constant, result.data.tolist()) == (None, True, [2.0, 4.0])


# Size and memory


def test_a_hundred_thousand_operations_in_a_row():
    x = Tensor([1.0, 2.0])
    y = x
    for _ in range(50_000):
        y = y * 1.0001 + x
    ag.sum(y).backward()
    assert np.allclose(x.grad * x.data, y.data)
    (slope,) = gradients(ag.sum(y), [x])
    assert slope.data.tolist() == x.grad.tolist()
    del y, slope


def test_a_graph_of_tensors_is_no_garbage_for_the_cyclic_collector():
    gc.collect()
    gc.disable()
    try:
        x = Tensor(np.ones((3, 4)))
        y = mean(log(exp(x @ np.ones((4, 2))) + 1)[:, 0])
        y.backward()
        list(backprop(y))
        gradients(ag.sum(gradients(y, [x])[0]), [x])
        for bad in (lambda x: x @ x, lambda x: x[9], lambda x: ag.sum(log(x - 1)).backward()):
            with pytest.raises((ShapeError, IndexError, ag.DomainError)), np.errstate(all="ignore"):
                bad(x)
        del x, y, bad
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_a_graph_is_released_with_its_last_node():
    x = Tensor(np.ones(3))
    before = sys.getrefcount(x)
    y = ag.sum(exp(x) * x)
    y.backward()
    assert sys.getrefcount(x) > before
    del y
    assert sys.getrefcount(x) == before


def test_passes_in_many_threads_lose_nothing():
    w, start = Tensor(np.ones(3)), Barrier(4)

    def work(i):
        start.wait()
        for _ in range(300):
            ag.sum(w * float(i) + w[0]).backward()

    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(work, range(4)))
    finally:
        sys.setswitchinterval(usual)
    assert w.grad.tolist() == [300 * 6 + 300 * 4 * 3, 300 * 6, 300 * 6]


def test_a_list_given_as_an_option_may_be_edited_later():
    places, v = [0, 1], Tensor([1.0, 2.0, 4.0])
    picked = ag.getitem(v, places)
    places[0] = 2
    picked.backward([1.0, 1.0])
    assert v.grad.tolist() == [1.0, 1.0, 0.0]


@pytest.mark.parametrize("name", ["concatenate", "stack", "sum", "where", "mean"])
def test_numpy_s_functions_that_would_cut_the_graph_are_refused(name):
    x = Tensor([1.0, 2.0])
    args = ([x, x],) if name in ("concatenate", "stack") else (x,)
    args = ([True, False], x, x) if name == "where" else args
    with pytest.raises(TypeError, match=rf"^np\.{name} gives numbers.* Use autograd\.{name}, or"):
        getattr(np, name)(*args)
    assert np.allclose(x, [1.0, 2.0])
    assert np.shape(x) == (2,)


def test_an_op_that_is_not_elementwise_must_say_so():
    total = Op(
        name="total",
        forward=lambda x: np.sum(x),
        vjps=(lambda g, y, x: g + 0 * x,),
        latex="{0}",
        doc="A sum that forgot to say what it is.",
    )
    with raises(ShapeError, r"^total\(\(2,\)\): the result has shape \(\), .* elementwise=False"):
        total(Tensor([1.0, 2.0]))


def test_what_went_wrong_in_a_forward_function_is_told():
    def forward(x):
        raise ValueError("my own words")

    op = Op(name="stubborn", forward=forward, vjps=(lambda g, y, x: g,), latex="{0}", doc="No.")
    with raises(ShapeError, r"^stubborn\(\(1,\)\): my own words\. ") as caught:
        op(Tensor([1.0]))
    assert str(caught.value.__cause__) == "my own words"


def test_braces_in_latex_that_are_no_places_are_explained():
    with raises(ValueError, r"^Op: braced got latex=.* braces of LaTeX twice"):
        Op(
            name="braced",
            forward=np.negative,
            vjps=(lambda g, y, x: -g,),
            latex=r"\operatorname{neg}({0})",
            doc="Minus.",
        )


def test_a_large_tensor_is_shown_in_short():
    assert len(repr(Tensor(np.ones((150, 3)))).splitlines()) < 8


@pytest.mark.parametrize("shape", [(0, 3), (2, 0), (2, 3)])
def test_an_empty_mask_picks_what_numpy_picks(shape):
    x = Tensor(np.zeros(shape))
    assert x[x > 0].shape == np.zeros(shape)[np.zeros(shape) > 0].shape


def test_lists_inside_of_options_may_be_edited_later_too():
    places, widths = [0, 1], {0: (1, 1)}
    x, v = Tensor(np.ones((2, 2))), Tensor([1.0, 2.0])
    picked, padded = ag.getitem(x, (places, 0)), pad(v, widths)
    places[:], widths[0] = [1, 1], (2, 0)
    picked.backward([1.0, 10.0])
    padded.backward([1.0, 2.0, 3.0, 4.0])
    assert x.grad.tolist() == [[1.0, 0.0], [10.0, 0.0]]
    assert v.grad.tolist() == [2.0, 3.0]


def test_a_gradient_of_another_shape_spoils_no_other():
    a, b = Tensor([1.0, 2.0]), Tensor([3.0, 4.0])
    a.grad, b.grad = np.ones(2), np.zeros(5)
    with pytest.raises(ValueError, match="shape"):
        (a * b).sum().backward()
    assert a.grad.tolist() == [1.0, 1.0]
    assert b.grad.shape == (5,)


def test_a_subclass_is_a_tensor():
    class Weight(Tensor):
        __slots__ = ()

    w = Weight([1.0])
    tanh(w * 2.0).backward()
    assert w.grad.shape == (1,)


@pytest.mark.parametrize("seed", [None, "3", [None]])
def test_a_seed_is_made_of_numbers(seed):
    with pytest.raises(TypeError, match=r"^backward: got the seed .* Give real numbers"):
        Tensor([1.0]).backward(seed)
