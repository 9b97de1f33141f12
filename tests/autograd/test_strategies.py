"""Drawn computations are smooth, varied and readable, all of them counts, and they shrink."""

from itertools import chain
from random import Random

import numpy as np
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from autograd import (
    OPS,
    Op,
    Tensor,
    add,
    arcsin,
    conv2d,
    log,
    matmul,
    mul,
    relu,
    sin,
    sqrt,
    step,
    tanh,
    trace,
    where,
)
from autograd.checking.op_calls import BOUND
from autograd.ops import FUNCTIONS
from autograd.strategies import (
    ELEMENTWISE,
    MARGIN,
    ROWS,
    arrays,
    calls,
    graphs,
    instructions,
    tame,
    values,
)

pytestmark = pytest.mark.slow

both = st.one_of(graphs(), graphs(tensors=True))
search = settings(max_examples=20_000, derandomize=True, deadline=None, database=None)


def smallest(strategy, condition):
    """The simplest example that Hypothesis comes to."""
    shrink = settings(search, phases=[Phase.generate, Phase.shrink])
    return find(strategy, condition, settings=shrink, random=Random(0))


def met(strategy, condition):
    """Whether there is an example at all."""
    return find(strategy, condition, settings=settings(search, phases=[Phase.generate])) is not None


# Numbers and arrays


@given(st.floats(-10, 10), st.floats(0, 10), st.data())
def test_values_lie_between_their_bounds_and_have_three_digits(low, width, data):
    high = low + width
    x = data.draw(values(low, high))
    assert type(x) is float
    assert low <= x <= high
    assert x in (low, high) or float(f"{x:.3f}") == x
    assert str(x) != "-0.0"


def test_values_are_hardly_ever_zero():
    drawn = []

    @settings(search, max_examples=500)
    @given(values())
    def draw(x):
        drawn.append(x)

    draw()
    assert sum(x == 0 for x in drawn) < len(drawn) / 10
    assert sum(abs(x) > 1 for x in drawn) > len(drawn) / 3
    assert min(drawn) < -2.5
    assert max(drawn) > 2.5


def test_values_shrink_to_whole_numbers():
    assert smallest(values(), lambda x: True) == 0.0
    assert smallest(values(), lambda x: x > MARGIN) == 1.0
    assert smallest(values(), lambda x: x > 1.2) == 2.0
    assert abs(smallest(values(), lambda x: x < -0.3)) == 1.0
    assert smallest(values(0.25, 0.5), lambda x: True) == 0.25


@given(st.integers(1, 4), st.integers(0, 3), st.data())
def test_arrays_broadcast_against_each_other(count, max_dims, data):
    drawn = data.draw(arrays(count, max_dims=max_dims))
    assert type(drawn) is tuple
    assert len(drawn) == count
    assert np.broadcast(*drawn).ndim <= max_dims
    for x in drawn:
        assert x.dtype == np.float64
        assert all(1 <= n <= 3 for n in x.shape)
        assert np.all(np.abs(x) <= 3)


def test_arrays_are_filled_with_the_elements_that_are_given():
    pairs = arrays(2, st.sampled_from([5.0, 7.0]))
    assert met(pairs, lambda pair: pair[0].size > 3 and len({*pair[0].flat}) > 1)
    assert not any(
        x for pair in [smallest(pairs, lambda pair: True)] for x in pair if x not in (5, 7)
    )


@pytest.mark.parametrize(
    "condition",
    [
        lambda a, b: a.shape == b.shape == (),
        lambda a, b: a.ndim != b.ndim,
        lambda a, b: a.shape != b.shape and a.ndim == b.ndim,
        lambda a, b: np.broadcast(a, b).shape not in (a.shape, b.shape),
        lambda a, b: a.ndim == 3,
    ],
)
def test_arrays_meet_in_every_way(condition):
    assert met(arrays(2), lambda pair: condition(*pair))


# Calls and graphs are smooth


def check_smooth(op, operands, params, decided=False):
    """A call lies inside the domain and off the kinks, and gives modest numbers.

    A call of `where` is off its kink, too, if its condition is a constant.
    """
    assert params.keys() == op.defaults.keys()
    for domain, x in zip(op.domain, operands, strict=op.arity is not None):
        assert np.all(
            (np.asarray(x) > domain.low + MARGIN) & (np.asarray(x) < domain.high - MARGIN)
        )
        assert domain.poles is None or np.all(np.abs(domain.poles(x)) > MARGIN)
    if op.kinks and not decided:
        assert np.all(np.abs(op.kinks(*operands, **params)) > MARGIN)
    y = op.forward(*operands, **params)
    assert np.all(np.abs(y) < BOUND)
    assert np.size(y) > 0


@pytest.mark.parametrize("op", ELEMENTWISE, ids=repr)
@given(st.data())
def test_calls_are_smooth(op, data):
    operands, params = data.draw(calls(op))
    check_smooth(op, operands, params)
    assert len(operands) == op.arity
    assert isinstance(op(*operands, **params), float)


