"""Every optimizer descends, serves Values and Tensors alike, and can be stopped and taken up."""

import copy
import json
import re
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from golden import compare
from optimizers import OPTIMIZERS, VARIANTS, WHOLE, each

import nn
from autograd import DomainError, GraphError, InfiniteGradientError, ShapeError, Tensor, Value
from nn.optim.arithmetic import moving_average

EXAMPLES = {
    example["id"]: example
    for example in json.loads(
        Path(__file__).parents[2].joinpath("data", "optimization_examples.json").read_text("utf-8")
    )
}


every = each(OPTIMIZERS | VARIANTS | WHOLE)
elementwise = each(OPTIMIZERS | VARIANTS)


def values(numbers):
    return [Value(x) for x in numbers]


def tensors(numbers):
    return [Tensor(numbers)]


def flat(params):
    return np.concatenate([np.ravel(p.data) for p in params])


def ravine(params):
    """x1^2 + 10 x2^2, of a Tensor or of Values."""
    x, y = params if len(params) == 2 else params[0]
    return x * x + 10 * (y * y)


def trained(optimizer, params, f=ravine, steps=1):
    """Take steps, and give the path."""
    path = [flat(params)]
    for _ in range(steps):
        optimizer.zero_grad()
        f(params).backward()
        optimizer.step()
        path.append(flat(params))
    return np.array(path)


def fed(optimizer, params, gradients):
    """Take one step for each row of numbers, dealt out to the parameters."""
    for row in gradients:
        dealt = np.split(row, np.cumsum([np.size(p.data) for p in params])[:-1])
        for p, numbers in zip(params, dealt, strict=True):
            p.grad = numbers.reshape(p.shape) if isinstance(p, Tensor) else float(numbers[0])
        optimizer.step()
    return flat(params)


def noise(*shape):
    return np.random.default_rng(0).normal(size=shape)


# Laws


@every
@pytest.mark.parametrize("leaves", [values, tensors])
def test_it_descends_a_bowl(make, leaves):
    def bowl(params):
        x, y = params if len(params) == 2 else params[0]
        return x * x + y * y

    params = leaves([1.0, -2.0])
    path = trained(make(params, lr=0.1), params, bowl, steps=600)
    assert np.linalg.norm(path[-1]) < 0.1


@every
def test_it_crosses_the_ravine(make):
    params = values([1.0, 1.0])
    x, y = trained(make(params, lr=0.04), params, steps=600)[-1]
    assert x**2 + 10 * y**2 < 0.1


@elementwise
def test_values_and_tensors_move_alike_to_the_last_bit(make):
    start, gradients = noise(6), noise(20, 6)
    gradients[3, 2] = 0.0
    leaves = values(start), tensors(start), tensors(start.reshape(3, 2)), [*map(Tensor, start)]
    ends = [fed(make(params, lr=0.1), params, gradients) for params in leaves]
    for end in ends[1:]:
        np.testing.assert_array_equal(end, ends[0])


@each(WHOLE)
def test_one_number_for_all_gradients_is_the_same_however_they_are_split(make):
    start, gradients = noise(6), noise(20, 6)
    ends = [
        fed(make(params, lr=0.1), params, gradients)
        for params in (values(start), tensors(start), [Tensor(start[:2]), *values(start[2:])])
    ]
    np.testing.assert_allclose(ends[1:], [ends[0]] * 2, rtol=1e-13)


def test_groups_may_take_the_norm_and_its_square_of_the_same_gradients():
    start, gradients = noise(3), noise(20, 3)
    params = values(start)
    kinds = ["elementwise", "norm", "squared norm"]
    groups = [{"params": p, "second_moment": k} for p, k in zip(params, kinds, strict=True)]
    found = fed(nn.Adam(groups, lr=0.1), params, gradients)
    for i, kind in enumerate(kinds):
        alone = values(start)
        assert fed(nn.Adam(alone, lr=0.1, second_moment=kind), alone, gradients)[i] == found[i]


