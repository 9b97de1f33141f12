"""A diff names what changed and where it began, or where two graphs are not the same at all."""

import html
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

import nn
import viz
from autograd import Graph, Tensor, Value, exp, leaky_relu, relu, step, tanh, trace
from autograd.engine import same_numbers
from autograd.strategies import graphs
from viz import GraphDiff, diff


@given(graphs())
def test_a_computation_is_the_same_as_itself(program):
    f, g = (program.nodes()[program.output] for _ in range(2))
    found = diff(f, g, names={})
    assert found.changes == ()
    assert found.parting == ""
    assert found.count == len(trace(f))
    assert found.first is None
    assert str(found) == f"no difference in {found.count} nodes"


@given(graphs())
def test_what_changed_is_listed_with_both_numbers_in_the_order_of_computation(program):
    first = program.nodes()
    moved = {name: x + 2.0**-40 for name, x in program.leaves.items()}
    second = replace(program, leaves=moved).nodes()  # operands keep far from all that is wrong
    f, g = first[program.output], second[program.output]
    found = diff(f, g, names={})
    expected = [(x.data, y.data) for x, y in zip(trace(f), trace(g), strict=True)]
    assert [(x.before, x.after) for x in found.changes if x.is_new_value] == [
        (x, y) for x, y in expected if not same_numbers(x, y)
    ]
    assert found.count == len(expected)
    if found.first:  # a leaf that is used changes, and so is the first
        assert found.first.label in program.leaves


def update():
    w, x = Value(2.0), Value(3.0, constant=True, name="x")
    before = tanh(w * x)
    w.data -= 0.5
    return diff(before, tanh(w * x), names={"w": w, "loss": before})


def test_an_update():
    found = update()
    assert isinstance(found, GraphDiff)
    assert (found.count, [change.label for change in found.changes]) == (4, ["w", "v₁", "loss"])
    first, _, last = found.changes
    assert first is found.first
    assert (first.before, first.after, first.formula) == (2.0, 1.5, "")
    assert (last.grad_before, last.grad_after, last.formula) == (1.0, 1.0, "tanh(v₁)")
    assert str(found) == (
        "3 of 4 nodes differ\n"
        "node  formula    before    after      change  gradient\n"
        "w                     2      1.5        -0.5  7.373e-05 → 0.0014806\n"
        "v₁    w·x             6      4.5        -1.5  2.4577e-05 → 0.00049352\n"
        "loss  tanh(v₁)  0.99999  0.99975  -0.0002345  1\n"
        "The first difference in a value is w: 2 → 1.5."
    )


def test_text_and_notebook_say_the_same():
    found = update()
    source = html.unescape(found._repr_html_())
    for row in found.table.rows:
        for cell in row:
            assert cell in str(found)
            assert f">{cell}</td>" in source


def test_gradients_are_those_of_each_computation_and_no_node_changes():
    w = Value(2.0)
    before = w * w
    w.data = 3.0
    (change, *_) = diff(before, w * w).changes
    assert (change.grad_before, change.grad_after) == (4.0, 6.0)
    assert not w.reached


def test_snapshots_keep_the_gradients_they_have():
    w = Value(2.0, name="w")
    f = w * w
    f.backward()
    first, second = Graph(f), Graph(w * w)
    assert diff(first, second).changes == ()  # one of them is not known
    w.grad = None
    f.backward(3.0)
    (*_, change) = diff(first, Graph(f)).changes
    assert (change.grad_before, change.grad_after, change.is_new_value) == (1.0, 3.0, False)
    assert change.text == "v₁: gradient 1 → 3"
    assert "All values are the same." in str(diff(first, Graph(f)))
    again = Graph.from_json(first.to_json())
    assert diff(first, again).changes == ()


def test_without_gradients_values_are_compared():
    x = Value(1.0, name="x")
    first = Graph(step(x) * x)
    x.data = 2.0
    labels = [change.label for change in diff(first, step(x) * x).changes]
    assert labels == ["x", "v₂"]


