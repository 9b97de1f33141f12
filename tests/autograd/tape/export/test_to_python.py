"""NumPy source gives what the tape gives, needs NumPy only, and can be read and kept."""

import ast
import sys

import numpy as np
import pytest
from agreement import CALLS, GRAPHS, apart, tape_of, tape_with_gradients
from hypothesis import given
from hypothesis import strategies as st
from written import agree, run

from autograd import (
    Tape,
    Tensor,
    Value,
    alias,
    concatenate,
    elu,
    gradients,
    noise,
    relu,
    sigmoid,
    sum,
)
from autograd.strategies import graphs


@given(st.booleans().flatmap(lambda tensors: graphs(tensors=tensors)))
def test_values_of_any_graph_agree(program):
    nodes = program.nodes()
    leaves = [nodes[name] for name in program.leaves]
    for inputs in (leaves, leaves[:1]):
        agree(Tape([nodes[program.output]], inputs=inputs), *[x.data for x in inputs])


@given(graphs())
def test_gradients_agree_also_on_a_batch(program):
    nodes = program.nodes()
    leaves = [nodes[name] for name in program.leaves]
    tape = Tape(gradients(nodes[program.output], leaves), inputs=leaves)
    agree(tape, *[x.data for x in leaves])
    batch = [np.full(3, x.data) for x in leaves]
    for one, many in zip(tape(*batch), run(tape.to_python(), *batch), strict=True):
        assert apart(np.broadcast_to(many, 3), one) <= 1e-12


@pytest.mark.slow
@pytest.mark.parametrize("call", CALLS, ids=str)
def test_every_row_agrees(call):
    agree(tape_of(call), *call.operands)


@pytest.mark.parametrize("name", GRAPHS)
def test_graphs_with_their_gradients_agree(name):
    leaves, output = GRAPHS[name]
    for inputs in (leaves, leaves[1:]):
        agree(tape_with_gradients(leaves, output, inputs), *[x.data for x in inputs])


@pytest.mark.parametrize("name", GRAPHS)
def test_nothing_but_numpy_and_the_standard_library_is_imported(name):
    tree = ast.parse(tape_with_gradients(*GRAPHS[name]).to_python())
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = getattr(node, "module", None) or node.names[0].name
            assert module.split(".")[0] in {"numpy", *sys.stdlib_module_names}


def test_it_is_a_text_to_read():
    x, w = Value(1.0, name="x"), Value(0.5, name="w[0]")
    y = sigmoid(w * x) - elu(x, 0.5) + relu((-2.0) ** x)
    assert Tape([y, w], inputs=[x]).to_python() == VALUES
    X, W = Tensor([[1.0, 2.0]], name="X"), Tensor([[0.5, np.nan]], name="W")
    y = sum(concatenate([X, X.T @ W])[:, 0], axis=0, keepdims=True) * [-1.5, 2.0]
    assert Tape([y], inputs=[X]).to_python() == TENSORS


def test_names_can_be_anything():
    names = ["for", "np", "v1", "c1", "sum", "sigmoid", "W[0,1]", "W[0,1", "θ", "x'", "", "2"]
    names += ['"""', "\\", "\n", "program", "_decay", "ﬁ", "fi"]
    xs = [Value(float(k), name=name) for k, name in enumerate(names)]
    y = sigmoid(xs[0])
    for x in xs:
        y = y * x + 1.0
    agree(Tape([y, *xs], inputs=xs[3:]), *[x.data for x in xs[3:]])


def test_parameters_are_what_they_were_unless_given():
    x, w = Value(1.0, name="x"), Value(2.0, name="w")
    source = Tape([x * w], inputs=[x]).to_python()
    w.data = 7.0
    assert run(source, 3.0) == [6.0]
    assert run(source, 3.0, w=10.0) == [30.0]
    single = Tensor(np.array([0.1, 1e-30, np.inf], np.float32), name="w")
    (found,) = run(Tape([alias(single * 2)], inputs=[]).to_python())
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, single.data * 2)


def test_random_numbers_are_arguments():
    x = Value(2.0, name="x")
    drawn = noise(np.random.default_rng(0).random)
    source = Tape([x * drawn], inputs=[x]).to_python()
    assert "noise0 are random numbers" in source
    assert run(source, 3.0, 0.5) == [1.5]


def test_long_lists_are_broken_into_lines():
    xs = [Value(float(k), name=f"a_rather_long_name_{k}") for k in range(30)]
    y = xs[0]
    for x in xs[1:]:
        y = y + x
    source = Tape([y, *xs], inputs=xs[:2]).to_python()
    assert max(map(len, source.splitlines())) <= 100
    assert run(source, 0.0, 1.0)[0] == 435.0


VALUES = '''\
"""A program recorded by stepgrad."""

import numpy as np


def _decay(x, rate=1.0):
    """exp(-rate |x|), which cannot overflow, in a form that is analytic on either side of 0."""
    return np.exp(np.copysign(rate, np.real(x) + 0.0) * -x)


def sigmoid(x):
    decay = _decay(x)
    return np.where(np.real(x) >= 0, 1.0, decay) / (1.0 + decay)


def elu(x, alpha=1.0):
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0.0)))


def program(x, w_0=0.5):
    """Compute 2 outputs from x and the parameter w_0.

    Give numbers, or arrays with one number for each sample. Recorded names: w_0 is 'w[0]'.
    """
    v1 = w_0 * x
    v2 = sigmoid(v1)
    v3 = elu(x, alpha=0.5)
    v4 = v2 - v3
    v5 = (-2.0) ** x
    v6 = np.maximum(v5, 0.0)
    v7 = v4 + v6
    return [v7, w_0]
'''

TENSORS = '''\
"""A program recorded by stepgrad."""

from operator import index as whole

import numpy as np

c1 = np.array([-1.5, 2.0])
W = np.array([[0.5, np.nan]])


def concatenate(*xs, axis=0):
    return np.concatenate(xs, axis=whole(axis))


def program(X, W=W):
    """Compute 1 output from X and the parameter W.

    Give arrays in the shapes that were recorded.
    """
    v1 = np.transpose(X)
    v2 = v1 @ W
    v3 = concatenate(X, v2)
    v4 = v3[:, 0]
    v5 = np.sum(v4, axis=0, keepdims=True)
    v6 = v5 * c1
    return [v6]
'''