@elementwise
def test_every_value_has_a_history_of_its_own(make):
    gradients = noise(20, 3)
    missing = np.random.default_rng(1).random(gradients.shape) < 0.4
    together = values([1.0, 2.0, 3.0])
    optimizer = make(together, lr=0.1)
    for row, absent in zip(gradients, missing, strict=True):
        for p, g, is_absent in zip(together, row, absent, strict=True):
            p.grad = None if is_absent else float(g)
        optimizer.step()
    for p, start, column, absent in zip(
        together, [1.0, 2.0, 3.0], gradients.T, missing.T, strict=True
    ):
        alone = values([start])
        assert [p.data] == fed(make(alone, lr=0.1), alone, column[~absent][:, None])


@every
@pytest.mark.parametrize("leaves", [values, tensors])
@pytest.mark.parametrize("pause", [0, 1, 7])
def test_it_goes_on_from_its_state_as_if_never_stopped(make, leaves, pause):
    start, gradients = noise(4), noise(12, 4)
    params = leaves(start)
    expected = fed(make(params, lr=0.1), params, gradients)
    params = leaves(start)
    optimizer = make(params, lr=0.1)
    middle = fed(optimizer, params, gradients[:pause])
    state = optimizer.state_dict()
    fed(optimizer, params, gradients[pause:])  # what was saved does not change any more
    later = leaves(middle)
    resumed = make(later, lr=99.0)
    resumed.load_state_dict(state)
    np.testing.assert_array_equal(fed(resumed, later, gradients[pause:]), expected)


@every
def test_the_state_of_values_survives_json_where_histories_differ(make):
    params = values([1.0, 2.0, 3.0])
    optimizer = make(params, lr=0.1)
    params[1].grad = 1.0
    optimizer.step()
    params[0].grad = 0.5
    optimizer.step()
    copies = values([p.data for p in params])
    resumed = make(copies)
    resumed.load_state_dict(
        json.loads(json.dumps(optimizer.state_dict()), object_pairs_hook=numbered)
    )
    rest = noise(5, 3)
    np.testing.assert_array_equal(fed(resumed, copies, rest), fed(optimizer, params, rest))


@every
@pytest.mark.parametrize("leaves", [values, tensors])
def test_a_state_kept_as_arrays_is_as_good(make, leaves):
    params, gradients = leaves([1.0, 2.0]), noise(6, 2)
    optimizer = make(params, lr=0.1)
    copies = leaves(fed(optimizer, params, gradients[:3]))
    saved = optimizer.state_dict()
    as_arrays = {
        i: {name: np.asarray(x) for name, x in state.items()} for i, state in saved["state"].items()
    }
    resumed = make(copies)
    resumed.load_state_dict({**saved, "state": as_arrays})
    assert repr(resumed.state_dict()) == repr(optimizer.state_dict())


def numbered(pairs):
    """JSON makes text of the positions."""
    return {int(key) if key.isdigit() else key: x for key, x in pairs}


@every
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


@every
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


KINDS = {
    "values": lambda: [Value(1.0), Value(2.0), Value(3.0, name="b"), Value(4.0)],
    "tensors": lambda: [Tensor([1.0, 2.0]), Tensor([3.0, 4.0], name="b")],
    "float32": lambda: [
        Tensor(np.array([1.0, 2.0], np.float32)),
        Tensor(np.array([3.0, 4.0], np.float32), name="b"),
    ],
}


@every
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


def refusal(optimizer, params, row):
    """Take a step, and give the error if there is one."""
    try:
        fed(optimizer, params, [row])
    except ValueError as error:
        return error


@each(WHOLE)
def test_a_penalty_without_end_is_no_step(make):
    params = tensors([1e307, 1.0])
    with pytest.raises(DomainError, match="leads to no finite number"):
        fed(make(params, weight_decay=100.0), params, np.ones((1, 2)))
    assert flat(params).tolist() == [1e307, 1.0]


def exactly(params):
    return [(np.asarray(p.data).dtype, np.asarray(p.data).tobytes()) for p in params]


