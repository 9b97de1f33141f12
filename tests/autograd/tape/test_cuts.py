"""A tape is refused where a number was taken out of the graph and put in again, and only there."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tapes import each_executor, recorded

from autograd import (
    GraphError,
    Op,
    Tape,
    Tensor,
    Value,
    compile,
    detach,
    exp,
    flat,
    grad,
    gradients,
    heaviside,
    maximum,
    mul,
    relu,
    where,
)
from autograd.ops.op import _table
from autograd.strategies import graphs

PUT_IN_AGAIN = {
    "data": lambda x: x.data,
    "a constant of data": lambda x: type(x)(x.data, constant=True),
    "a leaf of data": lambda x: type(x)(x.data),
    "a leaf of a leaf of data": lambda x: type(x)(type(x)(x.data).data) * type(x)(x.data),
}
OF_VALUES = {"item": lambda x: x.item(), "float": float}
OF_TENSORS = {
    "asarray": lambda x: np.asarray(x.data),
    "an array of data": lambda x: Tensor(np.asarray(x.data)),
    "a view": lambda x: x.data[::-1],
    "a part": lambda x: Tensor(x.data[:1]),
    "transposed": lambda x: x.data.T,
}
INPUTS = {Value: 3.0, Tensor: [3.0, 3.0]}
CUTS = [
    pytest.param(kind, cut, id=f"{kind.__name__}, {name}")
    for kind, own in {Value: OF_VALUES, Tensor: OF_TENSORS}.items()
    for name, cut in {**PUT_IN_AGAIN, **own}.items()
]
SOURCES = {
    "an input": lambda x: x,
    "a result": lambda x: exp(x * x),
    "a detached result": lambda x: (x * x).detach(),
    "one of two": lambda x: maximum(x, 1.0),
}


@pytest.mark.filterwarnings("ignore:float. got .* no gradient flows:UserWarning")
@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
@pytest.mark.parametrize("constant", [False, True])
@pytest.mark.parametrize(("kind", "cut"), CUTS)
def test_a_number_that_was_put_in_again_is_refused(kind, cut, constant, source):
    x = kind(INPUTS[kind], name="x", constant=constant)
    y = source(x)
    with pytest.raises(GraphError, match=r"^Tape: .* was made of the number of .*detach\(\)"):
        Tape([y * cut(y)], inputs=[x])
    assert Tape([y * y.detach()], inputs=[x])(INPUTS[kind])


def test_it_says_what_was_made_of_what():
    x = Value(2.0, name="x")
    with pytest.raises(GraphError, match=r"^Tape: Value\(2.0, constant=True\) was .* number of x,"):
        Tape([x * x.data], inputs=[x])
    y = exp(x)
    with pytest.raises(GraphError, match=r"of the number of a result of exp,"):
        Tape([y * y.data], inputs=[x])
    z = Value(2.0)
    with pytest.raises(GraphError, match=r"of the number of the input Value\(2.0\),"):
        Tape([z * z.data], inputs=[z])


@pytest.mark.parametrize("kind", INPUTS)
def test_a_number_of_what_no_input_reaches_may_be_put_in_again(kind):
    x, w = kind(INPUTS[kind]), kind(INPUTS[kind])
    for y in (w, w * 2.0):
        assert np.all(Tape([x * y * y.data], inputs=[x])(INPUTS[kind])[0] > 0)


@pytest.mark.parametrize("kind", INPUTS)
def test_a_copy_stays_what_it_is(kind):
    x = kind(INPUTS[kind])
    five = np.full(x.shape, 5.0) if kind is Tensor else 5.0
    for made in (x.data + 0.0, copy.deepcopy(x), pickle.loads(pickle.dumps(x)), copy.copy(x)):
        assert np.all(Tape([x * made], inputs=[x])(five)[0] == 15.0)


def test_a_leaf_that_was_given_new_numbers_is_made_of_them():
    x, w = Tensor([3.0]), Tensor([1.0])
    w.data = x.data  # as where one network is set to the state of another
    assert Tape([x * w], inputs=[x])([5.0])[0] == [15.0]


def test_an_input_made_of_a_parameter_is_none_of_its_copies():
    for w in (Value(3.0), Tensor(3.0)):
        x = type(w)(w.data)
        assert Tape([x * w], inputs=[x])(5.0) == [15.0]


def test_numbers_that_are_written_twice_are_not_one():
    x, w, c = Value(2.0), Value(2.0), Value(2.0, constant=True)
    late = Value(0.0)
    late.data = 2.0
    for inputs in ([x], [w], [c], [late], [x, w, c, late]):
        y = x**2.0 + 2.0 * w * c * late + maximum(x, 2.0) + 2.0
        assert Tape([y], inputs)(*[2.0] * len(inputs)) == [y.data]


def test_parameters_that_start_with_equal_numbers_are_not_one():
    numbers = np.ones(3)
    frozen = np.ones(3)
    frozen.flags.writeable = False
    for given_to_both in (numbers, frozen, [1.0, 1.0, 1.0]):
        x, w = Tensor(given_to_both), Tensor(given_to_both)
        assert Tape([x * w * given_to_both], inputs=[x])(numbers)[0].tolist() == [1.0] * 3


def test_a_leaf_is_not_made_of_what_was_made_later():
    w, x = Tensor([3.0]), Tensor([1.0])
    c, later = Tensor(w.data), Tensor([1.0])
    x.data = later.data = w.data
    assert Tape([later * c], inputs=[later])([5.0])[0] == [15.0]


HELD_READY = 1.0
ready = Op(
    name="ready",
    forward=lambda x: np.ones_like(x),
    scalar=lambda x: HELD_READY,
    vjps=(flat,),
    latex="{0}",
    doc="One, always the same.",
)
del _table[ready.name]  # other tests go over all rows


def test_what_an_op_holds_ready_was_put_in_by_nobody():
    x = Value(-2.0)
    assert Tape([ready(x) * x * HELD_READY], inputs=[x])(3.0) == [3.0]
    with pytest.raises(GraphError, match="made of the number"):
        Tape([(y := exp(x)) * x * y.data], inputs=[x])


def test_what_our_ops_hold_ready_was_put_in_by_nobody():
    x = Value(-2.0)
    y = relu(x) * 0.0 + heaviside(x) * 1.0 + where(heaviside(x), 1.0, 0.0) * 0.0
    (slope,) = gradients(y * y, [x])
    assert Tape([y, slope], inputs=[x])(-2.0) == [0.0, 0.0]


OFTEN = st.sampled_from([0.0, 1.0, -1.0, 2.0, 0.5])


@each_executor
@given(program=graphs(), data=st.data())
def test_a_tape_of_an_ordinary_graph_of_values_is_made(executor, program, data):
    """Also where all that is written down is a few numbers, each of them one object."""
    recorded(program, executor)
    few = [data.draw(OFTEN) for _ in program.leaves]
    leaves = [Value(x) for x in few]
    try:
        y = program.run(
            dict(zip(program.leaves, leaves, strict=True))
            | {name: 1.0 for name in program.constants}
        )[program.output]
        found = [y, *gradients(y * leaves[0] * few[0] + 1.0, leaves)]
    except (ValueError, ArithmeticError, AssertionError):  # there is no value here
        return
    for inputs in (leaves, leaves[:1]):
        Tape(found, inputs=inputs)


@given(program=graphs(tensors=True))
def test_a_tape_of_an_ordinary_graph_of_tensors_is_made(program):
    leaves, found, _ = recorded(program)
    for inputs in (leaves, leaves[:1], found[:1]):
        Tape(found, inputs=inputs)


def test_compile_looks_again_at_what_was_read():
    compiled = compile(grad(lambda x: x * x.data))
    assert [compiled(x) for x in (3.0, 5.0, 3.0)] == [3.0, 5.0, 3.0]
    assert compiled.recordings == 2


def test_the_gradient_by_a_constant_follows_it_on_a_tape():
    x = Value(3.0, constant=True)
    slope = grad(lambda x: mul(x, x))(x)
    assert Tape([slope], inputs=[x])(5.0) == [10.0]


def test_what_is_detached_is_computed_anew():
    x = Value(2.0, name="x")
    y = x * x.detach()
    tape = Tape([y, *gradients(y, [x])], inputs=[x])
    assert tape(3.0) == [9.0, 3.0]
    assert str(tape).splitlines()[2:] == ["v1 = detach(x)", "v2 = x·v1", "give v2, v1"]
    assert [node.constant for node in tape.graph.nodes] == [False, True, False]
    assert Tape([detach(x)], inputs=[x])(3.0) == [3.0]
