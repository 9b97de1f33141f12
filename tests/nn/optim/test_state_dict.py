"""An optimizer goes on from a state as if it had never stopped; what is none changes nothing."""

import json

import numpy as np
import pytest
from optimizers import every_optimizer
from steps import fed, noise, numbered, tensors, values

import nn
from autograd import ShapeError


@pytest.mark.slow
@every_optimizer
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


@every_optimizer
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


@every_optimizer
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
