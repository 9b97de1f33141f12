"""Computations of arrays are drawn and stepped through like those of numbers."""

import numpy as np
import pytest
from hypothesis import given, settings

import viz
from autograd import Graph, Tensor, backprop, mean, softmax, square, stack, tanh, trace
from autograd import sum as total
from autograd.formulas import number
from autograd.strategies import graphs
from viz.moments.notation import Notation

few = settings(max_examples=max(10, settings.default.max_examples // 3))


def loss():
    x = Tensor(np.arange(6.0).reshape(2, 3), constant=True, name="x")
    W, b = Tensor(np.ones((4, 3)), name="W"), Tensor(np.zeros(4), name="b")
    output = mean(square(tanh(x @ W.T + b)))
    output.name = "l"
    return output


@few
@given(graphs(tensors=True))
def test_every_computation_is_drawn_and_stepped_through(program):
    output = total(program.nodes()[program.output])
    output.backward()
    picture = viz.draw(output, names={}, detail="full")
    assert picture.dot.startswith("digraph")
    assert str(picture)
    steps = viz.step(output, names={})
    flows = sum(c is not None for step in backprop(output) for c in step.contributions)
    computed = sum(node.op is not None for node in picture.graph.nodes)
    assert len(steps) == computed + flows + 2
    assert str(steps)


@few
@given(graphs(tensors=True))
def test_the_adjoints_of_the_last_frame_are_those_of_the_pass(program):
    output = total(program.nodes()[program.output])
    adjoints = viz.step(output, names={})[-1].adjoints
    index = {node: i for i, node in enumerate(trace(output))}
    for step in backprop(output):
        np.testing.assert_array_equal(adjoints[index[step.node]], step.grad)


def test_a_step_shows_the_rule_with_what_comes_in():
    rules = {frame.title: frame.text for frame in viz.step(loss(), names={})}
    assert "xᵀ @ (∂l/∂v₂) = " in rules["v₂ → v₁"]
    assert "(∂l/∂v₁)ᵀ = 4×3: " in rules["v₁ → W"]
    assert "(∂l/∂v₄)·(1 - v₄²) = 2×4: " in rules["v₄ → v₃"]
    assert "sum_to(∂l/∂v₃, shape=(4,)) = [" in rules["v₃ → b"]


def test_where_no_rule_can_be_written_the_numbers_still_are():
    x = Tensor([1.0, 2.0], name="x")
    (frame,) = [f for f in viz.step(total(stack([x, x])), names={}) if f.title == "v₁ → x"][:1]
    assert frame.text.endswith("grad of x: [1, 1]")


def test_data_has_a_box_and_a_number_has_none():
    x = Tensor([1.0, 2.0], name="x")
    labels = Notation(Graph(x * np.array([3.0, 4.0]) + 5.0)).labels
    assert labels == ("x", "v₁", "v₂", "5", "v₃")


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (np.array(2.5), "2.5"),
        (np.array([1.0, -0.0]), "[1, 0]"),
        (np.eye(2), "[[1, 0], [0, 1]]"),
        (np.arange(12.0).reshape(4, 3), "4×3: 0 … 11"),
        (np.full((10,), 0.25), "10: 0.25"),
        (np.array([np.nan] * 9), "9: nan"),
        (np.zeros((0, 3)), "[]"),
    ],
)
def test_an_array_is_written_in_one_line(array, expected):
    assert number(array) == expected


def test_a_step_over_softmax_names_its_axis():
    text = str(viz.step(softmax(Tensor([[1.0, 2.0]], name="x"), axis=0)[0, 0], names={}))
    assert "softmax(x, axis=0)" in text
