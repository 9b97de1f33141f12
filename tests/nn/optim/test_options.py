"""Options are checked where they come in, whoever sets them."""

import sys

import numpy as np
import pytest
from optimizers import every_optimizer
from steps import KINDS, exactly, fed, flat, noise, refusal

import nn
from nn.optim.options import check_options, plain, same_kind


@every_optimizer
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


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        (np.float32(0.5), 0.5),
        (np.int64(3), 3),
        (np.bool(True), True),
        ([np.float64(0.9), 0.99], (0.9, 0.99)),
        ("elementwise", "elementwise"),
        (None, None),
    ],
)
def test_numbers_of_numpy_become_those_of_python(option, expected):
    found = plain(option)
    assert found == expected
    assert repr(found) == repr(expected)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (1, 0.5, True),
        (1, True, False),
        ("a", "b", True),
        ("a", 1, False),
        (None, None, True),
        ((0.9, 1), (1, 0.9), True),
        ((0.9,), (0.9, 0.9), False),
        ((0.9, "a"), (0.9, 0.9), False),
        ((0.9,), 0.9, False),
    ],
)
def test_numbers_words_and_rows_of_them_are_kinds(a, b, expected):
    assert same_kind(a, b) == same_kind(b, a) == expected


def test_a_range_includes_its_ends_but_for_shares():
    largest = sys.float_info.max
    check_options("A", {"lr": 0, "eps": largest, "betas": (0.0, 0.999), "second_moment": "norm"})
    for name, wrong in (("lr", -1e-300), ("eps", np.inf), ("betas", (0.9, 1.0)), ("own", np.nan)):
        with pytest.raises(ValueError, match=rf"^A: got {name}=.* Give at least 0 and less than "):
            check_options("A", {name: wrong})
    for wrong in (None, "0.1"):
        with pytest.raises(TypeError, match=r"^A: got momentum=.* Give a number"):
            check_options("A", {"momentum": wrong})