@pytest.mark.parametrize("kind", KINDS)
def test_a_rate_that_is_too_large_is_named_with_the_parameter(kind):
    params = KINDS[kind]()
    optimizer = nn.SGD(params, lr=1e30 if kind == "float32" else 1e300)
    place = "2" if kind == "values" else "1"
    message = rf"^SGD: the step of parameter {place} \(b\) leads to no finite number: overflow .*lr"
    with pytest.raises(DomainError, match=message):
        fed(optimizer, params, [np.array([0.0, 1.0, -1e30, 1.0])])
    assert flat(params).tolist() == [1.0, 2.0, 3.0, 4.0]


@every
@pytest.mark.parametrize("bad", [np.nan, np.inf, -1.0])
def test_a_rate_that_was_set_wrongly_is_no_step(make, bad):
    params = KINDS["tensors"]()
    optimizer = make(params)
    fed(optimizer, params, noise(2, 4))
    optimizer.param_groups[0]["lr"] = bad
    before = exactly(params)
    error = refusal(optimizer, params, noise(1, 4)[0])
    if error is None:
        assert make is nn.Rprop or bad == -1.0  # it reads its rate once; no range is looked at
        assert np.isfinite(flat(params)).all()
    else:
        assert f"got lr={bad}. Give at least 0 and less than infinity" in str(error)
        assert exactly(params) == before


@every
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


@every
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


@every
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


@every
def test_groups_have_options_of_their_own(make):
    start, gradients = noise(2), noise(5, 2)
    params = values(start)
    fed(make([{"params": params[:1]}, {"params": params[1], "lr": 0.0}], lr=0.1), params, gradients)
    assert params[0].data != start[0]
    assert params[1].data == pytest.approx(start[1], abs=1e-5)  # Rprop has a smallest step


@every
def test_options_are_read_at_every_step(make):
    params = values([1.0])
    optimizer = make(params, lr=0.1)
    optimizer.param_groups[0]["lr"] = 0.0
    assert fed(optimizer, params, noise(3, 1)) == pytest.approx([1.0], abs=1e-5)


@every
def test_its_repr_says_what_it_does(make):
    assert repr(make(values([1.0, 2.0]), lr=0.25)).startswith(
        f"{getattr(make, 'func', make).__name__}(2 parameters, lr=0.25"
    )
    two = [{"params": values([1.0])}, {"params": tensors([2.0])}]
    assert "(2 parameters, 2 groups, lr=0.25" in repr(make(two, lr=0.25))


@every
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


# The numbers of lectures


def steps_of(make, example, *, names=(), steps=3):
    """Walk through the ravine, and give what the tables of an example hold."""
    inputs = EXAMPLES[example]["inputs"]
    params = tensors(inputs["x0"])
    optimizer = make(params)
    rows = []
    for _ in range(steps):
        (x,) = trained(optimizer, params)[1:]
        remembered = optimizer.state_dict()["state"].get(0, {})
        rows.append(
            {"x": x, "f": float(x[0] ** 2 + 10 * x[1] ** 2)}
            | {letter: read(remembered) for letter, read in names}
        )
    return rows


def test_momentum_as_an_average_and_classical():
    expected = EXAMPLES["WE37"]["recomputed"]
    share, lr = EXAMPLES["WE37"]["inputs"]["delta"], EXAMPLES["WE37"]["inputs"]["lambda"]
    average = partial(nn.SGD, lr=(1 - share) * lr, momentum=share)
    scaled = ("v", lambda state: (1 - share) * state["momentum_buffer"])
    compare(steps_of(average, "WE37", names=[scaled]), expected["steps"], "average")
    classical = partial(nn.SGD, lr=lr, momentum=share)
    velocity = ("v", lambda state: state["momentum_buffer"])
    compare(
        steps_of(classical, "WE37", names=[velocity]),
        expected["classical_heavy_ball_same_constants"],
        "classical",
    )


def test_dampening_by_the_momentum_is_an_average_that_starts_at_the_first_gradient():
    params, gradients = values([0.0]), noise(10, 1)
    optimizer = nn.SGD(params, lr=1.0, momentum=0.9, dampening=0.9)
    average = position = None
    for g in gradients[:, 0]:
        average = g if average is None else moving_average(average, g, 0.9)
        position = (position or 0.0) - average
    np.testing.assert_allclose(fed(optimizer, params, gradients), position, rtol=1e-12)


