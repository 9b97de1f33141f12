"""Every number of every image is in the picture, where one expects it."""

import numpy as np
import pytest

import viz
from autograd import ShapeError, Tensor


def sheet(*args, **how):
    return np.ma.filled(viz.images(*args, **how).get_images()[0].get_array(), np.nan)


@pytest.mark.parametrize("shape", [(4, 5), (1, 3, 3), (7, 4, 5), (3, 2, 4, 5), (2, 1, 6, 6)])
def test_every_number_is_there_in_its_order(shape):
    data = np.arange(1.0, 1 + np.prod(shape)).reshape(shape)
    found = sheet(data)
    assert sorted(found[np.isfinite(found)].tolist()) == sorted(data.ravel().tolist())
    first = data.reshape(-1, *shape[-2:])[0]
    top, left = np.argwhere(found == 1.0)[0]
    assert (found[top : top + shape[-2], left : left + shape[-1]] == first).all()


@pytest.mark.parametrize("count", [1, 2, 5])
def test_nothing_is_left_empty_around_images(count):
    found = np.isfinite(sheet(np.ones((count, 4, 5))))
    for edge in found[0], found[-1], found[:, 0], found[:, -1]:
        assert edge.any()


def test_channels_of_an_image_stand_side_by_side():
    found = sheet(np.arange(24.0).reshape(3, 2, 2, 2))
    rows = [np.argwhere(found == x)[0][0] for x in (0.0, 4.0, 8.0)]
    assert rows[0] == rows[1] < rows[2]


def test_colors_are_colors():
    colors = np.random.default_rng(0).uniform(size=(2, 4, 5, 3))
    found = sheet(colors)
    assert found.shape[-1] == 3
    assert np.isin(colors, found).all()


def test_negative_numbers_are_told_from_positive_ones():
    image = viz.images(Tensor([[[1.0, -2.0]]])).get_images()[0]
    assert image.get_clim() == (-2, 2)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ((np.ones(3),), r"shape \(3,\)"),
        ((np.ones((2, 3, 3)), ["a"]), "1 titles for 2 images"),
        ((np.ones((500, 3, 3)),), "400 fit"),
    ],
)
def test_what_cannot_be_drawn_is_refused(args, message):
    with pytest.raises(ShapeError, match=message):
        viz.images(*args)
