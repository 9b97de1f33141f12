"""A name stands in a text as one short piece: nothing raw, nothing turned, nothing without end."""

import ast
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from names import EVERY_CATEGORY, is_plain

from autograd.texts import LONGEST, apart, cells, columns, listed, padded, quoted, shown, some

names = st.one_of(st.text(), st.text(st.sampled_from(EVERY_CATEGORY)), st.text(min_size=200))


@given(names, st.integers(8, 80))
def test_no_name_holds_anything_raw_or_has_no_end(name, most):
    text = shown(name, most)
    assert is_plain(text)
    inside = text.strip("\u2068\u2069")
    assert len(inside) <= most
    assert cells(text) <= most


def test_every_sign_is_shown_as_itself_or_as_repr_does():
    for sign in [*map(chr, range(0x3100)), *EVERY_CATEGORY]:
        assert shown(sign).strip("\u2068\u2069") == (
            sign if sign.isprintable() else repr(sign)[1:-1]
        )


@pytest.mark.parametrize(
    "name",
    ["x", "θ₁", "a b", "W[0,1]", r"\alpha", "入力", "e\u0301", "👨‍👩‍👧", "❤️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "क्‍ष", "ශ්‍රී"],
)
def test_what_people_write_stays(name):
    assert shown(name) == name


@pytest.mark.parametrize("name", ["שלום", "می‌خواهم", "x_שלום", "٣"])
def test_names_from_right_to_left_are_isolated_and_no_others(name):
    assert shown(name) == f"\u2068{name}\u2069"
    assert quoted(name) == f"'\u2068{name}\u2069'"


@pytest.mark.parametrize("name", ["a\u200db", "\u200d", "👨\u200d", "\u200c\u200cم"[:2]])
def test_a_joiner_that_joins_nothing_is_seen(name):
    assert "\\u200" in shown(name)


def test_long_names_lose_their_middle():
    assert shown("encoder.layer.0.attention.weight", 16) == "encoder.….weight"
    assert shown("x" * 10**6) == "x" * (LONGEST // 2) + "…" + "x" * (LONGEST // 2 - 1)
    for name in ("e\u0301" * 100, "👨‍👩‍👧" * 100, "\x1b" * 100, "a" * 30 + "\u0301" * 10**5):
        head, _, tail = shown(name).partition("…")
        assert not tail or unicodedata.category(tail[0])[0] not in "MC"
        assert not head.endswith(("\u200d", "\\", "\\x", "\\x1"))


@given(st.lists(names, max_size=5, unique=True))
def test_names_that_are_shown_apart_are_as_short(texts):
    found = apart(texts, 16)
    assert list(found) == texts
    assert all(is_plain(x) and cells(x) <= 16 for x in found.values())


def test_names_that_differ_anywhere_look_different():
    for place in (0, 17, 50, 83, 99):
        pair = [f"{'a' * place}{sign}{'b' * (99 - place)}" for sign in "xy"]
        assert len(set(apart(pair, 40).values())) == 2
    layers = [f"encoder.block.{k}.layer.1.attention.self.query.weight" for k in range(20)]
    assert len(set(apart(layers, 40).values())) == 20
    assert apart(["x", "y"]) == {"x": "x", "y": "y"}


@given(names)
def test_quotes_are_those_of_python(name):
    text = quoted(name)
    assert is_plain(text)
    if len(name) <= 10:
        assert ast.literal_eval(text).strip("\u2068\u2069") == name.strip("\u2068\u2069")
    if name.isascii() and len(repr(name)) <= LONGEST:
        assert text == repr(name)


def test_lists_say_how_many_are_left():
    assert listed([]) == ""
    assert listed("abc") == "a, b, c"
    assert listed(range(20_000), 10) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 19,990 more"
    assert listed(["a\n", "b"], 1) == "a\\n and 1 more"
    assert some(["x" * 99, "b", "c"], 2, "; ") == f"{'x' * 99}; b and 1 more"


@given(names, names)
def test_what_was_shown_is_shown_as_it_is(a, b):
    for text in (shown(a), f"∂{shown(a)}/∂{shown(b)}"):
        assert shown(text, 300) == text


def test_columns_count_cells():
    rows = [("入力", "=", "1"), ("e\u0301", "=", "23"), ("x\u200b", "=", ""), ("ab", "=", "4")]
    lines = columns(rows, right=[2]).splitlines()
    assert {cells(line[: line.index("=")]) for line in lines} == {6}
    assert {cells(line) for line in lines if not line.endswith("=")} == {11}
    assert (padded("入", 4), padded("入", 4, right=True), padded("abc", 2)) == (
        "入  ",
        "  入",
        "abc",
    )
