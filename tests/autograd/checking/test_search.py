"""Operands are looked for until a call suits its op: slots first, or what is asked for instead."""

import numpy as np
import pytest

from autograd import OPS
from autograd.checking.search import Choices, NewOperand, Search, turned

SLOTS = {"x": 2.0, "y": -0.5}


def found(op, places, number=0.3, slots=SLOTS, room=2, **how):
    choices = Choices((*places, 0, 0), number, 0, None)
    return Search(OPS[op], choices, slots, {"x", "y"}, room).call(**how)


@pytest.mark.parametrize(
    ("places", "operands"),
    [
        ((0, 0), ("x", "y")),  # what is in the call already comes last
        ((1, 0), ("y", "x")),
        ((0, 1), ("x", "x")),
        ((Choices.LITERAL, 0), (0.3, "x")),
        ((0, Choices.LITERAL), ("x", 0.3)),
    ],
)
def test_places_are_those_of_slots_or_ask_for_a_literal(places, operands):
    assert found("add", places).operands == operands


@pytest.mark.parametrize(("place", "constant"), [(Choices.LEAF, False), (Choices.CONSTANT, True)])
def test_a_new_operand_is_a_leaf_or_a_constant(place, constant):
    first, second = found("mul", (0, place)).operands
    assert (first, type(second), second.constant) == ("x", NewOperand, constant)


def test_what_does_not_suit_the_domain_is_passed_over():
    assert found("log", (1,)).operands == ("x",)
    (made,) = found("log", (0,), slots={"y": -0.5}).operands
    assert made.data > 0


def test_a_condition_is_a_constant_of_which_both_sides_occur():
    drawn = [found("where", (0, 0, 0), number=n / 10).operands[0] for n in range(-30, 31)]
    assert all(condition.constant for condition in drawn)
    assert {condition.data for condition in drawn} == {0.0, 1.0}


def test_where_a_gradient_has_to_pass_no_call_of_constants_is_given():
    places = (Choices.CONSTANT, Choices.CONSTANT)
    assert all(x.constant for x in found("add", places).operands)
    assert "x" in found("add", places, moving=True).operands


def test_arrays_get_operands_of_the_shapes_that_their_op_takes():
    slots = {"x": np.ones((2, 3))}
    first, second = found("matmul", (0, 0), slots=slots).operands
    assert (first, second.data.shape[0]) == ("x", 3)


def test_turning_leaves_nothing_out():
    assert turned([1, 2, 3], 4) == [2, 3, 1]
