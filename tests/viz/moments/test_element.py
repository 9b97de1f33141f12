"""What is said of one element: how it was computed, and the parts of its gradient."""

import pytest

from autograd import Tensor, tanh
from viz.moments.element import element, index, named
from viz.moments.passes import Pass


@pytest.fixture
def run():
    x, W = Tensor([1.0, 2.0], name="x"), Tensor([[0.5, -1.0], [0.25, 2.0]], name="W")
    z = W @ x
    z.name = "z"
    return Pass((tanh(z) * z).sum(), {})


def test_it_says_how_it_was_computed_and_what_its_gradient_consists_of(run):
    assert str(element(run, "z", 0)).splitlines() == [
        "z[0] = -1.5, the sum of",
        "term         in numbers  value",
        "W[0,0]·x[0]  0.5·1         0.5",
        "W[0,1]·x[1]  -1·2           -2",
        "",
        "∂v₃/∂z[0] = -1.1762, the sum of",
        "term                     in numbers                 value",
        "v₂.grad[0]·v₁[0]         1·(-0.90515)            -0.90515",
        "v₁.grad[0]·(1 - v₁[0]²)  -1.5·(1 - (-0.90515)²)  -0.27106",
    ]


def test_its_parts_add_up_and_its_graph_gives_it(run):
    for place in range(2):
        found = element(run, "z", place)
        assert found.node.data == found.value == run.graph.nodes[2].data[place]
        assert found.grad == run.adjoints[2][place]
        values = [[float(row[2]) for row in table.rows] for table in found.tables]
        assert [sum(x) for x in values] == pytest.approx([found.value, found.grad], abs=1e-4)


def test_it_names_the_elements_that_it_depends_on(run):
    x, W = run.order[:2]
    assert element(run, "z", 1).used == {W: [(1, 0), (1, 1)], x: [(0,), (1,)]}
    assert element(run, "z", -1).label == "z[1]"


def test_a_leaf_was_not_computed_and_the_result_receives_from_nothing(run):
    leaf, result = element(run, "W", (1, 0)), element(run, run.order[-1], ())
    assert (leaf.node, leaf.used, str(leaf.tables[0])) == (None, {}, "W[1,0] = 0.25: a leaf")
    assert str(result.tables[1]) == "∂v₃/∂v₃ = 1: the pass starts here"


@pytest.mark.parametrize("at", [2, (0, 0), (), -3])
def test_an_element_that_does_not_exist_is_refused(run, at):
    with pytest.raises(IndexError, match=r"z of shape \(2,\) has no element"):
        element(run, "z", at)


def test_it_is_shown_in_a_notebook(run):
    assert element(run, "z", 0)._repr_html_().count("<table>") == 2
    assert repr(element(run, "z", 0)) == "Element('z[0] = -1.5, the sum of')"


def test_elements_are_written_as_in_python():
    assert (index((2, 3), 4), named("h", (2, 3), 4), named("loss", (), 0)) == (
        (1, 1),
        "h[1,1]",
        "loss",
    )


def test_what_is_not_there_is_refused(run):
    with pytest.raises(ValueError, match="there is no 'h' among x, W, z, v₁"):
        element(run, "h", 0)
