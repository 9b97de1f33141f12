"""Laws every row of the table obeys; a new row is tested by existing."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numerics import EPSILON, complex_step, differences, replaced, ulps

from autograd import (
    DomainError,
    GraphError,
    Value,
    abs,
    clip,
    elu,
    flat,
    gradients,
    heaviside,
    leaky_relu,
    maximum,
    minimum,
    pow,
    relu,
    sigmoid,
    sign,
    softplus,
    sqrt,
    step,
    tanh,
    where,
    xlogy,
)
from autograd.strategies import ELEMENTWISE, KNOBS, calls, options

ANALYTIC = tuple(op for op in ELEMENTWISE if op.kinks is None)
each_row = pytest.mark.parametrize("op", ELEMENTWISE, ids=lambda op: op.name)
each_analytic_row = pytest.mark.parametrize("op", ANALYTIC, ids=lambda op: op.name)

each_elementwise_row = pytest.mark.parametrize(
    "op", [op for op in ELEMENTWISE if op.elementwise], ids=lambda op: op.name
)

each_differentiable_row = pytest.mark.parametrize(
    "op", [op for op in ELEMENTWISE if None not in op.vjps], ids=lambda op: op.name
)

fewer = settings(max_examples=max(10, settings.default.max_examples // 5))
any_float = st.floats(allow_nan=False, allow_infinity=False)


def adjoint_rules(op):
    """The rules through which something flows, with the place of their operand."""
    return [(i, rule) for i, rule in enumerate(op.vjps) if rule not in (None, flat)]


def defaults(op):
    return options(op, knobs=None)


# Values


@pytest.mark.slow
@each_row
@fewer
@given(data=st.data())
def test_the_scalar_form_equals_the_numpy_form(op, data):
    operands, params = data.draw(calls(op))
    result = op(*operands, **params)
    assert type(result) is float
    assert ulps(result, float(op.forward(*operands, **params))) <= 4


@pytest.mark.slow
@each_row
@fewer
@given(data=st.data())
def test_where_numpy_finds_no_finite_number_the_scalar_form_says_so(op, data):
    operands = data.draw(st.tuples(*[any_float for _ in op.vjps]))
    params = options(op, data.draw(KNOBS))
    with np.errstate(all="ignore"):
        expected = float(op.forward(*operands, **params))
    try:
        result = op(*operands, **params)
    except DomainError:
        assert not math.isfinite(expected)
    else:
        assert type(result) is float
        assert ulps(result, expected) <= 4


@pytest.mark.slow
@each_row
@fewer
@given(data=st.data())
def test_a_value_holds_what_the_op_computes_on_floats(op, data):
    operands, params = data.draw(calls(op))
    result = op(*map(Value, operands), **params)
    assert result.data == op(*operands, **params)
    assert result.op is op
    assert result.args == operands
    assert result.params == params


@pytest.mark.slow
@each_elementwise_row
@fewer
@given(data=st.data())
def test_an_elementwise_row_commutes_with_stacking(op, data):
    (first, params), (second, _) = data.draw(st.tuples(calls(op), calls(op)))
    stacked = op(*map(np.array, zip(first, second, strict=True)), **params)
    assert stacked.shape == (2,)
    assert stacked.dtype == np.float64
    for element, operands in zip(stacked, (first, second), strict=True):
        assert ulps(float(element), op(*operands, **params)) <= 4


@each_row
def test_nan_is_not_hidden(op):
    inside = [0.5] * len(op.vjps)
    for i in range(len(inside)):
        operands = replaced(tuple(inside), i, math.nan)
        if np.isnan(op.forward(*operands, **defaults(op))):
            assert math.isnan(op(*operands, **defaults(op)))
            assert math.isnan(op(*map(Value, operands), **defaults(op)).data)


@pytest.mark.parametrize(
    ("op", "at_minus_infinity", "at_infinity", "slopes"),
    [
        (tanh, -1.0, 1.0, (0.0, 0.0)),
        (sigmoid, 0.0, 1.0, (0.0, 0.0)),
        (softplus, 0.0, None, (0.0, 1.0)),
        (elu, -1.0, None, (0.0, 1.0)),
    ],
    ids=lambda x: getattr(x, "name", ""),
)
@pytest.mark.parametrize("x", [1000.0, 1e308])
def test_squashing_functions_reach_their_limits(op, at_minus_infinity, at_infinity, slopes, x):
    at_infinity = x if at_infinity is None else at_infinity
    assert (op(-x), op(x)) == (at_minus_infinity, at_infinity)
    assert op(np.array([-x, x])).tolist() == [at_minus_infinity, at_infinity]
    for number, slope in zip((-x, x), slopes, strict=True):
        leaf = Value(number)
        op(leaf).backward()
        assert leaf.grad == slope


# Rules


@pytest.mark.slow
@each_analytic_row
@fewer
@given(data=st.data())
def test_a_rule_agrees_with_the_complex_step(op, data):
    operands, params = data.draw(calls(op))
    y = op(*operands, **params)
    for i, rule in adjoint_rules(op):
        expected = complex_step(
            lambda z, i=i: op.forward(*replaced(operands, i, z), **params), operands[i]
        )
        found = rule(1.0, y, *operands, **params)
        assert found == pytest.approx(expected, rel=1e-12, abs=1e-15)


@pytest.mark.slow
@each_row
@fewer
@given(data=st.data())
def test_a_rule_agrees_with_differences(op, data):
    operands, params = data.draw(calls(op))
    y = op(*operands, **params)
    for i, rule in enumerate(op.vjps):
        slope, error = differences(
            lambda x, i=i: op(*replaced(operands, i, x), **params), operands[i], h=2e-3
        )
        found = (rule or flat)(1.0, y, *operands, **params) or 0.0
        assert error < 1e-6 * max(1.0, math.fabs(slope))
        assert math.fabs(found - slope) <= 10 * error


@pytest.mark.slow
@each_row
@fewer
@given(data=st.data())
def test_a_rule_is_linear_in_what_comes_in(op, data):
    operands, params = data.draw(calls(op))
    y = op(*operands, **params)
    g, h = data.draw(st.tuples(any_float, any_float).map(lambda p: (p[0] % 8, p[1] % 8)))
    for _, rule in adjoint_rules(op):
        whole = rule(g + h, y, *operands, **params)
        parts = rule(g, y, *operands, **params) + rule(h, y, *operands, **params)
        scale = math.fabs(whole) + math.fabs(rule(1.0, y, *operands, **params)) * 8
        assert math.fabs(whole - parts) <= 8 * EPSILON * scale
        assert rule(0.0, y, *operands, **params) == 0.0


@pytest.mark.slow
@each_row
@fewer
@given(data=st.data())
def test_one_rule_serves_floats_arrays_and_nodes(op, data):
    operands, params = data.draw(calls(op))
    y = op(*operands, **params)
    nodes = [Value(x) for x in operands]
    on_nodes = None
    if None not in op.vjps:
        on_nodes = [slope.data for slope in gradients(op(*nodes, **params), nodes)]
    for i, rule in adjoint_rules(op):
        on_floats = rule(1.0, y, *operands, **params)
        assert type(on_floats) is float
        assert on_nodes[i] == on_floats
        for shape in ((), (1,)):
            g, *arrays = (np.full(shape, x) for x in (1.0, *operands))
            on_array = np.asarray(rule(g, op(*arrays, **params), *arrays, **params))
            assert on_array.shape == shape
            assert on_array.item() == pytest.approx(on_floats, rel=1e-13, abs=1e-15)


@pytest.mark.slow
@each_differentiable_row
@fewer
@given(data=st.data())
def test_the_second_derivative_is_the_slope_of_the_first(op, data):
    operands, params = data.draw(calls(op))
    nodes = [Value(x) for x in operands]
    firsts = gradients(op(*nodes, **params), nodes)
    for i, rule in adjoint_rules(op):
        for j, second in enumerate(gradients(firsts[i], nodes)):

            def first(x, rule=rule, j=j):
                moved = replaced(operands, j, x)
                return rule(1.0, op(*moved, **params), *moved, **params)

            if op.kinks is None:
                expected = complex_step(first, operands[j])
                assert second.data == pytest.approx(expected, rel=1e-11, abs=1e-13)
            else:
                slope, error = differences(first, operands[j], h=2e-3)
                assert math.fabs(second.data - slope) <= 10 * error


@each_row
def test_a_row_without_a_gradient_refuses_to_be_trained_through(op):
    operands = [Value(0.5) for _ in op.vjps]
    result = op(*operands, **defaults(op))
    if None in op.vjps:
        with pytest.raises(GraphError, match=rf"^{op.name}: it has no gradient.* Use "):
            result.backward()
        assert not any(x.reached for x in operands)
    else:
        result.backward()


def test_a_constant_may_pass_through_a_row_without_a_gradient():
    x = Value(2.0)
    (x * step(Value(3.0, constant=True))).backward()
    assert x.grad == 1.0


# Values and slopes where formulas give out


@pytest.mark.parametrize(
    ("f", "operands", "value", "slopes"),
    [
        (relu, [0.0], 0.0, [0.0]),
        (lambda x: relu(x, at_zero=1.0), [0.0], 0.0, [1.0]),
        (lambda x: relu(x, 0.25), [0.0], 0.0, [0.25]),
        (leaky_relu, [0.0], 0.0, [0.01]),
        (lambda x: leaky_relu(x, slope=0.2), [0.0], 0.0, [0.2]),
        (lambda x: leaky_relu(x, slope=0.2, at_zero=1.0), [0.0], 0.0, [1.0]),
        (elu, [0.0], 0.0, [1.0]),
        (lambda x: elu(x, alpha=0.3), [0.0], 0.0, [0.3]),
        (abs, [0.0], 0.0, [0.0]),
        (maximum, [2.0, 2.0], 2.0, [0.5, 0.5]),
        (minimum, [2.0, 2.0], 2.0, [0.5, 0.5]),
        (lambda x: clip(x, -1.0, 2.0), [-1.0], -1.0, [1.0]),
        (lambda x: clip(x, -1.0, 2.0), [2.0], 2.0, [1.0]),
        (lambda x: clip(x, -1.0, 2.0), [2.5], 2.0, [0.0]),
        (lambda x: x**0, [0.0], 1.0, [0.0]),
        (lambda x: x**1, [0.0], 0.0, [1.0]),
        (lambda x: x**2, [0.0], 0.0, [0.0]),
        (lambda x: x**3, [-2.0], -8.0, [12.0]),
        (lambda x: x**-1, [-2.0], -0.5, [-0.25]),
        (pow, [0.0, 2.0], 0.0, [0.0, 0.0]),
        (xlogy, [0.0, 0.5], 0.0, [math.log(0.5), 0.0]),
        (lambda b: xlogy(0.0, b), [0.0], 0.0, None),
        (lambda a, b: where(1.0, a, b), [3.0, 4.0], 3.0, [1.0, 0.0]),
        (lambda a, b: where(0.0, a, b), [3.0, 4.0], 4.0, [0.0, 1.0]),
    ],
)
def test_the_slope_taken_at_a_special_point(f, operands, value, slopes):
    leaves = [Value(x) for x in operands]
    result = f(*leaves)
    assert result.data == value
    if slopes is None:
        with pytest.raises(DomainError):
            result.backward()
    else:
        result.backward()
        assert [x.grad for x in leaves] == slopes


def test_the_step_is_strictly_greater():
    assert [step(x) for x in (-1e-300, -0.0, 0.0, 1e-300)] == [0.0, 0.0, 0.0, 1.0]


def test_zero_times_the_logarithm_of_zero_is_zero():
    assert xlogy(0.0, 0.0) == 0.0
    assert xlogy(np.zeros(2), np.array([0.0, 2.0])).tolist() == [0.0, 0.0]


def test_the_slopes_of_abs_and_relu_jump_but_flow_no_further():
    x = Value(0.0)
    assert [op(x).data for op in (sign, heaviside)] == [0.0, 0.0]
    assert heaviside(x, at_zero=0.5).data == 0.5
    for op in (sign, heaviside):
        assert [slope.data for slope in gradients(op(x), [x])] == [0.0]


def test_the_branch_not_taken_passes_nothing_however_steep_it_is():
    a, b = Value(3.0), Value(0.0)
    steep = sqrt(b + 5e-324)
    where(a > 0, a, steep * 1e300 * 1e300).backward()
    assert (a.grad, b.grad) == (1.0, 0.0)


def test_the_slopes_at_a_tie_are_the_mean_of_those_beside_it():
    for op in (maximum, minimum):
        a, b = Value(1.0), Value(1.0)
        op(a, b).backward()
        (left, _), (right, _) = (
            [node.data for node in gradients(op(x, y), [x, y])]
            for x, y in [(Value(0.9), Value(1.0)), (Value(1.1), Value(1.0))]
        )
        assert a.grad == (left + right) / 2
        assert a.grad + b.grad == 1.0


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_all_derivatives_of_a_power_exist_at_zero(n):
    x = Value(0.0)
    derivative = x**n
    for order in range(1, n + 3):
        (derivative,) = gradients(derivative, [x])
        if derivative.constant:  # it does not depend on x any more
            break
        assert derivative.data == (math.factorial(n) if order == n else 0.0)
