"""Whoever expects a builtin error gets one, and whoever expects any of ours gets them all."""

import builtins
import re

import pytest

from autograd import GraphError, ShapeError, errors
from autograd.errors import AutogradError

CLASSES = {name: x for name, x in vars(errors).items() if isinstance(x, type)}


def test_errors_are_also_the_builtin_ones():
    assert issubclass(GraphError, RuntimeError)
    assert issubclass(ShapeError, ValueError)


@pytest.mark.parametrize("error", CLASSES.values())
def test_every_error_is_caught_as_one_of_ours_and_as_a_builtin_one(error):
    assert issubclass(error, AutogradError)
    usual = {x for x in error.__mro__ if x.__module__ == "builtins"} - {Exception, BaseException}
    assert error is AutogradError or usual != {object}


def test_the_tree_that_the_file_shows_is_that_of_the_classes():
    shown = re.findall(r"── (\w+)\((\w+)\)", errors.__doc__)
    assert {name for name, _ in shown} == CLASSES.keys() - {"AutogradError"}
    for name, kind in shown:
        assert issubclass(CLASSES[name], CLASSES.get(kind) or getattr(builtins, kind))
