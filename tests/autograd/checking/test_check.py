"""The check of gradients: it trusts what is right, finds what is wrong, and says which it was."""

import math
import re

import numpy as np
import pytest
from checks import fewer, rejected, words
from hypothesis import given
from hypothesis import strategies as st
from samples import ARRAY_CALLS
from wrong_rules import WRONG, spoiled

import nn
from autograd import (
    GradientError,
    GraphError,
    Op,
    ShapeError,
    Value,
    check_gradients,
    cos,
    exp,
    matmul,
    relu,
    sin,
    step,
    sum,
    tanh,
)
from autograd.strategies import ROWS, calls, graphs

ELEMENTWISE = [op for op in ROWS if op.elementwise and None not in op.vjps]


# What is right passes


@pytest.mark.slow
@pytest.mark.parametrize("op", ELEMENTWISE, ids=lambda op: op.name)
@fewer
@given(data=st.data())
def test_every_elementwise_row_passes(op, data):
    operands, params = data.draw(calls(op))
    report = check_gradients(lambda *xs: op(*xs, **params), *operands, order=2)
    assert set(words(report)) == {"pass"}


@pytest.mark.slow
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


@pytest.mark.slow
@pytest.mark.parametrize("mistake", WRONG, ids=lambda wrong: f"{wrong.op.name}: {wrong.mistake}")
def test_every_mistake_is_found_and_its_row_is_named(mistake):
    for order in range(1, mistake.order):
        check_gradients(mistake, *mistake.inputs, order=order)
    text = rejected(mistake, *mistake.inputs, order=mistake.order)
    assert text.split(":")[0] in ("wrong", "kink")
    assert re.search(rf" {mistake.op.name}: (its rule|the \w+ derivative)", text)
    assert "Correct this rule." in text


@pytest.mark.slow
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


def test_a_result_rebuilt_from_numbers_is_told_from_a_wrong_rule():
    for f, x in [
        (lambda x: x * x.data, np.array([1.0, 2.0])),
        (lambda x: x * x.item(), 3.0),
        (lambda x: x * Value(x.data), 3.0),
        (lambda x: math.exp(x.item()) * 2, 3.0),
        (lambda x: exp(Value(x.data, constant=True)), 3.0),
        (lambda x: np.asarray(x.data) ** 2, np.array([1.0, 2.0])),
    ]:
        text = rejected(f, x)
        assert text.startswith("wrong: first derivative by x")
        assert "Each rule is right on its own operands" in text
        assert "look for .data, .item(), detach() or constant=True" in text


def test_kinks_that_cancel_are_told_from_a_wrong_rule():
    text = rejected(lambda x: relu(x) - relu(-x), 0.0)  # which is x
    assert "the engine says 0, the reference 1" in text
    assert "relu stand at a kink" in text


def test_a_part_of_many_goes_by_its_place():
    wrong = next(wrong for wrong in WRONG if wrong.op.name == "concatenate")
    assert "concatenate: its rule for xs[1] gives" in rejected(wrong, *wrong.inputs)


# What is refused


def test_what_is_refused_stays_refused():
    with pytest.raises(GraphError, match="it has no gradient"):
        check_gradients(step, 1.0)


@pytest.mark.parametrize(("f", "order"), [(sin, 0), (sin, 4), ((math.sin, math.cos), 2)])
def test_other_orders_are_refused(f, order):
    with pytest.raises(ValueError, match=rf"got order={order}. Give 1, 2 or 3"):
        check_gradients(f, 1.0, order=order)


def test_a_mistake_in_the_function_itself_is_not_hidden():
    with pytest.raises(ShapeError, match="matmul"):
        check_gradients(matmul, np.ones((2, 3)), np.ones((2, 3)))
    with pytest.raises(TypeError):
        check_gradients(lambda x: x + None, 1.0)


# Whatever an op does wrong is reported


def bent(rule=lambda g, y, x: g * cos(x), forward=np.sin):
    return Op(name="bent", forward=forward, vjps=(rule,), latex=r"b {0}", doc="A bent sine.")


def failing(*_):
    raise KeyError("nobody knows")


def doubled(x):
    x *= 2
    return x


