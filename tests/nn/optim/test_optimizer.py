"""Every optimizer descends, serves Values and Tensors alike, and refuses what leads nowhere."""

import copy
import json
import re
from functools import partial

import numpy as np
import pytest
from optimizers import (
    OPTIMIZERS,
    VARIANTS,
    WHOLE,
    each,
    every_elementwise_optimizer,
    every_optimizer,
)
from steps import KINDS, exactly, fed, flat, noise, numbered, refusal, tensors, trained, values

import nn
from autograd import DomainError, GraphError, InfiniteGradientError, Tensor, Value
from autograd.engine import set_grads


@pytest.mark.slow
@every_optimizer
@pytest.mark.parametrize("leaves", [values, tensors])
def test_it_descends_a_bowl(make, leaves):
    def bowl(params):
        x, y = params if len(params) == 2 else params[0]
        return x * x + y * y

    params = leaves([1.0, -2.0])
    path = trained(make(params, lr=0.1), params, bowl, steps=600)
    assert np.linalg.norm(path[-1]) < 0.1


@pytest.mark.slow
@every_optimizer
def test_it_crosses_the_ravine(make):
    params = values([1.0, 1.0])
    x, y = trained(make(params, lr=0.04), params, steps=600)[-1]
    assert x**2 + 10 * y**2 < 0.1


@every_elementwise_optimizer
def test_values_and_tensors_move_alike_to_the_last_bit(make):
    start, gradients = noise(6), noise(20, 6)
    gradients[3, 2] = 0.0
    leaves = values(start), tensors(start), tensors(start.reshape(3, 2)), [*map(Tensor, start)]
    ends = [fed(make(params, lr=0.1), params, gradients) for params in leaves]
    for end in ends[1:]:
        np.testing.assert_array_equal(end, ends[0])


@every_optimizer
def test_parameters_without_a_gradient_stay_as_they_are(make):
    params = [*values([1.0, 2.0]), *tensors([3.0])]
    optimizer = make(params, lr=0.1)
    optimizer.step()
    assert optimizer.state_dict()["state"] == {}
    params[0].grad = 1.0
    optimizer.step()
    assert flat(params[1:]).tolist() == [2.0, 3.0]
    assert optimizer.state_dict()["state"].keys() <= {0}
    optimizer.zero_grad()
    before, state = params[0].data, optimizer.state_dict()
    optimizer.step()
    assert (params[0].data, optimizer.state_dict()) == (before, state)


@every_optimizer
@pytest.mark.parametrize("forget", [None, 0, 0.0, -0.0, np.float64(0)], ids=repr)
def test_a_value_that_no_pass_has_reached_is_moved_by_nothing(make, forget):
    """By momentum and decay neither; one that a pass has reached with 0.0 is, like a Tensor."""
    params, twins = values([1.0, 2.0, 3.0, 4.0]), [*map(Tensor, [1.0, 2.0, 3.0, 4.0])]
    found = []
    for leaves in (params, twins):
        optimizer = make(leaves, lr=0.1)
        (group,) = optimizer.param_groups
        group.update({name: 0.5 for name in ("momentum", "weight_decay") if name in group})
        for _ in range(3):
            set_grads(leaves[:3], [*map(np.array, [0.5, -1.0, 2.0])])
            optimizer.step()
        assert flat(leaves)[3] == 4.0
        leaves[0].grad = forget if leaves is params else None
        leaves[1].grad *= 0.5
        set_grads([leaves[2]], [0.0 if leaves is params else np.array(0.0)])
        before, known = flat(leaves), optimizer.state_dict()["state"]
        optimizer.step()
        moved, state = flat(leaves), optimizer.state_dict()["state"]
        assert moved[[0, 3]].tolist() == before[[0, 3]].tolist()
        assert (state.get(0), 3 in state) == (known.get(0), False)
        if {"momentum", "weight_decay"} & group.keys():
            assert moved[2] != before[2]
        found.append(moved)
    assert found[0].tolist() == found[1].tolist()


