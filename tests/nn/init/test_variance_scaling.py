"""Random weights have the size that their papers ask for."""

from math import sqrt

import numpy as np
import pytest
from fillers import EXPECTED, FILLERS, RANDOM, fans, filled

from autograd import ShapeError, Tensor

FOR_WEIGHTS = RANDOM.keys() - {"normal_", "uniform_"}


@pytest.mark.parametrize("name", sorted(FOR_WEIGHTS))
@pytest.mark.parametrize("shape", [(), (3,)])
def test_inputs_and_outputs_must_be_countable(name, shape):
    with pytest.raises(ShapeError, match=rf"^{name}: got a Tensor of shape .*take zeros_"):
        FILLERS[name](Tensor(np.zeros(shape)))


SHAPES = [(300, 500), (500, 300), (60, 20, 5, 5)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", EXPECTED)
def test_the_standard_deviation_is_that_of_the_paper(name, shape):
    w = filled(name, shape)
    std = EXPECTED[name](*fans(shape))
    spread = 1 / sqrt(2 * w.size)  # of a measured standard deviation, relatively, if normal
    assert w.std() == pytest.approx(std, rel=5 * spread)
    assert abs(w.mean()) < 5 * std / sqrt(w.size)
    if "uniform" in name:
        bound = sqrt(3) * std
        assert 0.999 * bound < abs(w).max() <= bound
        assert abs(w).mean() == pytest.approx(bound / 2, rel=0.02)
    else:
        assert np.mean(abs(w) < std) == pytest.approx(0.6827, abs=0.01)


def test_gains_and_modes_change_the_size():
    def std(name, **options):
        return filled(name, (300, 500), **options).std()

    for name in ("xavier_uniform_", "xavier_normal_"):
        assert std(name, gain=3.0) == pytest.approx(3 * std(name))
    for name in ("kaiming_uniform_", "kaiming_normal_"):
        assert std(name, mode="fan_out") == pytest.approx(sqrt(500 / 300) * std(name))
        assert std(name, nonlinearity="linear") == pytest.approx(std(name) / sqrt(2))
        assert std(name, a=1.0) == pytest.approx(std(name) / sqrt(2))
        with pytest.raises(ValueError, match=rf"^{name}: got mode='both'\. Use 'fan_in' or"):
            std(name, mode="both")


@pytest.mark.parametrize("shape", [(5, 5), (3, 7), (7, 3), (4, 3, 2, 2), (20, 2, 3, 3), (1, 4)])
def test_rows_or_columns_stand_at_right_angles(shape):
    for gain in (1.0, 2.5):
        w = filled("orthogonal_", shape, gain=gain).reshape(shape[0], -1)
        small = w if len(w) <= w.shape[1] else w.T
        np.testing.assert_allclose(small @ small.T, gain**2 * np.eye(len(small)), atol=1e-13)


def test_no_direction_is_preferred():
    rng = np.random.default_rng(0)
    draws = np.array([filled("orthogonal_", (3, 3), rng=rng) for _ in range(4000)])
    assert abs(draws.mean(axis=0)).max() < 5 * sqrt(1 / 3 / 4000)
    assert np.mean(np.linalg.det(draws) > 0) == pytest.approx(0.5, abs=0.05)
