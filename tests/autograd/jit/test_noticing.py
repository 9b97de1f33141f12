"""While something is recorded nodes notice what Python learns from them, and are as they were."""

import math
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from copy import deepcopy
from operator import is_
from threading import Event

import numpy as np
import pytest

import nn
from autograd import GraphError, Tensor, Value, compile, gradients
from autograd.engine import Node, grads_of, set_grads
from autograd.jit import noticing as module
from autograd.jit.branch_guards import Watch, watched
from autograd.jit.noticing import noticing

W, Y, T = Value(2.0, name="w"), Value(5.0, name="y"), Tensor([1.0, -1.0])
FIXED = Tensor([7.0], constant=True)
LEARNT = {
    "data": (lambda: W.data, "data", (W,), 2.0, (4.0,), 4.0),
    "item": (lambda: W.item(), "data", (W,), 2.0, (4.0,), 4.0),
    "comparison": (lambda: W < 4.0, "<", (W,), True, (9.0,), False),
    "the other way round": (lambda: W > 4.0, ">", (W,), False, (9.0,), True),
    "two nodes": (lambda: W < Y, "<", (W, Y), True, (6.0, 5.0), False),
    "a Value and a Tensor": (
        lambda: W >= T,
        ">=",
        (W, T),
        [True, True],
        (0.0, T._held),
        [False, True],
    ),
    "digits": (lambda: f"{W:.3f}", "data", (W,), 2.0, (4.0,), 4.0),
    "a copy": (lambda: deepcopy(W), "data", (W,), 2.0, (4.0,), 4.0),
    "an array as it is": (lambda: np.asarray(FIXED), "data", (FIXED,), [7.0], ([2.0],), [2.0]),
    "the truth of an array": (lambda: bool(FIXED), "data", (FIXED,), [7.0], ([2.0],), [2.0]),
    "an array": (lambda: T.data.tolist(), "data", (T,), [1.0, -1.0], ([2.0],), [2.0]),
    "a pass": (lambda: gradients(W * W, [W]), "finite", None, True, (math.inf,), False),
}


@contextmanager
def recording(*inputs):
    watch = Watch("f", [], lambda: None, inputs, asks_numbers=False)
    with watched(watch):
        yield watch


@pytest.mark.parametrize("name", LEARNT)
def test_what_python_learns_is_kept_with_how_to_learn_it_again(name):
    ask, how, nodes, answer, others, other_answer = LEARNT[name]
    with recording(W, Y, T, FIXED) as watch:
        ask()
    (guard,) = watch.guards.values()
    assert guard.how == how
    assert nodes is None or all(map(is_, guard.nodes, nodes))
    assert np.array_equal(guard.seen, answer)
    assert np.array_equal(guard.learn(*others), other_answer)


def test_a_comparison_keeps_the_numbers_that_were_compared_with():
    limits = np.array([0.0, 2.0])
    with recording(T) as watch:
        assert (limits < T).tolist() == [True, False]
    limits[:] = 9.0
    (guard,) = watch.guards.values()
    assert guard.learn(np.array([1.0, 3.0])).tolist() == [True, True]


def test_nodes_of_two_kinds_are_asked_whichever_stands_first(monkeypatch):
    compiled = compile(lambda x: x * 2 if (Tensor([1.0]) < W).all() else x * 3)
    assert compiled(1.0) == 2.0
    monkeypatch.setattr(W, "_held", 0.5)
    assert compiled(1.0) == 3.0


class Named(Value):
    __slots__ = ()

    def doubled(self):
        return self * 2.0


class Noted(Tensor):
    def __init__(self, data, note):
        super().__init__(data)
        self.note = note


def test_nodes_of_a_users_class_notice_and_what_they_hold_besides_is_compared():
    rate, table = Named(3.0), Noted([1.0, 2.0], note=4.0)
    compiled = compile(lambda x: x * rate.doubled() if rate > 2 else x * table.note)
    assert [compiled(1.0), compiled(2.0), compiled.recordings] == [6.0, 12.0, 1]
    assert (type(rate), type(table)) == (Named, Noted)
    rate.data = 1.0
    assert [compiled(1.0), compiled.recordings] == [4.0, 2]
    rate.data = 5.0
    assert compiled(1.0) == 10.0


NOT_COMPARED = {
    "the grad of w": lambda x: x * W.grad,
    "the text of w": lambda x: x * len(str(W)),
    "float": lambda x: x * float(W),
}


@pytest.mark.filterwarnings("ignore:.*(it uses|no gradient flows):UserWarning")
@pytest.mark.parametrize("f", NOT_COMPARED.values(), ids=NOT_COMPARED)
def test_what_is_asked_of_a_parameter_and_cannot_be_compared_ends_recording(f, monkeypatch):
    compiled = compile(f)
    for held, slope in ((2.0, 1.0), (0.1, 4.0), (2.0, 0.5)):
        monkeypatch.setattr(W, "_held", held)
        monkeypatch.setattr(W, "_grad", slope)
        assert compiled(3.0) == f(3.0)
    assert (compiled.recordings, bool(compiled.reason)) == (0, True)


class Labelled(Value):
    """A node that compares, hashes, writes and holds in its own way."""

    __slots__ = ("factor", "label")

    def __init__(self, data, label):
        super().__init__(data)
        self.label, self.factor = label, 0.5

    def __hash__(self):
        return hash(self.label)

    def __eq__(self, other):
        return isinstance(other, Labelled) and self.label == other.label

    def __lt__(self, other):
        return self.data < self.factor * (other.data if isinstance(other, Value) else other)

    def __repr__(self):
        return f"{type(self).__name__} {self.label}"


def change_factor(p, q):
    p.factor = 9.0


def change_data(p, q):
    q.data = 1.0


