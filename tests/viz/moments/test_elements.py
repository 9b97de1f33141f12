"""The formula of an element is what it was computed by, and names all that it depends on."""

import re

import numpy as np
import pytest
from numerics import EPSILON
from samples import ARRAY_CALLS, ELEMENTWISE_CALLS

from autograd import OPS, GraphError, Tensor, cross_entropy, softmax, tanh
from autograd import sum as total
from viz.moments.element import index
from viz.moments.elements import flow_formulas, value_formulas
from viz.moments.passes import Pass

RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def of_each_row(calls, most):
    """Some calls of each row, on arrays that are neither empty nor large."""
    by_row = {}
    for call in sorted(calls, key=lambda call: abs(sum(x.size for x in call.operands) - 40)):
        by_row.setdefault(call.op, []).append(call)
    return [call for found in by_row.values() for call in found[:most]]


every_row = pytest.mark.parametrize(
    "call", of_each_row(ARRAY_CALLS, 1) + of_each_row(ELEMENTWISE_CALLS, 1), ids=str
)


def passed_through(call, constants=0):
    """A pass through a row, with an adjoint for each element of its result; and the result.

    So many of the last operands are constants; all of them if no gradient flows to any.
    """
    leaves = call.leaves()
    first = len(leaves) - constants if any(call.rules()) else 0
    leaves[first:] = [Tensor(x.data, name=x.name, constant=True) for x in leaves[first:]]
    output = call(*leaves)
    output.name = "y"
    g = np.random.default_rng(0).uniform(0.5, 1.5, output.shape)
    run = Pass(total(output * Tensor(g, name="g")), {})
    return run, run.order.index(output)


def texts(made, k):
    """The rows of an element, with all digits."""
    entry = made.entries[k]
    form = made.forms[entry.form]

    def write(source, place):
        if source < 0:
            return repr(entry.values[place])
        where = index(np.shape(made.sources[source].data), place + entry.shifts[source])
        return f"{made.sources[source].label}[{','.join(map(str, where)) or '()'}]"

    return [form.text(row, write) for row in range(len(form.rows))]


def computed(text, made):
    """What a formula gives, read as Python."""
    for written, python in [("·", "*"), ("²", "**2"), ("^", "**"), (".grad", "_grad")]:
        text = text.replace(written, python)
    text = re.sub("([⁰¹³⁴⁵⁶⁷⁸⁹⁻][⁰¹²³⁴⁵⁶⁷⁸⁹⁻]*)", lambda x: "**" + x[0].translate(RAISED), text)
    text = re.sub(r"\|(.*?)\|", r"abs(\1)", text)
    text = re.sub(r"\[([^]]*(?:\[[^]]*\])? > 0)\]", r"float(\1)", text)
    names = {source.label.replace(".grad", "_grad"): source.data for source in made.sources}
    return eval(text, {**OPS, **names})


def check(made, numbers, name):
    """The rows of each element add up to it, and each row is what its text says."""
    scale = np.max(np.abs(numbers), initial=1.0)
    scale = max([scale, *(np.max(np.abs(x), initial=1) for e in made.entries for x in e.values)])
    assert len(made.entries) == np.size(numbers)
    for k, wanted in enumerate(np.ravel(numbers)):
        entry = made.entries[k]
        rows = made.forms[entry.form].rows
        assert sum(entry.values[: len(rows)]) == pytest.approx(wanted, abs=32 * EPSILON * scale)
        for text, value in zip(texts(made, k), entry.values, strict=False):
            if "…" not in text and not text.startswith(f"{name}("):
                found = computed(text, made)
                assert found == pytest.approx(value, abs=32 * EPSILON * scale), text


def dependent(call, operands):
    """Which results change with which elements of the operands."""
    before, found = np.array(call(*operands)).ravel(), set()
    for source, x in enumerate(operands):
        for place, kept in enumerate(x.ravel()):
            for other in np.min(x) - 1, np.median(x), np.max(x) + 1:
                x.flat[place] = other
                changed = np.flatnonzero(np.ravel(call(*operands)) != before)
                found |= {(k, source, place) for k in changed}
            x.flat[place] = kept
    return found


