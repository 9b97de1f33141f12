"""The source of a function is found, though several stand in one line, or none at all."""

import ast
from functools import wraps
from math import cos as cosine

import numpy as np
import pytest

from autograd.tape.export.source import definition, imported, lookup

twice, cubed, closed = (lambda x: 2 * x), (lambda x: x**3), (lambda k: lambda x: k * x)


def decorator(f):
    @wraps(f)
    def around(x):
        return f(x)

    around.inner = f
    return around


@decorator
def decorated(x):
    """Give half of x."""
    return x / 2


def read(f):
    return ast.unparse(definition(f))


def test_a_lambda_is_told_from_others_in_its_line():
    assert read(twice) == "lambda x: 2 * x"
    assert read(cubed) == "lambda x: x ** 3"
    assert read(closed(3)) == "lambda x: k * x"
    assert read(closed) == "lambda k: lambda x: k * x"


def test_functions_inside_of_functions_and_decorated_ones_are_found():
    def inner(x, by=2):
        return x * by + outer

    outer = 1
    assert inner(1) == 3
    assert definition(inner).name == "inner"
    assert read(decorated.inner).startswith("@decorator\ndef decorated(x):")
    assert definition(decorated).name == "around"


def test_where_there_is_no_source_it_says_so():
    with pytest.raises(OSError, match="source"):
        definition(eval("lambda x: x"))


def test_another_function_is_not_taken_for_it():
    before = "\n" * (twice.__code__.co_firstlineno - 1)
    stranger = eval(compile(f"{before}lambda x: 5 * x", __file__, "eval"))
    with pytest.raises(OSError, match="is not in its file any more"):
        definition(stranger)


def test_a_name_means_what_it_means_inside_of_the_function():
    assert lookup(closed(7), "k") == 7
    assert lookup(twice, "np") is np
    assert lookup(twice, "max") is max
    assert lookup(twice, "unheard_of") is None


def test_an_import_of_one_name_is_found_as_a_statement():
    assert imported(twice, "cosine") == "from math import cos as cosine"
    assert cosine(0.0) == 1.0
    assert imported(twice, "np") is None
