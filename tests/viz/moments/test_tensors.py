"""Computations of arrays are drawn and stepped through like those of numbers."""

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings

import nn
import viz
from autograd import (
    Graph,
    Tensor,
    backprop,
    bce_with_logits,
    cross_entropy,
    layer_norm,
    linear,
    mean,
    softmax,
    square,
    stack,
    tanh,
    trace,
)
from autograd import sum as total
from autograd.formulas import Symbol, number, written
from autograd.strategies import graphs
from viz.moments.arrays import Numbers, is_small
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


def equations(line):
    """The sides of each equation of a line, words left out; what came in is no side of any."""
    split = [[]]
    for before, part in pairwise(("", *line)):
        if part == "\n":
            split.append([])
        elif not isinstance(part, str) and before != "upstream ":
            split[-1].append(part)
    return split


@few
@given(graphs(tensors=True))
def test_what_flows_adds_up_to_the_gradients_and_the_rule_in_numbers_gives_it(computed, program):
    output = total(program.nodes()[program.output])
    output.backward()
    nodes = [*trace(output)]
    sums = {len(nodes) - 1: np.ones(np.shape(output.data))}
    for frame in viz.step(output, names={}, detail="full"):
        if frame.phase == "forward" and len(frame.rule) == 4:
            _, _, numbers, value = frame.rule
            result = nodes[frame.nodes[0]].data
            np.testing.assert_allclose(computed(numbers, {}), result, 1e-9, 1e-12)
            np.testing.assert_array_equal(value.data if np.ndim(result) else value, result)
        if frame.phase != "backward":
            continue
        assert frame.numbers
        told = equations(frame.lines[0])[-1]
        assert bool(told) or not np.ndim(frame.passed) or not is_small(frame.passed)
        if told:
            *formula, passed = told if np.ndim(frame.passed) else [*told, Numbers(frame.passed)]
            np.testing.assert_array_equal(passed.data, frame.passed)
            for side in formula:
                reached = computed(side, {})
                assert np.shape(reached) == np.shape(frame.passed)
                np.testing.assert_allclose(reached, frame.passed, 1e-9, 1e-12)
        before = sums.get(frame.target)
        sums[frame.target] = frame.passed if before is None else before + frame.passed
        *added, reached = equations(frame.lines[1])[0] or [None]
        if reached is not None:
            np.testing.assert_array_equal(reached.data, sums[frame.target])
            if added:
                assert frame.total.endswith(", added element by element")
                np.testing.assert_allclose(added[0].data + added[1].data, reached.data, 1e-12)
    for i, grad in sums.items():
        np.testing.assert_array_equal(grad, nodes[i].grad)


LAYERS = {
    "linear": lambda z, w: linear(z, w, Tensor([0.5, -1.0, 2.0])),
    "cross_entropy": lambda z, w: cross_entropy(z @ w.T, [2, 0]),
    "shares": lambda z, w: cross_entropy(z @ w.T, softmax(z @ w.T)),
    "bce_with_logits": lambda z, w: bce_with_logits(z @ w.T, [[1.0, 0.0, 1.0]]),
    "layer_norm": lambda z, w: layer_norm(z, w[0], w[1]),
    "softmax": lambda z, w: softmax(z @ w.T) ** 2,
}


@pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS.keys())
def test_the_rule_of_a_layer_in_numbers_gives_what_flows(computed, layer):
    z = Tensor([[0.5, -1.0], [2.0, 0.25]], name="z")
    w = Tensor([[1.0, -2.0], [0.5, 3.0], [-1.0, 1.0]], name="w")
    seen = 0
    for frame in viz.step(total(layer(z, w)), names={}, detail="full"):
        told = equations(frame.lines[0])[-1] if frame.phase == "backward" else []
        if len(told) == 2:
            reached = computed(told[0], {})
            assert np.shape(reached) == np.shape(frame.passed)
            np.testing.assert_allclose(reached, frame.passed, 1e-9, 1e-12)
            seen += 1
    assert seen >= 2


def arrays_in(formula):
    if isinstance(formula, Numbers):
        return {tuple(text for row in formula.rows for text in row)} if formula.data.ndim else set()
    inside = formula.operands if isinstance(formula, Symbol) else ()
    return set().union(*map(arrays_in, inside))


