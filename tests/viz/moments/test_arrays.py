"""Small arrays are written number by number, large ones are never written as if they were."""

import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from autograd.formulas import number, written
from viz.moments.arrays import (
    Numbers,
    aligned,
    is_small,
    line_said,
    line_text,
    piece,
    said,
    summary,
)
from viz.moments.typeset import latex, line_mathml

SHAPES = st.one_of(
    array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=7), st.just((1, 1)), st.just(())
)
ARRAYS = SHAPES.flatmap(lambda shape: arrays(np.float64, shape))


def numbers_in(text):
    return re.findall(r"-?(?:\d[\d.]*(?:e[+-]\d+)?|inf|nan)", text)


@given(ARRAYS)
@example(np.array([[1.0, -2.5], [np.nan, 1e-9]]))
def test_each_number_of_a_small_array_is_written_and_of_others_none(array):
    wanted = [number(x, 3) for x in array.flat]
    if is_small(array) and array.ndim:
        told = piece(array)
        assert numbers_in(written(told)) == wanted
        assert re.findall("<mn>([^<]*)</mn>", line_mathml((told,))) == (wanted or ["[]"])
        assert numbers_in(latex(told)) == wanted
        assert numbers_in(aligned(array)) == wanted
    elif array.ndim:
        assert piece(array) == summary(array) == aligned(array)
        assert line_mathml((piece(array),)) == ""
    else:
        assert piece(array) == aligned(array) == number(array)


@given(ARRAYS)
def test_rows_line_up(array):
    lines = aligned(array).split("\n")
    assert len({len(line.rstrip(",]")) for line in lines}) == 1
    assert len(lines) == (len(array) if is_small(array) and array.ndim == 2 and array.size else 1)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((), True),
        ((0,), True),
        ((6,), True),
        ((7,), False),
        ((6, 6), True),
        ((1, 7), False),
        ((1, 1, 1), False),
    ],
)
def test_what_is_small(shape, expected):
    assert is_small(np.zeros(shape)) == expected


def test_a_large_array_is_summed_up_whatever_is_in_it():
    array = np.full((2, 9), 1e200)
    array[0, 0] = -3.0
    assert summary(array) == "shape (2, 9), smallest -3, largest 1e+200, norm inf"
    assert summary(np.full(7, np.nan)) == "shape (7,), smallest nan, largest nan, norm nan"
    assert summary(np.zeros((0, 9))) == "shape (0, 9), empty"


def test_a_sentence_names_an_array_and_writes_a_number():
    line = ("a: ", Numbers(np.eye(2)), ", b: ", piece(2.0))
    assert line_said(line) == "a: an array of shape (2, 2), b: 2"
    assert line_text((*line, "\n", "x")) == "a: [[1, 0], [0, 1]], b: 2   x"
    assert said(np.ones(3)) == "an array of shape (3,)"


def test_words_around_arrays_are_escaped():
    html = line_mathml(("<b> ", Numbers([1.0]), " = ", Numbers([2.0]), "\n", "& more"))
    assert html.count("<math>") == 2
    assert "<mtext>&lt;b&gt;&#160;</mtext>" in html
    assert "<mo>=</mo>" in html
    assert "<mtext>&amp;&#160;more</mtext>" in html


def test_a_negative_number_in_a_formula_has_parentheses():
    assert str(Numbers(np.array(-2.0)) * Numbers([1.0])) == "(-2)·[1]"