def test_adam_published_and_as_in_lectures():
    i, expected = EXAMPLES["WE38"]["inputs"], EXAMPLES["WE38"]["recomputed"]
    adam = partial(nn.Adam, lr=i["lambda"], betas=(i["beta1"], i["beta2"]))
    mean, spread = (lambda state: state["exp_avg"]), (lambda state: state["exp_avg_sq"])
    published = partial(adam, eps=i["eps_published"])
    compare(
        steps_of(published, "WE38", names=[("m", mean), ("v", spread)]),
        expected["published_elementwise_bias_corrected"],
        "published",
    )
    swapped = [("v", mean), ("m", lambda state: float(spread(state)[0]))]
    for second_moment, table in [
        ("norm", "lecture_literal_norm"),
        ("squared norm", "lecture_squared_norm_with_root"),
    ]:
        lecture = partial(adam, eps=0, second_moment=second_moment, bias_correction=False)
        compare(steps_of(lecture, "WE38", names=swapped), expected[table], table)


def test_steps_of_one_size_by_the_sign():
    lr = EXAMPLES["WE39"]["inputs"]["lambda"]
    by_sign = partial(nn.Rprop, lr=lr, etas=(1, 1))
    compare(steps_of(by_sign, "WE39"), EXAMPLES["WE39"]["recomputed"]["steps"], "WE39")


@pytest.mark.parametrize("form", ["classical_form", "ema_form"])
def test_nesterovs_points_are_those_of_the_optimizer_without_the_carry(form):
    i = EXAMPLES["WE40"]["inputs"]
    share = i["delta"]
    lr = i["lambda"] * (1 if form == "classical_form" else 1 - share)
    params = tensors(i["x0"])
    optimizer = nn.SGD(params, lr=lr, momentum=share, nesterov=True)
    rows = []
    for _ in range(3):
        trained(optimizer, params)
        velocity = optimizer.state_dict()["state"][0]["momentum_buffer"]
        x = params[0].data + lr * share * velocity
        shown = -lr * velocity if form == "classical_form" else (1 - share) * velocity
        rows.append({"x": x, "f": float(x[0] ** 2 + 10 * x[1] ** 2), "v": shown})
    compare(rows, EXAMPLES["WE40"]["recomputed"][form], form)


def test_rmsprop():
    i = EXAMPLES["WE41"]["inputs"]
    rmsprop = partial(nn.RMSprop, lr=i["lambda"], alpha=i["rho"], eps=i["eps"])
    average = ("s", lambda state: state["square_avg"])
    found = steps_of(rmsprop, "WE41", names=[average])
    compare(found, EXAMPLES["WE41"]["recomputed"]["steps"], "WE41")


# What lectures say about them


def test_plain_descent_oscillates_across_the_ravine_and_momentum_less():
    params = values([1.0, 1.0])
    across = trained(nn.SGD(params, lr=0.095), params, steps=20)[:, 1]
    assert (np.diff(np.sign(across)) != 0).all()
    params = values([1.0, 1.0])
    calm = nn.SGD(params, lr=0.095, momentum=0.3, dampening=0.3)
    assert np.abs(trained(calm, params, steps=20)[5:, 1]).max() < np.abs(across[5:]).max() / 3


@pytest.mark.parametrize(("lr", "ends"), [(0.11, "beyond"), (0.05, "below"), (1e-4, "near")])
def test_the_rate_decides(lr, ends):
    params = values([1.0, 1.0])
    losses = trained(nn.SGD(params, lr=lr), params, steps=20) ** 2 @ [1, 10]
    where = "beyond" if losses[-1] > 11 else "near" if losses[-1] > 10 else "below"
    assert where == ends


