"""The numbers of a Tensor are copied in and cannot be overwritten; a leaf can be given new ones."""

import copy
import pickle

import numpy as np
import pytest
from numerics import same

import autograd as ag
from autograd import GraphError, ShapeError, Tensor, Value, concatenate
from autograd.engine import all_finite


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
    "data", [None, "3", ["3"], 1j, [1j], print, {}, np.datetime64(3, "D"), 10**400], ids=repr
)
def test_what_is_no_array_of_real_numbers_is_refused(data):
    with pytest.raises(TypeError, match=r"^Tensor: got .*Give an array of real numbers"):
        Tensor(data)
    with pytest.raises(
        TypeError, match=r"^mul: got .*Operands of a Tensor are Tensors, arrays and numbers"
    ):
        Tensor([1.0]) * data


def test_rows_of_different_length_are_refused():
    with pytest.raises(
        TypeError, match=r"^Tensor: got \[\[1.0\], \[1.0, 2.0\]\]\. Give rows of one length\."
    ):
        Tensor([[1.0], [1.0, 2.0]])


def test_nodes_are_not_taken_for_numbers_not_even_in_a_list():
    x, v = Tensor([1.0, 2.0]), Value(1.0)
    for data in (x, v, [v, v], [x[0], x[1]], ([x],)):
        with pytest.raises(
            TypeError, match=r"^Tensor: got .*of a node, give its data. stack\(\[a, b\]\)"
        ):
            Tensor(data)
    for f in (lambda: x * v, lambda: v * x, lambda: x * [v, v], lambda: concatenate([x, v])):
        with pytest.raises(
            TypeError, match=r"^(mul|concatenate): got .*Operands of a (Tensor|Value) are"
        ):
            f()
    with pytest.raises(
        TypeError, match=r"unroll\(tensor\) gives Values, Tensor\(value.data\) a Tensor"
    ):
        x + v


def test_the_numbers_are_a_copy_and_later_edits_of_the_original_change_nothing():
    original, mask, index = np.ones(2), np.array([True, False]), np.array([0, 0])
    x = Tensor(original)
    beside, masked, picked = x * original, x[mask], x[index]
    original[:], mask[:], index[:] = 7.0, False, 1
    ag.sum(concatenate([beside, masked, picked])).backward()
    assert x.data.tolist() == beside.data.tolist() == [1.0, 1.0]
    assert x.grad.tolist() == [1.0 + 1.0 + 2.0, 1.0]


@pytest.mark.parametrize(
    "overwrite",
    [
        lambda a: a.__setitem__(0, 1.0),
        lambda a: a.__setitem__(..., 1.0),
        lambda a: a[:1].__setitem__(0, 1.0),
        lambda a: a.T.__setitem__(0, 1.0),
        lambda a: a.reshape(2, 1).__setitem__(0, 1.0),
        lambda a: a.view(np.ndarray).__setitem__(0, 1.0),
        lambda a: a.fill(1.0),
        lambda a: a.sort(),
        lambda a: a.setflags(write=True),
        lambda a: np.add(a, 1.0, out=a),
        lambda a: np.copyto(a, 1.0),
        lambda a: np.random.default_rng(0).shuffle(a),
        lambda a: a.__ifloordiv__(2.0),
        lambda a: a.__imod__(2.0),
    ],
)
def test_the_numbers_of_any_node_are_read_only(overwrite):
    x = Tensor([1.0, 2.0])
    for node in (x, x * 2, x[::-1], x.reshape(2, 1)[:, 0], ag.broadcast_to(x, (2,))):
        before = node.data.tolist()
        with pytest.raises(ValueError, match=r"read-only|WRITEABLE"):
            overwrite(node.data)
        assert node.data.tolist() == before


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(), (3,), (2, 0)])
def test_a_leaf_steps_down_its_gradient_and_keeps_its_type(dtype, shape):
    p = Tensor(np.ones(shape, dtype))
    seen = p.data
    ag.sum(p * p).backward()
    p.data -= 0.25 * p.grad
    assert (p.dtype, p.shape, type(p.data)) == (dtype, shape, type(seen))
    assert np.array_equal(p.data, np.full(shape, 0.5))
    assert np.array_equal(seen, np.ones(shape))
    with pytest.raises(ValueError, match="read-only"):
        p.data[...] = 1.0


def test_parameters_in_a_list_are_stepped_by_index_and_in_loops():
    params = [Tensor([1.0, 2.0]), Tensor(np.float32([[3.0]]))]
    ag.sum(params[0] * params[1]).backward()
    params[0].data -= 0.1 * params[0].grad
    for p in params:
        p.data -= 0.1 * p.grad
    assert np.allclose(params[0].data, [0.4, 1.4])
    assert np.allclose(params[1].data, [[2.7]])
    assert params[1].dtype == np.float32


def test_all_arithmetic_in_place_is_open_to_a_leaf():
    p = Tensor([4.0, 9.0])
    p.data += 1
    p.data *= [2.0, 1.0]
    p.data /= 5
    p.data **= 2
    p.data -= np.float32(1)
    assert p.data.tolist() == [3.0, 3.0]