@given(both)
def test_every_call_of_a_graph_is_smooth(program):
    slots, nodes = program.run(program.leaves), program.nodes()
    for call in program.instructions:
        operands = [slots.get(x, x) for x in call.operands]
        first = nodes.get(call.operands[0])
        decided = call.op == "where" and (first is None or first.constant)
        check_smooth(OPS[call.op], operands, call.params, decided)


def test_a_large_result_that_must_be_there_meets_what_varies():
    def is_large(program):
        return any(np.size(node.data) > 64 for node in program.nodes().values())

    assert met(graphs(must=OPS["one_hot"]), is_large)


@pytest.mark.parametrize("tensors", [False, True])
def test_each_branch_is_drawn(tensors):
    drawn = graphs(must=where, tensors=tensors)
    for taken in (False, True):

        def takes(program, taken=taken):
            slots = program.run(program.leaves)
            (call, *_) = (each for each in program.instructions if each.op == "where")
            return np.all(np.bool_(slots.get(call.operands[0], call.operands[0])) == taken)

        assert met(drawn, takes)


def check_alive(program):
    """All calls and leaves lead to the output, which is no leaf and which a gradient passes."""
    nodes = program.nodes()
    output = nodes[program.output]
    assert output.op is not None
    reached = trace(output)
    assert {*nodes.values()} <= {*reached}
    assert {nodes[name] for name in program.leaves} <= {*trace(output, constants=False)}
    output.backward(np.ones(np.shape(output.data)) if isinstance(output, Tensor) else 1.0)


@given(both)
def test_everything_in_a_graph_leads_to_its_output(program):
    check_alive(program)


@given(
    st.sets(st.sampled_from(ELEMENTWISE), min_size=1), st.integers(1, 20), st.booleans(), st.data()
)
def test_graphs_are_made_of_the_rows_that_are_given_and_not_longer_than_wanted(
    rows, longest, tensors, data
):
    rows |= {add}
    program = data.draw(graphs(rows=iter(rows), longest=longest, tensors=tensors))
    assert 1 <= len(program.instructions) <= longest
    assert {call.op for call in program.instructions} <= {op.name for op in rows}
    kind = np.ndarray if tensors else float
    assert all(type(x) is kind for x in (*program.leaves.values(), *program.constants.values()))
    assert 1 <= len(program.leaves) <= 3


@pytest.mark.parametrize("op", [op for op in ELEMENTWISE if op is not step], ids=repr)
@pytest.mark.parametrize("tensors", [False, True])
@settings(max_examples=5)
@given(st.data())
def test_one_row_is_enough_for_a_graph(op, tensors, data):
    program = data.draw(graphs(rows=[op], tensors=tensors))
    assert {call.op for call in program.instructions} == {op.name}


# Graphs are varied


@pytest.mark.parametrize("first", range(0, len(FUNCTIONS), 9))
@pytest.mark.parametrize("tensors", [False, True])
def test_every_row_is_drawn_some_time(first, tensors):
    rows = [op for op in ROWS[first : first + 9] if tensors or op.elementwise]
    wanted = {op.name for op in rows}
    seen = set()

    def enough(program):
        seen.update(call.op for call in program.instructions)
        return seen >= wanted

    assert not wanted or met(graphs([add, *rows], tensors=tensors), enough)
    assert seen <= {"add", *wanted}


def test_the_rows_that_are_drawn_are_nearly_all_of_the_library():
    assert {op.name for op in ROWS} == FUNCTIONS - {"detach", "astype", "softmax_error"}


@pytest.mark.parametrize("op", [op for op in OPS.values() if op in ROWS], ids=repr)
@settings(max_examples=3)
@given(st.data())
def test_an_op_that_must_be_there_leads_to_the_output(op, data):
    program = data.draw(graphs(must=op))
    assert op.name in {call.op for call in program.instructions}
    assert len(program.instructions) <= 10
    check_alive(program)


# Ops of authors, made after the strategies were imported

norm = Op(
    name="norm_of_drawn_rows",
    forward=lambda x, axis=None: np.sqrt(np.sum(x * x, axis=axis)),
    vjps=(lambda g, y, x, axis: OPS["spread"](g / y, x.shape, axis) * x,),
    latex=r"\lVert {0} \rVert",
    domain=(OPS["sqrt"].domain[0],),
    elementwise=False,
    doc="Length of vectors, with no kink for numbers greater than 0.",
)
outer = Op(
    name="outer_of_drawn_rows",
    forward=lambda a, b: np.einsum("i,j->ij", a, b),
    vjps=(lambda g, y, a, b: g @ b, lambda g, y, a, b: a @ g),
    latex=r"{0} \otimes {1}",
    elementwise=False,
    doc="All products of the elements of two vectors.",
)


@pytest.mark.parametrize("op", [norm, outer], ids=repr)
@pytest.mark.parametrize("how", [lambda op: {"rows": [op, tanh]}, lambda op: {"must": op}])
@settings(max_examples=20)
@given(st.data())
def test_ops_on_arrays_that_somebody_made_are_drawn(op, how, data):
    program = data.draw(graphs(**how(op)))
    names = {call.op for call in program.instructions}
    assert op.name in names or names == {"tanh"}
    assert all(type(x) is np.ndarray for x in program.leaves.values())
    check_alive(program)