@each({name: OPTIMIZERS[name] for name in ("Adam", "Adagrad", "Rprop")})
@pytest.mark.parametrize("scale", [1e-4, 1.0, 1e4])
def test_the_first_step_is_as_long_as_the_rate_whatever_the_gradient(make, scale):
    params = values([0.0, 0.0])
    moved = fed(make(params, lr=0.1), params, [scale * np.array([1.0, -3.0])])
    np.testing.assert_allclose(moved, [-0.1, 0.1], rtol=1e-3)


def test_numbers_of_different_scale_move_alike():
    params = values([1.0, 1.0])
    path = trained(nn.RMSprop(params, lr=0.01), params, steps=10)
    np.testing.assert_allclose(path[:, 0], path[:, 1], rtol=1e-5)
    params = values([1.0, 1.0])
    path = trained(nn.SGD(params, lr=0.01), params, steps=10)
    assert path[-1, 1] < path[-1, 0] / 5


def test_adagrads_steps_vanish():
    params = values([0.0])
    optimizer = nn.Adagrad(params, lr=1.0)
    path = [fed(optimizer, params, [np.ones(1)])[0] for _ in range(100)]
    np.testing.assert_allclose(np.diff([0, *path]), -1 / np.sqrt(np.arange(1, 101)), rtol=1e-6)


def test_an_average_of_a_constant():
    average = 0.0
    for k in range(1, 20):
        average = moving_average(average, 3.0, 0.9)
        assert average == pytest.approx(3.0 * (1 - 0.9**k), rel=1e-12)


@each({name: OPTIMIZERS[name] for name in ("SGD", "RMSprop", "Adagrad", "Adam")} | WHOLE)
def test_weight_decay_is_the_gradient_of_a_penalty(make):
    start, gradients = noise(3), noise(1, 3)
    penalized, plain = values(start), values(start)
    fed(make(penalized, lr=0.1, weight_decay=0.2), penalized, gradients)
    fed(make(plain, lr=0.1), plain, gradients + 0.2 * start)
    np.testing.assert_allclose(flat(penalized), flat(plain), rtol=1e-14)


def test_weights_decay_and_biases_do_not():
    weight, bias = Tensor([[2.0, -1.0]]), Tensor([2.0])
    groups = [{"params": [weight]}, {"params": [bias], "weight_decay": 0}]
    optimizer = nn.SGD(groups, lr=0.1, weight_decay=0.5)
    fed(optimizer, [weight, bias], np.zeros((2, 3)))
    np.testing.assert_allclose(weight.data, [[2 * 0.95**2, -(0.95**2)]], rtol=1e-14)
    assert bias.data == [2.0]


def test_adamw_decays_beside_the_step():
    start, gradients = noise(3), noise(4, 3)
    decayed, plain = values(start), values(start)
    fed(nn.AdamW(decayed, lr=0.1, weight_decay=0.3), decayed, gradients[:1])
    fed(nn.Adam(plain, lr=0.1), plain, gradients[:1])
    np.testing.assert_allclose(flat(plain) - flat(decayed), 0.1 * 0.3 * start, rtol=1e-12)


@pytest.mark.parametrize("size", [1.0, 1e-200])
def test_rprop_waits_where_the_sign_flips(size):
    params = values([0.0])
    optimizer = nn.Rprop(params, lr=0.1)
    signs = (1.0, 1.0, -1.0, -1.0)
    path = [fed(optimizer, params, [np.array([sign * size])])[0] for sign in signs]
    np.testing.assert_allclose(path, [-0.1, -0.22, -0.22, -0.16])


def test_gradients_without_spread_have_a_centered_average():
    params = values([0.0])
    optimizer = nn.RMSprop(params, alpha=0.5, centered=True)
    assert np.isfinite(fed(optimizer, params, np.full((200, 1), 0.7)))


def test_micrograds_reset_is_a_gradient_of_nothing():
    params = [Tensor([1.0, 2.0]), Value(3.0)]
    for p in params:
        p.grad = 0
    optimizer = nn.SGD(params, lr=0.1, momentum=0.9)
    optimizer.step()
    assert flat(params).tolist() == [1.0, 2.0, 3.0]
    optimizer.load_state_dict(optimizer.state_dict())


