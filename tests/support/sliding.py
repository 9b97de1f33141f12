"""Windows that slide over images, one by one, and images to slide over."""

import numpy as np
from hypothesis import strategies as st

from nn import AvgPool2d, MaxPool2d, MinPool2d

POOLS = {MaxPool2d: np.max, MinPool2d: np.min, AvgPool2d: np.mean}


def different(*shape):
    """Give numbers of which no two are near each other."""
    size = int(np.prod(shape))
    return (np.random.default_rng(size).permutation(size) / size - 0.5).reshape(shape)


def windows(x, layer, beyond=0.0):
    """Yield (row, column, window of all samples and channels), one by one."""
    (down, right), (height, width) = layer.padding, layer.kernel_size
    x = np.pad(x, [(0, 0), (0, 0), (down, down), (right, right)], constant_values=beyond)
    for i, top in enumerate(range(0, x.shape[2] - height + 1, layer.stride[0])):
        for j, left in enumerate(range(0, x.shape[3] - width + 1, layer.stride[1])):
            yield i, j, x[:, :, top : top + height, left : left + width]


sizes = st.tuples(st.integers(1, 4), st.integers(1, 4))
steps = st.tuples(st.integers(1, 3), st.integers(1, 3))
