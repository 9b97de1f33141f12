"""Samples that do not differ, or whose columns are of unequal size, are found."""

import numpy as np
import pytest
from preflights import IMAGES, X, Y, net, only_finding, with_column

import nn
from nn import Sequential
from nn.preflight.inputs import about_inputs

FAULTS = {
    "same samples": (net, np.ones((200, 4)), Y, None, "all 200 samples are the same"),
    "constant column": (net, with_column(3.0), Y, None, "column 2 of X is constant, 3 in all"),
    "unequal columns": (net, X * [1, 1, 1, 1e4], Y, None, "column 3 of X spans"),
    "large": (net, X * 1e4, Y, None, "the numbers of X are of the size 1e+04"),
    "large images": (
        lambda: Sequential(nn.Flatten(), net()),
        IMAGES,
        Y,
        None,
        "the numbers of X are of the size 14",
    ),
}


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_the_only_finding(name):
    only_finding(*FAULTS[name])


def test_columns_that_hardly_vary_say_nothing_about_spans():
    rare = np.where(np.arange(200) % 100 == 0, 1e-3, 0.0)
    assert [*about_inputs(np.c_[X, rare, np.zeros(200)])] == []
    assert len([*about_inputs(np.c_[X, rare * 0 + 2, X[:, 0] * 1e-3])]) == 2
