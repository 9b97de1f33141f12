"""A session with the engine, played at random, must look like the same session with its twin."""

import naive
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from naive import Twin
from numerics import close

from autograd import OPS, GraphError, Value
from autograd.strategies import instructions, values


class Session(RuleBasedStateMachine):
    """Build nodes on nodes, run passes, rebind leaves, forget gradients, in any order."""

    def __init__(self):
        super().__init__()
        self.nodes, self.twins = {}, {}

    def keep(self, node, twin):
        name = f"n{len(self.nodes)}"
        self.nodes[name], self.twins[name] = node, twin

    def varying(self):
        return [name for name, node in self.nodes.items() if not node.constant]

    def leaves(self):
        return [name for name, node in self.nodes.items() if node.op is None]

    @initialize(x=values())
    def first_leaf(self, x):
        self.keep(Value(x), Twin(x))

    @rule(x=values(), constant=st.booleans())
    def leaf(self, x, constant):
        self.keep(Value(x, constant=constant), Twin(x, constant))

    @rule(data=st.data())
    def apply(self, data):
        slots = {name: node.data for name, node in self.nodes.items()}
        call = data.draw(instructions(slots, self.varying()))

        def apply(function, kept):
            return function(*[kept.get(x, x) for x in call.operands], **call.params)

        self.keep(
            apply(OPS[call.op], self.nodes),
            apply(lambda *xs, **params: naive.apply(call.op, *xs, **params), self.twins),
        )

    @rule(data=st.data())
    def backward(self, data):
        name = data.draw(st.sampled_from(list(self.nodes)))
        if self.nodes[name].constant:
            with pytest.raises(GraphError):
                self.nodes[name].backward()
        else:
            self.nodes[name].backward()
            naive.backward(self.twins[name])

    @rule(data=st.data(), x=values())
    def rebind(self, data, x):
        name = data.draw(st.sampled_from(self.leaves()))
        self.nodes[name].data = self.twins[name].data = x

    @precondition(lambda self: any(node.reached for node in self.nodes.values()))
    @rule()
    def zero_grad(self):
        for kept in (self.nodes, self.twins):
            for thing in kept.values():
                thing.grad = None

    @invariant()
    def looks_the_same(self):
        for name, node in self.nodes.items():
            assert close(node.data, self.twins[name].data, 1e-9), name
            assert node.reached == (self.twins[name].grad is not None), name
            assert close(node.grad, self.twins[name].grad or 0.0, 1e-7), name


TestSession = Session.TestCase
TestSession.settings = settings(stateful_step_count=30)
