"""What a number would answer otherwise than a node is asked of the number itself."""

import math
import pickle
from copy import copy, deepcopy

import numpy as np
import pytest

from autograd import (
    GraphError,
    Tensor,
    Value,
    compile,
    grad,
    maximum,
    sin,
    tanh,
    value_and_grad,
)
from autograd.jit.recorded_nodes import RecordedTensor, RecordedValue

W = Value(2.0, name="w")
QUESTIONS = {
    "in a set": lambda x: x in {1.0, 2.0},
    "in a frozenset": lambda x: (x * 1) in frozenset([1.0, 2.0]),
    "key of a dict": lambda x: x in {1.0: 0, 2.0: 0},
    "get": lambda x: {1.0: 5.0, 2.0: 0.0}.get(x * 1, 7.0),
    "setdefault": lambda x: {1.0: 5.0}.setdefault(x, 0.0),
    "hash": lambda x: hash(x) % 3,
    "float": lambda x: float(x * 1) > 1.5,
    "int": lambda x: int(x) == 2,
    "floor": lambda x: math.floor(x) == 2,
    "isinstance": lambda x: isinstance(x, float),
    "isinstance of several": lambda x: isinstance(x * 2, int | float),
    "class": lambda x: x.__class__ is float,
    "str": lambda x: len(str(x)),
    "repr": lambda x: len(repr(x * 1.5)),
    "f-string": lambda x: f"{x:.1f}" == "1.0",
    "match": lambda x: _matched(x),
    "a result beside a parameter": lambda x: (
        maximum(W, x * 3) * 0 + 1 in {1.0} and (x + 0) in {2.0}
    ),
}


def _matched(x):
    match x:
        case float():
            return True
        case _:
            return False


@pytest.mark.filterwarnings("ignore:f. it :UserWarning")
@pytest.mark.parametrize("asks", QUESTIONS.values(), ids=QUESTIONS)
def test_a_question_for_the_number_is_asked_of_the_number(asks):
    def f(x):
        return x * 2 if asks(x) else x * 3

    compiled = compile(f)
    for x in (1.0, 2.0, 2.25, 1.0, 5.0):
        assert compiled(x) == f(x)
    assert compiled.recordings == 0
    assert "it " in compiled.reason


@pytest.mark.parametrize(
    "f",
    [
        lambda x, m: x if m == 1 else -x,
        lambda x, m: x if m != 1 else -x,
        lambda x, m: x * 2.0 if m in (1, 3) else x,
        lambda x, m: x if m else -x,
        lambda x, m: -x if not m else x,
        lambda x, m: x if x == 0 else 1 / x,
    ],
)
def test_a_number_is_asked_what_it_equals_and_whether_it_is_true(f):
    compiled = compile(f)
    for x in (2.0, 0.0, -1.5):
        for m in (0, 1, 3, 2):
            assert compiled(x, m) == f(x, m)


def test_two_nodes_are_not_compared_by_equality():
    with pytest.raises(GraphError, match=r"it compares two nodes by ==.*by <= and >="):
        compile(lambda a, b: a if a == b else b)(1.0, 1.0)
    assert compile(lambda a, b: a if a is not b and a in (a, b) else b)(1.0, 2.0) == 1.0


def test_what_was_done_before_the_question_is_undone():
    calls = []
    generator = np.random.default_rng(0)

    def f(x):
        calls.append(generator.random())
        return x * 2 if x in {1.0} else x * 3

    compiled = compile(f)
    with pytest.warns(UserWarning, match="it uses the hash of x"):
        assert compiled(1.0) == 2.0
    assert calls == [np.random.default_rng(0).random()]


@pytest.mark.filterwarnings("ignore:f. it uses the hash of x:UserWarning")
def test_where_it_cannot_be_undone_it_is_refused_once():
    numbers = iter([1.0, 2.0])

    def f(x):
        return x * next(numbers) if x in {1.0} else x * 3

    compiled = compile(f)
    with pytest.raises(GraphError, match="f: it uses the hash of x, and what it did"):
        compiled(1.0)
    assert [compiled(1.0), compiled(2.0)] == [1.0, 6.0]


