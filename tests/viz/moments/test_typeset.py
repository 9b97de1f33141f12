"""Formulas say what they compute: read back, every writing gives the numbers it was made from."""

import math
import operator
import re
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from numerics import close

from autograd import OPS, exp, expm1, heaviside, leaky_relu, log, where, xlogy
from autograd.formulas import Symbol, applied, number, slope
from autograd.formulas import written as text
from autograd.strategies import ELEMENTWISE, calls
from autograd.texts import shown
from viz.moments.typeset import Derivative, latex, mathml, subscript

each_row = pytest.mark.parametrize("op", ELEMENTWISE, ids=lambda op: op.name)
few = settings(max_examples=max(10, settings.default.max_examples // 5))  # for each of many rows
OPERATORS = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "pow": operator.pow,
    "neg": operator.neg,
    "abs": operator.abs,
    "square": lambda x: x * x,
}
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def symbols(op):
    return tuple(Symbol(name) for name in "abc"[: len(op.vjps)])


def formulas(op, params):
    """The formula of a row, and of its slopes."""
    operands = symbols(op)
    slopes = (slope(op, i, Symbol("y"), operands, params) for i in range(len(operands)))
    return [applied(op, operands, params), *slopes]


def from_text(written):
    """Turn the signs of mathematics into Python's."""
    written = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+", lambda sup: f"**({sup[0].translate(SUPERSCRIPTS)})", written)
    written = re.sub(r"\|([^|]*)\|", r"absolute(\1)", written)
    written = re.sub(r"\[([^][]*) > 0\]", r"heaviside(\1)", written)
    return written.replace("·", "*").replace("^", "**")


def from_latex(written):
    """Turn LaTeX of operators into Python."""
    written = written.replace(r"\left|", "absolute(").replace(r"\right|", ")")
    for sign, meaning in {
        r"\cdot": "*",
        r"\left": "",
        r"\right": "",
        r"\frac": "",
        "}{": ")/(",
        "{": "(",
        "}": ")",
        "^": "**",
    }.items():
        written = written.replace(sign, meaning)
    return written


def from_mathml(written):
    """Turn MathML of operators into Python: only what is drawn, fractions and raised exponents."""

    def read(element):
        parts = [read(child) for child in element]
        match element.tag.partition("}")[2]:
            case "mfrac":
                return f"({parts[0]})/({parts[1]})"
            case "msup":
                return f"{parts[0]}**({parts[1]})"
        return (element.text or "") + "".join(parts)

    flat = read(ElementTree.fromstring(written)).replace("·", "*").replace("−", "-")
    return re.sub(r"\|([^|]*)\|", r"absolute(\1)", flat)


WRITINGS = {
    "text": (text, from_text),
    "latex": (latex, from_latex),
    "mathml": (mathml, from_mathml),
}


def exactly(python, known):
    """Evaluate what was written, without rounding."""
    names = {**known, "absolute": abs, "F": Fraction}
    return eval(re.sub(r"(?<![\w.])[\d.]+", r'F("\g<0>")', python), names)


# Trees are nested tuples, the name of a row and its operands, so that one tree can be built as a
# formula and computed in fractions. Exponents are whole. Absolute values do not stand inside each
# other: |  and | look the same.
WHOLE = st.integers(-3, 3).map(Fraction)
LITERALS = st.integers(-6, 6).map(lambda x: Fraction(x, 2))
NAMES = ("a", "b", "c", "n")
EXPONENTS = WHOLE | st.sampled_from(("n", ("neg", "n"), ("add", "n", Fraction(1))))


def grown(trees):
    operand = trees | LITERALS
    sides = st.tuples(trees, operand) | st.tuples(LITERALS, trees)
    binary = st.tuples(st.sampled_from(("add", "sub", "mul", "div")), sides)
    return st.one_of(
        binary.map(lambda tree: (tree[0], *tree[1])),
        st.tuples(st.just("pow"), trees, EXPONENTS),
        st.tuples(st.sampled_from(("neg", "square")), trees),
    )


PLAIN = st.recursive(st.sampled_from(NAMES), grown, max_leaves=4)
LEAVES = st.sampled_from(NAMES) | st.tuples(st.just("abs"), PLAIN)
TREES = st.recursive(LEAVES, grown, max_leaves=8)
KNOWN = st.fixed_dictionaries(dict.fromkeys("abc", LITERALS) | {"n": WHOLE})


def built(tree, known, make):
    """Build a tree of rows and of what is known about its names."""
    if not isinstance(tree, tuple):
        return known.get(tree, tree)
    name, *operands = tree
    return make(name, [built(x, known, make) for x in operands])


def worked_out(tree, known):
    try:
        return built(tree, known, lambda name, operands: OPERATORS[name](*operands))
    except ZeroDivisionError:
        assume(False)


SYMBOLS = {name: Symbol(name) for name in NAMES}


@pytest.mark.parametrize(("write", "read"), WRITINGS.values(), ids=WRITINGS)
@given(TREES, KNOWN)
def test_a_formula_read_back_is_the_computation_it_was_written_from(write, read, tree, known):
    expected = worked_out(tree, known)
    formula = built(tree, SYMBOLS, lambda name, operands: applied(OPS[name], (*operands,), {}))
    assert exactly(read(write(formula)), known) == expected


@given(TREES, KNOWN)
@example(("mul", Fraction(0), ("div", "a", "b")), {"a": Fraction(1), "b": Fraction(2)})
def test_simpler_formulas_compute_the_same(computed, tree, known):
    expected = worked_out(tree, known)
    formula = built(tree, SYMBOLS, lambda name, operands: OPERATORS[name](*operands))
    assert computed(formula, known, OPERATORS) == expected


@pytest.mark.slow
@each_row
@few
@given(st.data())
def test_the_slope_of_a_row_is_its_rule(computed, op, data):
    operands, params = data.draw(calls(op))
    literal = data.draw(st.tuples(*[st.booleans()] * len(operands)))
    names = symbols(op)
    known = {x.name: value for x, value in zip(names, operands, strict=True)}
    known["y"] = y = op(*operands, **params)
    mixed = tuple(
        value if fixed else x for fixed, value, x in zip(literal, operands, names, strict=True)
    )
    for i, rule in enumerate(op.vjps):
        expected = rule(1.0, y, *operands, **params) if rule else None
        found = computed(slope(op, i, Symbol("y"), mixed, params), known)
        assert close(found, 0.0 if expected is None else expected, 1e-14)


@pytest.mark.slow
@each_row
@few
@given(st.data())
def test_the_text_of_a_slope_read_back_is_the_rule(op, data):
    operands, params = data.draw(calls(op))
    known = {x.name: value for x, value in zip(symbols(op), operands, strict=True)}
    known["y"] = y = op(*operands, **params)
    table = {"absolute": math.fabs, **OPS}
    for i, rule in enumerate(op.vjps):
        expected = rule(1.0, y, *operands, **params) if rule else None
        written = text(slope(op, i, Symbol("y"), symbols(op), params))
        found = eval(from_text(written), table | known)
        assert close(found, 0.0 if expected is None else expected, 1e-14)


@pytest.mark.slow
@each_row
@few
@given(st.data())
def test_every_writing_of_a_row_is_well_formed(op, data):
    _, params = data.draw(calls(op))
    for formula in formulas(op, params):
        written = latex(formula)
        depth = 0
        for sign in re.sub(r"\\[{}]", "", written):
            depth += {"{": 1, "}": -1}.get(sign, 0)
            assert depth >= 0
        assert depth == 0
        assert written.count(r"\left") == written.count(r"\right")
        ElementTree.fromstring(mathml(formula))
        assert eval(f"lambda: {from_text(text(formula))}")


@each_row
def test_every_writing_of_a_row_shows_its_operands(op):
    formula = applied(op, symbols(op), {})
    shown = {element.text for element in ElementTree.fromstring(mathml(formula)).iter()}
    for x in symbols(op):
        assert x.name in re.findall("[a-z]+", text(formula))
        assert x.name in re.findall("[a-z]+", latex(formula))
        assert x.name in shown


@given(st.text(min_size=1))
@example(r"a\b_{c}$%&#~^ d")
@example(r"\input{/etc/passwd}")
@example("שלום\n")
def test_a_name_in_latex_is_escaped_and_nothing_is_lost(name):
    assume(not re.fullmatch("[A-Za-z][0-9₀-₉]*", name))
    inside = re.fullmatch(r"\\mathrm\{(.*)\}", latex(Symbol(name)), re.DOTALL)[1]
    signs = re.findall(r"\\(?:backslash |wedge |sim |[{}$&#_% ])|[^\\{}$&#_%^~ ]", inside)
    assert "".join(signs) == inside
    meaning = {r"\backslash ": "\\", r"\wedge ": "^", r"\sim ": "~"}
    said = "".join(meaning.get(sign, sign[-1]) for sign in signs)
    assert said == shown(name, 200).replace("\u2068", "").replace("\u2069", "")


PRINTABLE = st.text(st.characters(exclude_categories=["C"]), min_size=1)


@given(PRINTABLE, PRINTABLE)
@example("<script>alert(1)</script>", "]]>-->&amp;")
@example("{0}{slot}", "<mi>")
def test_a_name_in_mathml_is_text(name, other):
    product = ElementTree.fromstring(mathml(Symbol(name) * Symbol(other)))
    assert [element.text for element in product.findall(".//{*}mi")] == [shown(name), shown(other)]
    fraction = ElementTree.fromstring(mathml(Derivative(name, other)))
    assert [element.text for element in fraction.findall(".//{*}mi")] == [shown(name), shown(other)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("x", "x"), ("x12", "x_{12}"), ("v₁₂", "v_{12}"), ("w1", "w_{1}"), ("x1y", r"\mathrm{x1y}")],
)
def test_latex_of_common_names(name, expected):
    assert latex(Symbol(name)) == expected


