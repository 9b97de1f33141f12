"""A program in JavaScript gives what the tape gives, bit for bit but for exp and its like."""

import itertools
import math
import random
import re

import pytest
from compiled_c import same
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from javascript import compiled_javascript, in_javascript, needs_node
from numerics import ulps

from autograd import OPS, GradientError, Tape, Value, backprop, exp, gradients, log, relu, tanh
from autograd.checking.rounding import noise
from autograd.strategies import ELEMENTWISE, graphs
from autograd.tape.export import to_javascript as module
from autograd.tape.export.to_javascript import to_javascript
from autograd.tape.simplify import record

SPECIAL = [math.nan, math.inf, -math.inf, 0.0, -0.0, 1.0, -1.0, 2.5, -0.3, 1e-300, 700.0]
ROUNDED = re.compile(r"Math\.(?!sqrt|abs)")  # which IEEE 754 does not lay down to the last bit


@needs_node
@pytest.mark.parametrize("op", ELEMENTWISE, ids=lambda op: op.name)
def test_every_row_agrees_at_every_kind_of_number(op):
    params = {"low": -1.0, "high": 1} if op.name == "clip" else {}
    xs = [Value(0.5, name=f"x{i}") for i in range(op.arity)]
    text = to_javascript(record([op(*xs, **params)], xs))
    limit = 4 if ROUNDED.search(text) else 0
    dice = random.Random(op.name)
    samples = [*itertools.product(SPECIAL, repeat=op.arity)]
    samples += [[dice.gauss(0, 10 ** dice.uniform(-9, 2)) for _ in xs] for _ in range(100)]
    rows = compiled_javascript(text)(samples, [], 1)
    for numbers, (found,) in zip(samples, rows, strict=True):
        try:
            expected = op.scalar(*numbers, **{**op.defaults, **params})
        except (ArithmeticError, ValueError):
            continue  # JavaScript goes on with NaN or Infinity
        assert same(found, expected) or 0 < ulps(found, expected) <= limit, numbers


def test_arithmetic_choices_and_roots_are_exact():
    """The law above asks for every bit of them."""
    exact = "add sub mul div neg abs square sqrt relu maximum minimum where equal step sign clip"
    for name in exact.split():
        op = OPS[name]
        xs = [Value(0.5) for _ in range(op.arity)]
        params = {"low": -1.0, "high": 1.0} if name == "clip" else {}
        assert not ROUNDED.search(to_javascript(record([op(*xs, **params)], xs))), name


@needs_node
@given(program=graphs())
def test_values_and_gradients_of_any_graph_agree(program):
    nodes = program.nodes()
    leaves = [nodes[name] for name in program.leaves]
    found = [nodes[program.output], *gradients(nodes[program.output], leaves)]
    try:
        limits = [0.0 if y.constant else noise(backprop(y), doubled=True) for y in found]
    except GradientError:
        reject()  # a second slope is infinite: no bound is known
    for inputs in (leaves, leaves[:1]):
        tape = Tape(found, inputs=inputs)
        numbers = [x.data for x in inputs]
        (row,) = in_javascript(tape)([numbers])
        for ours, theirs, limit in zip(tape(*numbers), row, limits, strict=True):
            assert abs(ours - theirs) <= limit


@needs_node
@settings(max_examples=5)
@given(program=graphs(), longest=st.integers(1, 2))
def test_a_program_in_parts_gives_the_same_bits(program, longest):
    nodes = program.nodes()
    leaves = [nodes[name] for name in program.leaves]
    tape = Tape([nodes[program.output], *gradients(nodes[program.output], leaves), *leaves])
    whole = in_javascript(tape)([[]])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_LONGEST", longest)
        assert "_part2" in tape.to_javascript()
        assert in_javascript(tape)([[]]) == whole


@needs_node
@pytest.mark.slow
def test_a_program_of_twenty_thousand_lines():
    w, x = [Value(0.9 + k / 1000) for k in range(200)], Value(0.5)
    y = x
    for k in range(2700):
        y = tanh(w[k % 200] * y + 0.1)
    tape = Tape([y, *gradients(y, w)], inputs=[x])
    assert len(tape.code.lines) > 20_000
    (found,) = in_javascript(tape)([[0.7]])
    assert found == pytest.approx(tape(0.7), rel=1e-9, abs=1e-300)


