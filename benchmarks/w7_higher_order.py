"""What the k-th derivative of sin(exp(x)) * tanh(x) costs, beside torch where it is installed."""

from importlib.util import find_spec
from statistics import median
from time import perf_counter

from autograd import Value, exp, gradients, sin, tanh

ORDERS, ROUNDS, X = range(1, 7), 60, 0.7


def stepgrad(order):
    """Differentiate the graph of the function again and again."""
    x = Value(X)
    derivative = sin(exp(x)) * tanh(x)
    for _ in range(order):
        (derivative,) = gradients(derivative, [x])
    return derivative.data


def torch_eager(order):
    """Differentiate with create_graph."""
    import torch

    x = torch.tensor(X, dtype=torch.float64, requires_grad=True)
    derivative = torch.sin(torch.exp(x)) * torch.tanh(x)
    for _ in range(order):
        (derivative,) = torch.autograd.grad(derivative, x, create_graph=True)
    return derivative.item()


def main():
    """Let the contestants take turns at every order."""
    contestants = {"stepgrad": stepgrad}
    if find_spec("torch"):
        contestants["torch"] = torch_eager
    print("W7: k-th derivative of sin(exp(x)) * tanh(x) at 0.7, in us")
    print(f"{'k':4}" + "".join(f"{name:>12}" for name in contestants) + f"{'ratio':>10}")
    for order in ORDERS:
        seconds = {name: [] for name in contestants}
        for _ in range(ROUNDS):
            found = []
            for name, derivative in contestants.items():
                start = perf_counter()
                found.append(derivative(order))
                seconds[name].append(perf_counter() - start)
            assert all(abs(y - found[0]) <= 1e-11 * abs(found[0]) for y in found)
        times = [median(rounds) for rounds in seconds.values()]
        cells = "".join(f"{time * 1e6:12.0f}" for time in times)
        print(f"{order:<4}{cells}{times[0] / times[-1]:9.2f}x")
    print(f"ratio {times[0] / times[-1]:.2f}x {list(contestants)[-1]} at the last order")


if __name__ == "__main__":
    main()