@pytest.mark.parametrize(
    ("rule", "said", "cause"),
    [
        (failing, "KeyError: 'nobody knows'. bent: its rule for x gives nan", KeyError),
        (lambda g, y, x: doubled(g) * cos(x), "read-only. bent: its rule for x, g·2", ValueError),
        (lambda g, y, x: g * doubled(x), "read-only. bent: its rule for x, g·x·2", ValueError),
        (lambda g, y, x: np.array(1.0), "bent: its rule for x gives nan", ShapeError),
        (lambda g, y, x: 1.0, "bent: its rule for x gives nan", ShapeError),
        (lambda g, y, x: "g", "a rule gave 'g', a str", TypeError),
        (lambda g, y, x: g * None, "bent: its rule for x gives nan", TypeError),
        (lambda g, y, x: g * 1j, "Let it give real numbers. bent: its rule for x gives", TypeError),
        (lambda g, y, x: [1, 2], "bent: its rule for x gives -0.666667", None),
        (lambda g, y, x: g, "bent: its rule for x, g, gives", None),
    ],
)
def test_a_rule_that_fails_is_reported_with_its_cause(rule, said, cause):
    with pytest.raises(GradientError, match=re.escape(said)) as caught:
        check_gradients(lambda x: sum(bent(rule)(x)), np.array([0.7, 0.2]))
    assert str(caught.value).startswith("wrong: first derivative by x[0] = 0.7")
    assert type(caught.value.__cause__) is (cause or type(None))


@pytest.mark.parametrize(
    ("forward", "cause"),
    [
        (lambda x: failing(), KeyError),
        (doubled, ValueError),
        (lambda x: None, TypeError),
        (lambda x: "y", TypeError),
        (lambda x: x[:1], ShapeError),
        (lambda x: np.array(np.sin(x).sum()), ShapeError),
    ],
)
def test_a_forward_function_that_fails_is_reported_with_its_cause(forward, cause):
    with pytest.raises(GradientError, match=r"^bent: its forward function ended in ") as caught:
        check_gradients(bent(forward=forward), np.array([0.7, 0.2]))
    assert type(caught.value.__cause__) is cause


def test_a_forward_function_that_fails_elsewhere_only_is_reported_too():
    forward = lambda x: np.sin(x) if np.all(x == 0.7) else failing()  # noqa: E731
    with pytest.raises(GradientError, match=r"^bent: its forward function ended in KeyError"):
        check_gradients(bent(forward=forward), 0.7)
    # What fails on complex numbers is derived by differences.
    real = bent(forward=lambda x: failing() if np.iscomplexobj(x) else np.sin(x))
    assert check_gradients(real, 0.7)[0].method == "differences"


def test_why_there_is_no_value_is_kept():
    with pytest.raises(GradientError, match="outside domain") as caught:
        check_gradients(lambda x: x * int("seven"), 0.7)
    assert type(caught.value.__cause__) is ValueError


def test_what_a_given_gradient_does_wrong_is_reported():
    for gradient, cause in [
        (failing, KeyError),
        (lambda x: None, TypeError),
        (lambda x: "g", TypeError),
        (lambda x: 1.0, ShapeError),
        (lambda x: x * 1j, TypeError),
    ]:
        with pytest.raises(GradientError, match=r"wrong: .* Correct the gradient") as caught:
            check_gradients((lambda x: float(x @ x), gradient), np.array([0.7, 0.2]))
        assert type(caught.value.__cause__) is cause
    check_gradients((lambda x: float(x @ x), doubled), np.array([0.7, 0.2]))  # it has a copy
    with pytest.raises(TypeError, match="check_gradients: the function gave None"):
        check_gradients((lambda x: None, math.cos), 0.7)


# Words and habits


@pytest.mark.parametrize(
    ("rule", "order", "what"),
    [
        (lambda g, y, x: g * y * 1.0000001, 1, "its rule for x, g·y·1.0000001,"),
        (lambda g, y, x: g * 0.0, 1, "its rule for x, 0,"),
        (lambda g, y, x: g * getattr(y, "data", y), 2, "the first derivative of its rules by x"),
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
