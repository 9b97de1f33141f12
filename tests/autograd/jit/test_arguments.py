"""Arguments are sorted: by kind, shape and type, or as the very things that they are."""

import math

import numpy as np
import pytest
from replays import counted

from autograd import Tensor, Value, compile, stack, sum
from autograd.jit.arguments import Fixed, holds_nodes, sorted_out, stand_in


def test_python_runs_once_for_arguments_of_one_kind():
    f, calls = counted(lambda x, y=2.0: x * y)
    assert [f(1.0), f(2), f(np.float64(3.0)), f(np.int64(4))] == [2.0, 4.0, 6.0, 8.0]
    assert len(calls) == 1
    assert [f(1.0, 3.0), f(2.0, 4.0)] == [3.0, 8.0]
    assert len(calls) == 2
    assert [f(1.0, y=3.0), f(2.0, y=4.0), f(x=2.0, y=1.0)] == [3.0, 8.0, 2.0]
    assert len(calls) == 2
    assert f(y=3.0, x=2.0) == 6.0
    assert len(calls) == 2
    np.testing.assert_array_equal(f([1.0, 2.0], 3.0), [3.0, 6.0])
    np.testing.assert_array_equal(f(np.array([3.0, 4.0]), 5), [15.0, 20.0])
    assert len(calls) == 3
    assert f(np.ones(3), 1.0).shape == (3,)
    assert f(np.ones(2, np.float32)).dtype == np.float32
    assert f(np.ones(2), 1.0).dtype == np.float64
    assert len(calls) == 5


def test_numbers_beside_single_precision_take_it_as_literals_do():
    x = np.ones(3, np.float32)
    f = compile(lambda x, a: x * a)
    for a in (2.0, 3, np.float64(2.0), np.float32(2.0), [1.0, 2.0, 3.0], np.array(2.0)):
        eagerly = (Tensor(x) * (Tensor(a) if isinstance(a, list | np.ndarray) else a)).data
        for _ in range(2):
            assert f(x, a).dtype == eagerly.dtype
            np.testing.assert_array_equal(f(x, a), eagerly)
    both = compile(lambda x, y, a: (x * a, y * a))
    assert [part.dtype for part in both(x, np.ones(3), 0.1)] == [np.float64, np.float64]


def test_a_number_that_counts_is_a_way_of_its_own():
    f = compile(lambda x, n: [x * k for k in range(n)] + [[x, -x, x, x, x, x][n]])
    for n in (3, 5, 3, 5.0):
        assert f(2.0, n) == [2.0 * k for k in range(int(n))] + [2.0]
    assert f.recordings == 2
    assert compile(lambda x, n: sum(stack([x] * n.__index__())))(np.ones(2), 3) == 6.0
    for n in (2.5, math.inf, math.nan):
        with pytest.raises(TypeError, match="'Value' object cannot be interpreted as an integer"):
            f(1.0, n)
    with pytest.raises(TypeError, match="'Tensor' object cannot be interpreted as an integer"):
        compile(lambda x: range(x))(np.ones(2))
    with pytest.raises(TypeError, match="'Value' object cannot be interpreted as an integer"):
        range(Value(3.0))


def test_what_is_no_number_is_told_apart():
    def f(x, power, flag=None):
        return x**2 if power == "square" else x if flag else -x

    compiled, calls = counted(f)
    for x in (1.0, 3.0):
        assert compiled(x, "square") == x * x
        assert compiled(x, "same", True) == x
        assert compiled(x, "same", False) == -x
        assert compiled(x, "same", None) == -x
    assert len(calls) == 4
    exact = compile(lambda x, flag: x if flag is True else -x)
    assert [exact(1.0, True), exact(1.0, np.True_)] == [1.0, -1.0]
    told = compile(lambda pair, x: x if pair[1] is True else -x)
    assert [told(("a", 1), 1.0), told(("a", True), 1.0), told(("a", 1), 2.0)] == [-1.0, 1.0, -2.0]
    assert told.recordings == 2
    with pytest.raises(TypeError, match=r"^f: got \{\}, a dict.*Give numbers, arrays, or"):
        compiled(1.0, {})


def kinds(*arguments):
    return sorted_out(arguments, "f")[0]


def test_numbers_arrays_and_other_things_are_sorted():
    assert kinds(1.0, 2, np.float32(3.0), np.int64(4)) == ("number",) * 4
    assert kinds([1, 2], np.ones((2, 3))) == (((2,), np.float64), ((2, 3), np.float64))
    assert kinds(np.ones(2), 3.0) == (((2,), np.float64), ((), np.float64))
    for x in ("text", None, True, np.True_, print, (1, "a")):
        (kind,) = kinds(x)
        assert isinstance(kind, Fixed)
        assert kind.held is x
        assert {kind: 1}[kinds(x)[0]] == 1


def test_numbers_take_single_precision_only_beside_arrays_that_all_have_it():
    single, double = np.ones(2, np.float32), np.ones(2)
    assert [kind[1] for kind in kinds(single, 2.0, 3)] == [np.float32] * 3
    assert [kind[1] for kind in kinds(single, double, 2.0)] == [np.float32, np.float64, np.float64]
    assert [kind[1] for kind in kinds(single, np.float64(2.0))] == [np.float32, np.float64]


def test_numbers_come_without_what_is_none():
    _, numbers = sorted_out(("text", 1, [2, 3]), "f")
    assert [x.tolist() for x in numbers] == [1.0, [2.0, 3.0]]
    assert sorted_out((1, 2.5, None), "f")[1] == [1.0, 2.5]


def test_a_stand_in_is_a_leaf_of_the_kind_that_was_found():
    for x in (2.0, np.ones(2, np.float32), "text"):
        (kind,) = kinds(x)
        node = stand_in(x, kind, "x")
        if isinstance(kind, Fixed):
            assert node is x
        else:
            assert (node.name, node.op, node.constant) == ("x", None, False)
            assert isinstance(node, Value if kind == "number" else Tensor)
            assert np.asarray(node.data).dtype == np.asarray(x).dtype


def test_nodes_are_found_in_whatever_holds_them():
    x = Value(1.0)
    for held in (x, [x], (1, [x]), {"a": {"b": x}}, np.array([x, 1], object)):
        assert holds_nodes(held)
    for held in (1.0, [1.0], {"a": 1}, np.ones(2), "text", None):
        assert not holds_nodes(held)
