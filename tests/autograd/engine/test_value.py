"""A Value is a number that remembers: it must behave as a number wherever fingers expect one."""

import copy
import math
import operator
import pickle
import re
from fractions import Fraction

import numpy as np
import pytest
from graphviz import Digraph
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

import nn
from autograd import Graph, Tensor, Value, backprop, trace
from autograd.engine import same_numbers, set_grads
from autograd.strategies import graphs

numbers = st.floats(-100, 100)


# micrograd's code runs with the import swapped


def test_the_example_of_micrograds_readme():
    a = Value(-4.0)
    b = Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    assert f"{g.data:.4f}" == "24.7041"
    g.backward()
    assert f"{a.grad:.4f}" == "138.8338"
    assert f"{b.grad:.4f}" == "645.5773"


def test_micrograds_names_are_there():
    a, b = Value(2.0), Value(3.0)
    c = a * b
    assert c._prev == {a, b}
    assert c._op == "*"
    assert a._prev == set()
    assert a._op == ""
    results = (a + b, a - b, a / b, a**b, -a, a.relu(), a.tanh(), a.exp())
    assert [x._op for x in results] == ["+", "-", "/", "**", "-", "relu", "tanh", "exp"]
    assert (a * a)._prev == {a}


def test_a_training_step_is_written_as_in_micrograd():
    p = Value(3.0)
    for expected in (2.4, 1.92):
        p.grad = 0
        (p * p).backward()
        p.data -= 0.1 * p.grad
        assert p.data == pytest.approx(expected, rel=1e-15)
        assert type(p.data) is float


# Comparing and converting


@given(numbers, numbers)
def test_comparisons_compare_the_numbers(a, b):
    for op in (operator.lt, operator.le, operator.gt, operator.ge):
        for pair in ((Value(a), Value(b)), (Value(a), b), (a, Value(b)), (np.float64(a), Value(b))):
            assert op(*pair) is op(a, b)
    assert max(Value(a), Value(b)).data == max(a, b)
    assert [x.data for x in sorted([Value(a), Value(b)])] == sorted([a, b])


@pytest.mark.parametrize("op", [operator.lt, operator.le, operator.gt, operator.ge])
@pytest.mark.parametrize("other", ["3", "text", None, [1.0]], ids=repr)
def test_a_value_is_not_ordered_against_anything_else(op, other):
    with pytest.raises(TypeError):
        op(Value(1.0), other)


def test_a_value_converts_to_plain_numbers():
    x = Value(2.5)
    assert x.item() == x.data == 2.5
    assert f"{x:.2f} {x:>8.3g}" == "2.50      2.5"
    assert f"{x}" == str(x) == repr(x)


def test_numpy_keeps_values_in_arrays():
    x, y = Value(1.0), Value(2.0)
    array = np.asarray([[x, y], [y, x]])
    assert (array.shape, array.dtype) == ((2, 2), object)
    assert array[0, 1] is y
    assert np.asarray(x).item() is x


# Making one


@pytest.mark.parametrize(
    "data",
    [2, 2.0, True, np.float32(2), np.int64(2), np.array(2.0), Fraction(2), float("inf")],
    ids=repr,
)
def test_any_real_number_makes_a_value(data):
    x = Value(data)
    assert type(x.data) is float
    assert x.data == float(data)
    assert (x.op, x.inputs, x.args, x.constant, x.name) == (None, (), (), False, None)


@pytest.mark.parametrize(
    "data",
    [
        "2",
        b"2",
        None,
        2j,
        np.complex128(2j),
        [2.0],
        np.array([2.0]),
        np.arange(3.0),
        10**400,
        Value(2.0),
    ],
    ids=lambda data: f"{type(data).__name__}",
)
def test_what_is_no_real_number_is_refused(data):
    with pytest.raises(TypeError, match=r"^Value: got .*(Give it a real number|Use it as it is)"):
        Value(data)
    leaf = Value(1.0)
    with pytest.raises(TypeError, match=r"^Value: got "):
        leaf.data = data
    assert leaf.data == 1.0


def test_a_subclass_of_value_is_a_value():
    class Weight(Value):
        pass

    w = Weight(2.0)
    y = 3 * w * w + w
    y.backward()
    assert (y.data, w.grad) == (14.0, 13.0)


# A grad is a number at all times


@given(graphs())
def test_before_a_pass_each_grad_is_0_and_after_it_what_the_pass_visits_is_reached(program):
    output = program.nodes()[program.output]
    nodes = trace(output)
    for node in nodes:
        assert (type(node.grad), node.grad, node.reached) == (float, 0.0, False)
        assert f"{node.grad:.4f}" == "0.0000"
    output.backward()
    visited = {step.node for step in backprop(output)}
    for node in nodes:
        assert node.reached == (node in visited)
        assert type(node.grad) is float


