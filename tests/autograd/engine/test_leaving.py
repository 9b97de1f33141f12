"""No number leaves its graph unseen: Python's conversions are refused, told of, or explicit."""

import array
import builtins
import cmath
import copy
import decimal
import fractions
import json
import math
import operator
import pickle
import random
import statistics
import struct
import warnings

import numpy as np
import pytest

import autograd as ag
from autograd import Tensor, Value, grad, hessian, jvp

MODULES = [builtins, cmath, copy, decimal, fractions, json, math, operator, pickle, random]
MODULES += [statistics]
# They wait for somebody, show what a name means, or ask for the object rather than its number.
NOT_OF_NUMBERS = {"input", "breakpoint", "exit", "quit", "help", "id", "hash", "seed", "open"}
# It compares its argument with numbers, as any program may, and gives how often that was true.
COUNTS = {("random.binomialvariate", "f(x)")}
GIVEN = one, two, four, whole = 1.0, 2.0, 4.0, 300  # they may come out again as they are
CALLS = {
    "f(x)": lambda f, x: f(x),
    "f(x, x)": lambda f, x: f(x, x),
    "f(x, 300)": lambda f, x: f(x, whole),
    "f(2.0, x)": lambda f, x: f(two, x),
    "f([x, x])": lambda f, x: f([x, x]),
    "f([x, x], [1.0, x])": lambda f, x: f([x, x], [one, x]),
    "f([x, 1.0, 4.0])": lambda f, x: f([x, one, four]),
}
FUNCTIONS = {
    f"{module.__name__}.{name}": getattr(module, name)
    for module in MODULES
    for name in getattr(module, "__all__", dir(module))
    if callable(getattr(module, name)) and name[0] != "_" and name not in NOT_OF_NUMBERS
}
FUNCTIONS |= {
    "struct.pack": lambda x: struct.pack("d", x),
    "array.array": lambda xs: array.array("d", xs),
    "%": lambda x: float("%.17g" % x),  # noqa: UP031
    "array[i] = x": lambda x: _stored(np.zeros(2), x),
    "array.array[i] = x": lambda x: _stored(array.array("d", [0.0]), x),
}


def _stored(numbers, x):
    numbers[0] = x
    return numbers


def _made(call, f, x):
    """What a call gives, and how it ends, with the same random numbers each time."""
    random.seed(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            return call(f, x)
    except (Exception, SystemExit) as error:
        return error


def _numbers(y):
    """All plain numbers that are found in a result."""
    if isinstance(y, list | tuple | array.array | np.ndarray):
        return [number for part in y for number in _numbers(part)]
    if isinstance(y, bytes | bytearray):
        return [float(part) for part in y]
    if isinstance(y, float | complex | int | decimal.Decimal | fractions.Fraction | np.generic):
        return [y]
    return []


def _depends_on_it(call, f):
    one, again, other = (_made(call, f, x) for x in (1.75, 1.75, 2.875))
    return _numbers(one) == _numbers(again) != _numbers(other)


def test_no_function_of_the_standard_library_cuts_a_graph():
    tried, leaked = set(), []
    for name, f in FUNCTIONS.items():
        for how, call in CALLS.items():
            if (name, how) in COUNTS or not _depends_on_it(call, f):
                continue
            tried.add(name)
            right = _numbers(_made(call, f, 1.75))
            made = []

            def program(x, call=call, f=f, made=made):
                made.append(_made(call, f, x))
                return x * 1.0

            grad(program)(1.75)
            found = _numbers(made[0])
            is_decision = all(isinstance(x, bool) for x in found) and found == right
            is_given = all(any(x is number for number in GIVEN) for x in found)
            if found and not is_decision and not is_given:
                leaked.append((name, how, made[0]))
    assert not leaked
    assert len(tried) > 90


@pytest.mark.parametrize("kind", [float, np.array])
@pytest.mark.parametrize("read", [float, int, math.exp, math.floor, complex])
def test_inside_a_transform_a_conversion_is_refused(read, kind):
    if kind is np.array and read is math.floor:
        pytest.skip("NumPy's arrays have no floor")
    x = kind(1.5)
    for run in (
        lambda f: grad(f)(x),
        lambda f: jvp(f, x, kind(1.0)),
        lambda f: grad(lambda y: grad(f)(y) + grad(lambda z: z * y)(y))(x),
        lambda f: grad(lambda y: grad(lambda z: z * read(y))(y))(x),
    ):
        with pytest.raises(TypeError, match=r"^(float|int): got .* being differentiated.*x\.item"):
            run(lambda y: y * read(y * 2))


def test_what_does_not_depend_on_the_arguments_may_be_read():
    w = Value(3.0)
    with pytest.warns(UserWarning, match="said once"):
        assert grad(lambda x: x * float(w) * float(w * 2))(1.0) == 18.0
    assert grad(lambda x: x * float(Value(2.0, constant=True)))(1.0) == 2.0
    assert grad(lambda x: x * x.item())(3.0) == grad(lambda x: x * x.data)(3.0) == 3.0
    np.testing.assert_array_equal(hessian(lambda v: v[0] * v[1].item())(np.ones(2)), 0)


def test_other_threads_of_a_function_are_its_own():
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool, pytest.raises(TypeError, match="being differentiated"):
        grad(lambda x: x * pool.submit(float, x).result())(1.0)


def test_after_an_error_nothing_is_differentiated():
    with pytest.raises(TypeError, match="being differentiated"):
        grad(lambda x: x * float(x))(1.0)
    x = Value(2.0)
    assert x != Value(2.0)
    with pytest.warns(UserWarning, match="said once"):
        float(x)


def test_outside_it_is_said_once():
    x, y = Value(2.5), Tensor([[2.5]])
    with pytest.warns(UserWarning, match=r"^float: got Value\(2\.5\).*no gradient") as caught:
        found = [float(x), float(y), math.sqrt(x), int(x), int(y)]
    assert found == [2.5, 2.5, math.sqrt(2.5), 2, 2]
    assert len(caught) == 1
    assert caught[0].filename == __file__


def test_showing_a_number_is_silent():
    x, y = Value(2.5), Tensor(2.5)
    for node in (x, y):
        assert (f"{node:.1f}", node.item(), float(node.data)) == ("2.5", 2.5, 2.5)
        assert "2.5" in str(node)
    print(x, y)
    constant = Value(2.5, constant=True)
    assert float(constant) == 2.5
    assert float(constant * 2) == 5.0


def test_a_number_does_not_become_an_element_of_an_array():
    numbers = np.zeros(2)
    for node in (Value(2.5), Tensor(2.5)):
        with pytest.raises((TypeError, ValueError)) as caught:
            numbers[0] = node
        assert "array[i] = x: got" in f"{caught.value} {caught.value.__cause__}"
    numbers[0] = Value(2.5, constant=True)
    numbers[1] = Value(3.5).item()
    assert numbers.tolist() == [2.5, 3.5]


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, pickle.dumps])
def test_a_copy_does_not_leave_the_graph_of_a_transform(copied):
    for x in (1.0, np.ones(2)):
        with pytest.raises(TypeError, match=r"^copy: got .* no gradient would flow through the"):
            grad(lambda x: ag.sum(Tensor([1.0])) * (copied(x * 2) and 1.0))(x)
    assert copied(Value(1.0))
