"""All executors make the same of the sums over a batch."""

import numpy as np
import pytest

from autograd.tape.executors.reduction import reduced


@pytest.mark.parametrize(("how", "expected"), [("mean", 2.5), ("sum", 10.0), (None, 10.0)])
def test_a_mean_is_the_sum_over_the_samples(how, expected):
    assert reduced(10.0, how, samples=4) == expected
    assert reduced(np.array([10.0, 0.0]), how, samples=4).tolist() == [expected, 0.0]
