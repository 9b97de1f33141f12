"""The reference of all ops says what the table says, and how exact it is on this machine."""

import math
import re
from xml.etree import ElementTree

import pytest
from exact import TABLE
from latex2mathml.converter import convert
from op_reference import PAGE, page, worst

from autograd import Op
from autograd.ops.op import _table

COMMITTED = PAGE.read_text(encoding="utf-8")
# A line of an op ends in two errors.
LINE = re.compile(r"^(\| \*\*`(\w+)\(.*) \| (\S+) \| (\S+) \|$", re.MULTILINE)


def without_figures(text):
    """The page with the errors taken out, but for those that are none: they are none anywhere."""
    return LINE.sub(lambda line: re.sub(r"\| \d+\.\d(?= \|)", "| #", line[0]), text)


def figures(text):
    """The errors of each op: of its value, and of its slope."""
    return {
        line[2]: [float(x) if x[0].isdigit() else 0.0 for x in line.groups()[2:]]
        for line in LINE.finditer(text)
    }


def check(committed, generated):
    same = without_figures(committed) == without_figures(generated)
    assert same, "docs/ops.md is not what the table says: run `make docs`"


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
    check(COMMITTED, page())


@pytest.mark.parametrize("op", TABLE, ids=lambda op: op.name)
def test_the_errors_are_those_of_the_page(op):
    """One machine may round otherwise than another, by a unit in the last place."""
    for measured, documented in zip(worst(op), figures(COMMITTED)[op.name], strict=True):
        assert (measured or 0.0) <= math.floor(documented) + 1, "run `make docs`"
        assert documented <= (measured or 0.0) + 1.5, "run `make docs`"


def test_a_row_that_is_not_on_the_page_is_noticed(fourth):
    generated = page([*TABLE, fourth])
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
