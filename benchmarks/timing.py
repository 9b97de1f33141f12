"""Times contestants while they take turns: the life of graphs in stages, and steps of training."""

import gc
from time import perf_counter

import numpy as np

STAGES = ("forward", "backward", "free", "all")
TURN = 0.1  # s, at least: a shared machine is fast and slow by turns, and all should see both


def compare(contestants, nodes, rounds):
    """Let contestants take turns and print nanoseconds per node, the ratio of first to last below.

    `contestants` maps names to functions that build a graph and return its outputs and leaves.
    Whoever computes other gradients than the first is out.
    """
    times = {name: [] for name in contestants}
    for _ in range(rounds):
        slopes = []
        for name, build in contestants.items():
            seconds, found = _turn(build)
            times[name].append([*seconds, sum(seconds)])
            slopes.append(found)
        for found in slopes:
            np.testing.assert_allclose(found, slopes[0], rtol=1e-9, atol=1e-12)
    times = {name: np.array(rows) for name, rows in times.items()}

    print(f"{'ns per node':14}" + "".join(f"{stage:>10}" for stage in STAGES))
    for name, rows in times.items():
        print(f"{name:14}" + "".join(f"{ns:10.0f}" for ns in np.median(rows, 0) / nodes * 1e9))
    if len(times) > 1:
        first, *_, last = times.values()
        print(f"{'ratio':14}" + "".join(f"{x:9.2f}x" for x in np.median(first / last, 0)))
    print()


def _turn(build):
    """Give the median seconds of forward, backward and free, and the gradients of the leaves.

    The first life does not count: it pays for the caches and the malloc of who came before.
    """
    _one_life(build)
    until = perf_counter() + TURN
    lives = []
    while not lives or perf_counter() < until:
        lives.append(_one_life(build))
    return np.median([seconds for seconds, _ in lives], axis=0), lives[-1][1]


def _one_life(build):
    """Give the seconds of forward, backward and free, and the gradients of the leaves."""
    gc.collect()
    gc.freeze()  # what is older is not traversed again, so it is nobody's cost
    start = perf_counter()
    outputs, leaves = build()
    built = perf_counter()
    for output in outputs:
        output.backward()
    passed = perf_counter()
    slopes = [float(leaf.grad) for leaf in leaves]
    seen = perf_counter()
    del output, outputs, leaves
    gc.collect()
    return (built - start, passed - built, perf_counter() - seen), slopes


def race(steps, rounds, agree, calls=1):
    """Let contestants take turns at the same work; give an array of seconds for each.

    `steps` maps names to functions, each of `rounds` is what they are called with, and
    `agree(found, first)` raises if a contestant finds something else than the first. The seconds
    are those of one call, of so many in a turn.
    """
    seconds = {name: [] for name in steps}
    for work in rounds:
        found = []
        for name, step in steps.items():
            start = perf_counter()
            for _ in range(calls):
                result = step(*work)
            seconds[name].append((perf_counter() - start) / calls)
            found.append(result)
        for other in found:
            agree(other, found[0])
    return {name: np.array(times) for name, times in seconds.items()}


def show(seconds, reference, unit="us"):
    """Print a row for each contestant; give the median of its shares of the reference's time."""
    per = {"ms": 1e3, "us": 1e6}[unit]
    shares = {name: np.median(times / seconds[reference]) for name, times in seconds.items()}
    print(f"{'':20}{unit:>10}{'quarter..three quarters':>26}{'of ' + reference:>20}")
    for name, times in seconds.items():
        low, middle, high = np.percentile(times * per, [25, 50, 75])
        spread = f"{low:.4g}..{high:.4g}"
        print(f"{name:20}{middle:10.4g}{spread:>26}{shares[name]:19.2f}x")
    return shares
