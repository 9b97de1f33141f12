"""What a Tensor does beyond its ops: reading, comparing, copies, memory."""

import copy
import gc
import operator
import pickle
import sys

import numpy as np
import pytest
from numerics import same

import autograd as ag
from autograd import Scope, ShapeError, Tensor, backprop, exp, gradients, log, mean, reshape, tanh


def test_names_constants_and_scopes_are_those_of_nodes():
    with Scope("block") as scope:
        x = Tensor([1.0], name="x", constant=True)
        y = x * 2
    assert (x.name, x.constant, x.scope, y.constant, y.scope) == ("x", True, scope, True, scope)


# Comparing


@pytest.mark.parametrize("op", [operator.lt, operator.le, operator.gt, operator.ge])
def test_comparisons_give_arrays_of_bool(op):
    x = Tensor([1.0, 2.0, 3.0])
    for other in (2, 2.0, np.float32(2), [3, 2, 1], np.array([3.0, 2.0, 1.0]), Tensor([3, 2, 1])):
        numbers = other.data if isinstance(other, Tensor) else np.asarray(other)
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
        assert type(x.item()) is float
        assert (x.item(), f"{x:.2f}", bool(x)) == (2.5, "2.50", True)
    assert not Tensor(0.0)
    two = Tensor([1.0, 2.0])
    for look in ("{:.2f}".format, Tensor.item):
        with pytest.raises(ShapeError, match=r"^item: this Tensor has shape \(2,\).* x\.data"):
            look(two)
    with pytest.raises(ValueError, match="more than one element"):
        bool(two)


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
        with pytest.raises(TypeError, match=r"unsized|0-d"):
            f(Tensor(1.0))


def test_numpy_reads_a_constant_as_a_copy():
    x = Tensor(np.float32([1.0, 2.0]), constant=True)
    array = np.asarray(x)
    array[0] = 5.0
    assert x.data.tolist() == [1.0, 2.0]
    assert same(np.array(x, float), np.array([1.0, 2.0]))


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
    with pytest.raises(
        ShapeError, match=r"^mT: a Tensor of shape \(3,\) holds no matrices. Use T."
    ):
        _ = Tensor([1.0, 2.0, 3.0]).mT


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


@pytest.mark.slow
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


@pytest.mark.slow
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


def test_a_large_tensor_is_shown_in_short():
    assert len(repr(Tensor(np.ones((150, 3)))).splitlines()) < 8


def test_a_subclass_is_a_tensor():
    class Weight(Tensor):
        __slots__ = ()

    w = Weight([1.0])
    tanh(w * 2.0).backward()
    assert w.grad.shape == (1,)
