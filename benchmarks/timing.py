"""Times the life of graphs, forward, backward and free, while engines take turns."""

import gc
from time import perf_counter

import numpy as np

STAGES = ("forward", "backward", "free", "all")


def compare(contestants, nodes, rounds):
    """Let contestants take turns and print nanoseconds per node, the ratio of first to last below.

    `contestants` maps names to functions that build a graph and return its outputs and leaves.
    Whoever computes other gradients than the first is out.
    """
    times = {name: [] for name in contestants}
    for _ in range(rounds):
        slopes = []
        for name, build in contestants.items():
            seconds, found = _one_life(build)
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
