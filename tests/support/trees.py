"""Modules in modules, with parameters in every place where one may be kept."""

from typing import NamedTuple

from autograd import Value
from nn import Module


class Pair(NamedTuple):
    first: Value
    second: Value


class Leaf(Module):
    def __init__(self, x=1.0):
        self.x = Value(x)

    def forward(self, y):
        return self.x * y


class Tree(Module):
    """Parameters in every place where one may be kept, and things that are none."""

    def __init__(self):
        self.attribute = Value(1.0)
        self.listed = [Value(2.0), [Value(3.0)]]
        self.paired = (Value(4.0), Pair(Value(5.0), Value(6.0)))
        self.keyed = {"a": Value(7.0), 1: Value(8.0)}
        self.inner = Leaf(9.0)
        self.inners = [Leaf(10.0), {"deep": (Leaf(11.0),)}]
        self.again = self.attribute
        self.inner_again = self.inner
        self.constant = Value(-1.0, constant=True)
        self.result = self.attribute * 2
        self.number, self.text, self.nothing = 3.0, "x", None

    def forward(self, y):
        return self.inner(y) + self.attribute


class Averaging(Module):
    """Parameters, a buffer and a module in it that is used twice."""

    buffer_names = ("running",)

    def __init__(self):
        self.scale = Value(2.0)
        self.running = Value(0.5, constant=True)
        self.inner = Leaf(3.0)

    def forward(self, y):
        return self.inner(self.inner(y)) * self.scale + self.running


class Pile(Module):
    def __init__(self):
        self.parts = [Averaging(), Averaging()]
        self.own = Value(7.0)

    def forward(self, y):
        return self.parts[1](self.parts[0](y)) * self.own
