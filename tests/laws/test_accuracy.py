"""Every row is right to a few units in the last place, against fifty digits."""

import math

import pytest
from exact import TABLE, errors

from autograd import pow

each_row_of_any_kind = pytest.mark.parametrize("op", TABLE, ids=lambda op: op.name)


@pytest.mark.slow
@each_row_of_any_kind
def test_values_are_right_to_a_few_units_in_the_last_place(op):
    assert errors(op), "give it a call in tests/support/samples.py"
    for operands, value, _ in errors(op):
        assert value <= 4, operands


@each_row_of_any_kind
def test_slopes_are_right_to_a_few_units_in_the_last_place(op):
    for operands, _, slope in errors(op):
        # the exponent of pow's slope, b - 1, is rounded: that costs |log(a)| times as much
        bent = 8 * math.fabs(math.log(operands[0])) if op is pow else 0.0
        assert slope is None or slope <= 4 + bent, operands
