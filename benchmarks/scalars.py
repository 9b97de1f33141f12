"""Engines of single numbers: what makes a leaf, and the functions that an engine lacks."""

import math
from functools import partial, partialmethod
from itertools import count
from weakref import WeakValueDictionary

from peers import Contestants

from autograd import Value

engines = Contestants()  # name: a function that prepares the engine and gives its leaf


@engines("micrograd", needs=["micrograd"])
def micrograd():
    from micrograd.engine import Value

    def function(name, forward, slope):
        def apply(self):
            out = Value(forward(self.data), (self,), name)

            def _backward():
                self.grad += slope(out.data) * out.grad

            out._backward = _backward
            return out

        return apply

    Value.exp = function("exp", math.exp, lambda y: y)
    Value.tanh = function("tanh", math.tanh, lambda y: 1 - y**2)
    return Value


@engines("torch 0-d", needs=["torch"])
def torch():
    import torch

    torch.set_num_threads(1)
    return partial(torch.tensor, dtype=torch.float64, requires_grad=True)


@engines("mygrad 0-d", needs=["mygrad"])
def mygrad():
    import mygrad
    from mygrad.nnet import relu

    for function in mygrad.exp, mygrad.tanh, relu:
        setattr(mygrad.Tensor, function.__name__, partialmethod(function))
    return mygrad.tensor


@engines("casadi SX", needs=["casadi"])
def casadi():
    """Backward is to differentiate the expression, to make a function of it and to call that."""
    import casadi

    names, leaves = map(str, count()), WeakValueDictionary()

    def leaf(number):
        x = casadi.SX.sym(next(names))
        x.number = number
        leaves[x.name()] = x
        return x

    def backward(self):
        found = [leaves[symbol.name()] for symbol in casadi.symvar(self)]
        inputs = casadi.vertcat(*found)
        slopes = casadi.Function("slopes", [inputs], [casadi.gradient(self, inputs)])
        for x, slope in zip(found, slopes([x.number for x in found]).full().flat, strict=True):
            x.grad = slope

    casadi.SX.backward = backward
    casadi.SX.relu = lambda self: casadi.fmax(self, 0)
    return leaf


@engines("stepgrad")
def stepgrad():
    return Value
