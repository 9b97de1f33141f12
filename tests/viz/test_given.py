"""Whatever may be shown comes down to nodes, and these compute what it computes."""

import numpy as np
import pytest
from hypothesis import given, settings

import nn
import viz
from autograd import Graph, Scope, Tape, Tensor, Value, backprop, exp, gradients, tanh, trace
from autograd import sum as total
from autograd.strategies import graphs
from viz.given import one_output, outputs_of, simplified

few = settings(max_examples=max(10, settings.default.max_examples // 3))


def leaves_of(output):
    return [x for x in trace(output) if x.op is None and not x.constant]


def slopes_of(output):
    """The adjoints of its leaves, and the largest number that flows on the way to them."""
    output = one_output([output])
    steps = list(backprop(output))
    largest = max(np.max(np.abs(step.grad)) for step in steps)
    return {step.node: step.grad for step in steps if step.node.op is None}, largest


def results(output):
    return [x for x in trace(output) if x.op is not None]


def slopes(program):
    """The gradients of a drawn program that are no constants."""
    output = one_output([program.nodes()[program.output]])
    return [g for g in gradients(output, leaves_of(output)) if not g.constant]


@few
@given(graphs(tensors=True) | graphs())
def test_a_simplified_gradient_is_the_gradient_and_has_the_same_slopes(program):
    for slope in slopes(program):
        short = simplified(slope, {})
        assert np.array_equal(short.data, slope.data)
        assert len(results(short)) <= len(results(slope))
        expected, largest = slopes_of(slope)
        found = {} if short.constant else slopes_of(short)[0]
        assert found.keys() <= expected.keys()
        for x, grad in expected.items():
            assert np.all(np.abs(found.get(x, 0.0) - grad) <= 1e-12 * largest), x


@given(graphs())
def test_what_the_user_wrote_stays_as_it_is(program):
    """Only a gradient is simplified, and what it reads of the forward graph are the same nodes."""
    output = program.nodes()[program.output]
    assert simplified(output, {}) is output
    forward = set(trace(output))
    for slope in slopes(program):
        before = [x for x in trace(slope) if x in forward]
        after = [x for x in trace(simplified(slope, {})) if x in forward]
        assert set(after) <= set(before)


def test_a_gradient_is_drawn_without_what_only_its_rules_brought_in():
    x, y = Value(3.0), Value(2.0)
    (slope,) = gradients(x * x * y, [x])
    assert str(viz.draw(slope)).splitlines()[:4] == [
        "x     = 3",
        "y     = 2",
        "v₁    = y·x     = 6",
        "slope = v₁ + v₁ = 12",
    ]
    (curvature,) = gradients(slope, [x])
    assert [box.formula for box in viz.draw(curvature).shown.boxes] == ["", "y + y"]


def test_steps_through_a_gradient_know_the_nodes_of_the_user():
    x = Value(3.0)
    (slope,) = gradients(x**3, [x])
    steps = viz.step(slope)
    assert dict(steps[-1].adjoints)[0] == 18.0
    assert steps.at(x).total == "grad of x: 18"


def test_names_and_gradients_of_what_is_simplified_are_kept():
    x = Value(2.0)
    (slope,) = gradients(x**3, [x])
    z = slope * slope
    z.name = "z"
    z.backward()
    shown = {box.title: (box.data, box.grad) for box in viz.draw(z).shown.boxes}
    assert shown["slope"] == ("12", "24")
    assert shown["z"] == ("144", "1")
    assert shown["x"] == ("2", "288")


def test_a_gradient_of_leaves_that_hold_other_numbers_now_is_shown_as_it_was():
    x = Value(3.0)
    (slope,) = gradients(x * x, [x])
    x.data = 5.0
    assert simplified(slope, {}) is slope
    assert viz.draw(slope).shown.boxes[-1].data == "6"


def test_arrays_are_simplified_too():
    t = Tensor([1.0, -2.0, 3.0])
    (slope,) = gradients(total(exp(t) * t), [t])
    short = simplified(slope, {})
    assert np.array_equal(short.data, slope.data)
    assert "1" not in [box.data for box in viz.draw(slope).shown.boxes]


@given(graphs())
def test_a_snapshot_is_computed_again_as_it_was(program):
    graph = Graph(program.nodes()[program.output])
    (again,) = outputs_of("step", Graph.from_json(graph.to_json()), None, {})
    assert [(x.data, x.name) for x in trace(again)] == [(x.data, x.name) for x in graph.nodes]


def test_a_snapshot_keeps_its_scopes():
    with Scope("outer"), Scope("inner"):
        y = exp(Value(1.0))
    graph = Graph(y * y)
    (again,) = outputs_of("step", graph, None, {})
    assert [x.scope for x in Graph(again).nodes] == [x.scope for x in graph.nodes]


def test_a_tape_is_stepped_from_its_first_output():
    x, w = Value(3.0, name="x"), Value(2.0, name="w")
    loss = (w * x) ** 2
    steps = viz.step(Tape([loss, *gradients(loss, [w])], inputs=[x]))
    assert steps[-1].total.split(", ") == ["∂v2/∂x = 24", "∂v2/∂w = 36"]


MODELS = {
    "Sequential": lambda: nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 3)),
    "float32": lambda: nn.Linear(4, 3, dtype=np.float32),
    "MLP": lambda: nn.MLP(3, [4, 2]),
    "Perceptron": lambda: nn.Perceptron([1.0, 2.0], -1.0),
    "LeNet5": lambda: nn.LeNet5(rng=0),
    "Autoencoder": lambda: nn.Autoencoder([6, 4, 2]),
    "BatchNorm1d": lambda: nn.Sequential(nn.BatchNorm1d(4), nn.Dropout(0.5)),
    "LayerNorm": lambda: nn.LayerNorm((2, 3)),
}