@each(OPTIMIZERS | VARIANTS | WHOLE | {"AdamW, decay": partial(nn.AdamW, weight_decay=0.1)})
def test_what_is_frozen_stays_as_it_is_whatever_its_gradient(make):
    params = [Tensor([1.0, 2.0]), Value(3.0), Tensor([4.0]), Value(5.0)]
    alone = [Tensor([4.0]), Value(5.0)]
    gradients = noise(4, 5)
    optimizer, other = make(params, lr=0.1), make(alone, lr=0.1)
    fed(optimizer, params, gradients[:1])
    fed(other, alone, gradients[:1, 3:])
    other.load_state_dict(without_first_two(optimizer.state_dict()))
    for p, q in zip(alone, params[2:], strict=True):
        p.data = q.data
    before = flat(params[:2])
    for p in params[:2]:
        p.constant = True
    frozen = gradients[1:].copy()
    frozen[:, 1] = np.nan
    end = fed(optimizer, params, frozen)
    np.testing.assert_array_equal(end[:3], before)
    np.testing.assert_array_equal(end[3:], fed(other, alone, gradients[1:, 3:]))


def without_first_two(state_dict):
    """Keep what an optimizer of four parameters knows about the last two."""
    (group,) = state_dict["param_groups"]
    kept = {i - 2: state for i, state in state_dict["state"].items() if i >= 2}
    return {"state": kept, "param_groups": [{**group, "params": [0, 1]}]}


@every_optimizer
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_gradient_that_is_not_finite_changes_nothing(make, bad):
    params = [Tensor([1.0, 2.0]), Value(3.0), Value(4.0, name="b")]
    optimizer = make(params)
    fed(optimizer, params, noise(2, 4))
    before, state = flat(params), repr(optimizer.state_dict())
    with pytest.raises(InfiniteGradientError, match=r"parameter 2 \(b\) holds (nan|-?inf)\."):
        fed(optimizer, params, [np.array([1.0, 1.0, 1.0, bad])])
    with pytest.raises(InfiniteGradientError, match=r"parameter 0 holds"):
        fed(optimizer, params, [np.array([1.0, bad, 1.0, 1.0])])
    np.testing.assert_array_equal(flat(params), before)
    assert repr(optimizer.state_dict()) == state


@every_optimizer
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("cause", ["data", "rate", "gradient"])
def test_numbers_without_end_change_nothing(make, kind, cause):
    """Steps beyond what a float can hold, and what is remembered of them."""
    params = KINDS[kind]()
    optimizer = make(params)
    fed(optimizer, params, noise(2, 4))
    largest = float(np.finfo(np.float32 if kind == "float32" else float).max)
    row = np.array([1.0, 1.0, -1.0, 1.0])
    if cause == "data":
        p = params[2] if kind == "values" else params[1]
        p.data = largest if kind == "values" else np.array([largest, 4.0])
        row[2] = -largest / 10
    elif cause == "rate":
        for group in optimizer.param_groups:
            group["lr"] = 1e308
    else:
        row[2] = largest
    before, state = exactly(params), repr(optimizer.state_dict())
    error = refusal(optimizer, params, row)
    if error is not None:
        assert re.match(r"\w+: the step of parameter \d.* leads to no finite number: ", str(error))
        assert str(error).endswith("use a smaller lr, or clip the gradients.")
        if cause != "rate" and make not in WHOLE.values():
            assert "(b)" in str(error)
        assert (exactly(params), repr(optimizer.state_dict())) == (before, state)
    remembered = optimizer.state_dict()["state"].values()
    numbers = [flat(params), *(np.ravel(x) for state in remembered for x in state.values())]
    assert np.isfinite(np.concatenate(numbers)).all()


@each(WHOLE)
def test_a_penalty_without_end_is_no_step(make):
    params = tensors([1e307, 1.0])
    with pytest.raises(DomainError, match="leads to no finite number"):
        fed(make(params, weight_decay=100.0), params, np.ones((1, 2)))
    assert flat(params).tolist() == [1e307, 1.0]


