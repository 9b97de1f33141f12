"""An op as a function: what it accepts and what it refuses."""

import json
import math
import pickle
import sys
from inspect import Parameter

import numpy as np
import pytest
from numerics import replaced

import autograd
import autograd as ag
from autograd import (
    DomainError,
    Graph,
    Op,
    ShapeError,
    Tensor,
    Value,
    add,
    arcsin,
    clip,
    cosh,
    div,
    exp,
    log,
    pad,
    pow,
    sinh,
    sqrt,
    square,
)
from autograd.strategies import ELEMENTWISE, options

each_row = pytest.mark.parametrize("op", ELEMENTWISE, ids=lambda op: op.name)

each_row_with_params = pytest.mark.parametrize(
    "op", [op for op in ELEMENTWISE if op.defaults], ids=lambda op: op.name
)


def defaults(op):
    return options(op, knobs=None)


def outside():
    """Each end of each domain, overstepped, with the other operands well inside."""
    for op in ELEMENTWISE:
        inside = tuple(0.5 for _ in op.vjps)
        for i, domain in enumerate(op.domain):
            points = [domain.low - 1, domain.high + 1]
            if domain.poles and domain.poles(0.0) == 0:
                points.append(0.0)
            for x in filter(math.isfinite, points):
                yield pytest.param(op, replaced(inside, i, x), id=f"{op.name}{i}-{x:g}")


@pytest.mark.parametrize(("op", "operands"), list(outside()))
def test_an_operand_outside_the_domain_is_refused(op, operands):
    said = rf"^{op.name}\(.*\): no real value here\. It needs .*\. Move the input inside"
    with pytest.raises(DomainError, match=said):
        op(*operands)
    with pytest.raises(DomainError, match=said):
        op(*map(Value, operands))


@pytest.mark.parametrize(
    ("op", "operands"),
    [(exp, [1000.0]), (cosh, [-1000.0]), (sinh, [1000.0]), (pow, [10.0, 400.0])],
)
def test_a_result_beyond_the_floats_is_refused(op, operands):
    said = rf"^{op.name}\(.*\): the result is beyond the largest float.* Scale the operands down"
    for kind in (float, Value, int):
        with pytest.raises(DomainError, match=said):
            op(*map(kind, operands))


@pytest.mark.parametrize("op", [sqrt, log, arcsin, div], ids=lambda op: op.name)
def test_arrays_are_left_to_numpy(op):
    operands = [np.array([0.5, 2.0])] * (len(op.vjps) - 1) + [np.array([0.5, -2.0])]
    with np.errstate(invalid="ignore"):
        assert op(*operands).tolist()[0] == op(*[0.5] * len(op.vjps))


@each_row
def test_a_call_with_the_wrong_number_of_operands_shows_the_right_one(op):
    arity, params = len(op.vjps), defaults(op)
    for count in (arity - 1, arity + len(params) + 1):
        with pytest.raises(TypeError, match=rf"^{op.name}: got .* Call it as {op.name}\("):
            op(*[0.5] * count, **params)


@each_row
def test_an_unknown_param_is_refused(op):
    for operand in (0.5, Value(0.5)):
        with pytest.raises(TypeError, match=rf"^{op.name}: got .*slop=1.* Call it as {op.name}\("):
            op(*[operand] * len(op.vjps), **defaults(op), slop=1)


@each_row_with_params
def test_a_param_given_twice_is_refused(op):
    name = next(iter(op.defaults))
    with pytest.raises(TypeError, match=rf"^{op.name}: got .* Call it as {op.name}\("):
        op(*[0.5] * (len(op.vjps) + 1), **{name: 0.5})


@each_row_with_params
def test_params_may_be_given_by_place_or_by_name(op):
    operands, params = [0.5] * len(op.vjps), defaults(op)
    expected = op(*operands, **params)
    assert op(*operands, *params.values()) == expected
    assert op(*map(Value, operands), *params.values()).data == expected
    assert op(*map(Value, operands), *params.values()).params == params


def test_a_param_that_has_no_default_must_be_given():
    required = [op for op in ELEMENTWISE if Parameter.empty in op.defaults.values()]
    assert clip in required
    for op in required:
        with pytest.raises(TypeError, match=rf"^{op.name}: got .* Call it as {op.name}\("):
            op(Value(0.5))


@each_row_with_params
def test_a_param_is_a_number_not_a_node(op):
    params = dict.fromkeys(op.defaults, Value(0.5))
    with pytest.raises(TypeError, match=rf"^{op.name}: "):
        op(*[Value(-1.0)] * len(op.vjps), **params)