@few
@given(graphs(tensors=True))
def test_page_and_text_hold_the_same_arrays(program):
    for frame in viz.step(total(program.nodes()[program.output]), names={}, detail="full"):
        for line, text, math in (
            (frame.rule, " = ".join(map(written, frame.rule)), frame.mathml),
            (frame.lines[0], frame.numbers, frame.numbers_mathml),
            (frame.lines[1], frame.total, frame.total_mathml),
        ):
            held = set().union(*map(arrays_in, line))
            matrices = re.findall(r"<mo>\[</mo><mtable>(.*?)</mtable><mo>\]</mo>", math)
            assert {tuple(re.findall("<mn>(.*?)</mn>", each)) for each in matrices} == held
            assert all(number in text for array in held for number in array)


def test_the_page_holds_text_and_matrices_of_the_same_frames():
    steps = viz.step(loss(), names={})
    for frame, plain in zip(steps, steps.state()["rooms"]["r0"]["frames"], strict=True):
        assert (plain["numbers"], plain["sum"]) == (frame.numbers, frame.total)
        assert plain["math"] == {"numbers": frame.numbers_mathml, "sum": frame.total_mathml}
    assert plain["math"]["sum"].count("<mtable>") == 2


def test_a_step_shows_the_rule_with_what_comes_in():
    rules = {frame.title: frame.text for frame in viz.step(loss(), names={})}
    assert (
        "   xᵀ @ (∂l/∂v₂)   (2, 3)ᵀ @ (2, 4) → (3, 4)   [[0, 1, 2], [3, 4, 5]]ᵀ @ [["
        in (rules["v₂ → v₁"])
    )
    assert "   (∂l/∂v₁)ᵀ   " in rules["v₁ → W"]
    assert "   (∂l/∂v₄)·(1 - v₄²)   [[" in rules["v₄ → v₃"]
    assert "   sum_to(∂l/∂v₃, shape=(4,))   sum_to([[" in rules["v₃ → b"]


def test_arrays_that_meet_are_added_element_by_element():
    x = Tensor([[1.0, 2.0]], name="x")
    frames = [frame for frame in viz.step(total(x * x), names={}) if frame.title == "v₁ → x"]
    assert [frame.total for frame in frames] == [
        "grad of x: [[1, 2]]",
        "grad of x: [[1, 2]] + [[1, 2]] = [[2, 4]], added element by element",
    ]


def test_large_arrays_are_in_no_equation():
    x = Tensor(np.arange(14.0).reshape(2, 7), name="x")
    steps = viz.step(total(x @ x.T), names={})
    text = str(steps)
    assert "= shape" not in text
    assert "+ shape" not in text
    assert "= 2×7" not in text
    frame = next(frame for frame in steps if frame.title == "v₂ → x")
    summed_up = "shape (2, 7), smallest 7, largest 19, norm 50.9"
    assert frame.numbers == f"(2, 2) @ (7, 2)ᵀ → (2, 7)   passes on {summed_up}"
    assert frame.total == f"grad of x: {summed_up}"
    last = [frame for frame in steps if frame.target == 0][-1]
    assert last.total.endswith(", added element by element to what came before")


def test_what_flows_on_unchanged_is_written_once():
    x = Tensor([1.0, 2.0], name="x")
    (frame,) = [frame for frame in viz.step(total(x + 1.0), names={}) if frame.title == "v₁ → x"]
    assert frame.numbers == "passes on what comes in, [1, 1]"


def test_the_name_of_a_result_stands_in_steps_and_formulas():
    x, W = Tensor([[1.0, 2.0]], name="x"), Tensor([[3.0], [4.0]], name="W")
    layer = nn.Linear(1, 1, rng=0)
    z = x @ W
    z.name = "z"
    a = layer(z)
    a.name = "δ"
    shown = {frame.title: frame for frame in viz.step(total(tanh(a) * z), names={})}
    assert shown["z"].text.startswith("z   z = x @ W = [[1, 2]] @ [[3], [4]] = [[11]]")
    assert "tanh(δ)" in shown["v₁"].text
    assert "z → W" in shown
    assert "∂v₃/∂δ" in shown["δ → z"].text


def test_where_no_rule_can_be_written_the_numbers_still_are():
    x = Tensor([1.0, 2.0], name="x")
    (frame,) = [f for f in viz.step(total(stack([x, x])), names={}) if f.title == "v₁ → x"][:1]
    assert frame.text.endswith("grad of x: [1, 1]")


def test_data_has_a_box_and_a_number_has_none():
    x = Tensor([1.0, 2.0], name="x")
    labels = Notation(Graph(x * np.array([3.0, 4.0]) + 5.0)).labels
    assert labels == ("x", "x₁", "v₁", "5", "v₂")


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