@pytest.mark.parametrize("kind", KINDS)
def test_a_rate_that_is_too_large_is_named_with_the_parameter(kind):
    params = KINDS[kind]()
    optimizer = nn.SGD(params, lr=1e30 if kind == "float32" else 1e300)
    place = "2" if kind == "values" else "1"
    message = rf"^SGD: the step of parameter {place} \(b\) leads to no finite number: overflow .*lr"
    with pytest.raises(DomainError, match=message):
        fed(optimizer, params, [np.array([0.0, 1.0, -1e30, 1.0])])
    assert flat(params).tolist() == [1.0, 2.0, 3.0, 4.0]


@every_optimizer
def test_a_division_by_nothing_is_no_step(make):
    params = KINDS["values"]()
    optimizer = make(params)
    if "eps" not in optimizer.defaults:
        return
    optimizer.param_groups[0]["eps"] = 0.0
    if "initial_accumulator_value" in optimizer.defaults:
        optimizer.param_groups[0]["initial_accumulator_value"] = 0.0
    optimizer.param_groups[0]["weight_decay"] = 0.0
    before = exactly(params)
    with pytest.raises(DomainError, match="leads to no finite number"):
        fed(optimizer, params, np.zeros((1, 4)))
    assert (exactly(params), optimizer.state_dict()["state"]) == (before, {})


