"""What is typed is computed as Python would, and only that: errors point at the place."""

import math
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograd import AutogradError, Graph, Value
from autograd.strategies import ELEMENTWISE, calls, values
from viz.expression import CONSTANTS, ExpressionError, compute, functions

each_row = pytest.mark.parametrize("op", ELEMENTWISE, ids=lambda op: op.name)


@pytest.mark.slow
@each_row
@settings(max_examples=max(10, settings.default.max_examples // 5))
@given(st.data())
def test_every_op_can_be_called(op, data):
    operands, params = data.draw(calls(op))
    known = {f"x{i}": x for i, x in enumerate(operands)}
    words = [*known, *(f"{name}={x!r}" for name, x in params.items())]
    output = compute(f"{op.name}({', '.join(words)})", known)
    expected = op(*(Value(x, name=name) for name, x in known.items()), **params)
    expected.name = "f"
    assert Graph(output) == Graph(expected)


NUMBERS = st.sampled_from(["0", "1", "2", "3", "0.5", "1.5", "1e-1", ".25", "2_0"])
NAMES = ("x", "y", "größe", "α")


def grown(parts):
    spaced = st.sampled_from(["{0}{2}{1}", "{0} {2} {1}", "({0}){2}{1}", "{0} {2} ( {1} )"])
    binary = st.tuples(spaced, parts, parts, st.sampled_from(["+", "-", "*", "/", "**"]))
    unary = st.tuples(st.sampled_from(["-{0}", "+{0}", "-({0})", "({0})"]), parts)
    return (binary | unary).map(lambda drawn: drawn[0].format(*drawn[1:]))


EXPRESSIONS = st.recursive(NUMBERS | st.sampled_from(NAMES), grown, max_leaves=8)
KNOWN = st.fixed_dictionaries(dict.fromkeys(NAMES, values()))


@given(EXPRESSIONS, KNOWN)
@example("-x ** 2", {"x": 3.0, "y": 0.0, "größe": 0.0, "α": 0.0})
@example("2 ** 3 ** 2", {"x": 1.0, "y": 0.0, "größe": 0.0, "α": 0.0})
def test_arithmetic_is_that_of_python(expression, known):
    try:
        expected = eval(f"x + ({expression})", known.copy())
    except (ZeroDivisionError, OverflowError):
        expected = None
    if expected is None or isinstance(expected, complex):
        with pytest.raises(ExpressionError):
            compute(f"x + ({expression})", known)
    else:
        found = compute(f"x + ({expression})", known).data
        assert found == expected or (math.isnan(found) and math.isnan(expected))


@given(EXPRESSIONS, KNOWN)
def test_arithmetic_on_numbers_alone_has_no_gradient(expression, known):
    for name in NAMES:
        expression = expression.replace(name, f"{abs(known[name])}")
    with pytest.raises(ExpressionError):
        compute(expression, known)


@pytest.mark.parametrize("sign", ["<", "<=", ">", ">="])
@given(st.integers(-1, 1), st.integers(-1, 1))
def test_comparisons_choose(sign, a, b):
    known = {"a": float(a), "b": float(b)}
    found = compute(f"where(a {sign} b, a * 10, b * 100)", known).data
    assert found == (a * 10 if eval(f"{a} {sign} {b}") else b * 100)


def test_constants_can_be_hidden_by_variables():
    assert {"e": math.e, "pi": math.pi} == CONSTANTS
    assert compute("x * e ** pi", {"x": 1.0}).data == math.e**math.pi
    assert compute("x * e", {"x": 2.0, "e": 3.0}).data == 6.0


def test_variables_become_leaves_of_their_name_and_the_output_is_f():
    output = compute("x * y + 1", {"x": 2.0, "y": 3.0})
    names = [node.name for node in Graph(output).nodes]
    assert names == ["x", "y", None, None, "f"]


@pytest.mark.parametrize("known", [{"f": 1.0}, {"f": 1.0, "output": 2.0}])
def test_the_output_is_called_like_no_variable(known):
    output = compute(" * ".join([*known, "2"]), known)
    assert output.name not in {None, *known}


def test_a_variable_alone_keeps_its_name():
    assert compute("x", {"x": 2.0}).name == "x"


@pytest.mark.parametrize("name", ["µ", "ﬁ", "\u212b", "𝐱"])
def test_names_that_python_spells_differently_are_found(name):
    assert unicodedata.normalize("NFKC", name).isidentifier()
    assert compute(f"{name} * 2", {name: 3.0}).data == 6.0


def refused(expression, **known):
    """The problem, what is underlined, and the advice."""
    with pytest.raises(ExpressionError) as caught:
        compute(expression, known or {"x": 2.0, "y": -1.0})
    problem, *rest = str(caught.value).split("\n")
    if not rest:
        return problem, "", ""
    source, carets, *advice = rest
    assert source.strip() == " ".join(expression.split())
    assert set(carets.strip()) == {"^"}
    return problem, source[carets.index("^") : len(carets)], "\n".join(advice)


def outcome(expression, **known):
    """The output, or the words of the refusal; any other error fails the test."""
    try:
        return compute(expression, known)
    except ExpressionError as error:
        return str(error)


def test_a_missing_variable():
    assert refused("x * (quantity + 2)") == (
        "no value for 'quantity'",
        "quantity",
        "Add quantity=1.5 after the expression.",
    )


def test_an_unknown_op_is_named_with_its_likes():
    problem, place, advice = refused("x + sigmoidd(x)")
    assert (problem, place) == ("no op is called 'sigmoidd'", "sigmoidd(x)")
    assert advice.startswith("Did you mean sigmoid? Ops: add, ")
    assert all(name in advice for name in functions())


def test_an_op_without_its_parentheses():
    assert refused("2 * tanh") == ("tanh is an op", "tanh", "Call it: tanh(x).")


def test_powers_in_another_language():
    assert refused("1 + (x ^ 2)") == (
        "^ is not an operator here",
        "x ^ 2",
        "Write powers as x ** 2.",
    )


@pytest.mark.parametrize(
    ("expression", "place"),
    [
        ("x + y.__class__", "y.__class__"),
        ("x.real", "x.real"),
        ("(1.5).__class__.__base__ * x", "(1.5).__class__.__base__"),
        ("x + (lambda: y)", "lambda: y"),
        ("x + [y for y in x]", "[y for y in x]"),
        ("relu(y for y in x)", "(y for y in x)"),
        ("x + (y := 2)", "y := 2"),
        ("x + f'{y}'", "f'{y}'"),
        ("'x' + x", "'x'"),
        ("b'x' * x", "b'x'"),
        ("x[0]", "x[0]"),
        ("x[0:1]", "x[0:1]"),
        ("2 * (x if y else 1)", "x if y else 1"),
        ("x and y", "x and y"),
        ("not x", "not x"),
        ("~x", "~x"),
        ("x // 2 + 1", "x // 2"),
        ("x % 2", "x % 2"),
        ("x @ y", "x @ y"),
        ("x << 1", "x << 1"),
        ("x | 1", "x | 1"),
        ("x == y", "x == y"),
        ("x in y", "x in y"),
        ("0 < x < 3", "0 < x < 3"),
        ("(x, y)", "(x, y)"),
        ("{x: y}", "{x: y}"),
        ("x + True", "True"),
        ("x + None", "None"),
        ("x + ...", "..."),
        ("x + 2j", "2j"),
        ("await x", "await x"),
        ("tanh(*x)", "*x"),
        ("tanh(x)(y)", "tanh(x)(y)"),
        ("tanh.scalar(x)", "tanh.scalar(x)"),
    ],
)
def test_what_is_no_arithmetic_is_not_computed(expression, place):
    problem, underlined, advice = refused(expression)
    assert (problem, underlined) == ("not part of an expression", place)
    assert advice.startswith("Use numbers, variables, + - * / **, parentheses, comparisons and ops")


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('os')",
        "eval('x')",
        "exec('x')",
        "open('/etc/passwd')",
        "getattr(x, 'data')",
        "Value(2.0)",
        "__builtins__",
        "__name__",
        "OPS",
        "math",
        "self",
    ],
)
def test_no_name_of_python_is_known(expression):
    problem, place, _ = refused(f"x + {expression}")
    assert problem.startswith(("no op is called", "no value for"))
    assert place == expression