def change_class(p, q):
    Labelled.scale = 3.0


OF_A_CLASS = {
    "lt": lambda p, q, x: x * (2.0 if p < q else 5.0),
    "lt of an argument": lambda p, q, x: x * (2.0 if p < x else 5.0),
    "hash": lambda p, q, x: x * {p: 10.0}.get(Labelled(0.0, "p"), 1.0),
    "type": lambda p, q, x: x * (p.k() if hasattr(p, "k") else 1.0),
    "repr": lambda p, q, x: x * len(repr(p)),
    "slot": lambda p, q, x: x * p * p.factor,
    "sorted": lambda p, q, x: x * sorted([q, p])[0],
    "class attribute": lambda p, q, x: x * p.scale,
}


@pytest.mark.filterwarnings("ignore:.*runs it as it is:UserWarning")
@pytest.mark.parametrize("change", [change_factor, change_data, change_class])
@pytest.mark.parametrize("name", OF_A_CLASS)
def test_a_class_of_somebodys_stays_what_it_is(name, change, monkeypatch):
    monkeypatch.setattr(Labelled, "scale", 2.0, raising=False)
    p, q, use = Labelled(1.0, "p"), Value(3.0), OF_A_CLASS[name]
    compiled = compile(lambda x: use(p, q, x))
    for x in (2.0, 3.0):
        assert compiled(x) == use(p, q, Value(x)).data
    change(p, q)
    for x in (2.0, 3.0):
        assert compiled(x) == use(p, q, Value(x)).data
    assert type(p) is Labelled
    assert Labelled.__subclasses__() == []


@pytest.mark.filterwarnings("ignore:.*runs it as it is:UserWarning")
@pytest.mark.parametrize(
    "ask",
    [
        lambda h: 1.0 if not h.grad else 2.0,
        lambda h: 2.0 if h.reached else 3.0,
        lambda h: len(repr(h)),
        lambda h: 2.0 if h.name else 3.0,
        lambda h: grads_of([h])[0] or 5.0,
    ],
)
def test_results_from_before_notice_too(ask):
    h = Value(3.0) * 2.0
    compiled = compile(lambda x: x * ask(h))
    assert compiled(2.0) == 2.0 * ask(h)
    (h * h).backward()
    h.name = "h"
    assert compiled(2.0) == 2.0 * ask(h)


@pytest.mark.filterwarnings("ignore:.*runs it as it is:UserWarning")
def test_slopes_that_are_set_are_set_at_each_call():
    w = Value(1.0)

    def f(x):
        set_grads([w], [4.0])
        return x * w

    compiled = compile(f)
    for _ in range(3):
        w.grad = None
        assert compiled(2.0) == 2.0
        assert w.grad == 4.0


@pytest.mark.filterwarnings("ignore:.*runs it as it is:UserWarning")
def test_the_norm_of_slopes_is_that_of_each_call():
    ws = [Value(1.0), Value(2.0)]
    compiled = compile(lambda x: x * nn.clip_grad_norm_(ws, 1e9))
    assert compiled(2.0) == 0.0
    (ws[0] * ws[1]).backward()
    assert compiled(2.0) == pytest.approx(2 * math.sqrt(5.0))


def test_a_parameter_that_is_frozen_is_none():
    net = nn.Linear(2, 1, rng=0)
    compiled = compile(lambda x: x * len(net.parameters()))
    assert [compiled(1.0), compiled(2.0), compiled.recordings] == [2.0, 4.0, 1]
    net.freeze()
    assert compiled(1.0) == 0.0
    w = Value(3.0)
    slope = compile(lambda x: gradients(w * w * x, [w])[0])
    assert slope(2.0) == 12.0
    w.constant = True
    with pytest.raises(GraphError, match="is a constant"):
        slope(2.0)


def test_methods_are_exchanged_while_something_is_recorded_and_not_longer():
    plain = {(kind, name): vars(kind)[name] for kind, name in module._NOTICING}
    for _ in range(3):
        with noticing(), noticing():
            assert all(vars(kind)[name] is not plain[kind, name] for kind, name in plain)
        assert all(vars(kind)[name] is plain[kind, name] for kind, name in plain)
    with pytest.raises(ZeroDivisionError):
        compile(lambda x: x / (1 // 0))(1.0)
    assert all(vars(kind)[name] is plain[kind, name] for kind, name in plain)


def test_after_many_recordings_they_stay_exchanged(monkeypatch):
    monkeypatch.setattr(module, "_MOST_CHANGES", 1)
    plain = vars(Node)["data"]
    try:
        for _ in range(2):
            with noticing():
                assert vars(Node)["data"] is not plain
            assert vars(Node)["data"] is not plain
        w = Value(2.0)
        assert (w.data, w < 3, repr(w), w.grad) == (2.0, True, "Value(2.0)", 0.0)
    finally:
        module._exchange(module._PLAIN)


def test_other_threads_use_what_is_recorded_and_see_nothing_of_it():
    w, stop = Tensor([1.0, 2.0]), Event()
    before = sys.getswitchinterval()

    def trains():
        steps = 0
        while not stop.is_set():
            y = (w * w).sum()
            assert type(y) is Tensor
            assert (w < 9).all()
            assert y.item() == float(w.data @ w.data)
            assert repr(w).startswith("Tensor(")
            y.backward()
            w.grad = None
            steps += 1
        return steps

    def records():
        for _ in range(150):
            assert compile(lambda x: (x * w).sum())([2.0, 1.0]) == 4.0
        return 1

    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(3) as pool:
            training, *recording = [pool.submit(f) for f in (trains, records, records)]
            assert [each.result() for each in recording] == [1, 1]
            stop.set()
            assert training.result() > 0
    finally:
        stop.set()
        sys.setswitchinterval(before)
