"""Circles stand apart; numbers of weights on their lines, off all others, or nowhere."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.pictures.layers import Layer
from viz.pictures.places import OTHERS, Places, shown_units

SIZES = st.lists(st.integers(1, 8), min_size=2, max_size=4)


def places(sizes):
    return Places([Layer(f"layer {k}", size) for k, size in enumerate(sizes)])


@given(SIZES)
def test_numbers_stand_apart_and_on_one_line_each(sizes):
    found = places(sizes)
    for level in range(1, len(sizes)):
        tails, heads = (column.y_of for column in found.columns[level - 1 : level + 1])
        numbers = found.numbers_at(level)
        assert len(numbers) in (0, sizes[level - 1] * sizes[level])
        assert not numbers or found.is_roomy
        at = {
            (k, j): (share * found.pitch, tails[j] + share * (heads[k] - tails[j]))
            for (k, j), share in numbers.items()
        }
        for (x, y), (a, b) in combinations(at.values(), 2):
            assert abs(x - a) >= 36 - 1e-9 or abs(y - b) >= 12 - 1e-9
        for key, (x, y) in at.items():
            for k, j in numbers.keys() - {key}:
                line = tails[j] + x / found.pitch * (heads[k] - tails[j])
                assert abs(line - y) >= 7


@given(st.lists(st.integers(1, 40), min_size=2, max_size=20))
def test_on_a_screen_all_units_are_shown_and_none_touches_another(sizes):
    found = Places([Layer(f"layer {k}", size) for k, size in enumerate(sizes)], whole=True)
    assert [len(column.y_of) for column in found.columns] == sizes
    for column in found.columns:
        rows, size = sorted(column.y_of.values()), column.radius
        assert size < rows[0] - 38
        assert rows[-1] + size < found.height - 24  # words stand above and below
        assert all(b - a > 2 * size for a, b in pairwise(rows))
    assert all(b.x - a.x > a.radius + b.radius for a, b in pairwise(found.columns))


@pytest.mark.parametrize("sizes", [(2, 4, 1), (3, 3, 2), (2, 6, 1)])
def test_small_networks_have_all_their_numbers(sizes):
    found = places(sizes)
    for level in range(1, len(sizes)):
        assert len(found.numbers_at(level)) == sizes[level - 1] * sizes[level]


def test_of_a_wide_layer_the_first_and_the_last_units_are_shown():
    assert shown_units(16) == [*range(16)]
    assert shown_units(100) == [0, 1, 2, 3, 4, OTHERS, 95, 96, 97, 98, 99]
    column = places([100, 1]).columns[0]
    assert len(column.y_of) == 10
    assert column.y_of[4] < column.ellipsis < column.y_of[95]
