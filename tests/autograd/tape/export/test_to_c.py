"""A program in C gives what the tape gives, is compiled without a warning, and can be read."""

import itertools
import math

import pytest
from compiled_c import compiled_c, in_c, needs_cc, same
from hypothesis import HealthCheck, given, settings
from numerics import close

from autograd import Tape, Value, exp, gradients, log, relu, tanh
from autograd.strategies import ELEMENTWISE, graphs
from autograd.tape.export.to_c import to_c
from autograd.tape.simplify import record

in_one_folder = settings(
    max_examples=max(10, settings.default.max_examples // 3),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.mark.slow
@needs_cc
@in_one_folder
@given(program=graphs())
def test_values_and_gradients_of_any_graph_agree(tmp_path, program):
    nodes = program.nodes()
    leaves = [nodes[name] for name in program.leaves]
    found = [nodes[program.output], *gradients(nodes[program.output], leaves)]
    for inputs in (leaves, leaves[:1]):
        tape = Tape(found, inputs=inputs)
        numbers = [x.data for x in inputs]
        for ours, theirs in zip(tape(*numbers), in_c(tape, tmp_path)(*numbers), strict=True):
            assert close(ours, theirs, 1e-12)


SPECIAL = [math.nan, math.inf, -math.inf, 0.0, -0.0, 1.0, -1.0, 2.5, -0.3, 1e-300, 700.0]


@pytest.mark.slow
@needs_cc
def test_every_row_agrees_at_every_kind_of_number(tmp_path):
    for op in ELEMENTWISE:
        params = {"low": -1.0, "high": 1} if op.name == "clip" else {}
        xs = [Value(0.5, name=f"x{i}") for i in range(op.arity)]
        program = compiled_c(to_c(record([op(*xs, **params)], xs)), tmp_path)
        for numbers in itertools.product(SPECIAL, repeat=op.arity):
            try:
                expected = op.scalar(*numbers, **{**op.defaults, **params})
            except (ArithmeticError, ValueError):
                continue  # C goes on with nan or inf
            (found,) = program(numbers, [], 1)
            assert same(found, expected) or abs(found - expected) <= 1e-15 * abs(expected), (
                op,
                numbers,
            )


@pytest.mark.slow
@needs_cc
def test_a_program_of_thousands_of_lines(tmp_path):
    w, x = [Value(0.9 + k / 1000) for k in range(200)], Value(0.5)
    y = x
    for k in range(1000):
        y = tanh(w[k % 200] * y + 0.1)
    tape = Tape([y, *gradients(y, w)], inputs=[x])
    assert len(tape.code.lines) > 3000
    for ours, theirs in zip(tape(0.7), in_c(tape, tmp_path)(0.7), strict=True):
        assert close(ours, theirs, 1e-12)


@needs_cc
def test_names_can_be_anything(tmp_path):
    names = ["for", "exp", "v1", "W[0,1]", "W[0,1", "a*/b", "/*", "θ", "x'", "", "2", "relu"]
    names += ["inputs", "unix", "_X", "\n", "??/", "\N{RIGHT-TO-LEFT OVERRIDE}", "M_PI"]
    xs = [Value(float(k), name=name) for k, name in enumerate(names)]
    tape = Tape([relu(exp(sum(xs)) * xs[0]), *xs], inputs=xs[3:])
    numbers = [x.data for x in xs[3:]]
    for ours, theirs in zip(tape(*numbers), in_c(tape, tmp_path)(*numbers), strict=True):
        assert close(ours, theirs, 1e-12)


@needs_cc
def test_inputs_and_parameters_may_be_missing_or_unused(tmp_path):
    x, w = Value(2.0), Value(3.0)
    for outputs, inputs in [([w * w], []), ([x * x], [x]), ([w], [x]), ([x + w], [x])]:
        tape = Tape(outputs, inputs=inputs)
        numbers = [5.0] * len(inputs)
        assert in_c(tape, tmp_path)(*numbers) == tape(*numbers)
    assert in_c(Tape([Value(2.0, constant=True) * 3.0]), tmp_path)() == [6.0]


def test_it_is_a_text_to_read():
    w, x, y = Value(0.5, name="W[0,1]"), Value(1.0, name="x"), Value(2.0, name="y")
    assert Tape([relu(w * x) ** 2 - log(y)], inputs=[x, y]).to_c() == TEXT


TEXT = """\
/* A program recorded by stepgrad, for one sample at a time: 1 output of
 *
 *   inputs: x, y
 *   params: W[0,1]
 *
 * Compile it with cc -O3 -std=c99 -c, and link with -lm. Where Python would raise an error, as for
 * log(-1), results are nan or inf.
 */

#include <math.h>

/* What the parameters held when this was written. */
const double program_params[1] = {
    0.5
};

static inline double relu(double x)
{
    return x <= 0.0 ? 0.0 : x;
}

void program(const double *inputs, const double *params, double *outputs)
{
    const double x = inputs[0];
    const double y = inputs[1];
    const double W_0_1 = params[0];  /* W[0,1] */

    const double v1 = W_0_1 * x;
    const double v2 = relu(v1);
    const double v3 = pow(v2, 2.0);
    const double v4 = log(y);
    const double v5 = v3 - v4;

    outputs[0] = v5;
}
"""