def test_a_copy_of_the_numbers_may_be_edited():
    x = Tensor([1.0, 2.0])
    for edited in (x.data.copy(), x.data + 0, np.array(x.data), copy.deepcopy(x.data)):
        kept = edited
        edited[0] = 5.0
        edited += 1.0
        assert kept.tolist() == edited.tolist()
        assert edited.tolist() == [6.0, 3.0]
    assert x.data.tolist() == [1.0, 2.0]
    assert pickle.loads(pickle.dumps(x.data)).tolist() == [1.0, 2.0]


def test_what_is_computed_from_the_numbers_is_a_plain_array():
    x = Tensor([1.0, 2.0])
    for computed in (x.data + 1, 2 * x.data, np.exp(x.data), x.data @ np.eye(2), x.data > 1):
        assert type(computed) is np.ndarray
        assert computed.flags.writeable
    assert type(x.data.sum()) is type(x.data[0]) is np.float64
    assert repr(x.data) == "array([1., 2.])"
    assert str(x.data) == "[1. 2.]"


def test_two_leaves_with_the_same_numbers_go_their_own_ways():
    a = Tensor([1.0, 2.0])
    b, edited = Tensor(a.data), a.data.copy()
    b.data = a.data
    c = Tensor([0.0, 0.0])
    c.data = edited
    edited[:] = 9.0
    a.data -= 1.0
    assert (a.data.tolist(), b.data.tolist()) == ([0.0, 1.0], [1.0, 2.0])
    assert c.data.tolist() == [1.0, 2.0]


def test_new_numbers_take_the_shape_and_the_type_of_the_old():
    p = Tensor(np.float32([1.0, 2.0]))
    for data in ([3, 4], (3.0, 4.0), np.array([3.0, 4.0]), Tensor([3.0, 4.0]).data):
        p.data = data
        assert (p.dtype, p.data.tolist()) == (np.float32, [3.0, 4.0])
    for data in (1.0, [1.0], [[1.0, 2.0]], Tensor(np.float32([1.0])).data):
        with pytest.raises(ShapeError, match=r"^data: got numbers of shape .* make a new Tensor"):
            p.data = data
    for data in (None, [1j, 2j], "ab", Tensor([3.0, 4.0]), [Tensor(3.0), Tensor(4.0)]):
        with pytest.raises(TypeError, match=r"^Tensor: got .*Give an array of real numbers"):
            p.data = data
    with pytest.raises(ValueError, match="broadcast"):
        p.data -= np.ones((2, 2))
    assert p.data.tolist() == [3.0, 4.0]


def test_the_numbers_of_a_result_follow_from_its_inputs():
    x = Tensor([1.0, 2.0])
    y = x * 2
    with pytest.raises(GraphError, match=r"^mul: the data of a result cannot be set"):
        y.data = [1.0, 2.0]
    with pytest.raises(GraphError, match=r"^mul: "):
        y.data -= 1.0
    assert y.data.tolist() == [2.0, 4.0]


def test_all_numbers_are_finite_though_their_squares_are_not():
    assert all_finite(np.array([1e300, -1e300]))
    assert all_finite(np.zeros((0, 2)))
    assert all_finite(np.full(3, 3e38, np.float32))
    for bad in (np.nan, np.inf, -np.inf):
        assert not all_finite(np.array([[1.0, bad], [1e300, 0.0]]))


@pytest.mark.parametrize("number", [1.0, 2, np.float64(3.0), np.True_, 1e308])
def test_a_single_number_of_any_kind_is_finite(number):
    assert all_finite(number)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), np.float32("-inf")])
def test_a_single_number_may_be_none(number):
    assert not all_finite(number)


def test_numbers_that_somebody_else_can_write_into_are_copied():
    x, w = Tensor([1.0, 2.0]), Tensor([0.0, 0.0])
    mine = x.data.copy()
    view = mine[:]
    view.flags.writeable = False
    w.data = view
    mine[0] = 99.0
    assert w.data.tolist() == [1.0, 2.0]


def test_a_few_numbers_do_not_keep_a_large_array_alive():
    large, few = Tensor(np.zeros(1000)), Tensor([1.0, 2.0])
    few.data = large.data[:2]
    assert few._held.base is None


def test_numbers_are_edited_in_a_copy():
    x = Tensor([1.0, 2.0])

    def assigned():
        x.data[0] = 5.0

    def sliced():
        x.data[:] = 0.0

    for edit in (assigned, sliced, lambda: x.data.fill(0.0)):
        with pytest.raises(ValueError, match=r"read-only.*new = x\.data\.copy\(\); new\[i\]"):
            edit()
    new = x.data.copy()
    new[0] = 5.0
    x.data = new
    assert x.data.tolist() == [5.0, 2.0]
    with pytest.raises(TypeError, match=r"^x\[i\] = \.\.\.: a Tensor is not changed in place"):
        x[0] = 3.0