a, b = Symbol("a"), Symbol("b")


@pytest.mark.parametrize(
    ("formula", "as_text", "as_latex"),
    [
        (Derivative("f", "v₁"), "∂f/∂v₁", r"\frac{\partial f}{\partial v_{1}}"),
        ((a + b) ** 10, "(a + b)¹⁰", r"\left(a + b\right)^{10}"),
        (a**-1.5, "a^(-1.5)", "a^{-1.5}"),
        (a ** (b + 1), "a^(b + 1)", "a^{b + 1}"),
        ((-a) ** b, "(-a)^b", r"\left(-a\right)^{b}"),
        (-(a**2), "-a²", "-a^{2}"),
        (a * -b, "a·(-b)", r"a \cdot \left(-b\right)"),
        (a - (b - 1), "a - (b - 1)", r"a - \left(b - 1\right)"),
        (a / (b * 2), "a/(b·2)", r"\frac{a}{b \cdot 2}"),
        (abs(a + b) * 2, "|a + b|·2", r"\left|a + b\right| \cdot 2"),
        (heaviside(a - b), "[a - b > 0]", "[a - b > 0]"),
        (leaky_relu(a, slope=0.2), "leaky_relu(a, slope=0.2)", None),
        (leaky_relu(a), "leaky_relu(a)", None),
        (exp(a + b), "exp(a + b)", "e^{a + b}"),
        (exp(a) ** 2, None, r"\left(e^{a}\right)^{2}"),
        (2 * expm1(a), None, r"2 \cdot \left(e^{a} - 1\right)"),
        (xlogy(a + b, b), "(a + b)·log(b)", r"\left(a + b\right) \cdot \ln\left(b\right)"),
        (where(a, 1.0, log(b)), "where(a, 1, log(b))", None),
    ],
    ids=str,
)
def test_formulas_as_one_would_write_them(formula, as_text, as_latex):
    assert as_text in (None, text(formula))
    assert as_latex in (None, latex(formula))


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (exp(a) ** 2, "exp(a)²"),
        (exp(a) ** b, "exp(a)^b"),
        (2 * expm1(a), "2·expm1(a)"),
        (b - expm1(a), "b - expm1(a)"),
    ],
    ids=str,
)
def test_a_function_call_in_text_needs_no_parentheses(formula, expected):
    assert text(formula) == expected


def test_what_is_applied_is_not_simplified():
    assert text(applied(OPS["mul"], (a, 1.0), {})) == "a·1"
    assert text(applied(OPS["add"], (1.0, 2.0), {})) == "1 + 2"


def test_equations_are_joined_by_equals_signs():
    written = ElementTree.fromstring(mathml(Derivative("f", "x"), a * 2, 6.0))
    assert [x.text for x in written.findall(".//{*}mo")].count("=") == 2
    assert "".join(written.itertext()) == "∂f∂x=a·2=6"


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (-0.0, "0"),
        (3.0, "3"),
        (1 / 3, "0.33333"),
        (-123456.0, "-1.2346e+05"),
        (math.inf, "inf"),
        (math.nan, "nan"),
    ],
)
def test_numbers_have_five_digits_and_zero_no_sign(x, expected):
    assert number(x) == expected


def test_subscripts():
    assert subscript(1209) == "₁₂₀₉"


def test_a_symbol_shows_itself_as_text():
    assert repr(a + 1) == "a + 1"
