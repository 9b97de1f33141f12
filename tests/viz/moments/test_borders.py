"""What comes into a box and leaves it is told edge by edge while it is little, and adds up."""

import re

import pytest

import nn
from autograd import Scope, Value, tanh
from viz.moments.borders import received
from viz.moments.frames import frames
from viz.moments.passes import Pass
from viz.moments.rooms import outermost


def a_net(width=3, inputs=2):
    x = [Value(0.5 * k - 1.0, name=f"in{k}") for k in range(inputs)]
    net = nn.MLP(inputs, [width, 2, 1], tanh, rng=0)
    return Pass(net(x) ** 2, {p: path for path, p in net.named_parameters()})


def told(run, detail="auto"):
    return {frame.title: frame for frame in frames(run, outermost(run.notation, detail))}


def test_a_folded_neuron_says_what_comes_in_on_each_edge_and_what_it_gives():
    run = a_net()
    forward = told(run, 3)["layers.0 › neurons.0"]
    assert forward.numbers == "in in0: -1, in1: -0.5"
    (neuron,) = (p for p in outermost(run.notation, 3).parts if p.title == "layers.0 › neurons.0")
    (output,) = neuron.outputs
    assert forward.total == f"layers.0 › neurons.0: {run.graph.nodes[output].data:.5g}"


def test_a_folded_neuron_says_from_which_boxes_its_adjoint_comes_and_the_sum_is_right():
    run = a_net()
    outer = outermost(run.notation, 3)
    neurons = [part for part in outer.parts if part.title.startswith("layers.0")]
    assert len(neurons) == 3
    for part in neurons:
        (line,) = received(run.within(outer), outer, part)
        numbers = re.findall(r"(\S+) from layers.1 › neurons.\d", line)
        assert len(numbers) == 2
        adjoint = run.adjoints[part.outputs[0]]
        assert sum(map(float, numbers)) == pytest.approx(adjoint, abs=1e-4)
        assert line.endswith(f"= {adjoint:.5g}")


def test_a_folded_neuron_says_the_gradients_of_its_parameters():
    run = a_net()
    backward = next(f for t, f in told(run, 3).items() if t.startswith("layers.0 › neurons.0 →"))
    output = run.order[run.graph.output]
    output.backward()
    leaves = {run.notation.labels[i]: x for i, x in enumerate(run.order) if x.op is None}
    for path in ("w.0", "w.1", "b"):
        label = f"layers.0.neurons.0.{path}"
        assert f"{label}: {leaves[label].grad:.5g}" in backward.total


def test_of_many_numbers_only_their_range_is_told():
    run = a_net(width=8, inputs=20)
    shown = told(run, 2)
    assert re.search(
        r"; parameters: 168 numbers from \S+ to \S+$|parameters: 168", shown_total(shown)
    )
    assert re.fullmatch(r"in in0: -1, .* and 14 more", shown["layers.0"].numbers)


def shown_total(shown):
    return next(f.total for t, f in shown.items() if t.startswith("layers.0 →"))


def test_what_a_box_uses_itself_is_not_told_as_coming_from_others():
    x = Value(2.0, name="x")
    with Scope("box"):
        y = x * 3.0
        z = y * y
    run = Pass(y * z + y, {})
    outer = outermost(run.notation, 1)
    part = next(part for part in outer.parts if part.title == "box")
    assert "from" not in "".join(map(str, received(run.within(outer), outer, part)))