def test_an_update_of_another_shape_changes_nothing():
    class Wrong(nn.Optimizer):
        def update(self, grad, data, state):
            return np.ones((2, 3))

    params = values([1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="shape"):
        fed(Wrong(params), params, np.ones((1, 3)))
    assert flat(params).tolist() == [1.0, 2.0, 3.0]


@every_optimizer
def test_single_precision_stays(make):
    params = [Tensor(noise(3).astype(np.float32)), Tensor(np.float32(1.0))]
    optimizer = make(params, lr=0.1)
    for group in optimizer.param_groups:
        group.update({k: np.float64(x) for k, x in group.items() if type(x) is float})
    for _ in range(3):
        for p in params:
            p.grad = np.ones(p.shape, np.float32)
        optimizer.step()
    assert {p.dtype for p in params} == {np.dtype(np.float32)}
    assert types(optimizer) <= {np.dtype(np.float32)}
    as_lists = json.dumps(optimizer.state_dict(), default=lambda x: x.tolist())
    optimizer.load_state_dict(json.loads(as_lists, object_pairs_hook=numbered))
    assert types(optimizer) <= {np.dtype(np.float32)}


def types(optimizer):
    remembered = optimizer.state_dict()["state"].values()
    return {x.dtype for state in remembered for x in state.values() if not isinstance(x, int)}


@every_optimizer
def test_what_it_remembers_is_its_own(make):
    """Gradients are used up: backward adds to them in place."""
    start, gradients = noise(4), noise(6, 4)
    params, reused = tensors(start), tensors(start)
    expected = fed(make(params, lr=0.1), params, gradients)
    optimizer = make(reused, lr=0.1)
    reused[0].grad = np.zeros(4)
    for row in gradients:
        reused[0].grad[...] = row
        optimizer.step()
        reused[0].grad[...] = np.nan
    np.testing.assert_array_equal(flat(reused), expected)


@every_optimizer
def test_groups_have_options_of_their_own(make):
    start, gradients = noise(2), noise(5, 2)
    params = values(start)
    fed(make([{"params": params[:1]}, {"params": params[1], "lr": 0.0}], lr=0.1), params, gradients)
    assert params[0].data != start[0]
    assert params[1].data == pytest.approx(start[1], abs=1e-5)  # Rprop has a smallest step


@every_optimizer
def test_options_are_read_at_every_step(make):
    params = values([1.0])
    optimizer = make(params, lr=0.1)
    optimizer.param_groups[0]["lr"] = 0.0
    assert fed(optimizer, params, noise(3, 1)) == pytest.approx([1.0], abs=1e-5)


@every_optimizer
def test_its_repr_says_what_it_does(make):
    assert repr(make(values([1.0, 2.0]), lr=0.25)).startswith(
        f"{getattr(make, 'func', make).__name__}(2 parameters, lr=0.25"
    )
    two = [{"params": values([1.0])}, {"params": tensors([2.0])}]
    assert "(2 parameters, 2 groups, lr=0.25" in repr(make(two, lr=0.25))


@every_optimizer
@pytest.mark.parametrize("leaves", [values, tensors])
def test_a_copy_goes_its_own_way(make, leaves):
    params, gradients = leaves([1.0, 2.0]), noise(6, 2)
    optimizer = make(params, lr=0.1)
    fed(optimizer, params, gradients[:3])
    copies, copied = copy.deepcopy((params, optimizer))
    before = flat(params)
    end = fed(copied, copies, gradients[3:])
    np.testing.assert_array_equal(flat(params), before)
    np.testing.assert_array_equal(fed(optimizer, params, gradients[3:]), end)


def test_weights_decay_and_biases_do_not():
    weight, bias = Tensor([[2.0, -1.0]]), Tensor([2.0])
    groups = [{"params": [weight]}, {"params": [bias], "weight_decay": 0}]
    optimizer = nn.SGD(groups, lr=0.1, weight_decay=0.5)
    fed(optimizer, [weight, bias], np.zeros((2, 3)))
    np.testing.assert_allclose(weight.data, [[2 * 0.95**2, -(0.95**2)]], rtol=1e-14)
    assert bias.data == [2.0]


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: nn.SGD([]), ValueError, "SGD: got no parameters. Give model.parameters"),
        (lambda: nn.SGD(Value(1.0)), TypeError, "SGD: got a single Value. Give a list"),
        (lambda: nn.SGD({"params": []}), TypeError, "SGD: got a single dict. Give a list"),
        (
            lambda: nn.SGD([{"params": [Value(1.0)]}, Value(2.0)]),
            TypeError,
            r"SGD: got the group Value\(2.* Give a dict with 'params'",
        ),
        (
            lambda: nn.SGD([Value(2.0), {"params": [Value(1.0)]}]),
            TypeError,
            "parameter 1 is a dict. Give Values or Tensors",
        ),
        (
            lambda: nn.SGD([{"lr": 0.5}]),
            TypeError,
            "SGD: got the group {'lr': 0.5}. Give a dict with 'params'",
        ),
        (lambda: nn.SGD([1.0]), TypeError, "parameter 0 is a float. Give Values or Tensors"),
        (lambda: nn.SGD([Value(1.0) + 1]), GraphError, "parameter 0 is a result of add"),
        (lambda: nn.SGD([Value(1.0)] * 2), ValueError, "parameter 1 is here already"),
        (lambda: nn.SGD([Value(1.0)], lr=-1), ValueError, "got lr=-1. Give at least 0"),
        (lambda: nn.SGD([Value(1.0)], lr=np.nan), ValueError, "got lr=nan. Give at least 0"),
        (
            lambda: nn.SGD([Value(1.0)], lr=np.inf),
            ValueError,
            "got lr=inf. Give at least 0 and less than infinity",
        ),
        (lambda: nn.SGD([Value(1.0)], lr=10**400), ValueError, "less than infinity"),
        (lambda: nn.SGD([Value(1.0)], lr=None), TypeError, "got lr=None. Give a number"),
        (lambda: nn.SGD([Value(1.0)], lr="0.1"), TypeError, "SGD: got lr='0.1'. Give a number"),
        (
            lambda: nn.Adam([{"params": [Value(1.0)], "weight_decay": "no"}]),
            TypeError,
            "Adam: got weight_decay='no'. Give a number",
        ),
        (lambda: nn.Adam([Value(1.0)], betas=(0.9, 1.0)), ValueError, "and less than 1"),
        (lambda: nn.Adam([Value(1.0)], second_moment="max"), ValueError, "Give one of elem"),
        (lambda: nn.SGD([Value(1.0)], nesterov=True), ValueError, "needs momentum and no damp"),
        (lambda: nn.Rprop([Value(1.0)], etas=(1.2, 0.5)), ValueError, "give 0 to 1, and 1 or"),
        (
            lambda: nn.SGD([{"params": [Value(1.0)], "decay": 1}]),
            TypeError,
            "option 'decay'. It has lr, momentum",
        ),
    ],
)
def test_mistakes_are_explained(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_an_optimizer_without_a_rule_says_so():
    x = Value(1.0)
    x.grad = 1.0
    with pytest.raises(NotImplementedError, match="write its update"):
        nn.Optimizer([x]).step()
