"""Nodes tell whoever records a function what Python learns from them."""

import math
from contextlib import contextmanager

import numpy as np
import pytest

from autograd import DomainError, GraphError, Tensor, Value, compile, gradients, log
from autograd.engine import current_watch, watching


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


class Listener:
    """A watch that writes down what it is told."""

    start = 0

    def __init__(self, *known):
        self.known, self.learnt, self.refused = known, [], []

    def covers(self, node):
        return any(node is x for x in self.known)

    def learned(self, how, nodes, learn, seen, by):
        self.learnt.append((how, nodes, learn, seen))

    def cannot(self, what, advice):
        self.refused.append(what)
        return GraphError(f"{what}. {advice}")


@contextmanager
def listening(listener, *, here=True):
    """Listen in this thread, or as if another thread recorded."""
    token = current_watch.set(listener if here else None)
    watching.append(listener)
    try:
        yield listener
    finally:
        watching.remove(listener)
        current_watch.reset(token)


X, Y, T = Value(3.0), Value(5.0), Tensor([1.0, -1.0])
LEARNT = {
    "data": (lambda: X.data, "data", (X,), 3.0, (4.0,), 4.0),
    "float": (lambda: float(X), "data", (X,), 3.0, (4.0,), 4.0),
    "comparison": (lambda: X < 4.0, "<", (X,), True, (9.0,), False),
    "the other way round": (lambda: X > 4.0, ">", (X,), False, (9.0,), True),
    "two nodes": (lambda: X < Y, "<", (X, Y), True, (6.0, 5.0), False),
    "equality": (lambda: X == 3.0, "==", (X,), True, (2.0,), False),
    "truth": (lambda: bool(X), "!=", (X,), True, (0.0,), False),
    "an array": (lambda: T.data.tolist(), "data", (T,), [1.0, -1.0], ([2.0],), [2.0]),
    "a pass": (lambda: gradients(X * X, [X]), "finite", None, True, (math.inf,), False),
}


@pytest.mark.parametrize("name", LEARNT)
def test_what_python_learns_is_told_with_how_to_learn_it_again(name):
    ask, how, nodes, answer, others, other_answer = LEARNT[name]
    with listening(Listener()) as listener:
        ask()
    (told,) = listener.learnt
    assert told[0] == how
    assert nodes is None or told[1] == nodes
    assert np.array_equal(told[3], answer)
    assert np.array_equal(told[2](*others), other_answer)


def test_a_comparison_keeps_the_numbers_that_were_compared_with():
    limits = np.array([0.0, 2.0])
    with listening(Listener()) as listener:
        assert (limits < T).tolist() == [True, False]
    limits[:] = 9.0
    assert listener.learnt[0][2](np.array([1.0, 3.0])).tolist() == [True, True]


def test_what_no_replay_repeats_is_refused():
    with listening(Listener()) as listener:
        for act in (lambda: setattr(X, "data", 1.0), lambda: (X * X).backward(), lambda: X == Y):
            with pytest.raises(GraphError):
                act()
        with pytest.raises(DomainError):
            log(Value(-1.0))
    assert [what.split()[0] for what in listener.refused] == ["it", "it", "it", "log"]
    assert (X.data, X.reached) == (3.0, False)


def test_another_thread_hears_of_the_nodes_that_it_covers_and_of_no_others():
    with listening(Listener(X), here=False) as listener:
        assert Y.data == 5.0
        assert bool(Value(0.0))  # a node, which nobody asks for its number
        assert not listener.learnt
        assert X.data == 3.0
    assert [how for how, *_ in listener.learnt] == ["data"]


def test_where_nobody_listens_nodes_are_true_and_equal_only_to_themselves():
    assert bool(Value(0.0))
    assert Value(3.0) != 3.0
    assert X == X