@pytest.mark.filterwarnings("ignore:f. it uses the hash of x:UserWarning")
def test_large_arrays_that_were_written_into_are_not_said_to_be_undone():
    numbers = np.zeros(300_000)

    def f(x):
        numbers[0] += 1
        return x * numbers[0] if x in {9.0} else x + numbers[0]

    with pytest.raises(GraphError, match="what it did so far cannot be undone"):
        compile(f)(1.0)


@pytest.mark.filterwarnings("ignore:f. it uses the hash of x:UserWarning")
def test_a_question_is_noticed_though_the_function_catches_everything():
    def f(x):
        try:
            k = hash(x)
        except:  # noqa: E722
            k = None
        return x * 2 if k is None else x * 3

    assert compile(f)(3.0) == 9.0


def test_nodes_in_sets_of_the_engine_are_no_question():
    compiled = compile(value_and_grad(lambda x: tanh(x) * sin(x)))
    assert [compiled(1.0), compiled(2.0)] == [
        value_and_grad(lambda x: tanh(x) * sin(x))(x) for x in (1.0, 2.0)
    ]
    assert compiled.recordings == 1


def test_all_that_follows_is_recorded_and_all_else_is_plain():
    found = {}

    @compile
    def f(x):
        found.update(left=W * x, right=x * W, of_op=maximum(W, x), three=(W * 1, x + 1.0))
        return x * 1.0

    f(1.0)
    assert [type(found[key]) for key in ("left", "right", "of_op")] == [RecordedValue] * 3
    assert [type(x) for x in found["three"]] == [Value, RecordedValue]
    assert len({found["left"], found["right"]}) == 2  # when nothing is recorded any more
    assert repr(found["left"]).startswith("Value(2.0")
    assert isinstance(found["left"], Value)
    x = RecordedTensor([1.0, 2.0])
    assert type(Tensor([1.0, 2.0]) * x) is type(x.sum()) is RecordedTensor
    slopes = grad(lambda y: (y * x).sum())(Tensor([3.0, 4.0]))
    np.testing.assert_array_equal(slopes.data, [1.0, 2.0])


def test_decisions_by_number_are_recorded():
    compiled = compile(lambda x: x * 2 if x == 1.0 else x * 3 if x != x else x * 5)
    results = [compiled(x) for x in (1.0, math.nan, 2.0, 1.0, 3.0)]
    np.testing.assert_array_equal(results, [2.0, math.nan, 10.0, 2.0, 15.0])
    assert compiled.recordings == 3


def test_an_array_of_numbers_is_made_of_the_very_array():
    compiled = compile(lambda x: x * 2.0 if np.asarray(x)[0] > 0 else x * 3.0)
    with pytest.warns(UserWarning, match="it uses an array of x"):
        np.testing.assert_array_equal(compiled([1.0, 2.0]), [2.0, 4.0])
    np.testing.assert_array_equal(compiled(np.array([-1.0, 2.0])), [-3.0, 6.0])


def test_what_is_kept_of_a_call_is_afterwards_as_any_node():
    kept = []

    def f(x):
        kept.append(x * 2)
        return x * W

    compiled = compile(f)
    with pytest.warns(UserWarning, match="each call changes"):
        assert [compiled(1.0), compiled(2.0)] == [2.0, 4.0]
    y = kept[0]
    assert (y.data, y == 2.0, bool(y), y > 1) == (2.0, False, True, True)
    for copied in (copy(y), deepcopy(y), pickle.loads(pickle.dumps(y))):
        assert type(copied) is Value
        assert copied.data == 2.0
    with pytest.raises(TypeError, match="a Value"):
        Tensor([1.0]) + y


def test_the_class_of_an_argument_is_that_of_the_number():
    compiled = compile(lambda x: x * (2.0 if type(x) is float else 3.0))
    with pytest.warns(UserWarning, match="it uses type()"):
        assert [compiled(1.0), compiled(2.0)] == [2.0, 4.0]