@needs_node
def test_the_parameters_stand_in_the_text():
    w, x = Value(0.1, name="w"), Value(2.0, name="x")
    tape = Tape([w * x, w], inputs=[x])
    program = compiled_javascript(tape.to_javascript())
    assert program([[3.0]], None, 2) == [[0.1 * 3.0, 0.1]]
    assert program([[3.0]], [0.5], 2) == [[1.5, 0.5]]


@needs_node
def test_inputs_and_parameters_may_be_missing_or_unused():
    x, w = Value(2.0), Value(3.0)
    for outputs, inputs in [([w * w], []), ([x * x], [x]), ([w], [x]), ([x + w], [x])]:
        tape = Tape(outputs, inputs=inputs)
        numbers = [5.0] * len(inputs)
        assert in_javascript(tape)([numbers]) == [tape(*numbers)]
    assert in_javascript(Tape([Value(2.0, constant=True) * 3.0]))([[]]) == [[6.0]]


HOSTILE = [
    *("for", "exp", "v1", "W[0,1]", "W[0,1", "θ", "x'", "", "2", "relu", "inputs", "Math", "NaN"),
    *("*/ throw 1 /*", "*/", "/*", "//", "</script><script>throw 1</script>", "<!--", "-->"),
    *("`", "${throw_()}", "'", '"', "\\", "\n", "\r\n", "\u2028", "\u2029", "\0", "\udc00", "😀"),
    *("program", "programParams", "_kept", "_part1", "pow", "await", "arguments", "__proto__"),
]


def hostile_tape():
    xs = [Value(float(k), name=name) for k, name in enumerate(HOSTILE)]
    return Tape([relu(exp(xs[0]) ** xs[1]), *xs], inputs=xs[3:])


@needs_node
@pytest.mark.parametrize("longest", [1000, 10])
def test_names_can_be_anything(longest, monkeypatch):
    monkeypatch.setattr(module, "_LONGEST", longest)
    tape = hostile_tape()
    numbers = [x.data for x in tape.code.inputs]
    assert in_javascript(tape)([numbers])[0] == pytest.approx(tape(*numbers), rel=1e-14)


@needs_node
@given(names=st.lists(st.text() | st.sampled_from(HOSTILE), min_size=1, max_size=6))
def test_no_name_is_part_of_the_program(names):
    xs = [Value(float(k), name=name) for k, name in enumerate(names)]
    tape = Tape(xs, inputs=xs[1:])
    numbers = [x.data for x in xs[1:]]
    assert in_javascript(tape)([numbers]) == [tape(*numbers)]


def test_the_text_can_stand_in_a_page():
    text = hostile_tape().to_javascript()
    assert text.isascii()
    assert "</" not in text
    assert "<!" not in text


def test_it_is_a_text_to_read():
    w, x, y = Value(0.5, name="W[0,1]"), Value(1.0, name="x"), Value(2.0, name="y")
    assert Tape([relu(w * x) ** 2 - log(y)], inputs=[x, y]).to_javascript() == TEXT


TEXT = """\
/* A program recorded by stepgrad, for one sample at a time: 1 output of
 *
 *   inputs: x, y
 *   params: W[0,1]
 *
 * It fills outputs, which has to be another array than inputs and params, and returns it. Where
 * Python would raise an error, as for log(-1), results are NaN or Infinity.
 */

/* What the parameters held when this was written. */
export const programParams = new Float64Array([
    0.5
]);

function pow(x, y) {
    return x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : Math.pow(x, y);
}

function relu(x) {
    return x <= 0.0 ? 0.0 : x;
}

export function program(inputs, params, outputs) {
    const x = inputs[0];
    const y = inputs[1];
    const W_0_1 = params[0];  /* W[0,1] */

    const v1 = W_0_1 * x;
    const v2 = relu(v1);
    const v3 = pow(v2, 2.0);
    const v4 = Math.log(y);
    const v5 = v3 - v4;

    outputs[0] = v5;
    return outputs;
}
"""
