"""A live number is written as a place, any other as ever; what a text asks for has a place."""

import pytest

from autograd import Value
from autograd.formulas import number as written
from viz.moments.live import Live, in_one_line, number, parted, when, where_nearly, where_negative


@pytest.fixture
def places():
    return {}


@pytest.fixture
def x(places):
    return Live(Value(0.1), places)


def test_a_live_number_is_the_number_itself(x, places):
    assert x == 0.1
    assert isinstance(x, float)
    assert places == {}


def test_texts_hold_places_which_are_counted_as_they_are_asked_for(x, places):
    y = Live(Value(2.0), places)
    assert number(y) == "\ue0100\ue011"
    assert number(x, 3) == "\ue0101:3\ue011"
    assert number(Live(y.node, places)) == "\ue0100\ue011"
    assert places == {y.node: 0, x.node: 1}


def test_what_is_not_live_is_written_at_once():
    assert number(1 / 3) == "0.33333"
    assert in_one_line([1.0, 2.0]) == written([1.0, 2.0])
    assert when(1.0, "yes") + when(0.0, "no") + when(float("nan"), "no") == "yes"


def test_lists_hold_live_numbers_beside_others(x):
    assert in_one_line([x, 1.0, x]) == "\ue010[0,=1.0,0\ue011"


def test_differences_are_live(x, places):
    y = Live(Value(2.0), places)
    for difference, by in ((y - x, 1.9), (y - 0.5, 1.5)):
        assert isinstance(difference, Live)
        assert difference == difference.node.data == by


def test_conditions_are_left_to_the_page(x):
    assert when(x, "some") == "\ue0120\ue013some\ue014"
    assert where_negative(x, "(") == "\ue012-0\ue013(\ue014"


def test_a_page_decides_whether_a_number_only_looks_whole(x):
    near, by = parted(x)
    assert (number(near), number(by)) == ("\ue010~0\ue011", "\ue010±0\ue011")
    said = ["\ue012<0\ue013a\ue014", "\ue012>0\ue013b\ue014", "\ue012=0\ue013c\ue014"]
    assert where_nearly(x, "a", "b", "c") == "".join(said)
