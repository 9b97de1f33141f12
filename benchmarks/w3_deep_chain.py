"""How deep a graph may be and what a node costs down there, beside those who survive it."""

from functools import partial

from scalars import engines
from timing import compare

LENGTHS = ((10**3, 11), (10**4, 5), (10**5, 3), (10**6, 1))  # with how many rounds
TOO_SLOW = {"casadi SX": 10**5, "mygrad 0-d": 10**5}  # half a minute and more a round


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
    engines.say_who_is_absent()
    leaves = {name: prepare() for name, prepare in engines.items()}
    for length, rounds in LENGTHS:
        print(f"W3: a chain of {length:,} links, {2 * length:,} nodes")
        if "micrograd" in leaves and not survives(leaves["micrograd"], length):
            del leaves["micrograd"]
            print("micrograd: RecursionError")
        builds = {
            name: partial(chain, leaf, length)
            for name, leaf in leaves.items()
            if length < TOO_SLOW.get(name, float("inf"))
        }
        compare(builds, 2 * length, rounds)
