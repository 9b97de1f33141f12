"""Rows run on the arrays of another library as they run on those of NumPy."""

from operator import attrgetter

import numpy as np
import pytest
from agreement import CALLS, GRAPHS, apart, tape_of, tape_with_gradients

from autograd import GraphError, Op, Tape, Tensor, Value
from autograd.tape.export.numpy_dispatch import Foreign, arguments, at_numbers, pairs, run

pytestmark = pytest.mark.slow  # there are very many

HIDDEN = set()


class Mirror(Foreign):
    """NumPy itself as another library, which never writes into an array that it was given."""

    @classmethod
    def of(cls, x):
        copy = np.array(x)
        copy.flags.writeable = False  # whoever writes into what is given fails
        return cls(copy)

    @staticmethod
    def function(name):
        if name in HIDDEN:
            return None
        if name == "sliding_window_view":
            return np.lib.stride_tricks.sliding_window_view
        return attrgetter(name)(np)

    @staticmethod
    def is_array(x):
        return isinstance(x, np.ndarray | np.generic)

    def picked(self, index):
        assert not any(isinstance(part, list | range) for part in index)
        return self.held[index]

    def changed(self, index, x, add):
        copy = np.array(self.held)
        if add:
            np.add.at(copy, index, x)
        else:
            copy[index] = x
        return copy

    def astype(self, dtype):
        return Mirror(self.held.astype(dtype))

    @property
    def dtype(self):
        return self.held.dtype


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_every_row_agrees(call):
    (found,) = run(tape_of(call).code, "to_mirror", call.operands, Mirror)
    assert apart(found, call(*call.operands)) <= 1e-15


@pytest.mark.parametrize("name", GRAPHS)
def test_graphs_and_their_gradients_agree(name):
    leaves, output = GRAPHS[name]
    tape = tape_with_gradients(leaves, output, inputs=leaves[:1])
    numbers = [x.data for x in (*leaves[:1], *tape.code.leaves)]
    for a, b in zip(run(tape.code, "to_mirror", numbers, Mirror), tape(numbers[0]), strict=True):
        assert apart(a, b) <= 1e-14


def own(forward):
    vjps = (None,)
    return Op(name="abroad_here", forward=forward, vjps=vjps, latex="{0}", doc="Abroad.")


@pytest.mark.parametrize(
    ("forward", "what"),
    [
        (lambda x: np.tanh(x), "np.tanh"),
        (lambda x: np.add.reduce(x), r"np\.add\.reduce"),
        (lambda x: np.asarray(x) + 1.0, r"np\.array or np\.asarray"),
        (lambda x: x if x.sum() > 0 else -x, "a Python branch"),
    ],
)
def test_what_the_library_does_not_have_is_named_with_the_op(forward, what, monkeypatch):
    x = Tensor([1.0, 2.0])
    y = x * 2.0
    y.op = own(forward)
    y.inputs, y.args = (x,), (x.data,)
    monkeypatch.setattr(Mirror, "sum", lambda self: Mirror(self.held.sum()), raising=False)
    HIDDEN.update({"tanh", "add.reduce"})
    with pytest.raises(GraphError, match=f"^to_mirror: abroad_here uses {what}, which has no"):
        run(Tape([y], inputs=[x]).code, "to_mirror", [x.data], Mirror)
    HIDDEN.clear()


def test_writing_into_an_array_makes_a_new_one():
    x = Mirror.of(np.zeros(3))
    given = x.held
    x[[0, 0]] = 1.0
    np.add.at(x, [1, 1], 2.0)
    np.add(x, 1.0, out=x)
    assert x.held.tolist() == [2.0, 5.0, 1.0]
    assert given.tolist() == [0.0, 0.0, 0.0]


def test_inputs_and_params_are_put_in_the_order_of_the_slots():
    x, v, w = (Value(1.0, name=name) for name in "xvw")
    code = Tape([w * x + v], inputs=[x]).code
    order = [node.name for node in code.leaves]
    given = {"v": 2.0, "w": 3.0}
    assert arguments(code, [1.0], given) == [1.0, *map(given.get, order)]
    for inputs, params in [([], given), ([1.0], {}), ([1.0], given | {"u": 1.0})]:
        with pytest.raises(TypeError, match=r"^Give x, and params with the keys [vw], [vw]\.$"):
            arguments(code, inputs, params)


def test_widths_of_a_frame_are_two_numbers_for_each_axis():
    assert pairs(1, 2) == [[1, 1], [1, 1]]
    assert pairs((1, 2), 2) == [[1, 2], [1, 2]]
    assert pairs(((1, 2), (3, 4)), 2) == [[1, 2], [3, 4]]
    assert pairs({-1: (1, 2)}, 2) == [[0, 0], [1, 2]]
    assert pairs({0: 3}, 2) == [[3, 3], [0, 0]]


def test_a_single_number_can_be_reduced_along_axis_0():
    asked = at_numbers(lambda x, axis, **options: (axis, options))
    assert asked(np.array(3.0), axis=0) == (None, {})
    assert asked(np.ones((2, 3)), axis=0, keepdims=True) == (0, {"keepdims": True})
