"""Terms have the parentheses they need, and no others."""

from hypothesis import given
from hypothesis import strategies as st

from autograd.tape.export.dialects import C
from autograd.tape.export.terms import (
    AND,
    EQUAL,
    LESS,
    PRODUCT,
    SUM,
    Term,
    choice,
    infix,
    joined,
    negative,
)

SIGNS = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT}


def combined(parts):
    (a, x), (b, y), sign = parts
    does = {"+": x + y, "-": x - y, "*": x * y, "/": x / y if y else 0.0}
    return (infix(sign, SIGNS[sign], a, b) if y or sign != "/" else C.number(0.0)), does[sign]


trees = st.recursive(
    st.floats(-9, 9).map(lambda x: (C.number(x), x)),
    lambda tree: st.one_of(
        st.tuples(tree, tree, st.sampled_from(list(SIGNS))).map(combined),
        tree.map(lambda pair: (negative(pair[0]), -pair[1])),
    ),
    max_leaves=12,
)


@given(trees)
def test_expressions_have_the_parentheses_they_need(tree):
    term, value = tree  # Python reads + - * / and parentheses as C does
    assert repr(eval(term.text)) == repr(value)
    assert "--" not in term.text  # which would be another sign in C


def test_and_no_others():
    a, b, c = map(Term, "abc")
    assert infix("-", SUM, infix("-", SUM, a, b), c).text == "a - b - c"
    assert infix("-", SUM, a, infix("-", SUM, b, c)).text == "a - (b - c)"
    assert infix("+", SUM, a, infix("*", PRODUCT, b, c)).text == "a + b * c"
    assert infix("*", PRODUCT, a, negative(b)).text == "a * -b"
    less = Term("a < b + c", LESS, condition=True)
    assert choice(less, a, choice(less, b, c)).text == "a < b + c ? a : a < b + c ? b : c"
    assert infix("*", PRODUCT, choice(less, a, b), c).text == "(a < b + c ? a : b) * c"
    equal = Term("a == b", EQUAL, condition=True)
    assert joined("&&", AND, [less, equal]).text == "a < b + c && a == b"