@pytest.mark.parametrize("expression", ["tanh(x, **y)", "relu(x, **y)", "tanh(at=x)"])
def test_keywords_are_those_of_the_op(expression):
    problem, place, _ = refused(expression)
    assert place == expression
    assert "Call it as" in problem


@pytest.mark.parametrize(
    ("expression", "place", "usage"),
    [
        ("1 + tanh(x, y)", "tanh(x, y)", "tanh(x"),
        ("tanh()", "tanh()", "tanh(x"),
        ("clip(x, 0)", "clip(x, 0)", "clip(x"),
        ("maximum(x)", "maximum(x)", "maximum(a, b"),
        ("relu(x, slope=2)", "relu(x, slope=2)", "relu(x"),
        ("relu(x, at_zero=y)", "relu(x, at_zero=y)", "relu(x"),
    ],
)
def test_a_call_that_does_not_fit_is_shown_how_it_goes(expression, place, usage):
    problem, underlined, _ = refused(expression)
    assert underlined == place
    assert f"Call it as {usage}" in problem


@pytest.mark.parametrize(
    ("expression", "place", "op"),
    [
        ("x + log(y)", "log(y)", "log"),
        ("x + log(0)", "log(0)", "log"),
        ("2 * (1 / (x - 2))", "1 / (x - 2)", "div"),
        ("x + 1 / 0", "1 / 0", "div"),
        ("y ** 0.5 + x", "y ** 0.5", "pow"),
        ("(-8) ** 0.5 * x", "(-8) ** 0.5", "pow"),
        ("x + exp(1000)", "exp(1000)", "exp"),
        ("2 ** 10000 * x", "2 ** 10000", "pow"),
        ("sqrt(x * log(x - 2))", "log(x - 2)", "log"),
    ],
)
def test_a_number_outside_the_domain_is_pointed_at_and_the_op_named(expression, place, op):
    problem, underlined, _ = refused(expression)
    assert underlined == place
    assert problem.startswith(f"{op}(")