@pytest.mark.parametrize(
    "op", [op for op in ELEMENTWISE if len(op.vjps) > 1], ids=lambda op: op.name
)
@pytest.mark.parametrize("wrong", ["text", None, [1.0, 2.0], 1j, np.arange(3.0)], ids=repr)
def test_an_operand_beside_a_value_must_be_a_number(op, wrong):
    operands = (Value(1.0), *[wrong] * (len(op.vjps) - 1))
    for order in (operands, operands[::-1]):
        with pytest.raises(TypeError, match=rf"^{op.name}: got .* are Values and numbers"):
            op(*order, **defaults(op))


@each_row
def test_an_operand_must_be_a_number(op):
    for wrong in ("text", None):
        with pytest.raises(TypeError, match=rf"^{op.name}: got .*{wrong!r}"):
            op(*[wrong] * len(op.vjps), **defaults(op))


def test_values_in_a_list_do_not_lose_their_history_unnoticed():
    with pytest.raises(TypeError, match=r"^exp: got \[Value"):
        exp([Value(1.0), Value(2.0)])


@pytest.mark.parametrize("call", [lambda n: exp(n), lambda n: exp(Value(0.0) + n)])
def test_an_integer_beyond_the_floats_is_refused(call):
    with pytest.raises((DomainError, TypeError), match=r"^(exp|add|Value)"):
        call(10**400)


@each_row_with_params
@pytest.mark.parametrize(
    "number", [int, np.float32, np.float64, np.int64], ids=lambda t: t.__name__
)
def test_params_of_any_numeric_type_give_a_python_float(op, number):
    params = {name: number(x) for name, x in zip(op.defaults, (1, 2), strict=False)}
    for x in (-1.0, 0.0, 3.0):
        result = op(*[Value(x)] * len(op.vjps), **params)
        assert type(result.data) is float
        assert json.loads(Graph(result).to_json())


@each_row
def test_a_row_is_pickled_by_name(op):
    assert pickle.loads(pickle.dumps(op)) is op


@each_row
def test_the_domain_and_the_rules_have_a_place_for_each_operand(op):
    assert len(op.domain) == len(op.vjps)
    assert len(op.written) in (0, len(op.vjps))
    op.latex.format(*"abc"[: len(op.vjps)])
    assert op.doc.endswith(".")


def test_the_name_of_a_row_is_the_name_of_its_function():
    for op in ELEMENTWISE:
        assert getattr(autograd, op.name) is op


def test_integers_compute_as_floats_do():
    assert square(3) == 9.0
    assert add(1, 2) == 3.0
    assert exp(0) == 1.0


def test_a_call_that_failed_left_no_trace():
    x = Tensor([1.0, 2.0])
    before = sys.getrefcount(x)
    for _ in range(10):
        with pytest.raises(ShapeError, match="reshape"):
            x.reshape(3)
    assert sys.getrefcount(x) == before


def test_a_list_given_as_an_option_may_be_edited_later():
    places, v = [0, 1], Tensor([1.0, 2.0, 4.0])
    picked = ag.getitem(v, places)
    places[0] = 2
    picked.backward([1.0, 1.0])
    assert v.grad.tolist() == [1.0, 1.0, 0.0]


def test_braces_in_latex_that_are_no_places_are_explained():
    with pytest.raises(ValueError, match=r"^Op: braced got latex=.* braces of LaTeX twice"):
        Op(
            name="braced",
            forward=np.negative,
            vjps=(lambda g, y, x: -g,),
            latex=r"\operatorname{neg}({0})",
            doc="Minus.",
        )


def test_lists_inside_of_options_may_be_edited_later_too():
    places, widths = [0, 1], {0: (1, 1)}
    x, v = Tensor(np.ones((2, 2))), Tensor([1.0, 2.0])
    picked, padded = ag.getitem(x, (places, 0)), pad(v, widths)
    places[:], widths[0] = [1, 1], (2, 0)
    picked.backward([1.0, 10.0])
    padded.backward([1.0, 2.0, 3.0, 4.0])
    assert x.grad.tolist() == [[1.0, 0.0], [10.0, 0.0]]
    assert v.grad.tolist() == [2.0, 3.0]


def test_ops_can_be_taken_out_of_the_table_and_put_back_unless_their_name_is_taken():
    row = {"forward": np.tanh, "vjps": (None,), "latex": "{0}", "doc": "It."}
    op = Op(name="for a while", **row)
    ag.ops.withdraw([op])
    assert "for a while" not in ag.OPS
    ag.ops.enter([op])
    assert ag.OPS["for a while"] is op
    ag.ops.withdraw([op])
    vars(op)["name"] = "tanh"
    with pytest.raises(ValueError, match="the name 'tanh' is taken in autograd"):
        ag.ops.enter([op])
