"""What a node costs, in small and in large graphs, beside micrograd."""

import math
import random
from functools import partial

from micrograd.engine import Value as Micrograd
from timing import compare

from autograd import Value

NEURONS = 800
NODES = 9_999
LEAVES = 100


def neurons(engine, numbers):
    """Build sigmoid neurons of two inputs: 5 leaves and 8 operations each."""
    outputs, leaves = [], []
    for five in numbers:
        w1, x1, w2, x2, b = new = [engine(number) for number in five]
        outputs.append(1 / (1 + (-(w1 * x1 + w2 * x2 + b)).exp()))
        leaves += new
    return outputs, leaves


def random_graph(engine, numbers, plan):
    """Build the graph that `plan` describes and add up its loose ends."""
    nodes = [engine(number) for number in numbers]
    for operation, i, j in plan:
        x = nodes[i]
        if operation == "+":
            nodes.append(x + nodes[j])
        elif operation == "*":
            nodes.append(x * nodes[j])
        else:
            nodes.append(getattr(x, operation)())
    return [sum(nodes[-LEAVES + 1 :], nodes[-LEAVES])], nodes[:LEAVES]


def draw_plan(rng, operations):
    """Draw operations so that every node leads to the output and micrograd's stack suffices.

    Each takes the node made LEAVES before it; a sum adds any earlier node, a product multiplies
    by a leaf, so that numbers stay small.
    """
    plan = []
    for made in range(LEAVES, NODES - LEAVES + 1):
        operation = rng.choice(operations)
        plan.append((operation, made - LEAVES, rng.randrange(made if operation == "+" else LEAVES)))
    return plan


def _exp(self):
    out = Micrograd(math.exp(self.data), (self,), "exp")

    def _backward():
        self.grad += out.data * out.grad

    out._backward = _backward
    return out


def _tanh(self):
    out = Micrograd(math.tanh(self.data), (self,), "tanh")

    def _backward():
        self.grad += (1 - out.data**2) * out.grad

    out._backward = _backward
    return out


if __name__ == "__main__":
    Micrograd.exp, Micrograd.tanh = _exp, _tanh  # it has relu only
    rng = random.Random(1)
    engines = {"micrograd": Micrograd, "stepgrad": Value}

    def beside(build, *args):
        return {name: partial(build, engine, *args) for name, engine in engines.items()}

    print(f"W1a: {NEURONS} sigmoid neurons of 13 nodes")
    numbers = [[rng.uniform(-1, 1) for _ in range(5)] for _ in range(NEURONS)]
    compare(beside(neurons, numbers), 13 * NEURONS, rounds=31)

    numbers = [rng.uniform(-1, 1) for _ in range(LEAVES)]
    for letter, function in ("b", "tanh"), ("c", "relu"):
        print(f"W1{letter}: a random graph of {NODES:,} nodes: + * {function}")
        plan = draw_plan(rng, ("+", "*", function))
        compare(beside(random_graph, numbers, plan), NODES, rounds=31)