@pytest.mark.parametrize(
    ("expression", "place"),
    [
        ("größe + ключ * q", "q"),
        ("größe * ключ.data", "ключ.data"),
        ("größe * log(-ключ)", "log(-ключ)"),
        ("größe  *   ключ  ^  2", "größe * ключ ^ 2"),
        ("größe $ ключ", "$"),
        ("größe\t+\n q", "q"),
    ],
)
def test_the_place_is_right_after_letters_of_other_alphabets(expression, place):
    assert refused(expression, **{"größe": 1.0, "ключ": 2.0})[1] == place


@pytest.mark.parametrize(
    ("expression", "place"),
    [
        ("x +", ""),
        ("x + * y", "*"),
        ("x y", "y"),
        ("(x + y", "("),
        ("x + y)", ")"),
        ("x = 2", "="),
        ("x; y", ";"),
        ("yield x", "yield"),
        ("import os", "import"),
        ("2x", "2"),
        ("x ? y", "?"),
        ("sin(x,, y)", ","),
    ],
)
def test_a_slip_of_the_pen_is_pointed_at(expression, place):
    _, underlined, _ = refused(expression)
    assert place.startswith(underlined)


@pytest.mark.parametrize("expression", ["", " ", "\n\t"])
def test_nothing_is_not_an_expression(expression):
    assert refused(expression)[0].startswith("the expression is empty")


def test_what_has_no_gradient_is_refused_with_advice():
    assert "x > y is true or false. Use it as where(" in refused("x > y")[0]
    assert "1 + 2 has no variable" in refused("1 + 2")[0]


@pytest.mark.parametrize(
    "expression",
    [
        "(" * 10_000 + "x" + ")" * 10_000,
        "(" * 190 + "x" + ")" * 190,
        "tanh(" * 150 + "x" + ")" * 150,
        "-" * 20_000 + "x",
        "x" + " + 1" * 20_000,
        "1 + " * 20_000 + "x",
        "x" + " ** 1" * 20_000,
    ],
    ids=lambda expression: expression[:12],
)
def test_no_depth_is_too_deep_for_an_answer(expression):
    answer = outcome(expression, x=0.5)
    assert isinstance(answer, Value) or "nested" in answer


@pytest.mark.parametrize(
    "expression", ["(" * 10_000 + "x", "x + " * 5_000 + "q", "9" * 5_000 + " * x"], ids="(+9"
)
def test_an_error_is_short_even_if_the_expression_is_not(expression):
    with pytest.raises(ExpressionError) as caught:
        compute(expression, {"x": 1.0})
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize("expression", ["9" * 400 + " * x", "x\udcff * 2"], ids=["large", "bytes"])
def test_whatever_is_typed_the_error_is_about_the_expression(expression):
    with pytest.raises(ExpressionError):
        compute(expression, {"x": 1.0})


@given(st.text(st.sampled_from("xy01.+-*/()<>= ,[]{}:'\"\\#@!%&|~^_eéλ\t")))
@example("x\\")
def test_any_string_is_computed_or_refused(expression):
    answer = outcome(expression, x=1.0, y=2.0)
    assert answer.name if isinstance(answer, Value) else answer


def test_the_error_is_one_of_the_engine_and_a_builtin_one_too():
    assert issubclass(ExpressionError, AutogradError)
    assert issubclass(ExpressionError, ValueError)
