"""Whatever C computes of Values, Python computes too: to the last bit, and word for word."""

import itertools
import math
import random
from fractions import Fraction

import numpy as np
import pytest
from in_python import InPython, bits, by_python, needs_core, outcome

from autograd import OPS, Each, Op, Value, backprop, trace
from autograd.engine import backward
from autograd.ops import elementwise
from autograd.ops.op import withdraw

ROWS = [op for op in OPS.values() if op.__module__ == elementwise.__name__ and op.name != "where"]
SIZES = (
    *(0.0, 5e-324, 1e-310, 2.3e-308, 1e-160, 1e-20, 1e-8, 0.25, 0.5, 1.5, 3.0, 8.0, 19.0),
    *(1 - 2**-53, 1.0, 1 + 2**-52, math.nextafter(math.pi / 2, 0), math.pi / 2, 30.0, 40.0),
    *(88.0, 355.0, 373.0, 700.0, 709.5, 710.0, 740.0, 745.0, 746.0, 1e10, 1e154, 1e160, 1e200),
    *(1e300, 1.7976931348623157e308, math.inf),
)
OF_TWO = (0.0, 5e-324, 1e-160, 1e-8, 0.5, 1.0, 1 + 2**-52, 2.0, 3.0, 40.0, 710.0, 1e160, math.inf)
SEEDS = (1.0, -0.7, 1e300, math.inf)
PARAMS = {"clip": {"low": -1.0, "high": 1.0}}


def operands(op):
    sizes = SIZES if op.arity == 1 else OF_TWO
    numbers = [*(-x for x in sizes), *sizes, math.nan]
    return itertools.product(numbers, repeat=op.arity)


@needs_core
@pytest.mark.parametrize("op", ROWS, ids=lambda op: op.name)
def test_rows_at_the_edges(op, monkeypatch):
    def build(*xs):
        return op(*xs, **PARAMS.get(op.name, {}))

    samples = [(xs, seed) for xs in operands(op) for seed in SEEDS]
    found = [outcome(Value, build, *sample) for sample in samples]
    by_python(monkeypatch)
    expected = [outcome(InPython, build, *sample) for sample in samples]
    assert found == expected


LITERALS = (0, 1, -3, 2**53 - 1, 2**53, 10**400, True, 0.5, -0.0, 1e308, math.inf, math.nan, "x")
OPERATORS = {
    "+": lambda x, k: x + k,
    "-": lambda x, k: k - x,
    "*": lambda x, k: k * x,
    "/": lambda x, k: k / x,
    "**": lambda x, k: x**k,
    "k**": lambda x, k: k**x,
}


@needs_core
@pytest.mark.parametrize("sign", OPERATORS)
@pytest.mark.parametrize("literal", LITERALS, ids=lambda k: f"{k!r:.8}")
def test_literals(sign, literal, monkeypatch):
    def found(kind):
        try:
            return outcome(kind, lambda x: OPERATORS[sign](x, literal), [1.5])
        except TypeError as error:
            return str(error)

    here = found(Value)
    by_python(monkeypatch)
    assert here == found(InPython)


def grown(rng, leaves, operations):
    """Apply rows to what there is, at random; half of them keep numbers small."""
    nodes = list(leaves)
    for _ in range(operations):
        op = rng.choice(["add", "sub", "mul", "tanh", "relu", "sin", "maximum", "sigmoid", "where"])
        xs = [rng.choice(nodes[-8:]) for _ in range(OPS[op].arity)]
        nodes.append(OPS[op](*xs))
    return nodes


@needs_core
@pytest.mark.parametrize("number", range(20))
def test_graphs_at_random(number, monkeypatch):
    """What flows together is added in one order; nodes of Python stand among those of C."""

    def found(kind, steps):
        rng = random.Random(number)
        leaves = [kind(rng.uniform(-2, 2), constant=k == 3) for k in range(6)]
        nodes = grown(rng, leaves, 60)
        for output in nodes[-1], nodes[-5]:  # leaves add up
            if not output.constant:
                steps(output)
        return [(x.reached, bits(x.grad), bits(x.data)) for x in nodes]

    here = found(Value, Value.backward)
    by_python(monkeypatch)
    assert here == found(InPython, Value.backward)


@needs_core
def test_a_pass_agrees_with_its_steps():
    rng = random.Random(0)
    *_, y = grown(rng, [Value(rng.uniform(-2, 2)) for _ in range(6)], 60)
    steps = list(backprop(y))
    assert backward.sweep(y, 1.0)
    assert [bits(step.node.grad) for step in steps] == [bits(step.grad) for step in steps]


