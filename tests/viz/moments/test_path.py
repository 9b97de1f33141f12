"""A path says in one line what was multiplied, and which factor shrank it most."""

from math import inf, nan

import pytest

from viz.moments.path import Path


def path(*factors, product=None, share=0.5, **rest):
    labels = ("f", *(f"v{i}" for i in range(1, len(factors))), "x")[: len(factors) + 1]
    result = 1.0
    for factor in factors:
        result *= factor
    nodes = tuple(labels)  # what they are does not matter to the text
    return Path(
        nodes, factors, result if product is None else product, share, labels=labels, **rest
    )


@pytest.mark.parametrize(
    ("factors", "place"),
    [
        ((), None),
        ((2.0, -3.0), None),
        ((1.0, -1.0), None),
        ((2.0, 0.5, -0.25, 0.5), 2),
        ((0.5, 0.0, -0.0), 1),
        ((nan, 0.5, inf), 1),
        ((nan, inf), None),
    ],
)
def test_the_factor_that_shrinks_most_is_below_one_in_size(factors, place):
    assert path(*factors).weakest == place


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (path(1.0, 0.24, 2.0, share=0.37), "f → v1 → v2 → x: 1 × 0.24↓ × 2 = 0.48 (37 %)"),
        (path(-2.0, share=1.0), "f → x: -2 (100 %)"),
        (path(-0.5, share=None), "f → x: -0.5↓"),
        (path(share=1.0), "f: 1 (100 %)"),
        (path(inf, 0.0, share=None), "f → v1 → x: inf × 0↓ = nan"),
        (Path((), (), -0.25, 0.02, 1), "1 more path: -0.25 (2 %)"),
        (Path((), (), 5.0, 0.25, 2**40), "1,099,511,627,776 more paths: 5 (25 %)"),
        (path(2.0, 0.5, share=None, norms=(1, 2, 1)), "f → v1 → x: gains 2, 0.5↓; 1 in all"),
    ],
)
def test_a_path_in_one_line(shown, text):
    assert shown.text == str(shown) == text
    assert repr(shown) == f"Path({text!r})"


def test_a_long_path_shows_its_ends_and_the_factor_that_shrinks_most():
    factors = [1.0] * 1000
    factors[500] = -0.125
    shown = path(*factors, share=1.0)
    assert shown.route == "f → v1 → v2 → … → v500 → … → v998 → v999 → x"
    assert shown.terms == "1 × 1 × 1 × … × -0.125↓ × … × 1 × 1"


def test_no_factor_that_decides_the_product_is_left_out_of_a_long_path():
    factors = [1.0] * 100
    for i, factor in {30: 1e-6, 50: 3.0, 60: -1e-12, 70: 2e-5}.items():
        factors[i] = factor
    terms = path(*factors).terms
    assert terms == "1 × 1 × 1 × … × 1e-06 × … × 3 × … × -1e-12↓ × … × 2e-05 × … × 1 × 1"


def test_a_long_path_shows_the_first_factor_that_is_not_finite():
    factors = [0.5, *[1.0] * 100, nan, *[1.0] * 100]
    assert "… × nan × …" in path(*factors).terms


@pytest.mark.parametrize(
    ("share", "percent"),
    [(0.0, "0 %"), (1e-9, "< 0.01 %"), (0.00125, "0.12 %"), (0.0949, "9.5 %"), (0.095, "10 %"),
     (0.375, "38 %"), (1.0, "100 %"), (None, "–")],
)  # fmt: skip
def test_a_share_in_percent(share, percent):
    assert path(2.0, share=share).percent == percent
