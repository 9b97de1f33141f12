"""What lectures compute and say about optimizers, in a ravine."""

import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from golden import compare
from optimizers import OPTIMIZERS, each
from steps import fed, tensors, trained, values

import nn

EXAMPLES = {
    example["id"]: example
    for example in json.loads(
        Path(__file__).parents[1].joinpath("data", "optimization_examples.json").read_text("utf-8")
    )
}


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
