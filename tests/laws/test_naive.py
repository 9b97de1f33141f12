"""The second opinion is worth something only if it knows every row and agrees with arithmetic."""

import naive
import pytest

from autograd.strategies import ELEMENTWISE


def test_the_twin_knows_every_row():
    assert naive.TABLE.keys() == {op.name for op in ELEMENTWISE}
    for op in ELEMENTWISE:
        assert len(naive.TABLE[op.name]) == 1 + len(op.vjps)


def test_the_twin_finds_the_slopes_of_a_small_expression():
    x, y = naive.Twin(3.0), naive.Twin(4.0)
    product = naive.apply("mul", x, y)
    output = naive.apply("add", product, naive.apply("mul", x, x))
    naive.backward(output)
    assert (output.data, x.grad, y.grad, product.grad) == (21.0, 10.0, 3.0, 1.0)


def test_the_twin_sees_shared_paths_once():
    x = naive.Twin(1.0)
    output = x
    for _ in range(60):
        output = naive.apply("add", output, output)
    assert naive.slope(output, x) == pytest.approx(2.0**60)
