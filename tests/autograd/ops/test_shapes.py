"""Elements are picked, moved and repeated, and gradients find the way back."""

import numpy as np
import pytest
from numerics import same

import autograd as ag
from autograd import OPS, Tensor, fold, pad, put, unfold


def test_astype_changes_the_type_and_its_gradient_back():
    x = Tensor(np.float32([1.0, 2.0]))
    y = OPS["astype"](x, np.float64) / 3
    y.backward([1.0, 2.0])
    assert (y.dtype, x.grad.dtype) == (np.float64, np.float32)
    assert x.grad.tolist() == np.float32([1 / 3, 2 / 3]).tolist()
    for other in (int, bool, complex, np.float16):
        with pytest.raises(TypeError, match=r"^astype: got <class .*>\. Use float32 or float64\."):
            OPS["astype"](x, other)


def test_pad_takes_widths_by_axis_where_numpy_does():
    x = Tensor(np.ones((2, 3)))
    try:
        y = pad(x, {-1: (1, 2)})
    except TypeError:
        pytest.skip("this NumPy does not")
    y.backward(np.arange(12.0).reshape(2, 6))
    assert x.grad.tolist() == [[1.0, 2.0, 3.0], [7.0, 8.0, 9.0]]


def test_windows_that_overlap_add_up_and_gaps_stay_empty():
    x = np.ones(7)
    assert fold(unfold(x, (3,)), (7,), (3,)).tolist() == [1, 2, 3, 3, 3, 2, 1]
    assert fold(unfold(x, (1,), 3), (7,), (1,), 3).tolist() == [1, 0, 0, 1, 0, 0, 1]
    assert unfold(np.arange(5), (2,), 2).tolist() == [[0, 2], [1, 3]]  # 4 fits in no window


def test_a_convolution_is_unfold_and_matmul():
    dice = np.random.default_rng(1)
    image, kernel = dice.normal(size=(2, 5, 6)), dice.normal(size=(3, 2, 2, 3))
    columns = unfold(image, (2, 3), 2).swapaxes(0, 0).reshape(2 * 2 * 3, -1)
    found = (kernel.reshape(3, -1) @ columns).reshape(3, 2, 2)
    for o, i, j in np.ndindex(found.shape):
        window = image[:, 2 * i : 2 * i + 2, 2 * j : 2 * j + 3]
        assert found[o, i, j] == pytest.approx(np.sum(window * kernel[o]))


def test_ways_back_of_slices_and_windows_keep_the_order_in_memory():
    x = np.ones((4, 5, 6)).transpose(2, 0, 1)
    assert put(x, (6, 8, 5), np.s_[:, ::2, :]).transpose(1, 2, 0).flags.c_contiguous
    windows = np.ones((2, 3, 4, 5, 6)).transpose(4, 0, 1, 2, 3)
    assert fold(windows, (6, 5, 7), (2, 3)).transpose(1, 2, 0).flags.c_contiguous


def test_indices_pick_and_gradients_return_to_where_they_came_from():
    x = Tensor(np.arange(12.0).reshape(3, 4))
    ag.sum(x[[0, 0, 2], 1] * [1.0, 10.0, 100.0]).backward()
    expected = np.zeros((3, 4))
    expected[0, 1], expected[2, 1] = 11.0, 100.0
    assert np.array_equal(x.grad, expected)
    x.grad = None
    ag.sum(x[x > 5] * 2).backward()
    assert np.array_equal(x.grad, 2.0 * (x.data > 5))
    assert same(np.asarray(x[np.int64(1), np.uint8(2)].data), np.array(6.0))
    assert x[[]].shape == x[x > 50].reshape(-1, 4).shape == (0, 4)


@pytest.mark.parametrize("shape", [(0, 3), (2, 0), (2, 3)])
def test_an_empty_mask_picks_what_numpy_picks(shape):
    x = Tensor(np.zeros(shape))
    assert x[x > 0].shape == np.zeros(shape)[np.zeros(shape) > 0].shape
