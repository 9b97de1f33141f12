"""What a tape is recorded from, and what it is given, is refused in words where it is wrong."""

import numpy as np
import pytest

from autograd import GraphError, ShapeError, Tape, Tensor, Value


@pytest.mark.parametrize("kind", [Value, Tensor])
def test_a_constant_with_other_numbers_is_not_overlooked(kind):
    x, scale = kind(2.0), kind(10.0, constant=True, name="scale")
    tape, other = Tape([x * scale], inputs=[x]), Tape([x + x], inputs=[x])
    assert tape(3.0) == [30.0]
    scale.data = 10.0
    assert tape(3.0) == [30.0]
    scale.data = 20.0
    for _ in range(2):
        with pytest.raises(
            GraphError, match=r"^Tape: the constant .*'scale'.* List it among the inp"
        ):
            tape(3.0)
    assert other(3.0) == [6.0]
    assert Tape([x * scale], inputs=[x, scale])(3.0, 4.0) == [12.0]


def test_mistakes_are_named():
    x, y = Value(1.0), Value(1.0)
    tape = Tape([x * y], inputs=[x, y])
    with pytest.raises(TypeError, match=r"^Tape: got 1 inputs, recorded were 2\. Give one"):
        tape(1.0)
    with pytest.raises(ShapeError, match=r"^Tape: got batches of \[2, 3\] samples\. Give as many"):
        tape([1.0, 2.0], [1.0, 2.0, 3.0])
    with pytest.raises(ShapeError, match=r"^Tape: got batches of \[0\] samples\."):
        tape([], 1.0)
    with pytest.raises(ShapeError, match=r"^Tape: got an input of shape \(2, 2\)\. Give"):
        tape(np.eye(2), 1.0)
    with pytest.raises(ValueError, match=r"^Tape: got reduce='max'"):
        tape(1.0, 1.0, reduce="max")
    with pytest.raises(ShapeError, match=r"^Tape: got 1 params for 0 leaves"):
        tape(1.0, 1.0, params=[2.0])
    with pytest.raises(GraphError, match=r"^Tape: an input is listed twice"):
        Tape([x], inputs=[x, x])
    with pytest.raises(GraphError, match=r"^Tape: got no outputs"):
        Tape([], inputs=[x])
    with pytest.raises(GraphError, match=r"^Tape: got Values and Tensors"):
        Tape([Tensor([1.0])], inputs=[x])
    with pytest.raises(TypeError, match=r"^Tape: got .*\. Give a list of nodes"):
        Tape(x)
    with pytest.raises(TypeError, match=r"^Tape: got 2\.0, a float\. Give nodes"):
        Tape([2.0])
    with pytest.raises(ValueError, match=r"^Tape: got the executor 'gpu'"):
        Tape([x], executor="gpu")


@pytest.mark.parametrize("wrong", [None, "1", [None, 2.0], 1j, np.array([1j]), object()])
def test_what_is_no_real_number_is_refused(wrong):
    x, w = Value(1.0), Value(2.0)
    a, b = Tensor(1.0), Tensor(2.0)
    for tape in (Tape([w * x], inputs=[x]), Tape([a * b], inputs=[a])):
        with pytest.raises(TypeError, match=r"^Tape: got .*\. Give real numbers"):
            tape(wrong)
        with pytest.raises(TypeError, match=r"^Tape: got .*\. Give real numbers"):
            tape(1.0, params=[wrong])
    with pytest.raises(TypeError, match=r"from which no gradient would flow\. Give x\.data"):
        Tape([w * x], inputs=[x])(w * 2.0)
    with pytest.raises(TypeError, match=r"a mapping as params\. Give a list"):
        Tape([w * x], inputs=[x])(1.0, params={"w": 2.0})
    with pytest.raises(ShapeError, match=r"params of shape \(1, 2\)\. Give one number for each"):
        Tape([w * x], inputs=[x])(1.0, params=[[1.0, 2.0]])


def test_mistakes_with_tensors_are_named():
    x = Tensor(np.ones((2, 3)))
    tape = Tape([x.sum()], inputs=[x])
    with pytest.raises(ShapeError, match=r"shape \(3, 2\) where \(2, 3\) was recorded\. Record"):
        tape(np.ones((3, 2)))
    with pytest.raises(
        ShapeError, match=r"^Tape: Tensors have no batch to mean\. Record mean\(x\)"
    ):
        tape(np.ones((2, 3)), reduce="mean")
    with pytest.raises(GraphError, match=r"^Tape: numba runs tapes of Values"):
        Tape([x], executor="numba")


def test_nodes_may_come_from_any_iterable():
    x = Value(2.0)
    tape = Tape((y for y in [x * 2]), (x for x in [x]))
    assert tape(3.0) == [6.0]
    for wrong in (5, x):
        with pytest.raises(TypeError, match=r"^Tape: got .* Give a list of nodes: Tape\(\[loss\]"):
            Tape(wrong, [x])
