"""The check of gradients: it trusts what is right, finds what is wrong, and says which it was."""

import math
import re
from itertools import count

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import ARRAY_CALLS
from wrong_rules import WRONG, spoiled

import nn
from autograd import (
    OPS,
    GradientError,
    GraphError,
    Report,
    ShapeError,
    Tensor,
    Value,
    abs,
    check_gradients,
    exp,
    log,
    matmul,
    maximum,
    mean,
    relu,
    sigmoid,
    sign,
    sin,
    softmax,
    sqrt,
    step,
    sum,
    tanh,
)
from autograd.checking.reference import Probe, differences
from autograd.strategies import ROWS, calls, graphs, values

ELEMENTWISE = [op for op in OPS.values() if op.elementwise and None not in op.vjps]
fewer = settings(max_examples=5 + settings.default.max_examples // 6)


def words(report):
    return [verdict.verdict for verdict in report]


def rejected(f, *inputs, order=1):
    """The text of the error that a check must end in."""
    with pytest.raises(GradientError) as caught:
        check_gradients(f, *inputs, order=order)
    assert type(caught.value) is GradientError
    return str(caught.value)


# What is right passes


@pytest.mark.parametrize("op", ELEMENTWISE, ids=lambda op: op.name)
@fewer
@given(data=st.data())
def test_every_elementwise_row_passes(op, data):
    operands, params = data.draw(calls(op))
    report = check_gradients(lambda *xs: op(*xs, **params), *operands, order=2)
    assert set(words(report)) == {"pass"}


@pytest.mark.parametrize("call", ARRAY_CALLS, ids=str)
def test_every_row_on_arrays_passes(call):
    assert set(words(check_gradients(call, *call.operands, order=2))) == {"pass"}
    single = [x.astype(np.float32) for x in call.operands]
    assert set(words(check_gradients(call, *single))) == {"pass"}


def test_every_row_on_arrays_has_a_sample():
    sampled = {op.name for op in ELEMENTWISE} | {call.op.name for call in ARRAY_CALLS}
    missing = {op.name for op in ROWS} - sampled
    assert missing == {"step"}, f"{missing}: write a call of it in tests/support/samples.py"


@given(graphs())
def test_whole_graphs_pass(program):
    assert set(words(check_gradients(program, *program.inputs, order=2))) == {"pass"}


@fewer
@given(graphs(longest=5))
def test_whole_graphs_pass_up_to_the_third_derivative(program):
    assert set(words(check_gradients(program, *program.inputs, order=3))) == {"pass"}


@fewer
@given(graphs(tensors=True))
def test_whole_graphs_of_tensors_pass(program):
    assert set(words(check_gradients(program, *program.inputs, order=2))) == {"pass"}


# What is wrong does not


@pytest.mark.parametrize("mistake", WRONG, ids=lambda wrong: f"{wrong.op.name}: {wrong.mistake}")
def test_every_mistake_is_found_and_its_row_is_named(mistake):
    for order in range(1, mistake.order):
        check_gradients(mistake, *mistake.inputs, order=order)
    text = rejected(mistake, *mistake.inputs, order=mistake.order)
    assert text.split(":")[0] in ("wrong", "kink")
    assert re.search(rf" {mistake.op.name}: (its rule|the \w+ derivative)", text)
    assert "Correct this rule." in text


@pytest.mark.parametrize("mistake", WRONG, ids=lambda wrong: f"{wrong.op.name}: {wrong.mistake}")
def test_a_mistake_is_found_in_the_midst_of_a_graph(mistake):
    def f(*inputs):
        y = mistake(*(x * 1.0 for x in inputs))
        return tanh(y * 0.5 + 0.1) * 3.0

    text = rejected(f, *mistake.inputs, order=mistake.order)
    assert re.search(rf" {mistake.op.name}: (its rule|the \w+ derivative)", text)


def test_there_are_enough_mistakes_to_learn_from():
    assert len(WRONG) >= 40
    assert len({wrong.mistake for wrong in WRONG}) == len(WRONG)


def test_the_first_wrong_row_is_named():
    double = spoiled(exp, lambda g, y, x: g * y * 2)
    negative = spoiled(sin, lambda g, y, x: -g)
    assert "exp: its rule for x, g·y·2, gives" in rejected(lambda x: negative(double(x)), 0.5)
    assert "sin: its rule for x, -g, gives" in rejected(lambda x: double(negative(x)), 0.5)


def test_a_mistake_in_one_element_of_many_is_found_there():
    shift = spoiled(OPS["getitem"], lambda g, y, x, index: OPS["put"](g, x.shape, index + 1))
    x = np.random.default_rng(0).normal(size=3000)
    text = rejected(lambda x: shift(x, 1234) * 2.0 + sum(x), x)
    assert re.match(r"wrong: first derivative by x\[123[45]\]", text)
    assert "24 of 3000 and 3 directions" in text


def test_a_result_rebuilt_from_numbers_is_told_from_a_wrong_rule():
    for f, x in [
        (lambda x: x * x.data, np.array([1.0, 2.0])),
        (lambda x: x * float(x), 3.0),
        (lambda x: x * Value(x.data), 3.0),
        (lambda x: math.exp(x) * 2, 3.0),
        (lambda x: exp(Value(x.data, constant=True)), 3.0),
        (lambda x: np.asarray(x) ** 2, np.array([1.0, 2.0])),
    ]:
        text = rejected(f, x)
        assert text.startswith("wrong: first derivative by x")
        assert "Each rule is right on its own operands" in text
        assert "look for .data, float(), a NumPy call or constant=True" in text


def test_kinks_that_cancel_are_told_from_a_wrong_rule():
    text = rejected(lambda x: relu(x) - relu(-x), 0.0)  # which is x
    assert "the engine says 0, the reference 1" in text
    assert "relu stand at a kink" in text


def test_a_gradient_that_is_not_linear_in_what_comes_in_is_called_so():
    said = [
        wrong.mistake
        for wrong in WRONG
        if "is not linear in what comes in" in rejected(wrong, *wrong.inputs, order=wrong.order)
    ]
    assert said == [
        "the chain is broken: no g",
        "right in single precision only",
        "square of g",
        "g without its sign",
        "g clipped",
    ]


def test_a_part_of_many_goes_by_its_place():
    wrong = next(wrong for wrong in WRONG if wrong.op.name == "concatenate")
    assert "concatenate: its rule for xs[1] gives" in rejected(wrong, *wrong.inputs)


@pytest.mark.parametrize(
    ("forward", "slope"),
    [
        (np.sign, 0.0),  # which is no step on complex numbers
        (np.abs, 1.0),  # which gives real ones
        (lambda x: np.heaviside(x, 0.0), 0.0),  # which takes none
    ],
)
def test_an_op_that_only_seems_to_be_analytic_is_measured_by_differences(forward, slope):
    op = spoiled(sin, lambda g, y, x: g * slope)
    op.__dict__.update(forward=forward, scalar=lambda x: float(forward(x)))
    (verdict,) = check_gradients(op, 0.5)
    assert (verdict.verdict, verdict.method) == ("pass", "differences")
    op.__dict__.update(vjps=(lambda g, y, x: g * 3.0,))
    assert "sin: its rule for x, g·3, gives 3 where" in rejected(op, 0.5)


# Each verdict


def test_a_report_is_a_sequence_of_verdicts():
    report = check_gradients(lambda x, y: tanh(x) * y, 0.5, 2.0, order=2)
    assert isinstance(report, Report)
    assert len(report) == 4
    assert [(verdict.input, verdict.order) for verdict in report] == [
        ("x", 1), ("y", 1), ("x", 2), ("y", 2)
    ]  # fmt: skip
    first = report[0]
    assert first.verdict == "pass"
    assert first.ok
    assert (first.value, first.element, first.sides) == (0.5, None, None)
    assert first.engine == pytest.approx(2 * (1 - math.tanh(0.5) ** 2), rel=1e-15)
    assert abs(first.reference - first.engine) <= 2 * first.error < 1e-13
    assert (first.method, first.probed) == ("complex step", "1 of 1")
    assert report.failure is None
    with pytest.raises(AttributeError):
        report.verdicts = ()


def test_a_report_reads_as_a_table():
    report = check_gradients(lambda x, y: (relu(x) * y).sum(), [1.0, 0.0], 2.0)
    header, *rows = str(report).splitlines()
    assert header.split("  ")[0] == "input"
    assert re.fullmatch(r"x +1 +kink +1 +0 +0 \| \S+ +\de-\d\d +2 of 2 +differences", rows[0])
    assert re.fullmatch(r"y +1 +pass +1 +1 +\de-\d\d +1 of 1 +differences", rows[1])
    places = [header.index(word) for word in ("order", "verdict", "engine", "probed", "by")]
    assert all(row[place - 1] == " " != row[place] for row in rows for place in places)


def test_a_long_table_leaves_out_what_passes():
    inputs = [Value(1.0) for _ in range(100)]
    inputs[70].data = 0.0
    lines = str(check_gradients(lambda xs: [relu(x) for x in xs], inputs)).splitlines()
    assert len(lines) == 42
    assert lines[-1] == "and 60 more"
    assert any(line.startswith("xs[70]") for line in lines)


@pytest.mark.parametrize(
    ("f", "inputs", "sides"),
    [
        (relu, [0.0], (0, 1)),
        (abs, [0.0], (-1, 1)),
        (lambda a: maximum(a, 1.0), [1.0], (0, 1)),
        (lambda x: relu(x - 0.1), [0.1], (0, 1)),
        (lambda x: relu(x) * 1e-7 + x, [0.0], (1, 1 + 1e-7)),
        (lambda x: abs(sin(x)), [math.pi], (-1, 1)),
        (lambda x: x * 2 if x > 0 else x, [0.0], (1, 2)),
    ],
)
def test_a_kink_is_reported_with_the_slopes_on_both_sides(f, inputs, sides):
    (verdict,) = check_gradients(f, *inputs)
    assert (verdict.verdict, verdict.ok) == ("kink", True)
    assert verdict.sides == pytest.approx(sides, abs=2 * verdict.error + 1e-15)
    assert verdict.error < 1e-8


def test_a_slope_at_a_kink_may_equal_that_on_either_side():
    for at_zero in (0.0, 1.0):
        check_gradients(lambda x, at_zero=at_zero: relu(x, at_zero=at_zero), [0.0])


def test_a_jump_is_a_kink_between_the_slopes_beside_it():
    (verdict,) = check_gradients(lambda x: sign(x) + 3 * x, 0.0)
    assert verdict.verdict == "kink"
    assert verdict.sides == pytest.approx((3, 3), abs=1e-9)


def test_a_function_that_is_smooth_but_not_analytic_has_no_kink():
    for x in (0.0, 1.0):
        (verdict,) = check_gradients(lambda x: (x - 1) * abs(x - 1) + x * abs(x), x)
        assert verdict.verdict == "pass"
        assert verdict.reference == pytest.approx(2.0, abs=1e-6)


def test_a_slope_outside_of_the_sides_of_a_kink_is_refused():
    text = rejected(lambda x: relu(x, at_zero=1.5), [2.0, 0.0])
    assert text.startswith("kink: first derivative by x[1] = 0: the engine says")
    assert re.search(r"relu: its rule for x, .*, with g = random numbers, .*at_zero = 1\.5", text)
    assert "Choose a slope between those on both sides." in text


@pytest.mark.parametrize("place", [0, 17, 59])
def test_a_kink_in_the_midst_of_an_array_is_found_there(place):
    x = np.random.default_rng(0).uniform(0.5, 1, size=60)
    x[place] = 0.0
    (verdict,) = check_gradients(lambda x: abs(x).sum(), x)
    assert (verdict.verdict, verdict.element) == ("kink", (place,))


def test_a_kink_among_thousands_of_elements_is_found():
    x = np.random.default_rng(0).normal(size=(60, 50))
    x[31, 7] = 0.0
    (verdict,) = check_gradients(lambda x: relu(x).sum(), x)
    assert (verdict.verdict, verdict.element) == ("kink", (31, 7))


@pytest.mark.parametrize("away", [1e-2, 1e-5, 1e-9, 1e-12])
def test_beside_a_kink_there_is_none(away):
    for x in (away, -away):
        (verdict,) = check_gradients(relu, x)
        assert verdict.verdict == "pass"
        assert verdict.reference == pytest.approx(float(x > 0), abs=1e-9)
    steeper = spoiled(relu, lambda g, y, x, at_zero: g * (sign(x) + 1) * 0.6)
    assert rejected(steeper, away).startswith("wrong")


def test_where_rounding_outweighs_the_slope_nothing_is_decided():
    text = rejected(lambda x: relu((x + 1e16) - 1e16), 3.0)
    assert text.startswith("ill-conditioned: first derivative by x = 3: the engine says 1, ")
    assert "Move the input, scale f, or check its parts." in text


def test_slopes_that_have_faded_away_pass():
    for x in (15.0, 20.0, 400.0):
        for f in (tanh, sigmoid, lambda x: relu(tanh(x)), lambda x: relu(-x)):
            check_gradients(f, x)
            check_gradients(f, -x)


def test_a_function_that_changes_is_not_judged():
    dice = np.random.default_rng(0)
    calls = count()
    for f in (
        lambda x: x * dice.random(),
        lambda x: x * (dice.random(3) < 0.9),
        lambda x: x * next(calls),
        lambda x: x * (1.5 if next(calls) % 8 == 7 else 1.0),
    ):
        text = rejected(f, np.array([1.0, 2.0, 3.0]))
        assert text.startswith("non-deterministic: first derivative by x")
        assert "Seed its random numbers inside of it" in text


@pytest.mark.parametrize(
    ("f", "x", "reason"),
    [
        (log, -1.0, r"log\(-1\): no real value here"),
        (log, [1.0, -1.0], ""),
        (lambda x: x * math.inf, [1.0], ""),
        (sqrt, 0.0, r"sqrt\(0\): it has a value here but no finite slope"),
        (sqrt, [4.0, 0.0], r"sqrt\(0\): it has a value here but no finite slope"),
        (lambda x: sqrt(x**4), 0.0, r"sqrt\(0\): it has a value here but no finite slope"),
        (lambda x: sqrt(abs(x)), 0.0, r"sqrt\(0\): it has a value here but no finite slope"),
        ((math.log, lambda x: 1 / x), -1.0, "math domain error"),
    ],
)
def test_where_there_is_no_value_or_no_slope_it_is_said(f, x, reason):
    text = rejected(f, x)
    assert text.startswith("outside domain: first derivative by")
    assert re.search(reason or "Move the input to where f and its slope are finite", text)


def test_only_the_input_that_has_no_slope_is_at_fault():
    text = rejected(lambda a, n: a**n, -2.0, 3)
    assert text.startswith("outside domain: first derivative by n = 3")
    assert re.search(r"a +1 +pass +12 +12", text)


def test_at_the_end_of_a_domain_one_side_is_enough():
    (verdict,) = check_gradients(lambda x: x**1.5, 0.0)
    assert (verdict.verdict, verdict.method) == ("pass", "one-sided differences")


def test_close_to_the_end_of_a_domain_steps_get_small_enough():
    for x in (1e-3, 1e-9, 1e-20):
        (verdict,) = check_gradients(lambda x: relu(log(x) + 99), x)
        assert verdict.verdict == "pass"
        assert verdict.reference == pytest.approx(1 / x, rel=1e-7)


def test_what_is_refused_stays_refused():
    with pytest.raises(GraphError, match="it has no gradient"):
        check_gradients(step, 1.0)


def test_there_must_be_something_to_check():
    for inputs in [(), (Value(1.0, constant=True),), ("text", True)]:
        with pytest.raises(GraphError, match="nothing there to differentiate by"):
            check_gradients(lambda *xs: Value(1.0), *inputs)


@pytest.mark.parametrize(("f", "order"), [(sin, 0), (sin, 4), ((math.sin, math.cos), 2)])
def test_other_orders_are_refused(f, order):
    with pytest.raises(ValueError, match=rf"got order={order}. Give 1, 2 or 3"):
        check_gradients(f, 1.0, order=order)


def test_a_mistake_in_the_function_itself_is_not_hidden():
    with pytest.raises(ShapeError, match="matmul"):
        check_gradients(matmul, np.ones((2, 3)), np.ones((2, 3)))
    with pytest.raises(TypeError):
        check_gradients(lambda x: x + None, 1.0)


# What can be checked


def kinds(*inputs):
    """The kinds of leaves that a function is given."""
    seen = []

    def f(*nodes):
        seen[:] = nodes
        return nodes[-1] * 1.0

    names = [verdict.input for verdict in check_gradients(f, *inputs)]
    return names, seen


def test_numbers_become_values_and_beside_an_array_tensors():
    assert [type(x) for x in kinds(1.0, 2)[1]] == [Value, Value]
    assert [x.shape for x in kinds(1.0, np.ones(3))[1]] == [(), (3,)]
    assert [x.shape for x in kinds(2, [[1, 2]])[1]] == [(), (1, 2)]
    assert [x.shape for x in kinds(2, Tensor([1.0]))[1]] == [(), (1,)]
    assert [x.dtype for x in kinds(2, np.ones(2, np.float32))[1]] == [np.float64, np.float32]


def test_constants_and_what_is_no_number_are_handed_over_as_they_are():
    given = (Value(2.0, constant=True), "text", None, True, np.array([True]), Tensor([1.0]))
    names, seen = kinds(*given)
    assert names == ["input 5"]
    assert seen[0] is given[0]
    assert seen[1:4] == list(given[1:4])
    assert seen[4] is given[4]


def test_inputs_go_by_the_best_name_there_is():
    def f(x, /, y, *rest):
        return x * y * rest[0]

    report = check_gradients(f, Value(2.0, name="weight"), 3.0, 4.0)
    assert [verdict.input for verdict in report] == ["weight", "y", "input 2"]
    report = check_gradients(lambda xs: xs[0] * xs[1], [Value(2.0), Value(3.0)])
    assert [verdict.input for verdict in report] == ["xs[0]", "xs[1]"]


def test_nodes_are_stood_in_for():
    x, y = Value(2.0), Value(3.0) * 2
    x.grad = 7.0
    seen = []
    report = check_gradients(lambda a, b: seen.extend([a, b]) or a * b, x, y)
    assert words(report) == ["pass", "pass"]
    assert x not in seen
    assert (x.data, x.grad, y.grad) == (2.0, 7.0, None)


@pytest.mark.parametrize(
    ("f", "inputs"),
    [
        (lambda x: x @ x.T, [np.arange(6.0).reshape(2, 3)]),
        (lambda x: [x, x * 2, 3.0, (x**2,)], [2.0]),
        (lambda x: [x.sum(), x * 2], [[1.0, 2.0]]),
        (lambda x, y: x * 2, [2.0, 3.0]),
        (lambda x: 5.0, [2.0]),
        (lambda x: x, [2.0]),
        (lambda x: x * 2, [np.zeros((0, 3))]),
        (lambda x, y: sum(x) + y, [np.zeros(0), 1.0]),
        (lambda x: [], [2.0]),
        (lambda x, mask: softmax(x + mask), [[1.0, 2.0], [0.0, -math.inf]]),
    ],
)
def test_a_function_may_return_anything_and_ignore_anything(f, inputs):
    assert set(words(check_gradients(f, *inputs, order=2))) == {"pass"}


def test_several_results_do_not_hide_each_other():
    wrong = spoiled(exp, lambda g, y, x: -g * y)
    assert rejected(lambda x: [exp(x), wrong(x)], 0.5).startswith("wrong")
    assert rejected(lambda x: wrong(x) * np.array([1.0, -1.0]), [0.5, 0.5]).startswith("wrong")


def test_orders_are_those_of_calculus():
    report = check_gradients(lambda x: x**5, 2.0, order=3)
    assert [verdict.engine for verdict in report] == pytest.approx([80, 160, 240])
    assert [verdict.reference for verdict in report] == pytest.approx([80, 160, 240])


@pytest.mark.parametrize("activation", [relu, tanh])
def test_a_module_is_checked_with_all_its_parameters(activation):
    model = nn.MLP(2, [3, 2], activation, np.random.default_rng(0))
    held = {name: p.data for name, p in model.named_parameters()}
    report = check_gradients(model, [0.5, -1.0], order=2)
    assert set(words(report)) == {"pass"}
    names = [verdict.input for verdict in report if verdict.order == 1]
    assert names == [*held, "x[0]", "x[1]"]
    assert {name: p.data for name, p in model.named_parameters()} == held
    assert {p.grad for p in model.parameters()} == {None}


class Affine(nn.Module):
    """A module of Tensors, which may be told to fail."""

    def __init__(self, activation=tanh):
        self.weight = Tensor([[0.5, -1.0], [2.0, 0.3]])
        self.bias = Tensor(np.array([0.1, -0.2], np.float32))
        self.activation = activation
        self.fails_after = math.inf

    def forward(self, x):
        self.fails_after -= 1
        if self.fails_after < 0:
            raise RuntimeError("broken")
        return self.activation(x @ self.weight + self.bias)


def test_a_module_of_tensors_gets_tensors():
    report = check_gradients(Affine(), [[1.0, 2.0], [3.0, -4.0]], order=2)
    assert [(verdict.input, verdict.verdict) for verdict in report][:3] == [
        ("weight", "pass"), ("bias", "pass"), ("x", "pass")
    ]  # fmt: skip


def test_a_wrong_gradient_of_a_parameter_goes_by_its_path():
    model = nn.MLP(2, [2, 1], spoiled(tanh, lambda g, y, x: g), np.random.default_rng(0))
    text = rejected(model, [0.5, -1.0])
    assert text.startswith("wrong: first derivative by layers.0.neurons.0.w.0 = ")
    assert "tanh: its rule for x, g, gives" in text


def test_parameters_get_back_what_they_held_whatever_happens():
    wrong = spoiled(tanh, lambda g, y, x: g)
    for calls_before_failure, activation, error in [
        (math.inf, tanh, None),
        (0, tanh, RuntimeError),
        (5, tanh, RuntimeError),
        (math.inf, wrong, GradientError),
        (math.inf, step, GraphError),
    ]:
        model = Affine(activation)
        model.fails_after = calls_before_failure
        held = [p._data for p in model.parameters()]
        if error:
            with pytest.raises(error):
                check_gradients(model, [1.0, 2.0])
        else:
            check_gradients(model, [1.0, 2.0])
        assert all(p._data is data for p, data in zip(model.parameters(), held, strict=True))
        assert [p.grad for p in model.parameters()] == [None, None]


def test_a_pair_is_a_function_and_its_claimed_gradient():
    def f(x, y):
        return float(np.sum(np.sin(x) * y))

    x, y = np.array([0.5, -1.0, 2.0]), 3.0
    right = (f, lambda x, y: (np.cos(x) * y, np.sum(np.sin(x))))
    assert words(check_gradients(right, x, y)) == ["pass", "pass"]
    assert words(check_gradients((np.linalg.det, lambda a: np.linalg.inv(a).T * np.linalg.det(a)),
                                 [[1.0, 2.0], [3.0, 5.0]])) == ["pass"]  # fmt: skip
    text = rejected((f, lambda x, y: (np.cos(x) * y, 0.9 * np.sum(np.sin(x)))), x, y)
    assert text.startswith("wrong: first derivative by y = 3")
    assert "Correct the gradient." in text


def test_a_claimed_gradient_has_the_shapes_of_the_inputs():
    text = rejected((lambda x: float(x @ x), lambda x: 2 * x[:1]), np.array([1.0, 2.0]))
    assert "shapes [(1,)] for inputs of shapes [(2,)]" in text
    with pytest.raises(ShapeError, match="must return one number"):
        check_gradients((lambda x: x, lambda x: x), np.array([1.0, 2.0]))


def test_single_precision_is_measured_by_its_own_rounding():
    x = np.linspace(-2, 2, 12).reshape(3, 4).astype(np.float32)
    deep = lambda x: sum(tanh(softmax(x) @ sigmoid(x).T))  # noqa: E731
    for f in (deep, lambda x: relu(deep(x) - 1.0), lambda x: abs(mean(x - 1e4) + 9e3)):
        assert words(check_gradients(f, x)) == ["pass"]
    slightly = spoiled(tanh, lambda g, y, x: g * (1 - y * y) * 1.001)
    assert rejected(lambda x: sum(slightly(x)), x).startswith("wrong")


# Words and habits


@pytest.mark.parametrize(
    ("rule", "order", "what"),
    [
        (lambda g, y, x: g * y * 1.0000001, 1, "its rule for x, g·y·1,"),
        (lambda g, y, x: g * 0.0, 1, "its rule for x, 0,"),
        (lambda g, y, x: g * float(y), 2, "the first derivative of its rules by x"),
    ],
)
def test_an_error_says_which_op_what_it_got_and_what_to_do(rule, order, what):
    wrong = spoiled(exp, rule)
    first, *table = rejected(lambda x: wrong(x) * 2, 0.5, order=order).splitlines()
    number = r"-?\d+(?:\.\d+)?"
    assert re.fullmatch(
        rf"wrong: {['', 'first', 'second'][order]} derivative by x = 0\.5: "
        rf"the engine says {number}, the reference {number} ± \de-\d\d \(.*\)\. "
        rf"exp: {re.escape(what)} gives {number} where {number} is right, with g = 1, x = 0\.5\. "
        r"Correct this rule\.",
        first,
    )
    assert table[1].startswith("input")
    engine, reference = re.search(rf"says ({number}), the reference ({number})", first).groups()
    assert engine != reference


def test_a_check_is_the_same_each_time_and_leaves_no_trace():
    model = nn.MLP(2, [4, 1], rng=np.random.default_rng(0))
    state = np.random.get_state()[1].tolist()  # noqa: NPY002, what others may use
    reports = {str(check_gradients(model, [0.5, 1.0], order=2)) for _ in range(3)}
    assert len(reports) == 1
    assert np.random.get_state()[1].tolist() == state  # noqa: NPY002


# The reference, by itself


@given(x=values(), frequency=values(0.1, 30.0), distance=values(1e-3, 2.0))
def test_differences_are_as_far_off_as_they_say_or_less(x, frequency, distance):
    for f, slope in [
        (lambda t: np.sin(frequency * t), frequency * math.cos(frequency * x)),
        (lambda t: np.abs(t - x + distance) * t, 2 * x - (x - distance)),
        (lambda t: 1e6 + np.exp(t), math.exp(x)),
        (lambda t: np.log(t - x + distance), 1 / distance),
    ]:
        with np.errstate(all="ignore"):
            noise = 4 * math.ulp(1.0) * max_size(f, x)
            probe = Probe(0, (), np.array(1.0), 4.0)
            (found,) = differences(lambda _, t, f=f: f(x + t), [probe], noise)
        assert found.sides is None
        assert math.fabs(found.slope - slope) <= found.error
        assert found.error <= 1e-6 * (1 + math.fabs(slope)) + 1e7 * noise


def max_size(f, x):
    return 1 + math.fabs(f(x)) + math.fabs(x)
