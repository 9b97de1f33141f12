"""A recording gives the results of its way, in their structure, and notices another way."""

import math
import warnings
from collections import namedtuple

import numpy as np
import pytest
from replays import LIMIT, counted

from autograd import (
    GraphError,
    InfiniteGradientError,
    Tape,
    Value,
    compile,
    exp,
    grad,
    gradients,
    log,
    sqrt,
    sum,
)
from autograd.jit.recording import exchanged


@pytest.mark.parametrize("kind", [float, np.array])
@pytest.mark.parametrize("x", [math.nan, 0.0, -0.0, math.inf])
def test_a_number_that_was_read_is_the_same_one_to_the_last_bit(x, kind):
    compiled, calls = counted(lambda x: (x, np.copysign(1.0, x.data)))
    for other in (x, -x, x, -x):
        assert compiled(kind(other))[1] == math.copysign(1.0, other) or math.isnan(x)
    assert len(calls) == (1 if math.isnan(x) else 2)


def test_what_was_read_is_computed_as_it_was_when_it_was_read(monkeypatch):
    executors = []

    class Spy(Tape):
        @classmethod
        def guarded(cls, outputs, inputs, executor):
            executors.append(executor)
            return super().guarded(outputs, inputs, executor)

    monkeypatch.setattr("autograd.jit.recording.Tape", Spy)
    compile(lambda x: (x, exp(x).data))(1.0)
    compile(lambda x: exp(x) if x > 0 else x)(1.0)
    assert executors == ["numpy", "auto"]  # another executor may round otherwise


def test_too_many_ways_are_named_with_the_line_that_asks():
    def restless(x):
        y = x * 3
        return y * y.data

    compiled, calls = counted(restless)
    for k in range(LIMIT):
        assert compiled(float(k)) == 9.0 * k * k
    with pytest.raises(GraphError) as raised:
        compiled(-1.0)
    message = str(raised.value)
    assert "restless: this call goes another way than all 32 that are recorded" in message
    assert "32 times, that the number of mul is read, in 'return y * y.data'" in message
    assert "also in where(x > 0, a, b): decide with where(heaviside(x), a, b)" in message
    assert "__wrapped__" in message
    assert compiled(3.0) == 81.0  # what is known is still known
    assert len(calls) == compiled.recordings == LIMIT
    assert compiled.tapes[0](3.0) == [81.0, 9.0]  # what was used last stands first
    assert compiled(np.array(3.0)) == 81.0  # and arguments of another kind have ways of their own


def test_a_comparison_that_keeps_changing_is_named():
    @compile
    def steps(x):
        return x if any(x < k for k in range(100)) else -x

    for k in range(LIMIT):
        steps(k + 0.5)
    with pytest.raises(GraphError, match=r"that x < \.\.\. is asked, in 'return x if any\(x < k"):
        steps(50.5)


def test_results_keep_their_structure():
    Pair = namedtuple("Pair", "low high")
    f, calls = counted(lambda x: {"a": (x, [x * x, None]), "n": 3, "p": Pair(-x, "high")})
    expected = {"a": (3.0, [9.0, None]), "n": 3, "p": Pair(-3.0, "high")}
    f(1.0)
    assert f(3.0) == expected
    assert type(f(3.0)["p"]) is Pair
    assert type(f(3.0)["a"][0]) is float
    assert len(calls) == 1
    assert type(compile(sum)(np.ones(2))) is np.float64
    with pytest.raises(TypeError, match=r"^<lambda>: it returned <object.*Return nodes, by"):
        compile(lambda x: object())(1.0)
    array = np.zeros(2)
    g = compile(lambda x: (x, array))
    g(1.0)[1][0] = 7.0
    assert array[0] == g(2.0)[1][0] == 0.0


def test_what_follows_from_no_argument_is_a_result_too():
    w = Value(2.0)
    assert compile(lambda x: gradients(x * 2, [w]))(1.0) == [0.0]
    assert compile(lambda x: (x, w, 3.0))(1.0) == (1.0, 2.0, 3.0)
    f = compile(lambda: w * 2)
    assert f() == 4.0
    w.data = 3.0
    assert [f(), f.recordings] == [6.0, 1]
    none = compile(lambda x: None)
    assert [none(1.0), none(2.0), none.recordings] == [None, None, 1]


def test_values_and_tensors_may_stand_side_by_side():
    temperature = Value(2.0)
    f, calls = counted(lambda x: (x * 2, temperature * 3) if temperature > 1 else (x, x))
    assert [part.tolist() if np.ndim(part) else part for part in f([1.0])] == [[2.0], 6.0]
    temperature.data = 4.0
    assert [part.tolist() if np.ndim(part) else part for part in f([2.0])] == [[4.0], 12.0]
    assert len(calls) == 1
    temperature.data = 0.0
    assert f([2.0])[1].tolist() == [2.0]
    assert len(calls) == 2


def test_constants_and_earlier_results_hold_what_they_hold():
    c, w = Value(2.0, constant=True), Value(3.0)
    h = w * 3
    f, calls = counted(lambda x: x * c + h)
    assert f(1.0) == 11.0
    c.data, w.data = 5.0, 100.0
    assert f(1.0) == 14.0  # a result never changes
    assert len(calls) == 1


def test_a_pass_through_an_earlier_result_is_refused_once_its_leaf_is_another():
    w = Value(3.0)
    h = w * w
    slope = compile(lambda x: gradients(x * h, [w])[0])
    assert [slope(1.0), slope(2.0)] == [6.0, 12.0]
    w.data = 4.0
    with pytest.raises(GraphError, match="when the graph was built"):
        slope(2.0)
    w.data = 3.0
    assert slope(3.0) == 18.0


def test_an_infinite_gradient_is_refused_as_by_the_function():
    slope = grad(compile(lambda x: sum(sqrt(x))))
    np.testing.assert_array_equal(slope([1.0, 4.0]), [0.5, 0.25])
    with pytest.raises(InfiniteGradientError, match=r"^sqrt\(0\)"):
        slope([1.0, 0.0])
    np.testing.assert_array_equal(slope([4.0, 1.0]), [0.25, 0.5])
    assert slope.recordings == 1


def test_ways_that_are_not_taken_do_not_warn():
    f = compile(lambda x: log(x) if x > 0 else x)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        found = [f(np.array(2.0)), f(np.array(-2.0)), f(np.array(1.0))]
    assert found == [math.log(2.0), -2.0, 0.0]
    assert f.recordings == 2
    assert not said


def test_each_node_in_what_holds_them_is_exchanged():
    x, y = Value(1.0), Value(2.0)
    found = exchanged({"a": (x, [y, None]), "n": 3}, lambda node: node.data)
    assert found == {"a": (1.0, [2.0, None]), "n": 3}
    array = np.zeros(2)
    assert exchanged([array], lambda node: node)[0] is not array  # the caller may write into it
    with pytest.raises(TypeError, match=r"^f: it returned \{1\}, a set\. Return nodes"):
        exchanged([{1}], lambda node: node, "f")
