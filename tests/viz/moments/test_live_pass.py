"""A live pass has the numbers of the pass it was made of, and a program that computes them."""

import numpy as np
from hypothesis import given, settings

from autograd import Value, tanh
from autograd.strategies import graphs
from viz.moments import Pass, frames, outermost
from viz.moments.live import Live
from viz.moments.live_pass import LivePass

EXAMPLES = settings(max_examples=max(5, settings.default.max_examples // 5))


@EXAMPLES
@given(graphs())
def test_its_numbers_are_those_of_the_pass_and_its_program_gives_them(program):
    run = Pass(program.nodes()[program.output], {})
    live = LivePass(run)
    assert [x.data for x in live.graph.nodes] == [x.data for x in run.graph.nodes]
    assert live.flows == run.flows
    assert live.adjoints == run.adjoints
    for room in outermost(live.notation).walk():
        frames(live, room)  # which ask for places
    numbers = live.tape()(*(run.graph.nodes[i].data for i in live.leaves))
    np.testing.assert_array_equal([*map(float, numbers)], [node.data for node in live.places])


def test_leaves_are_those_with_boxes_constants_among_them():
    x, c = Value(2.0, name="x"), Value(3.0, name="c", constant=True)
    live = LivePass(Pass(tanh(x * c) + 1.0, {}))
    assert [live.notation.labels[i] for i in live.leaves] == ["x", "c"]


def test_only_what_may_change_is_live():
    x = Value(2.0, name="x")
    live = LivePass(Pass(x * 3.0 + x, {}))
    told = [isinstance(node.data, Live) for node in live.graph.nodes]
    assert told == [True, False, True, True]


def test_nothing_of_the_graph_is_changed():
    x = Value(2.0, name="x")
    f = x * x
    LivePass(Pass(f, {}))
    assert (x.grad, f.grad, x.reached) == (0.0, 0.0, False)
