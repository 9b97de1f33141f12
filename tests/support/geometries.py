"""Images, kernels and pools of drawn sizes, and whether a row does what its composition does."""

import numpy as np
from hypothesis import strategies as st
from samples import call

import autograd as ag
from autograd import Tensor, gradients

_counts = st.integers(1, 2)
_samples = st.integers(0, 2)
_pairs = st.tuples(st.integers(1, 3), st.integers(1, 3))


@st.composite
def convolutions(draw):
    """Draw calls of all rows of convolution that belong together."""
    kernel, steps = draw(_pairs), draw(_pairs)
    padding = (draw(st.integers(0, 2)), draw(st.integers(0, 2)))
    height, width = (
        max(1, k - 2 * p) + more for k, p, more in zip(kernel, padding, draw(_pairs), strict=True)
    )
    how = {"stride": steps, "padding": padding}
    images = (draw(_samples), draw(_counts), height, width)
    weight = (draw(_counts), images[1], *kernel)
    correlated = call("correlate2d", images, weight, **how)
    places = correlated(*correlated.operands).shape
    return [
        correlated,
        call("conv2d", images, weight, weight[:1], **how),
        call("conv_transpose2d", places, weight, size=images[2:], **how),
        call("conv2d_weight", images, places, kernel_size=kernel, **how),
    ]


@st.composite
def poolings(draw):
    """Draw calls of all rows of pooling that belong together."""
    kernel, steps = draw(_pairs), draw(st.none() | _pairs)
    padding = tuple(draw(st.integers(0, k // 2)) for k in kernel)
    height, width = (k + more for k, more in zip(kernel, draw(_pairs), strict=True))
    how = {"kernel_size": kernel, "stride": steps, "padding": padding}
    images = (draw(_samples), draw(_counts), height, width)
    pooled = call("max_pool2d", images, **how)
    places = pooled(*pooled.operands).shape
    return [
        pooled,
        call("min_pool2d", images, **how),
        call("avg_pool2d", images, **how),
        call("avg_unpool2d", places, size=images[2:], **how),
        call("max_scatter2d", places, images, **how),
        call("max_gather2d", images, images, **how),
    ]


def same_as_composition(made):
    """Compare a row with its composition: values, first and second derivatives."""
    dice = made.dice()
    y = made(*made.operands)
    seed = dice.normal(size=y.shape)
    directions = [dice.normal(size=x.shape) for x in made.operands]

    def derived(compute):
        leaves, g = made.leaves(), Tensor(seed)
        y = compute(*leaves, **made.options)
        firsts = gradients(y, leaves, g)
        total = sum(ag.sum(first * u) for first, u in zip(firsts, directions, strict=True))
        return [y, *firsts, *gradients(total, [*leaves, g])]

    for found, expected in zip(derived(made.op), derived(made.op.composition), strict=True):
        np.testing.assert_allclose(found.data, expected.data, rtol=1e-11, atol=1e-11)
