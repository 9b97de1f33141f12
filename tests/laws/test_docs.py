"""The reference of all ops says what the table says."""

import re
from xml.etree import ElementTree

import pytest
from exact import TABLE
from latex2mathml.converter import convert
from op_reference import PAGE, documented, page, worst

from autograd import Op
from autograd.ops.op import _table

COMMITTED = PAGE.read_text(encoding="utf-8")


def check(committed, generated):
    assert committed == generated, "docs/ops.md is not what the table says: run `make docs`"


@pytest.fixture
def fourth():
    yield Op(
        name="fourth",
        forward=lambda x: x**4,
        vjps=(lambda g, y, x: g * (4 * x**3),),
        latex="{0}^{{4}}",
        doc="The square of the square.",
    )
    del _table["fourth"]


def test_the_page_is_what_the_table_says():
    check(COMMITTED, page(figures=documented))  # which tests/laws/test_accuracy.py measures


def test_a_row_that_is_not_on_the_page_is_noticed(fourth):
    generated = page([*TABLE, fourth], lambda op: (worst if op is fourth else documented)(op))
    assert f"### {fourth.__module__}\n" in generated  # a file without a heading gives its name
    assert "**`fourth(x)`** = $`x^{4}`$<br>The square of the square. | `g·4·x³` |" in generated
    with pytest.raises(AssertionError, match="run `make docs`"):
        check(COMMITTED, generated)


def test_every_formula_can_be_typeset():
    formulas = re.findall(r"\$`(.*?)`\$", COMMITTED)
    assert len(formulas) > len(TABLE) / 2
    for formula in formulas:
        assert "\\" not in "".join(ElementTree.fromstring(convert(formula)).itertext()), formula
        assert "operatorname" not in formula  # which GitHub refuses


def test_every_line_of_a_table_has_the_cells_of_its_head():
    for table in re.findall(r"(?:^\|.*\n)+", COMMITTED, re.MULTILINE):
        cells = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(cells) == 1, table
