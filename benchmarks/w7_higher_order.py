"""What the k-th derivative of sin(exp(x)) * tanh(x) costs, by graphs of graphs and by tapes."""

from functools import partial

import numpy as np
from peers import Contestants, use_one_thread
from timing import race

from autograd import Tape, Value, exp, gradients, sin, tanh

ORDERS, ROUNDS, CALLS, X = range(1, 7), 31, 5, 0.7

contestants = Contestants()


def derivative(x, order):
    """Build the graph of the function, and differentiate it again and again."""
    y = sin(exp(x)) * tanh(x)
    for _ in range(order):
        (y,) = gradients(y, [x])
    return y


@contestants("eager")
def eager(order):
    return lambda x: derivative(Value(x), order).data


def tape(order, executor):
    x = Value(X)
    tape = Tape([derivative(x, order)], inputs=[x], executor=executor)
    return lambda x: tape(x)[0]


contestants("tape, numpy")(partial(tape, executor="numpy"))
contestants("tape, numba", needs=["numba"])(partial(tape, executor="numba"))


@contestants("torch", needs=["torch"])
def torch(order):
    """Differentiate with create_graph."""
    import torch

    def evaluate(number):
        x = torch.tensor(number, dtype=torch.float64, requires_grad=True)
        y = torch.sin(torch.exp(x)) * torch.tanh(x)
        for _ in range(order):
            (y,) = torch.autograd.grad(y, x, create_graph=True)
        return y.item()

    return evaluate


@contestants("casadi VM", needs=["casadi"])
def casadi(order):
    import casadi

    x = casadi.SX.sym("x")
    y = casadi.sin(casadi.exp(x)) * casadi.tanh(x)
    for _ in range(order):
        y = casadi.gradient(y, x)
    function = casadi.Function("derivative", [x], [y])
    return lambda x: float(function(x))


@contestants("jax jit", needs=["jax"])
def jax(order):
    import jax

    jax.config.update("jax_enable_x64", True)

    def function(x):
        return jax.numpy.sin(jax.numpy.exp(x)) * jax.numpy.tanh(x)

    for _ in range(order):
        function = jax.grad(function)
    compiled = jax.jit(function)
    return lambda x: float(compiled(x))


def same(found, first):
    """Compare derivatives."""
    assert abs(found - first) <= 1e-11 * abs(first)


if __name__ == "__main__":
    use_one_thread()
    print("W7: k-th derivative of sin(exp(x)) * tanh(x), one number at a time, in us")
    contestants.say_who_is_absent()
    table = {name: [] for name in contestants}
    for order in ORDERS:
        steps = {name: prepare(order) for name, prepare in contestants.items()}
        for step in steps.values():
            step(X)  # compiles
        points = np.linspace(X, 2 * X, ROUNDS).tolist()
        for name, seconds in race(steps, zip(points), same, CALLS).items():
            table[name].append(np.median(seconds))
    print(f"{'':12}" + "".join(f"{f'k={order}':>8}" for order in ORDERS))
    for name, medians in table.items():
        print(f"{name:12}" + "".join(f"{seconds * 1e6:8.4g}" for seconds in medians))
    tape = "tape, numba" if "tape, numba" in table else "tape, numpy"
    for name in [name for name in table if name not in ("eager", tape)]:
        shares = np.divide(table[tape], table[name])
        print(f"{tape}, of {name}:" + "".join(f"{share:7.2f}x" for share in shares))
    print(f"ratio {table['eager'][-1] / table[tape][-1]:.0f}x: eager, of {tape} at the last k")
