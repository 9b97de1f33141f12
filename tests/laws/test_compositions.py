"""A row that states its composition equals it, to the second derivative, whatever computes it."""

from importlib.util import find_spec

import numpy as np
import pytest
from compiled_c import in_c, needs_cc
from numerics import near
from samples import ARRAY_CALLS, ELEMENTWISE_CALLS

import autograd as ag
from autograd import Op, Tape, Tensor, Value, gradients, unroll
from autograd.formulas import Symbol

CALLS = [call for call in ELEMENTWISE_CALLS + ARRAY_CALLS if call.op.composition]
OF_VALUES = [
    call for call in CALLS if call.op.elementwise and all(x.shape == () for x in call.operands)
]


def each(calls):
    return pytest.mark.parametrize("call", calls, ids=str)


def composed(call):
    """Compute a call in smaller rows."""
    return lambda *operands: call.op.composition(*operands, **call.options)


def derived(f, leaves):
    """Nodes for the value, the slopes, and the second slopes by every operand."""
    y = f(*leaves)
    dice = np.random.default_rng(0)
    seeds = [x._kind(dice.normal(size=np.shape(x.data)), constant=True) for x in (y, *leaves)]
    firsts = gradients(y, leaves, seeds[0])
    products = [slope * seed for slope, seed in zip(firsts, seeds[1:], strict=True)]
    total = sum(map(ag.sum, products) if isinstance(y, Tensor) else products)
    seconds = [0 * x for x in leaves] if total.constant else gradients(total, leaves)
    return [y, *firsts, *seconds]


def by_nodes(nodes, leaves):
    return [x.data for x in nodes]


def cells_of(tensor):
    cells = unroll(tensor)
    return list(cells.flat) if tensor.ndim else [cells]


def by_unrolling(nodes, leaves):
    return [np.reshape([x.data for x in cells_of(y)], y.shape) for y in nodes]


def by_tape(nodes, leaves):
    return _recorded(nodes, leaves)(*(x.data for x in leaves))


def by_python(nodes, leaves):
    space = {}
    exec(_recorded(nodes, leaves).to_python(), space)
    return space["program"](*(x.data for x in leaves))


def by_torch(nodes, leaves):
    import torch

    program = _recorded(nodes, leaves).to_torch()
    return [x.numpy() for x in program(*(torch.tensor(x.data) for x in leaves))]


def by_jax(nodes, leaves):
    import jax

    with jax.enable_x64(True):
        return [*map(np.asarray, _recorded(nodes, leaves).to_jax()(*(x.data for x in leaves)))]


def _recorded(nodes, leaves, **options):
    return Tape(nodes, inputs=leaves, **options)


WAYS = [by_nodes, by_unrolling, by_tape, by_python]
WAYS += [way for way in (by_torch, by_jax) if find_spec(way.__name__.removeprefix("by_"))]


def test_there_are_rows_with_a_composition():
    assert {"linear", "cross_entropy", "bce_with_logits"} <= {call.op.name for call in CALLS}


@each(CALLS)
def test_it_computes_the_same_on_arrays(call):
    near(composed(call)(*call.operands), call(*call.operands))


@each(CALLS)
def test_nodes_in_it_are_of_other_rows(call):
    for node in ag.trace(composed(call)(*call.leaves())):
        assert node.op is not call.op


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
@each(CALLS)
def test_values_and_both_derivatives_agree(call, way):
    leaves = call.leaves()
    expected = by_nodes(derived(composed(call), leaves), leaves)
    for f in (call, composed(call)):
        for found, exact in zip(way(derived(f, leaves), leaves), expected, strict=True):
            near(np.asarray(found), exact, 1e-11)


@pytest.mark.parametrize("executor", ["numpy", "numba"])
@each(OF_VALUES)
def test_they_agree_on_values(call, executor):
    if executor == "numba":
        pytest.importorskip("numba")
    leaves = [Value(float(x)) for x in call.operands]
    expected = by_nodes(derived(composed(call), leaves), leaves)
    near(np.array(by_nodes(derived(call, leaves), leaves)), expected, 1e-11)
    tape = _recorded(derived(call, leaves), leaves, executor=executor)
    near(np.array(tape(*(x.data for x in leaves))), expected, 1e-11)
    batch = tape(*(np.full(3, x.data) for x in leaves))
    near(np.array([np.broadcast_to(x, 3) for x in batch]), np.transpose([expected] * 3), 1e-11)


@needs_cc
@each([call for call in CALLS if 0 < call(*call.operands).size <= 4])
def test_they_agree_in_c_after_unrolling(call, tmp_path):
    y = call(*call.leaves())
    cells = cells_of(y)
    inputs = [*dict.fromkeys(x for cell in cells for x in ag.trace(cell) if x.name)]
    found = in_c(Tape(cells, inputs=inputs), tmp_path)(*(x.data for x in inputs))
    near(np.reshape(found, y.shape), y.data)


# Symbols


def evaluated(formula, numbers):
    """What a formula is at arrays."""
    if not isinstance(formula, Symbol):
        return formula
    if formula.op is None:
        return numbers[formula.name]
    return formula.op(*(evaluated(x, numbers) for x in formula.operands), **formula.params)


@each(CALLS)
def test_it_is_a_formula_of_symbols(call):
    names = [f"x{i}" for i in range(len(call.operands))]
    symbols = [Symbol(name, shape=x.shape) for name, x in zip(names, call.operands, strict=True)]
    formula = composed(call)(*symbols)
    assert isinstance(formula, Symbol)
    near(evaluated(formula, dict(zip(names, call.operands, strict=True))), call(*call.operands))


def test_an_op_of_ones_own_may_have_one_too():
    cube = Op(
        name="cube_of_all",
        forward=lambda x: x**3,
        vjps=(lambda g, y, x: g * (3 * x**2),),
        composition=lambda x: x * x * x,
        latex="{0}^3",
        elementwise=False,
        doc="x times x times x.",
    )
    x = Tensor([2.0, 3.0], name="x")
    first, _ = unroll(cube(x))
    assert [node.op.name for node in ag.trace(first) if node.op] == ["mul", "mul"]
    first.backward()
    assert first.inputs[0].grad == 2.0
