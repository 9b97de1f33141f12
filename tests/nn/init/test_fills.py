"""A filler replaces all numbers of a leaf, and they come from nowhere but its `rng`."""

import numpy as np
import pytest
from fillers import EXPECTED, FILLERS, RANDOM, filled

import nn
from autograd import GraphError, Tensor
from nn import init

every_filler = pytest.mark.parametrize("name", FILLERS)
every_random_filler = pytest.mark.parametrize("name", RANDOM)


def test_all_are_found_and_stand_in_one_module():
    assert nn.init is init
    assert {"zeros_", "constant_", "orthogonal_", "kaiming_normal_"} < FILLERS.keys()
    assert RANDOM.keys() - {"uniform_", "orthogonal_"} == EXPECTED.keys()


@every_filler
def test_a_filler_replaces_all_numbers(name):
    for shape in ((3, 4), (4, 3), (2, 3, 5, 5)):
        assert np.isfinite(filled(name, shape)).all()


@every_filler
def test_single_precision_stays_single(name):
    tensor = Tensor(np.zeros((3, 4), np.float32))
    FILLERS[name](tensor, *([0.5] if name == "constant_" else []))
    assert tensor.dtype == np.float32


@every_filler
def test_only_leaves_are_filled(name):
    with pytest.raises(GraphError, match="the data of a result cannot be set"):
        FILLERS[name](Tensor(np.zeros((2, 2))) + 1, *([0.5] if name == "constant_" else []))


@every_random_filler
def test_a_seed_decides_all_and_nothing_else_does(name):
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    seeded = filled(name, rng=7)
    np.testing.assert_array_equal(seeded, filled(name, rng=np.random.default_rng(7)))
    assert not np.array_equal(seeded, filled(name, rng=8))
    assert not np.array_equal(filled(name, rng=None), filled(name, rng=None))
    np.testing.assert_array_equal(state, np.random.get_state()[1])  # noqa: NPY002


@every_random_filler
def test_a_generator_goes_on(name):
    rng = np.random.default_rng(0)
    assert not np.array_equal(filled(name, rng=rng), filled(name, rng=rng))


def test_uniform_numbers_fill_their_interval():
    w = filled("uniform_", (300, 300))
    assert 0 <= w.min() < 1e-3 < 0.999 < w.max() < 1
    w = filled("uniform_", (300, 300), a=-3.0, b=-1.0)
    assert (w.min(), w.max(), w.mean()) == pytest.approx((-3, -1, -2), abs=0.01)


def test_normal_numbers_have_the_mean_and_deviation_asked_for():
    w = filled("normal_", (300, 300), mean=2.0, std=3.0)
    assert (w.mean(), w.std()) == pytest.approx((2, 3), abs=0.05)


def test_constants():
    assert (filled("zeros_") == 0).all()
    assert (filled("ones_") == 1).all()
    assert (filled("constant_") == 0.5).all()
