"""Labels and formulas of nodes: this checks what gets a name, a number or a v of its own."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import nn
import viz
from autograd import (
    Graph,
    Op,
    Value,
    abs,
    backprop,
    cos,
    heaviside,
    log,
    sqrt,
    step,
    tanh,
    trace,
    where,
)
from autograd.formulas import written as text
from autograd.strategies import graphs
from viz.moments.notation import Notation


def written(output):
    """Label, formula and number of each node."""
    notation = Notation(Graph(output))
    return [
        (notation.labels[i], text(notation.formula(i)), node.data)
        for i, node in enumerate(notation.graph.nodes)
    ]


def test_names_results_and_literals():
    x = Value(2.0, name="x")
    assert written((x * 3 + 1) * x) == [
        ("x", "2", 2.0),
        ("3", "3", 3.0),
        ("v₁", "x·3", 6.0),
        ("1", "1", 1.0),
        ("v₂", "v₁ + 1", 7.0),
        ("v₃", "v₂·x", 14.0),
    ]


def test_what_was_given_and_what_was_computed_are_told_apart_and_numbered():
    assert [label for label, _, _ in written(Value(2.0) * Value(3.0))] == ["x₁", "x₂", "v₁"]


def test_ten_results_need_two_digits():
    output = Value(1.0, name="x")
    for _ in range(10):
        output = -output
    assert written(output)[-1][0] == "v₁₀"


def test_named_data_has_a_label_and_unnamed_data_is_a_number():
    sample, y = Value(0.5, constant=True), Value(2.0, constant=True, name="y")
    notation = Notation(Graph(Value(3.0, name="w") * sample + y))
    assert notation.labels == ("0.5", "y", "w", "v₁", "v₂")
    assert [notation.is_literal(i) for i in range(5)] == [True, False, False, False, False]


def test_a_constant_alone_is_not_a_literal():
    assert not Notation(Graph(Value(2.0, constant=True))).is_literal(0)


@given(graphs())
def test_labels_tell_all_that_has_a_box_apart(program):
    notation = Notation(Graph(program.nodes()[program.output]))
    boxed = [x for i, x in enumerate(notation.labels) if not notation.is_literal(i)]
    assert len(boxed) == len(set(boxed))


def labels(*names):
    """Labels of a chain of negations with these names, None for none."""
    node = Value(1.0, name=names[0])
    for name in names[1:]:
        node = -node
        node.name = name
    return Notation(Graph(node)).labels


def test_nodes_of_one_name_have_primes_in_order_of_creation():
    assert labels("x", "x", "y", "x", "x", "y") == ("x", "x′", "y", "x″", "x‴", "y′")
    assert labels(*["x"] * 12)[3:] == ("x‴", *(f"x⁽{n}⁾" for n in "⁴⁵⁶⁷⁸⁹"), "x⁽¹⁰⁾", "x⁽¹¹⁾")


def test_no_node_gets_a_name_that_was_given_to_another():
    assert labels("x", "x", "x′", "x") == ("x", "x″", "x′", "x‴")
    assert labels(None, "x1", "x₃") == ("x₂", "x1", "x₃")
    v = Value(1.0, name="v1")
    assert Notation(Graph(-v * 2.0)).labels == ("v1", "v₂", "2", "v₃")


def test_names_that_read_alike_are_one_name():
    assert labels("x1", "x₁") == ("x1", "x₁′")


CONFUSING = st.sampled_from(["x", "x′", "x″", "x1", "x₁", "v1", "x₂", "v₂′", "x⁽⁴⁾"])


@given(st.lists(st.none() | CONFUSING, min_size=1, max_size=12))
@example([None, "v1"])
@example(["x", "x", "x′"])
def test_all_labels_differ_and_whoever_has_a_name_first_keeps_it(names):
    digits = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
    written = labels(*names)
    assert len({label.translate(digits) for label in written}) == len(names)
    known = set()
    for name, label in zip(names, written, strict=True):
        if name is not None and name.translate(digits) not in known:
            assert label == name
            known.add(name.translate(digits))


def test_the_formula_of_two_nodes_of_one_name_tells_them_apart():
    x, y = Value(2.0, name="x"), Value(3.0, name="x")
    assert text(Notation(Graph(x * y)).formula(2)) == "x·x′"


@given(graphs())
def test_the_slope_beside_an_edge_is_what_flows_when_one_comes_in(program):
    output = program.nodes()[program.output]
    notation = Notation(Graph(output))
    index = {node: i for i, node in enumerate(trace(output))}
    for node in index:
        if node.op is None or node.constant:
            continue
        local = next(iter(backprop(node)))
        for position, (x, passed) in enumerate(zip(node.inputs, local.contributions, strict=True)):
            shown = notation.slope_text(index[node], position)
            assert shown == ("" if x.constant else f"{(passed or 0.0) + 0.0:.3g}")


def test_a_slope_of_zero_has_no_sign():
    assert Notation(Graph(cos(Value(0.0)))).slope_text(1, 0) == "0"


def test_slopes_have_three_digits():
    x = Value(3.0)
    assert Notation(Graph(log(x))).slope_text(1, 0) == "0.333"


@pytest.mark.parametrize(("op", "expected"), [(step, "0"), (heaviside, "0"), (abs, "0")])
def test_slopes_that_are_flat_or_missing_are_zero(op, expected):
    assert Notation(Graph(op(Value(0.0)))).slope_text(1, 0) == expected


def test_a_condition_has_no_slope():
    notation = Notation(Graph(where(Value(1.0), Value(2.0), Value(3.0))))
    assert [notation.slope_text(3, i) for i in range(3)] == ["0", "1", "0"]


def test_a_slope_beyond_all_numbers_is_written_as_such():
    assert Notation(Graph(sqrt(Value(0.0)))).slope_text(1, 0) == "∞"


def test_slopes_follow_the_numbers_that_the_node_saw():
    x = Value(3.0, name="x")
    f = x * x
    x.data = 100.0
    assert Notation(Graph(f)).slope_text(1, 0) == "3"


def test_formulas_of_slopes_use_labels_and_literals():
    x, y = Value(2.0, name="x"), Value(math.e, name="y")
    notation = Notation(Graph(x**3 / y))
    power = notation.labels.index("v₁")
    assert text(notation.slope(power, 0)) == "3·x²"
    assert text(notation.slope(power + 1, 1)) == "-v₂/y"


NUMBERS_ONLY = {
    "math": lambda g, y, x: g * 2 * math.cos(2 * x),
    "numpy": lambda g, y, x: g * 2 * np.cos(2 * x),
    "an if": lambda g, y, x: g * 2 * (math.cos(2 * x) if x > 0 else 1.0),
    "a method of floats": lambda g, y, x: g * 2 * math.cos(2 * x.conjugate()),
}


@pytest.mark.parametrize("rule", NUMBERS_ONLY.values(), ids=NUMBERS_ONLY)
def test_a_rule_that_works_on_numbers_only_gives_the_number(rule):
    sine_of_double = Op(
        name="sine_of_double",
        forward=lambda x: np.sin(2 * x),
        vjps=(rule,),
        latex=r"\sin 2 {0}",
        doc="Its rule knows no symbols.",
    )
    f = sine_of_double(Value(0.5, name="x"))
    assert Notation(Graph(f)).slope(1, 0) == pytest.approx(2 * math.cos(1.0))
    moment = viz.step(f, names={})[2]
    assert moment.text == "v₁ → x   ∂v₁/∂x = 1.0806   1.0806 × 1 = 1.0806   grad of x: 1.0806"
    assert "<mn>1.0806</mn>" in moment.mathml


@given(graphs())
def test_the_whole_formula_computes_the_output(computed, program):
    output = program.nodes()[program.output]
    notation = Notation(Graph(output))
    known = {label: node.data for label, node in zip(notation.labels, trace(output), strict=True)}
    assert computed(notation.whole_formula(), known) == output.data


def test_a_number_that_only_looks_whole_says_what_it_lacks_where_a_function_is_flat():
    x = Value(13.5, name="x")
    for f, expected in ((tanh(x), "1 - 3.7591e-12"), (tanh(-x), "-1 + 3.7591e-12")):
        notation = Notation(Graph(f))
        value = text(notation.value(notation.graph.output))
        assert value == expected
        slope = 1 - f.data**2
        assert float(value.split()[-1]) * 2 == pytest.approx(slope, rel=1e-3)


@pytest.mark.parametrize("x", [0.5, 1.0, 1.5, -2.0, 1e-9])
def test_other_numbers_are_written_as_they_are(x):
    x = Value(x, name="x")
    for f in (x, -x, x * 3, tanh(x)):
        notation = Notation(Graph(f))
        assert notation.value(notation.graph.output) == f.data


def test_the_whole_formula_stops_at_names_and_stays_short():
    x, y = Value(2.0, name="x"), Value(3.0, name="y")
    inner = x + y
    assert text(Notation(Graph(inner * 2 - x)).whole_formula()) == "(x + y)·2 - x"
    inner.name = "s"
    assert text(Notation(Graph(inner * 2 - x)).whole_formula()) == "s·2 - x"
    call = Notation(Graph(sum([-x] * 20, inner * 2))).within({3: "call"})
    assert text(call.whole_formula()) == "… + call + call + call + call + call + call"
    assert text(Notation(Graph(sum([x] * 30))).whole_formula()) == "v₂₄ + x + x + x + x + x + x"
    assert Notation(Graph(x)).whole_formula() == 2.0


def test_plain_numbers_given_to_a_network_are_data_and_those_in_expressions_are_not():
    net = nn.MLP(2, [3, 1], rng=0)
    notation = Notation(Graph(net([0.5, -2.0]) * 3 + 3))
    shown = [
        n.data for n in notation.graph.nodes if n.constant and not notation.is_literal(n.index)
    ]
    assert sorted(shown) == [-2.0, 0.5]
