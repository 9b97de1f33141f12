"""How deep a graph may be and what a node costs down there, beside torch and micrograd."""

from functools import partial

from micrograd.engine import Value as Micrograd
from timing import compare

from autograd import Value

try:
    import torch
except ImportError:
    torch = None


def chain(leaf, length):
    """Apply ``x * scale + shift`` over and over: two nodes a link and three leaves in all."""
    leaves = x, scale, shift = leaf(0.5), leaf(1.0001), leaf(1e-4)
    for _ in range(length):
        x = x * scale + shift
    return [x], leaves


def survives(leaf, length):
    """Say whether a backward pass over the chain comes to an end."""
    (output,), _ = chain(leaf, length)
    try:
        output.backward()
    except RecursionError:
        return False
    return True


if __name__ == "__main__":
    engines = {"stepgrad": Value}
    if torch:
        scalar = partial(torch.tensor, dtype=torch.float64, requires_grad=True)
        engines = {"torch 0-d": scalar, **engines}
    for length, rounds in (10**3, 31), (10**4, 7), (10**5, 3), (10**6, 1):
        print(f"W3: a chain of {length:,} links, {2 * length:,} nodes")
        if length == 10**3 and not survives(Micrograd, length):
            print("micrograd: RecursionError")
        builds = {name: partial(chain, leaf, length) for name, leaf in engines.items()}
        compare(builds, 2 * length, rounds)
