"""Forms write formulas with names or with numbers, so that signs can be told apart."""

import pytest

from viz.moments.forms import Form


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ("\ue000·\ue001", "-2·(-5)"),
        ("tanh(\ue000)", "tanh(-2)"),
        ("max(\ue000, \ue001)", "max(-2, -5)"),
        ("\ue000²", "(-2)²"),
        ("\ue000^\ue001", "(-2)^(-5)"),
        ("(\ue000 + \ue001)/\ue000", "(-2 + (-5))/(-2)"),
        ("\ue000", "-2"),
    ],
)
def test_negative_numbers_are_in_parentheses_where_they_need_them(row, text):
    form = Form((row,), ((0, 0), (1, 0)), ())
    assert form.text(0, lambda source, place: ["-2", "-5"][source]) == text
