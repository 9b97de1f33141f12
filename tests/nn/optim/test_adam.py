"""Adam divides by the size of gradients, or by their norm; AdamW decays beside it."""

import numpy as np
from optimizers import WHOLE, each
from steps import fed, flat, noise, tensors, values

import nn
from autograd import Tensor


@each(WHOLE)
def test_one_number_for_all_gradients_is_the_same_however_they_are_split(make):
    start, gradients = noise(6), noise(20, 6)
    ends = [
        fed(make(params, lr=0.1), params, gradients)
        for params in (values(start), tensors(start), [Tensor(start[:2]), *values(start[2:])])
    ]
    np.testing.assert_allclose(ends[1:], [ends[0]] * 2, rtol=1e-13)


def test_groups_may_take_the_norm_and_its_square_of_the_same_gradients():
    start, gradients = noise(3), noise(20, 3)
    params = values(start)
    kinds = ["elementwise", "norm", "squared norm"]
    groups = [{"params": p, "second_moment": k} for p, k in zip(params, kinds, strict=True)]
    found = fed(nn.Adam(groups, lr=0.1), params, gradients)
    for i, kind in enumerate(kinds):
        alone = values(start)
        assert fed(nn.Adam(alone, lr=0.1, second_moment=kind), alone, gradients)[i] == found[i]


def test_adamw_decays_beside_the_step():
    start, gradients = noise(3), noise(4, 3)
    decayed, plain = values(start), values(start)
    fed(nn.AdamW(decayed, lr=0.1, weight_decay=0.3), decayed, gradients[:1])
    fed(nn.Adam(plain, lr=0.1), plain, gradients[:1])
    np.testing.assert_allclose(flat(plain) - flat(decayed), 0.1 * 0.3 * start, rtol=1e-12)