@pytest.mark.parametrize("model", MODELS)
def test_a_module_is_drawn_by_itself_and_nothing_of_it_changes(model):
    net = MODELS[model]().train()
    before = net.state_dict()
    shown = viz.draw(net).shown
    assert {"x", "x1"} & {box.title for box in shown.boxes}
    assert len(shown.boxes) <= 40
    assert all(module.training for _, module in net.named_modules())
    assert all(np.array_equal(x, before[path]) for path, x in net.state_dict().items())


def test_a_module_is_drawn_with_an_input():
    net = nn.Linear(2, 1, rng=0)
    x = np.array([[0.5, -1.0]])
    boxes = {box.title: box for box in viz.draw(net, x).shown.boxes}
    assert boxes["x"].data == "[[0.5, -1]]"
    assert viz.draw(net, x).graph.nodes[-1].data == net(x).data
    mine = Tensor(x)
    assert "mine" in [box.title for box in viz.draw(net, mine).shown.boxes]


def test_parameters_of_a_module_without_a_variable_are_called_by_their_path():
    titles = [box.title for box in viz.draw(nn.Sequential(nn.Linear(2, 1))).shown.boxes]
    assert titles == ["0.weight", "0.bias", "x", "Linear 0"]


def test_a_module_is_stepped_through_from_the_sum_of_what_it_gives():
    net = nn.Sequential(nn.Linear(3, 2), nn.Tanh())
    x = np.array([[1.0, 2.0, 3.0]])
    steps = viz.step(net, x)
    assert steps.title == "v₃ = sum(tanh(x @ net.0.weightᵀ + net.0.bias))"
    total(net(x)).backward()
    assert np.array_equal(steps[-1].adjoints[0], net[0].weight.grad)
    one = viz.step(nn.MLP(2, [2, 1]), [0.5, 1.0])
    assert one[0].graph.nodes[-1].op == "add"


def test_several_numbers_are_added_up():
    values = [Value(float(k)) for k in range(3)]
    assert one_output(values).data == 3.0
    assert one_output(values[:1]) is values[0]


def test_a_module_whose_first_layer_takes_any_image_asks_for_one():
    with pytest.raises(ValueError, match=r"^Conv2d: its first layer does not tell .* Give one"):
        viz.draw(nn.Conv2d(1, 2, 3))
    assert viz.draw(nn.Conv2d(1, 2, 3), np.zeros((1, 1, 5, 5)))


@pytest.mark.parametrize("call", ["draw", "step"])
def test_what_cannot_be_shown_is_refused_in_words(call):
    with pytest.raises(TypeError, match=rf"^{call}: got 3\.0, a float\. Give a node, a Graph"):
        getattr(viz, call)(3.0)
    with pytest.raises(TypeError, match=rf"^{call}: got an input for .* Only a module takes one"):
        getattr(viz, call)(tanh(Value(1.0)), [1.0])
