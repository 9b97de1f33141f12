"""Whoever records a function is told what its nodes do not tell, and nobody else is."""

import math
from contextlib import contextmanager

import pytest

from autograd import DomainError, Graph, Tape, Tensor, Value, backprop, gradients, log, unroll
from autograd.engine import current_watch, grads_of, set_grads, watching


class Listener:
    """A watch that writes down what it is told."""

    def __init__(self, *known):
        self.known, self.told = known, []

    def covers(self, node):
        return any(node is x for x in self.known)

    def __getattr__(self, name):
        return lambda *facts: self.told.append((name, facts))


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
TWICE = Tape([X * 2.0], [X])
TOLD = {
    "data": (lambda: setattr(Value(1.0), "data", 1.0), ["refuse"]),
    "backward": (lambda: (Value(1.0) * 2.0).backward(), ["refuse"]),
    "backprop": (lambda: backprop(X * X), ["refuse"]),
    "Graph": (lambda: Graph(X), ["refuse", "cannot_compare"]),
    "grads": (lambda: grads_of([X]), ["cannot_compare"]),
    "setting grads": (lambda: set_grads([Value(1.0)], [2.0]), ["cannot_compare"]),
    "unroll": (lambda: unroll(T), ["refuse"]),
    "Tape": (lambda: TWICE(1.0), ["refuse"]),
    "float": (lambda: float(X), ["reads_outright"]),
    "int": (lambda: int(X), ["reads_outright"]),
    "floor": (lambda: math.floor(X), ["reads_outright"]),
    "a pass": (lambda: gradients(X * X, [X]), ["passes_through", "asks_if_finite"]),
}


@pytest.mark.parametrize("name", TOLD)
def test_a_recording_is_told(name):
    act, told = TOLD[name]
    with listening(Listener()) as listener:
        act()
    assert [what for what, _ in listener.told] == told


def test_it_is_told_of_an_op_without_a_value():
    with listening(Listener()) as listener, pytest.raises(DomainError):
        log(Value(-1.0))
    assert listener.told == [("failed", ("log",))]


def test_another_thread_is_told_of_the_nodes_that_it_covers_and_of_no_others():
    with listening(Listener(X), here=False) as listener:
        Graph(Y)
        assert not listener.told
        Graph(X)
    assert [what for what, _ in listener.told] == ["refuse", "cannot_compare"]


def test_nodes_know_nothing_of_a_recording():
    with listening(Listener()) as listener:
        assert (X.data, T.data[0], X < 4.0, (T > 0).any(), bool(Value(0.0))) == (3, 1, 1, 1, 1)
        assert (X == X, X == 3.0, repr(X), f"{X:.1f}") == (True, False, "Value(3.0)", "3.0")
    assert not listener.told