class Accountant(RuleBasedStateMachine):
    """Passes and assignments in any order, beside a book of what is known of the gradient."""

    def __init__(self):
        super().__init__()
        self.x, self.known = Value(2.0), None

    @rule(slope=st.sampled_from([0.0, -0.0, 0.5, -2.0]))
    def backward(self, slope):
        (self.x * slope).backward()
        self.known = slope if self.known is None else self.known + slope

    @rule(forget=st.sampled_from(["None", "optimizer", "module", "freeze"]))
    def forget(self, forget):
        if forget == "None":
            self.x.grad = None
        elif forget == "optimizer":
            nn.SGD([self.x]).zero_grad()
        else:
            model = nn.Module()
            model.x = self.x
            model.zero_grad() if forget == "module" else model.freeze().unfreeze()
        self.known = None

    @rule(zero=st.sampled_from([0, 0.0, -0.0, False, np.float32(0), np.int64(0), Fraction(0)]))
    def reset(self, zero):
        """As loops for micrograd do; what is 0 already stays what it is."""
        self.x.grad = zero
        self.known = float(zero) if self.known == 0 else None

    @rule(
        number=st.sampled_from([1, 0.25, -math.inf, math.nan, True, np.array(3.0), Fraction(1, 4)])
    )
    def assign(self, number):
        self.x.grad = number
        self.known = float(number)

    @rule(addend=st.sampled_from([0, -0.0, 1.5]))
    def add(self, addend):
        self.x.grad += addend
        self.known = self.after(self.shown() + addend)

    @rule(factor=st.sampled_from([0, -1, 0.5]))
    def multiply(self, factor):
        self.x.grad *= factor
        self.known = self.after(self.shown() * factor)

    @rule()
    def clip_by_hand(self):
        self.x.grad = max(-1.0, min(1.0, self.x.grad))
        self.known = self.after(max(-1.0, min(1.0, self.shown())))

    @precondition(lambda self: self.known is not None and math.isfinite(self.known))
    @rule(clip=st.sampled_from([nn.clip_grad_norm_, nn.clip_grad_value_]))
    def clip_to_nothing(self, clip):
        clip([self.x], 0.0)
        assert self.x.grad == 0.0
        self.known = self.x.grad  # of either sign

    @rule(copied=st.sampled_from([copy.copy, lambda x: pickle.loads(pickle.dumps(x))]))
    def go_on_with_a_copy(self, copied):
        self.x = copied(self.x)

    @rule(
        grad=st.sampled_from(["2", b"2", 2j, [2.0], np.array([2.0, 3.0]), Value(2.0), Tensor(2.0)])
    )
    def what_is_no_number_is_refused(self, grad):
        words = (
            rf"^grad: got .*, a {type(grad).__name__}\. Give a real number, or None to forget it\.$"
        )
        with pytest.raises(TypeError, match=words):
            self.x.grad = grad
        with pytest.raises(TypeError, match=words):
            set_grads([self.x], [grad])

    @invariant()
    def the_book_is_right(self):
        assert type(self.x.grad) is float
        assert self.x.reached == (self.known is not None)
        assert same_numbers(self.x.grad, self.shown())
        shown = "" if self.known is None else f", grad={self.known!r}"
        assert repr(self.x) == f"Value(2.0{shown})"
        assert (Graph(self.x).nodes[0].grad is None) == (self.known is None)

    def shown(self):
        return 0.0 if self.known is None else self.known

    def after(self, number):
        """What in-place arithmetic leaves: a 0 that was none before means a reset."""
        return number if number or self.known == 0 else None


TestAccountant = Accountant.TestCase


def test_the_graph_of_micrograds_notebook_is_drawn():
    """The functions of trace_graph.ipynb, and its two examples."""

    def parts(root):
        nodes, edges = set(), set()

        def build(v):
            if v not in nodes:
                nodes.add(v)
                for child in v._prev:
                    edges.add((child, v))
                    build(child)

        build(root)
        return nodes, edges

    def draw_dot(root, format="svg", rankdir="LR"):
        assert rankdir in ["LR", "TB"]
        nodes, edges = parts(root)
        dot = Digraph(format=format, graph_attr={"rankdir": rankdir})
        for n in nodes:
            label = "{ data %.4f | grad %.4f }" % (n.data, n.grad)  # noqa: UP031, it is theirs
            dot.node(name=str(id(n)), label=label, shape="record")
            if n._op:
                dot.node(name=str(id(n)) + n._op, label=n._op)
                dot.edge(str(id(n)) + n._op, str(id(n)))
        for n1, n2 in edges:
            dot.edge(str(id(n1)), str(id(n2)) + n2._op)
        return dot

    x = Value(1.0)
    y = (x * 2 + 1).relu()
    assert draw_dot(y).source.count("| grad 0.0000 }") == 6
    y.backward()
    source = draw_dot(y).source
    assert "{ data 1.0000 | grad 2.0000 }" in source
    assert (source.count("| grad 1.0000 }"), source.count("| grad 0.0000 }")) == (3, 2)
    assert source.count("->") == 3 + 5

    y = nn.Neuron(2, rng=np.random.default_rng(0))([Value(1.0), Value(-2.0)])
    y.backward()
    labels = re.findall(r"{ data -?\d+\.\d{4} \| grad -?\d+\.\d{4} }", draw_dot(y).source)
    assert len(labels) == len(trace(y))
