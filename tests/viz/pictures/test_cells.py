"""Cells show exactly the numbers of an array, readable and with a sign that is not only a color."""

import re
from html import unescape
from math import isfinite
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import viz
from autograd import Tensor, stack, tanh
from autograd.formulas import number
from viz.pages.page import static
from viz.pictures.cells import (
    BAD,
    INK,
    MARK,
    SHADES,
    averages,
    has_map,
    has_numbers,
    heat_map,
    number_cells,
    shades,
    width,
)

SMALL = array_shapes(min_dims=1, max_dims=2, min_side=1, max_side=6)
LARGE = array_shapes(min_dims=1, max_dims=5, min_side=1, max_side=15).filter(
    lambda shape: has_map(np.zeros(shape))
)


def of(shapes, **bounds):
    return shapes.flatmap(lambda shape: arrays(np.float64, shape, elements=st.floats(**bounds)))


@given(of(SMALL))
def test_each_cell_has_its_number_whole_on_hovering_and_the_color_of_its_sign(array):
    about = r'id="n0_v(\d+)" title="([^"]*)" \S+ bgcolor="([^"]*)"'
    cell = about + r'.*?color="([^"]*)".*?>([^<>]*)</font>'
    found = re.findall(cell, number_cells(array, "n0_v", array))
    assert len(found) == array.size
    assert number_cells(array, "n0_v", array).count("<tr>") == len(np.atleast_2d(array))
    for k, (place, whole, color, ink, text) in enumerate(found):
        x = array.flat[k]
        assert (int(place), whole, text) == (k, number(x, 12), number(x, 3))
        assert ink == (INK if isfinite(x) else BAD)
        sign = 0.0 if not isfinite(x) else np.sign(x)
        assert np.sign(SHADES.index(color) - 4) == sign
        assert text.startswith("-") == (x < 0)


@given(of(SMALL, allow_nan=False, allow_infinity=False))
def test_the_largest_number_has_the_deepest_color(array):
    depth = [abs(place - 4) for place in shades(array)]
    sizes = np.abs(array).ravel()
    assert depth[np.argmax(sizes)] == (4 if sizes.max() else 0)
    assert [depth[i] for i in np.argsort(sizes)] == sorted(depth)


@given(of(LARGE, min_value=-1e6, max_value=1e6), st.integers(0, 3))
def test_a_map_has_few_cells_and_marks_those_that_are_negative(array, spoilt):
    array.flat[:spoilt] = np.nan
    html = heat_map(array, "m", array)
    cells = re.findall(
        r'<td width="7" height="7" fixedsize="true" bgcolor="([^"]*)"(.*?)></td>', html
    )
    assert 1 < len(cells) <= max(12 * 12, 3 * 8 * 8)
    for color, edge in cells:
        assert (MARK in edge) == (color in SHADES[:4])
    assert (spoilt > 0) <= (BAD in [color for color, _ in cells])


def test_averages_are_those_of_the_parts():
    array = np.arange(24.0 * 36).reshape(24, 36)
    found = averages(array)
    assert found.shape == (12, 12)
    assert found[3, 5] == array[6:8, 15:18].mean()
    np.testing.assert_array_equal(averages(array[:5, :7]), array[:5, :7])
    uneven = averages(np.ones((13, 25)))
    np.testing.assert_array_equal(uneven, np.ones((12, 12)))


def test_of_an_image_the_first_channels_are_seen():
    image = np.zeros((2, 5, 8, 8))
    image[0, 1, 2, 3] = 1.0
    image[1] = image[:, 3:] = -1.0
    html = heat_map(image, "m", image)
    assert html.count('border="1"') == 3
    assert re.findall(r'bgcolor="([^"]*)"', html).count(SHADES[8]) == 1
    assert MARK not in html


def luminance(color):
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return np.dot([0.2126, 0.7152, 0.0722], linear)


def contrast(one, other):
    dark, bright = sorted(map(luminance, (one, other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_numbers_can_be_read_on_all_colors(scheme):
    found = dict(re.findall(r"--([\w-]+): light-dark\(([^)]*)\)", static("stepper.css")))
    page = {name: colors.split(", ")[scheme] for name, colors in found.items()}
    for place, color in enumerate(SHADES):
        assert contrast(page["text"], page[f"shade-{place}"]) >= 4.5
        assert contrast(INK, color) >= 4.5
        if scheme == 0:
            assert page[f"shade-{place}"] == color
        assert f'[fill="{color}"], [data-shade="{place}"] polygon' in static("stepper.css")
    assert contrast(page["alarm"], page["shade-4"]) >= 4.5
    assert contrast(BAD, SHADES[4]) >= 4.5


def boxes(picture):
    """The texts of each box, by its title, those of its cells by themselves."""
    found = {}
    for group in ElementTree.fromstring(picture.svg).findall(".//{*}g[@class='node']"):
        cells = [g for g in group.findall(".//{*}g") if re.search("_[vg]", g.get("id"))]
        inside = {id(text) for g in cells for text in g.findall(".//{*}text")}
        title, *lines = [t.text for t in group.findall(".//{*}text") if id(t) not in inside]
        found[title] = lines, {g.get("id"): unescape(g.find(".//{*}text").text) for g in cells}
    return found


def test_boxes_hold_arrays_of_all_shapes():
    arrays = {
        "row": [1.0, -0.5],
        "one": [[-3.0]],
        "bad": [[np.nan, np.inf], [-np.inf, 0.0]],
        "scalar": -2.0,
        "empty": np.zeros((0, 3)),
        "long": np.arange(7.0),
    }
    leaves = [Tensor(data, name=name) for name, data in arrays.items()]
    output = sum((leaf.sum() for leaf in leaves), Tensor(0.0))
    found = boxes(viz.draw(output, names={}, detail="full"))
    texts = {name: list(cells.values()) for name, (_, cells) in found.items() if name in arrays}
    assert texts == {
        "row": ["1", "-0.5"],
        "one": ["-3"],
        "bad": ["nan", "inf", "-inf", "0"],
        "scalar": [],
        "empty": [],
        "long": [],
    }
    assert [found[name][0] for name in ("scalar", "empty", "long")] == [
        ["-2"],
        ["[]"],
        ["7: 0 … 6"],
    ]
    assert found["row"][0] == []


def test_gradients_are_cells_too():
    x = Tensor([[1.0, 2.0]], name="x")
    output = (x * x).sum()
    output.backward()
    lines, cells = boxes(viz.draw(output, names={}))["x"]
    assert lines == ["grad"]
    assert list(cells.values()) == ["1", "2", "2", "4"]
    assert [id.partition("_n0_")[2] for id in cells] == ["v0", "v1", "g0", "g1"]


def test_where_numbers_would_make_a_picture_too_wide_they_are_left_out():
    leaves = [Tensor(np.full((6, 6), -1.25 * k), name=f"x{k}") for k in range(1, 6)]
    both = viz.draw(leaves[0] @ leaves[1], names={})
    assert len(boxes(both)["x1"][1]) == 36
    many = stack(leaves)
    for _ in range(8):
        many = tanh(many)
    lines, cells = boxes(viz.draw(many, names={}))["x1"]
    assert (lines, cells) == (["6×6: -1.25"], {})


def test_cells_are_as_wide_as_their_numbers():
    assert width(np.array([[1.0, -0.123], [20.0, 3.0]])) == (12 + 7) + (36 + 7)
    assert has_numbers(np.ones(6))
    assert not has_numbers(np.ones(0))
    assert not has_numbers(np.array(1.0))
    assert not has_map(np.ones((0, 9)))
