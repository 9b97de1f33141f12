"""Windows are counted and indexed as a loop over them would."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.ops.windows import correlate, elements, pair, sizes

steps = st.integers(1, 4)


@given(steps, steps, st.integers(0, 3), st.integers(0, 5))
def test_every_element_of_every_window_is_indexed_once(size, step, edge, more):
    length = max(1, size - 2 * edge) + more
    starts = range(-edge, length + edge - size + 1, step)
    indices = list(elements(length, 0, size, step, edge))
    assert len(indices) == size
    for offset, ((pixels,), (places,)) in enumerate(indices):
        inside = [(i, s + offset) for i, s in enumerate(starts) if 0 <= s + offset < length]
        found = zip(np.arange(len(starts))[places], np.arange(length)[pixels], strict=True)
        assert list(found) == inside


def test_one_number_serves_both_axes():
    assert pair("stride", 2) == pair("stride", [2, 2]) == (2, 2)
    assert sizes((2, 3), None, 1) == ((2, 3), (2, 3), (1, 1))


@pytest.mark.parametrize("wrong", [0, -1, 1.0, "2", (1,), (1, 2, 3), None])
def test_what_is_no_size_is_refused(wrong):
    with pytest.raises(ValueError, match=r"^stride is one whole number of 1 or more, or two"):
        pair("stride", wrong)


def test_samples_come_last_in_memory():
    """Layers that follow compute on long pieces, however small the images are."""
    y = correlate(np.ones((8, 1, 4, 4), np.float32), np.ones((2, 1, 3, 3), np.float32))
    assert y.transpose(1, 2, 3, 0).flags.c_contiguous
    assert y.dtype == np.float32
