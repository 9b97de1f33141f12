"""Matrices multiply and einsum reads its subscripts as NumPy does."""

import numpy as np
from numerics import near

from autograd import Tensor, einsum, matmul


def test_einsum_without_an_arrow_orders_letters_by_the_alphabet():
    x = np.arange(6.0).reshape(2, 3)
    assert np.array_equal(einsum("ba", Tensor(x)).data, x.T)
    assert np.array_equal(einsum("kj , ji", Tensor(x), x.T).data, (x @ x.T).T)
    assert einsum("i,i", Tensor(x[0]), x[0]).item() == 5.0


def test_a_matrix_product_and_its_gradients_are_those_of_an_einsum():
    dice = np.random.default_rng(0)
    for subscripts, a, b in [
        ("i,i->", (3,), (3,)),
        ("ij,j->i", (2, 3), (3,)),
        ("i,ij->j", (3,), (3, 2)),
        ("ij,jk->ik", (2, 3), (3, 4)),
        ("bij,jk->bik", (5, 2, 3), (3, 4)),
        ("ij,bjk->bik", (2, 3), (5, 3, 4)),
        ("bij,j->bi", (5, 2, 3), (3,)),
        ("j,bjk->bk", (3,), (5, 3, 4)),
    ]:
        numbers = [dice.normal(size=shape) for shape in (a, b)]
        grads = []
        for product in (matmul, lambda x, y, how=subscripts: einsum(how, x, y)):
            x, y = map(Tensor, numbers)
            z = product(x, y)
            z.backward(np.cos(z.data))
            grads.append((z.data, x.grad, y.grad))
        for found, expected in zip(*grads, strict=True):
            near(found, expected)
