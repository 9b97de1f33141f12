"""How a tape's time and memory grow with the length of its program and with the batch."""

import random
import tracemalloc
from statistics import median
from time import perf_counter

import numpy as np
from peers import Contestants, use_one_thread

from autograd import Tape, Value, tanh

LENGTHS, BATCHES = (10**3, 10**4, 10**5, 10**6), (1, 10, 100, 1000)
WIDTH = 100  # how far back a node looks for its inputs

executors = Contestants()
executors("numpy")("numpy")
executors("numba", needs=["numba"])("numba")


def program(length):
    """Build a random graph of so many nodes: + * tanh; give its end and its inputs."""
    rng = random.Random(1)
    inputs = [Value(rng.uniform(-1, 1), constant=True) for _ in range(2)]
    nodes = [Value(rng.uniform(-1, 1)) for _ in range(WIDTH - len(inputs))] + inputs
    for made in range(length):
        x = nodes[-WIDTH]  # so that nothing was made in vain
        if made % 3 == 0:
            nodes.append(x + nodes[-rng.randint(1, WIDTH)])
        elif made % 3 == 1:
            nodes.append(x * nodes[-rng.randint(1, WIDTH)])
        else:
            nodes.append(tanh(x))
    return sum(nodes[-WIDTH:]), inputs


def replay(tape, batch):
    """Give the seconds of a replay, the most bytes that it held at once, and what it found."""
    rng = np.random.default_rng(2)
    columns = rng.uniform(-1, 1, (2, batch))
    tape(*columns, reduce="mean")  # prepares, and compiles
    seconds = []
    while len(seconds) < 3 or (np.sum(seconds) < 0.3 and len(seconds) < 101):
        start = perf_counter()
        tape(*columns, reduce="mean")
        seconds.append(perf_counter() - start)
    tracemalloc.start()
    (mean,) = tape(*columns, reduce="mean")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return median(seconds), peak, mean


def main():
    """Print a table for each executor, and how far from linear the growth is."""
    executors.say_who_is_absent()
    found, means = {}, {}
    for length in LENGTHS:
        start = perf_counter()
        output, inputs = program(length)
        built = perf_counter()
        for executor in executors:
            before = perf_counter()
            tape = Tape([output], inputs=inputs, executor=executor)
            recorded = perf_counter() - before
            for batch in BATCHES:
                *found[executor, length, batch], mean = replay(tape, batch)
                np.testing.assert_allclose(mean, means.setdefault((length, batch), mean), 1e-9)
        print(f"{length:9,} nodes: {built - start:6.2f} s to build, {recorded:6.2f} s to record")
    for executor in executors:
        print(f"{executor}: ms a replay; MB held beside the {WIDTH} or so results that are alive")
        print(f"{'':9}" + "".join(f"{f'batch {batch:,}':>22}" for batch in BATCHES))
        for length in LENGTHS:
            cells = [found[executor, length, batch] for batch in BATCHES]
            print(f"{length:<9,}" + "".join(f"{s * 1e3:12.4g}{m / 1e6:10.3f}" for s, m in cells))
        file = "".join(f"{WIDTH * batch * 8 / 1e6:22.3f}" for batch in BATCHES)
        print(f"{'alive':9}{file}")
    for executor in executors:
        *_, before, last = (found[executor, length, BATCHES[-1]][0] for length in LENGTHS)
        print(f"ratio {last / before:.1f}x: {executor}, a replay of 10 times as many nodes")


if __name__ == "__main__":
    use_one_thread()
    print("W8: tapes of random graphs: + * tanh")
    main()