# Mistakes


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


def test_a_gradient_of_another_shape_is_refused():
    x = Tensor([[1.0], [2.0]])
    x.grad = np.ones(2)
    with pytest.raises(ShapeError, match=r"grad of shape \(2,\) for a Tensor of shape \(2, 1\)"):
        nn.SGD([x]).step()


def test_a_state_of_something_else_is_refused_and_changes_nothing():
    params = tensors([1.0, 2.0])
    optimizer = nn.Adam(params)
    fed(optimizer, params, noise(1, 2))
    before = repr(optimizer.state_dict())
    other = tensors([1.0, 2.0, 3.0])
    adam = nn.Adam(other, lr=0.5)
    fed(adam, other, noise(1, 3))
    with pytest.raises(ShapeError, match=r"exp_avg has shape \(3,\), the parameter \(2,\)"):
        optimizer.load_state_dict(adam.state_dict())
    with pytest.raises(ValueError, match=r"groups of \[2\] parameters for groups of \[1\]"):
        optimizer.load_state_dict(nn.Adam(values([1.0, 2.0])).state_dict())
    with pytest.raises(ValueError, match=r"Adam needs 'betas', which was not saved"):
        optimizer.load_state_dict(nn.SGD(params).state_dict())
    assert repr(optimizer.state_dict()) == before


def option(name, x):
    def change(state):
        state["param_groups"][1][name] = x

    return change


def remembered(name, x, i=1):
    def change(state):
        state["state"][i] = {**state["state"][0], name: x}

    return change


def positions(*places):
    return option("params", list(places))


@pytest.mark.parametrize(
    "change",
    [
        *[
            option("lr", x)
            for x in (-1.0, np.nan, np.inf, 10**400, "0.1", None, True, [0.1], {"a": 1})
        ],
        *[
            option("betas", x)
            for x in (0.9, [0.9], [0.9, 1.0], [0.9, "0.9"], "ab", [0.9, 0.9, 0.9])
        ],
        *[option("second_moment", x) for x in ("max", 1.0, None)],
        *[option("bias_correction", x) for x in (1.0, "no", None)],
        *[option("initial_lr", x) for x in (-1.0, np.nan, "0.1", None)],
        *[positions(*places) for places in ([2, 1], [1, 1], [0, 1], [1], ["1", "2"], [1, 2, 3])],
        *[
            remembered("exp_avg", x)
            for x in (np.nan, np.inf, -np.inf, [1.0, 2.0], [[1.0], 2.0], "1.0", None, True, {})
        ],
        *[remembered("step", x) for x in (-1, 10**400, "1", None)],
        *[remembered("step", 1, i) for i in (-1, 3, "0", None)],
        lambda state: state["state"].update({1: [1, 2]}),
        lambda state: state.update(state=[1, 2]),
        lambda state: state.update(param_groups={"params": [0, 1, 2]}),
        lambda state: state.update(param_groups=[1, 2]),
        lambda state: state.update(param_groups=None),
        lambda state: state["param_groups"][0].pop("params"),
        lambda state: state["param_groups"][0].pop("eps"),
        lambda state: state.pop("param_groups"),
        lambda state: state.pop("state"),
    ],
)
def test_a_state_that_is_none_changes_nothing(change):
    def made():
        params = values([1.0, 2.0, 3.0])
        return params, nn.Adam([{"params": params[:1]}, {"params": params[1:], "lr": 0.5}])

    params, optimizer = made()
    fed(optimizer, params, noise(2, 3))
    later, resumed = made()
    fed(resumed, later, noise(1, 3))
    before = repr(resumed.state_dict())
    state = optimizer.state_dict()
    change(state)
    with pytest.raises(ValueError, match=r"\. (Give|Build|Load|Was|A count)"):
        resumed.load_state_dict(state)
    assert repr(resumed.state_dict()) == before


def test_an_optimizer_without_a_rule_says_so():
    x = Value(1.0)
    x.grad = 1.0
    with pytest.raises(NotImplementedError, match="write its update"):
        nn.Optimizer([x]).step()