@every_row
def test_the_formula_of_an_element_gives_it(call):
    run, i = passed_through(call)
    check(value_formulas(run, i), run.graph.nodes[i].data, call.op.name)


@every_row
def test_the_formula_of_the_gradient_of_an_element_gives_it(call):
    run, i = passed_through(call)
    for flow in run.flows:
        if flow.node == i:
            check(flow_formulas(run, flow), flow.passed, f"{call.op.name} of ")


@pytest.mark.parametrize("call", of_each_row(ARRAY_CALLS, 1), ids=str)
@pytest.mark.parametrize("constants", [0, 1])
def test_an_element_uses_just_what_changes_it(call, constants):
    run, i = passed_through(call, constants)
    made = value_formulas(run, i)
    used = {
        (k, int(source.label.removeprefix("x")), place)
        for k in range(len(made.entries))
        for source, places in made.used(k)
        if source.node is not None
        for place in places
    }
    found, dice = dependent(call, [x.copy() for x in call.operands]), call.dice()
    assert found <= used
    for _ in range(60):  # with other numbers, others of them count
        if used <= found:
            break
        found |= dependent(call, [dice.permuted(x, axis=None) for x in call.operands])
    assert used <= found
    assert constants or used == found  # what constants choose may leave others out


def texts_of(output, i, k, operand=None):
    run = Pass(output, {})
    made = value_formulas(run, i) if operand is None else None
    for flow in run.flows if made is None else ():
        if (flow.node, flow.operand) == (i, operand):
            made = flow_formulas(run, flow)
    return texts(made, k)


@pytest.fixture
def z():
    return Tensor([[0.5, -1.0], [2.0, 0.25]], name="z")


def test_a_formula_is_that_of_lectures(z):
    loss = cross_entropy(z, np.array([0, 1])).sum()
    assert texts_of(loss, 2, 1) == ["-log_softmax(z)[1,1]"]
    assert texts_of(loss, 2, 0, operand=0) == ["v₁.grad[0]·(softmax(z)[0,0] - 1)"]
    assert texts_of(loss, 2, 1, operand=0) == ["v₁.grad[0]·softmax(z)[0,1]"]
    assert texts_of(tanh(z).sum(), 1, 3, operand=0) == ["v₁.grad[1,1]·(1 - v₁[1,1]²)"]


def test_labels_are_used_though_a_formula_only_shows_what_they_choose(z):
    made = value_formulas(Pass(cross_entropy(z, np.array([0, 1])).sum(), {}), 2)
    assert {source.label: places for source, places in made.used(1)} == {"z": (2, 3), "x₁": (1,)}


def test_where_the_formula_of_lectures_loses_digits_the_rule_is_shown():
    x = Tensor([30.0, 0.5], name="x")  # 1 - tanh(30)² is 0, the slope is not
    assert texts_of(tanh(x).sum(), 1, 0, operand=0) == ["v₁.grad[0]·sech2(x[0])"]


def test_terms_of_a_long_sum_are_in_rows_and_many_in_one(z):
    x = Tensor(np.arange(20.0), name="x")
    rows = texts_of(x.sum(), 1, 0)
    assert rows == ["x[0]", "x[1]", "x[2]", "… 14 more terms", "x[17]", "x[18]", "x[19]"]
    assert texts_of(x.mean(), 1, 0) == ["(x[0] + x[1] + x[2] + … + x[17] + x[18] + x[19])/20"]
    assert texts_of((z @ z).sum(), 1, 2) == ["z[1,0]·z[0,0]", "z[1,1]·z[1,0]"]


def test_elements_that_differ_in_their_operands_share_a_form(z):
    w = Tensor(np.ones((2, 3)), name="w")
    assert len(value_formulas(Pass((z @ w).sum(), {}), 2).forms) == 1
    y = Tensor([[0.5123, -1.0], [2.0456, 0.25]])
    assert len(value_formulas(Pass(softmax(y).sum(), {}), 1).forms) == y.shape[1]


def test_what_cannot_be_taken_apart_is_refused(z):
    with pytest.raises(GraphError, match="more than 3 are too many"):
        value_formulas(Pass((z @ z).sum(), {}), 1, most=3)
