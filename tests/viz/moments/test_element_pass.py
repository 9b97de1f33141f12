"""A pass between elements is the pass between arrays, taken apart: no more flows, and no less."""

import numpy as np
from hypothesis import given, settings

from autograd import DomainError, GraphError, Tensor, stack
from autograd.strategies import graphs
from viz.moments.element_pass import ElementPass
from viz.moments.passes import Pass

EXAMPLES = settings(max_examples=max(5, settings.default.max_examples // 5))
MOST = 3000
CLOSE = 1e-9


@EXAMPLES
@given(graphs(tensors=True))
def test_what_flows_to_an_element_is_what_local_derivatives_make_of_what_comes_in(program):
    output = program.nodes()[program.output]
    run = Pass(output.sum() if isinstance(output, Tensor) else output, {})
    try:
        elements = ElementPass(run, run.adjoints, MOST)
    except (DomainError, GraphError):  # as unroll does
        return
    starts = elements.starts
    found = {id(flow): np.zeros(np.size(flow.passed)) for flow in run.flows}
    sizes = {id(flow): np.zeros(np.size(flow.passed)) for flow in run.flows}
    for edge in elements.flows:
        upstream = np.ravel(edge.flow.upstream)[edge.node - starts[edge.flow.node]]
        place = edge.target - starts[edge.flow.target]
        found[id(edge.flow)][place] += edge.local * upstream
        sizes[id(edge.flow)][place] += abs(edge.local * upstream)
    for flow in run.flows:
        if np.isfinite(sizes[id(flow)]).all():
            # What cancels in a rule, as x - mean(x) does, is rounded by the size of the operand.
            around = 1 + np.abs(run.graph.nodes[flow.target].data).max(initial=0.0)
            around *= 1 + np.abs(flow.upstream).max(initial=0.0)
            close = CLOSE * (around + sizes[id(flow)])
            assert (abs(found[id(flow)] - np.ravel(flow.passed)) <= close).all()


def test_elements_are_named_and_counted_through_all_arrays():
    x, empty = Tensor([[1.0, 2.0], [3.0, 4.0]], name="x"), Tensor(np.zeros((0,)), name="none")
    f = (x * 2).sum() + empty.sum()
    run = Pass(f, {f: "f"})
    elements = ElementPass(run, run.adjoints, MOST)
    assert elements.order[elements.output] is f
    k = run.order.index(x)
    assert [elements.label(elements.starts[k] + i) for i in range(4)] == (
        ["x[0,0]", "x[0,1]", "x[1,0]", "x[1,1]"]
    )
    assert elements.label(elements.output) == "f"
    assert {elements.order[elements.starts[k] + i] for i in range(4)} == {x}


def test_only_what_leads_there_is_taken_apart():
    x, y = Tensor([1.0, 2.0], name="x"), Tensor([3.0, 4.0], name="y")
    run = Pass((x * y).sum(), {})
    (k,) = (i for i, node in enumerate(run.order) if node is x)
    targets = {edge.flow.target for edge in ElementPass(run, [k], MOST).flows}
    assert targets == {k, run.flows[0].target}


def test_each_use_is_an_edge_of_its_own():
    x = Tensor([5.0], name="x")
    elements = ElementPass(Pass(stack([x, x]).sum(), {}), [0], MOST)
    to_x = [edge for edge in elements.flows if edge.target == 0]
    assert [elements.use(edge) for edge in to_x] == ["1st ", "2nd "]