@needs_core
@pytest.mark.parametrize("gaps", [(1,), (1, 62, 63, 64), (1, 2, 500), (1, 2**40)], ids=str)
@pytest.mark.parametrize("reach", [3, 300])
def test_a_pass_keeps_its_order_wherever_ids_lie(gaps, reach):
    """In C it has a window of ids, for which nodes that it found may have to wait."""
    rng = random.Random(reach)
    nodes = [Value(rng.uniform(-1, 1)) for _ in range(20)]
    for _ in range(400):
        a, b = nodes[-rng.randint(1, 3)], nodes[-rng.randint(1, min(reach, len(nodes)))]
        nodes.append((a * b if rng.random() < 0.5 else a - b).tanh())
    y = sum(nodes)
    number = 0
    for node in trace(y):
        number += rng.choice(gaps)
        node.id = number
    steps = list(backprop(y))
    assert backward.sweep(y, 1.0)
    assert [bits(step.node.grad) for step in steps] == [bits(step.grad) for step in steps]


class Meddler:
    """Rules of Python that do whatever they may, and keep a record of what they saw."""

    def __init__(self, number):
        self.dice = random.Random(number)
        self.harm = self.dice.random() < 0.5  # whether rules may fail
        self.gap = self.dice.choice([1, 1_000])  # between ids
        self.seen, self.nodes, self.other, self.is_within = [], [], Value(3.0), False

    def rule(self, g, y, *_):
        self.seen.append((bits(g), bits(y), [(x.reached, bits(x.grad)) for x in self.nodes]))
        self.meddle(self.dice.choice(self.nodes))
        return self.amiss() if self.harm and self.dice.random() < 0.2 else g * self.given()

    def meddle(self, x):
        match self.dice.randrange(10):
            case 0:
                x.grad = self.dice.choice([7.0, None])
            case 1:
                (self.other * self.other).backward()
            case 2 if not (x.constant or self.is_within):
                self.is_within = True
                try:
                    x.backward()
                finally:
                    self.is_within = False
            case 3:
                x.id = -x.id if self.gap == 1 else x.id + self.dice.randrange(-3_000, 3_000)
            case 4:
                x.constant = not x.constant

    def given(self):
        return self.dice.choice([1, True, np.float64(0.3), Fraction(1, 3), self.other.grad, -0.7])

    def amiss(self):
        slopes = [None, math.inf, math.nan, 1e308, "1", np.ones(2), 10**400, 1j]
        errors = [LookupError("now"), ZeroDivisionError(), TypeError("no"), KeyboardInterrupt()]
        given = self.dice.choice([*slopes, *errors])
        if isinstance(given, BaseException):
            raise given
        return given

    def run(self, kind, ops):
        leaves = [kind(self.dice.uniform(-2, 2), constant=k == 3) for k in range(4)]
        self.nodes = nodes = [*leaves]
        for _ in range(self.dice.choice([5, 40])):
            op = self.dice.choice([*ops, *map(OPS.get, ("add", "sub", "mul", "tanh", "relu"))])
            xs = self.dice.choices(nodes[-8:], k=op.arity or 3)
            nodes.append(op(*xs) if op.arity else op(xs))
        for x in nodes:
            x.id *= self.gap
        for output in nodes[-1], nodes[-2]:
            try:
                output.backward(self.dice.choice([1.0, -0.5, 1e300]))
            except (Exception, KeyboardInterrupt) as error:
                said = [str(error), *getattr(error, "__notes__", ())]
                self.seen.append((type(error), said))
            self.seen.append([(x.reached, bits(x.grad)) for x in nodes])
        return self.seen


@needs_core
def test_rules_of_python_run_as_often_and_see_and_leave_the_same(monkeypatch):
    made = {"latex": "{0}", "doc": "Its operands, added up.", "forward": lambda *xs: sum(xs) + 0.0}
    meddler = None

    def rule(g, y, *xs):
        return meddler.rule(g, y, *xs)

    ops = [
        Op(**made | {"forward": lambda x: x * 1.0}, name="m_one", vjps=(rule,)),
        Op(**made, name="m_each", vjps=Each(lambda i, *given: rule(*given))),
        Op(
            **made,
            name="m_at_once",
            vjps=Each(lambda places, *given: [rule(*given) for _ in places], at_once=True),
        ),
    ]
    withdraw(ops)  # other tests go over all rows
    found = []
    for number in range(500):
        meddler = Meddler(number)
        found.append(meddler.run(Value, ops))
    by_python(monkeypatch)
    for number, expected in enumerate(found):
        meddler = Meddler(number)
        assert meddler.run(InPython, ops) == expected, number
    errors = {each[0] for seen in found for each in seen if isinstance(each[0], type)}
    assert len(errors) > 4  # each of these ways was taken


@needs_core
def test_what_adds_up_to_no_finite_number_is_explained(monkeypatch):
    def build(x):
        return x * 1e308 + x * 1e308

    found = outcome(Value, build, [0.5])
    by_python(monkeypatch)
    assert found == outcome(InPython, build, [0.5])
    assert "adds up to no finite number" in found[2]
