"""What a node costs, in small and in large graphs, beside micrograd."""

import random
from functools import partial

from scalars import engines
from timing import compare

ROUNDS = 15
NEURONS = 800
NODES = 9_999
LEAVES = 100


def neurons(leaf, numbers):
    """Build sigmoid neurons of two inputs: 5 leaves and 8 operations each."""
    outputs, leaves = [], []
    for five in numbers:
        w1, x1, w2, x2, b = new = [leaf(number) for number in five]
        outputs.append(1 / (1 + (-(w1 * x1 + w2 * x2 + b)).exp()))
        leaves += new
    return outputs, leaves


def random_graph(leaf, numbers, plan):
    """Build the graph that `plan` describes and add up its loose ends."""
    nodes = [leaf(number) for number in numbers]
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


if __name__ == "__main__":
    engines.say_who_is_absent()
    rng = random.Random(1)
    leaves = {name: prepare() for name, prepare in engines.items()}

    def beside(build, *args):
        return {name: partial(build, leaf, *args) for name, leaf in leaves.items()}

    print(f"W1a: {NEURONS} sigmoid neurons of 13 nodes")
    numbers = [[rng.uniform(-1, 1) for _ in range(5)] for _ in range(NEURONS)]
    compare(beside(neurons, numbers), 13 * NEURONS, ROUNDS)

    numbers = [rng.uniform(-1, 1) for _ in range(LEAVES)]
    for letter, function in ("b", "tanh"), ("c", "relu"):
        print(f"W1{letter}: a random graph of {NODES:,} nodes: + * {function}")
        plan = draw_plan(rng, ("+", "*", function))
        compare(beside(random_graph, numbers, plan), NODES, ROUNDS)
