"""Whatever people call their numbers, each gets an identifier of its own."""

import keyword

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autograd.tape.export.identifiers import identifiers

names = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["x", "x_", "x'", "W[0,1]", "W[0 1]", "θ", "Θ", "ﬁ", "fi", "1"]),
    st.sampled_from(keyword.kwlist),
)


@pytest.mark.parametrize("ascii", [False, True])
@given(names=st.lists(names, max_size=8), taken=st.sets(names, max_size=4))
@example(names=["ẍ", "¨"], taken=set())  # an accent alone, which joins an x put before it
def test_each_name_gets_an_identifier_that_is_neither_taken_nor_given_twice(ascii, names, taken):
    found = identifiers(names, taken | set(keyword.kwlist), ascii=ascii)
    assert len(found) == len(names)
    for word in found:
        exec(f"{word} = 1", space := {})  # as Python reads it, which changes some letters
        assert word in space
        assert word.isascii() or not ascii
    assert len(set(found)) == len(found)
    assert not set(found) & (taken | set(keyword.kwlist))


def test_a_name_that_can_stay_stays():
    assert identifiers(["x", "W_0", "θ", "Δt"], []) == ["x", "W_0", "θ", "Δt"]
    assert identifiers(["ﬁ", "fi"], []) == ["fi", "fi_"]  # which Python takes for the same
    assert identifiers(["x", "θ", "Δt"], [], ascii=True) == ["x", "theta", "deltat"]
