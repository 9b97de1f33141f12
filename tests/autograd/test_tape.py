"""A tape gives what the graph it was recorded from gives, for every sample of a batch."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numerics import close

from autograd import GraphError, ShapeError, Tape, Tensor, Value, gradients, log, neg, relu, sigmoid
from autograd.strategies import graphs, values

few = settings(max_examples=max(10, settings.default.max_examples // 2))


def recorded(program):
    """The nodes of a program, and a tape of its output and gradients."""
    nodes = program.nodes()
    leaves = [nodes[name] for name in program.leaves]
    output = nodes[program.output]
    found = [output, *gradients(output, leaves)]
    return leaves, found, Tape(found, inputs=leaves)


@given(graphs())
def test_a_tape_of_numbers_gives_the_very_numbers_of_the_graph(program):
    leaves, found, tape = recorded(program)
    assert tape(*[x.data for x in leaves]) == [x.data for x in found]


@few
@given(graphs(), st.data())
def test_each_sample_of_a_batch_gives_what_it_gives_alone(program, data):
    leaves, _, tape = recorded(program)
    near = [
        np.array([x.data, *(x.data + data.draw(values(-0.02, 0.02)) for _ in range(2))])
        for x in leaves
    ]
    batch = tape(*near)
    for k, sample in enumerate(zip(*near, strict=True)):
        alone = tape(*map(float, sample))
        for whole, one in zip(batch, alone, strict=True):
            assert close(float(whole[k]), one, 1e-12)


@few
@given(graphs())
def test_a_batch_is_added_up_or_averaged(program):
    leaves, _, tape = recorded(program)
    batch = [np.full(5, x.data) for x in leaves]
    for reduce, times in (("sum", 5), ("mean", 1)):
        for total, one in zip(tape(*batch, reduce=reduce), tape(*batch), strict=True):
            assert close(total, times * float(one[0]), 1e-12)


@given(graphs())
def test_what_is_not_an_input_is_read_afresh(program):
    nodes = program.nodes()
    leaves = [nodes[name] for name in program.leaves]
    tape = Tape([nodes[program.output]])
    before = tape()
    leaves[0].data = leaves[0].data + 0.01
    again = program(*[Value(x.data) for x in leaves]).data
    assert tape() == [again]
    leaves[0].data = program.inputs[0]
    assert tape() == before


@given(graphs())
def test_no_line_is_computed_in_vain_or_twice(program):
    _, _, tape = recorded(program)
    code = tape.code
    read = {slot for line in code.lines for slot in line.operands} | set(code.outputs)
    assert read >= set(range(code.first_line, code.first_line + len(code.lines)))
    keys = [(line.op, line.operands, repr(line.params)) for line in code.lines]
    assert len(keys) == len(set(keys))
    assert len(code.lines) <= code.recorded


def test_a_training_step_is_one_call():
    w, b = Value(0.0, name="w"), Value(0.0, name="b")
    x, y = Value(1.0, name="x"), Value(1.0, name="y")
    loss = (w * x + b - y) ** 2
    tape = Tape([loss, *gradients(loss, [w, b])], inputs=[x, y])
    X = np.linspace(-1, 1, 20)
    for _ in range(300):
        error, slope_w, slope_b = tape(X, 3 * X - 1, reduce="mean")
        w.data -= 0.3 * slope_w
        b.data -= 0.3 * slope_b
    assert error < 1e-12
    assert (round(w.data, 6), round(b.data, 6)) == (3.0, -1.0)


def test_it_prints_itself_as_a_program():
    x, w = Value(2.0, name="x"), Value(3.0)
    tape = Tape([sigmoid(w * x) * 1.0 + 0.0, neg(neg(w))], inputs=[x])
    assert str(tape).splitlines() == [
        "2 of 6 recorded results are computed",
        "given x",
        "read w0",
        "v1 = w0·x",
        "v2 = sigmoid(v1)",
        "give v2, w0",
    ]


@pytest.mark.parametrize(
    ("same", "lines"),
    [
        (lambda x: x * 1.0, 0),
        (lambda x: 1.0 * x, 0),
        (lambda x: 0.0 + x, 0),
        (lambda x: x - 0.0, 0),
        (lambda x: x / 1.0, 0),
        (lambda x: x**1.0, 0),
        (lambda x: neg(neg(x)), 0),
        (lambda x: x + (Value(2.0, constant=True) - 2.0), 0),
        (lambda x: x * 2.0 + 2.0 * x, 2),
        (lambda x: 0.0 - x, 1),
        (lambda x: 1.0 / x, 1),
        (lambda x: x - x, 1),
    ],
)
def test_what_need_not_be_computed_is_not(same, lines):
    x = Value(3.0)
    tape = Tape([same(x)], inputs=[x])
    assert len(tape.code.lines) == lines
    for number in (3.0, -0.5):
        assert tape(number) == [same(Value(number)).data]


def test_a_long_batch_is_computed_in_blocks():
    x, w = Value(1.0), Value(2.0)
    tape = Tape([relu(w * x), w * w], inputs=[x])
    X = np.arange(-5000.0, 5000.0)
    np.testing.assert_array_equal(tape(X)[0], np.maximum(2 * X, 0))
    assert tape(X, reduce="sum") == [math.fsum(np.maximum(2 * X, 0)), 40000.0]
    assert tape(X, reduce="mean")[1] == 4.0


def test_an_input_may_be_one_number_for_all_samples():
    x, y = Value(1.0), Value(1.0)
    tape = Tape([x * y, y + 1.0], inputs=[x, y])
    product, other = tape([1.0, 2.0], 3.0)
    assert product.tolist() == [3.0, 6.0]
    assert other.tolist() == [4.0, 4.0]
    assert tape(2.0, 3.0) == [6.0, 4.0]


def test_an_input_may_be_a_result_on_the_way():
    x = Value(2.0)
    middle = x * x
    tape = Tape([middle + 1.0], inputs=[middle])
    assert tape(10.0) == [11.0]
    assert tape.code.leaves == ()


def test_mistakes_are_named():
    x, y = Value(1.0), Value(1.0)
    tape = Tape([x * y], inputs=[x, y])
    with pytest.raises(TypeError, match=r"^Tape: got 1 inputs, recorded were 2\. Give one"):
        tape(1.0)
    with pytest.raises(ShapeError, match=r"^Tape: got batches of \[2, 3\] samples\. Give as many"):
        tape([1.0, 2.0], [1.0, 2.0, 3.0])
    with pytest.raises(ShapeError, match=r"^Tape: got an input of shape \(2, 2\)\. Give"):
        tape(np.eye(2), 1.0)
    with pytest.raises(GraphError, match=r"^Tape: an input is listed twice"):
        Tape([x], inputs=[x, x])
    with pytest.raises(TypeError, match=r"^Tape: got .*a Tensor\. Give Values"):
        Tape([Tensor([1.0])])
    with pytest.raises(ValueError, match=r"^log\(-1\): no real value here"):
        Tape([log(x)], inputs=[x])(-1.0)