def test_an_op_alone_is_in_every_graph():
    @settings(search, max_examples=50)
    @given(graphs(rows=[norm]))
    def draw(program):
        assert {call.op for call in program.instructions} == {norm.name}

    draw()


@pytest.mark.parametrize(
    "how",
    [
        {"rows": [step]},
        {"must": step, "rows": [tanh]},
        {"rows": [OPS["getitem"]], "must": OPS["astype"]},
    ],
)
def test_where_no_gradient_passes_the_ops_are_named(how):
    with pytest.raises(ValueError, match=r"graphs: found no call of (step|astype) that a gradient"):
        smallest(graphs(**how), lambda program: True)


def uses(program, name):
    return list(chain(*(call.operands for call in program.instructions))).count(name)


@pytest.mark.parametrize(
    "condition",
    [
        lambda p: uses(p, "v0") > 1,  # a result is shared
        lambda p: any(not {"v0", "v1"} & {*call.operands} for call in p.instructions[2:]),
        lambda p: any(call.operands[:2] == ("x0", "x0") for call in p.instructions),
        lambda p: len(p.leaves) == 3,
        lambda p: p.constants and uses(p, "c0"),
        lambda p: any(isinstance(x, float) for call in p.instructions for x in call.operands),
        lambda p: len(p.instructions) > 6,
        lambda p: any(call.params.get("at_zero") for call in p.instructions),
    ],
)
def test_graphs_are_tangled(condition):
    assert met(graphs(), condition)
    assert met(graphs(tensors=True), condition)


@pytest.mark.parametrize("ndim", [0, 1, 2, 3])
def test_graphs_of_tensors_have_outputs_of_any_dimension(ndim):
    assert met(graphs(tensors=True), lambda p: p(*p.inputs).ndim == ndim)


# Graphs are readable


def depends_twice(program):
    """Whether there is a tanh of something in which x0 stands twice."""
    nodes = program.nodes()
    return any(
        node.op is tanh
        and [x for inner in trace(node) for x in inner.inputs].count(nodes["x0"]) > 1
        for node in trace(nodes[program.output])
    )


def test_a_failing_graph_shrinks_to_few_calls():
    rows = [add, mul, sin, tanh]  # of all rows, it takes long to meet such a graph
    for tensors, kind in ((False, "Value"), (True, "Tensor")):
        program = smallest(graphs(rows, tensors=tensors), depends_twice)
        assert repr(program).splitlines() == [
            f"from autograd import {kind}, add, tanh",
            f"x0 = {kind}(0.0, name='x0')",
            "v0 = add(x0, x0)",
            "v1 = tanh(v0)",
            "output = v1",
        ]


@pytest.mark.parametrize("op", [mul, sqrt, OPS["sum"], matmul, conv2d], ids=repr)
@pytest.mark.parametrize("must", [False, True])
def test_where_one_call_is_the_culprit_it_alone_is_left(op, must):
    drawn = graphs(must=op) if must else graphs([add, sin, relu, op, tanh])
    program = smallest(drawn, lambda program: op.name in {c.op for c in program.instructions})
    assert [call.op for call in program.instructions] == [op.name]


def test_a_failing_graph_is_shown_by_hypothesis_as_python():
    @settings(search, phases=[Phase.generate])
    @given(graphs(rows=[sin]))
    def wrong(program):
        assert program(*program.inputs) < 0.5

    with pytest.raises(AssertionError) as failure:
        wrong()
    assert "v0 = sin(x0)" in "\n".join(failure.value.__notes__)


# What is not drawn


def test_no_row_suits_where_all_are_outside_their_domain():
    @given(instructions({"x0": -2.0}, ["x0"], (log, arcsin)))
    def draw(call):
        assert call is None

    draw()


def test_an_op_without_a_gradient_is_applied_to_constants_only():
    slots = {"c0": 2.0, "x0": 2.0}
    assert smallest(instructions(slots, ["x0"], (step,)), bool).operands == ("c0",)


def test_what_is_tame():
    assert tame(mul, (2.0, 3.0), {})
    assert not tame(mul, (20.0, 30.0), {})
    assert tame(relu, (0.06,), {"at_zero": 0.0})
    assert not tame(relu, (0.04,), {"at_zero": 0.0})
    assert not tame(log, (0.04,), {})
    assert not tame(OPS["div"], (1.0, 0.04), {})
    assert not tame(OPS["tan"], (np.pi / 2 - 0.04,), {})
    assert not tame(matmul, (np.ones((2, 3)), np.ones((2, 3))), {})
    assert not tame(OPS["getitem"], (np.ones(0),), {"index": 0})
    assert not tame(sin, (np.ones(0),), {})
    big = np.full(200, 99.0)
    assert not tame(OPS["prod"], (big,), {"axis": None, "keepdims": False})
    twins = np.array([1.0, 1.02, 0.0])
    assert not tame(OPS["max"], (twins,), {"axis": 0, "keepdims": False})
    assert tame(OPS["min"], (twins,), {"axis": 0, "keepdims": False})