def test_arrays():
    w = Tensor([[1.0, 2.0], [3.0, 4.0]])
    before = (w @ w).sum()
    w.data += np.array([[0.0, 0.25], [0.0, -0.5]])
    found = diff(before, (w @ w).sum())
    assert found.first.label == "w"
    assert found.first.difference == "up to 0.5"


def test_batches_of_other_sizes():
    def loss(rows):
        return Tensor(np.ones((rows, 2)), name="X").sum()

    assert diff(loss(3), loss(4)).changes[0].difference == "(3, 2) → (4, 2)"


def test_a_change_too_small_for_the_digits_is_told():
    first = Value(0.5, name="w") * 1.0
    found = diff(first, Value(0.5 + 1e-9, name="w") * 1.0)
    assert found.first.text == "w: 0.5 → 0.5, a change of 1e-09"


def test_numbers_that_are_not_finite():
    first, second, nan = (Value(x, name="w") * 1.0 for x in (1.0, float("inf"), float("nan")))
    assert diff(first, second).first.text == "w: 1 → inf"
    assert diff(nan, Value(float("nan"), name="w") * 1.0).first is None


def test_leaves_may_be_made_in_another_order():
    a, b = Value(2.0, name="a"), Value(3.0, name="b")
    later = Value(2.0, name="a")
    assert diff(a * b, later * b).changes == ()


def test_a_number_that_was_written_is_compared_too():
    x = Value(2.0, name="x")
    assert [change.before for change in diff(x * 2.0, x * 3.0).changes] == [2.0, 2.0, 4.0]


def test_many_changes_are_cut_in_the_table_only():
    model = nn.MLP(2, [8, 1], rng=0)
    before = model([0.5, -1.0])
    for p in model.parameters():
        p.data -= 0.125
    found = diff(before, model([0.5, -1.0]))
    assert len(found.changes) > 40
    assert len(found.table.rows) == 40
    assert f"... and {len(found.changes) - 40} more in .changes" in str(found)


X, Y = Value(1.0, name="x"), Value(2.0, name="y")


@pytest.mark.parametrize(
    ("f", "g", "parting"),
    [
        (tanh(X * Y) + 1.0, relu(X * Y) + 1.0, "v₂ = tanh(v₁) in the first, v₂ = relu(v₁)"),
        (X * X, X * Y, "v₁ = x·x in the first, v₁ = x·y in the second"),
        (X * Y, X * X, "v₁ = x·y in the first, v₁ = x·x in the second"),
        (exp(X) * X, exp(Y) * X, "v₁ = exp(x) in the first, v₁ = exp(y) in the second"),
        (X + exp(Y), X + Y, "v₁ = exp(y) in the first, y, a leaf in the second"),
        (exp(X) * tanh(Y), relu(X) * relu(Y), "v₁ = exp(x) in the first, v₁ = relu(x) in the"),
        (leaky_relu(X), leaky_relu(X, slope=0.5), "slope=0.5) in the second"),
    ],
)
def test_graphs_of_other_structure_part_somewhere(f, g, parting):
    found = diff(f, g, names={})
    assert parting in found.parting
    assert f"The structures part: {found.parting}." in str(found)


def test_before_they_part_values_are_compared():
    x = Value(1.0, name="x")
    first = Graph(tanh(exp(x)) + x * x)
    x.data = 2.0
    found = diff(first, relu(exp(x)) + x * x)
    assert [change.label for change in found.changes] == ["x", "v₃", "v₄"]
    assert found.count == 3


@pytest.mark.parametrize("wrong", [3.0, "f", None])
def test_what_is_no_graph_is_refused(wrong):
    for call in (lambda: diff(wrong, X), lambda: viz.diff(X, wrong)):
        with pytest.raises(TypeError, match=r"diff: got .* Give two nodes, or two Graphs"):
            call()
